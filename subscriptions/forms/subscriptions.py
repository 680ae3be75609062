"""What browsers send about subscriptions; the services decide."""

from typing import Any

from django import forms


class SourceField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} · {obj.pk} ({obj.service_instance.name})"


class OfType(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A choice whose options say of which service type they are."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} ({obj.service_type.name})"
