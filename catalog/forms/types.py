"""What browsers send about service types, resources and instances; the services decide."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from catalog.models import CODE, Resource, ServiceType
from resellerhub.web.forms import OperationForm


class ServiceTypeChoice(OperationForm):
    """The first step where what follows depends on the service type."""

    service_type = forms.ModelChoiceField(label=_("Service type"), queryset=ServiceType.objects.none())

    def __init__(self, *args: Any, choices: QuerySet[ServiceType], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["service_type"].queryset = choices  # type: ignore[attr-defined]


class ServiceTypeForm(OperationForm):
    name = forms.CharField(label=_("Name"), max_length=100)
    code = forms.CharField(label=_("Code"), max_length=50, validators=[CODE], help_text=_("What programs call it."))


class ActiveNameForm(OperationForm):
    """Renaming and switching off, for service types and instances."""

    name = forms.CharField(label=_("Name"), max_length=100)
    is_active = forms.BooleanField(label=_("Active"), required=False)


class ServiceInstanceForm(OperationForm):
    name = forms.CharField(label=_("Name"), max_length=100, help_text=_("Where the service runs, e.g. Exchange 2019."))


class ResourceForm(OperationForm):
    name = forms.CharField(label=_("Name"), max_length=100)
    code = forms.CharField(label=_("Code"), max_length=50, validators=[CODE], help_text=_("What programs call it."))
    group = forms.CharField(label=_("Group"), max_length=100, required=False)
    unit = forms.CharField(label=_("Unit"), max_length=20, required=False)
    metering = forms.ChoiceField(label=_("Metering"), choices=Resource.Metering.choices, widget=forms.RadioSelect)
    position = forms.IntegerField(label=_("Position"), required=False, min_value=0, max_value=32_767)

    def __init__(self, *args: Any, resource: Resource | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial.setdefault("metering", Resource.Metering.GAUGE)
        if resource:
            del self.fields["code"], self.fields["metering"]
            self.fields["position"].required = True
            for name in self.fields:
                if name != "request_id":
                    self.initial[name] = getattr(resource, name)
