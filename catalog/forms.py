"""What browsers send about the catalogue; the services decide."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from catalog.models import CODE, COUNT_MAX, Package, Resource, ServiceType
from catalog.services.packages import Content
from resellerhub.web.forms import Fieldset, OperationForm
from resellerhub.web.widgets import QuantityInput


class ServiceTypeChoice(OperationForm):
    """The first step where what follows depends on the service type."""

    service_type = forms.ModelChoiceField(label=_("Service type"), queryset=ServiceType.objects.none())

    def __init__(self, *args: Any, choices: QuerySet[ServiceType], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["service_type"].queryset = choices  # type: ignore[attr-defined]


class PackageForm(OperationForm):
    """Name, for whom, and a limit for each resource of the service type; an empty limit grants nothing."""

    name = forms.CharField(label=_("Name"), max_length=100)
    audience = forms.ChoiceField(label=_("For"), choices=Package.Audience.choices, widget=forms.RadioSelect)
    is_shared = forms.BooleanField(
        label=_("Shared with resellers"),
        required=False,
        initial=True,
        help_text=_("Resellers below the owner see it and may sell it."),
    )
    is_active = forms.BooleanField(
        label=_("Active"), required=False, initial=True, help_text=_("What is not active is not sold any more.")
    )

    def __init__(
        self,
        *args: Any,
        resources: Iterable[Resource],
        package: Package | None = None,
        standing: Content | None = None,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.resources = list(resources)
        had = standing.limits if standing else {}
        if package:
            del self.fields["audience"]
            for name in ("name", "is_shared", "is_active"):
                self.initial[name] = getattr(package, name)
        else:
            del self.fields["is_active"]
            self.initial.setdefault("audience", Package.Audience.CUSTOMER)
        for resource in self.resources:
            self.fields[limit_name(resource)] = forms.IntegerField(
                label=resource.name,
                required=False,
                min_value=0,
                max_value=COUNT_MAX,
                initial=had.get(resource.pk),
                widget=QuantityInput(unit=resource.unit),
            )

    @property
    def content(self) -> Content:
        return Content({resource.pk: self.cleaned_data.get(limit_name(resource)) or 0 for resource in self.resources})

    @property
    def fieldsets(self) -> list[Fieldset]:
        """The package itself, then its limits group by group."""
        first = [name for name in ("name", "audience", "is_shared", "is_active") if name in self.fields]
        groups: dict[str, list[str]] = {}
        for resource in self.resources:
            groups.setdefault(resource.group, []).append(limit_name(resource))
        parts = [Fieldset(group or _("Limits"), names, grid=True) for group, names in groups.items()]
        return [Fieldset(_("Package"), first), *parts]


def limit_name(resource: Resource) -> str:
    return f"limit_{resource.pk}"


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
