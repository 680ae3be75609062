"""Choosing a type of reseller, in the words of its provider."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter

from tenants.houses import type_names
from tenants.models import ResellerType


class TypeFilter(ChoiceFilter):
    def __init__(self, **options: Any) -> None:
        super().__init__(**{"choices": ResellerType.choices, "label": _("Type"), **options})

    @property
    def field(self) -> Any:
        actor = getattr(getattr(getattr(self, "parent", None), "request", None), "actor", None)
        if actor is not None:
            self.extra["choices"] = list(type_names(actor.provider_id).items())
        return super().field
