"""What browsers send about packages; the services decide."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.forms.fees import ManagerField
from catalog.forms.pairs import PairForm
from catalog.models import COUNT_MAX, Package, Resource
from catalog.services.packages import Content, content_on
from resellerhub.web.forms import Fieldset
from resellerhub.web.widgets import DateInput, QuantityInput
from tenants.actor import Actor
from tenants.models import Tenant


class PackageForm(PairForm):
    """Name, for whom, its pair of fees, and a limit for each resource of the service type; an empty one grants nothing.

    What of an existing package the actor may not set, or not even see, stays as it is.
    """

    name = forms.CharField(label=gettext_lazy("Name"), max_length=100)
    audience = forms.ChoiceField(label=gettext_lazy("For"), choices=Package.Audience.choices, widget=forms.RadioSelect)
    managed_by = ManagerField(
        help_text=gettext_lazy("A reseller that manages it edits the package and its account fee.")
    )
    is_shared = forms.BooleanField(
        label=gettext_lazy("Shared with resellers"),
        required=False,
        initial=True,
        help_text=gettext_lazy("Resellers below the owner see it and may sell it."),
    )
    is_active = forms.BooleanField(
        label=gettext_lazy("Active"),
        required=False,
        initial=True,
        help_text=gettext_lazy("What is not active is not sold any more."),
    )
    effective_on = forms.DateField(
        label=gettext_lazy("Effective from"),
        required=False,
        widget=DateInput,
        help_text=gettext_lazy("From which day limits and fees count; left empty, today."),
    )

    def __init__(
        self,
        *args: Any,
        actor: Actor,
        on: date,
        resources: Iterable[Resource],
        package: Package | None = None,
        managers: QuerySet[Tenant] | None = None,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.actor, self.on, self.package, self.resources = actor, on, package, list(resources)
        self.had = content_on(package, on) if package else Content()
        self._choose_fields(managers)
        self.offer_pair(actor, package.tenant_id if package else actor.tenant_id, on, self.had)
        for resource in self.resources:
            self.fields[limit_name(resource)] = forms.IntegerField(
                label=resource.name,
                required=False,
                min_value=0,
                max_value=COUNT_MAX,
                initial=self.had.limits.get(resource.pk),
                widget=QuantityInput(unit=resource.unit),
            )
            self.fields[overage_name(resource)] = forms.IntegerField(
                label=resource.name,
                required=False,
                min_value=0,
                max_value=COUNT_MAX,
                initial=self.had.overages.get(resource.pk),
                widget=QuantityInput(unit=resource.unit),
            )

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        for resource in self.resources:
            is_hard = given.get(overage_name(resource)) is not None
            if is_hard and limit_name(resource) not in self.errors and not given.get(limit_name(resource)):
                self.add_error(overage_name(resource), _("A hard quota needs a limit."))
        return given

    @property
    def content(self) -> Content:
        return self.content_after(self.had)

    def content_after(self, had: Content) -> Content:
        """What becomes of what it `had` on the chosen day. What stands in the form as it was shown stays as it is on
        that day; so does what the actor is not asked for: fees out of its hands, limits of what it was not granted."""
        limits, overages = dict(had.limits), dict(had.overages)
        for resource in self.resources:
            limit, overage = (self.cleaned_data.get(name(resource)) for name in (limit_name, overage_name))
            if (limit or 0) != self.had.limits.get(resource.pk, 0):
                limits[resource.pk] = limit or 0
            if overage != self.had.overages.get(resource.pk):
                overages.pop(resource.pk, None)
                overages |= {} if overage is None else {resource.pk: overage}
        return Content(
            limits,
            self.fee_after("reseller_fee", self.had.reseller_fee_id, had.reseller_fee_id),
            self.fee_after("account_fee", self.had.account_fee_id, had.account_fee_id),
            overages,
        )

    @property
    def managed_by_id(self) -> int | None:
        manager = self.cleaned_data.get("managed_by")
        return manager.pk if manager else None

    @property
    def fieldsets(self) -> list[Fieldset]:
        """The package itself, its fees, then its limits group by group."""
        groups: dict[str, list[str]] = {}
        for resource in self.resources:
            groups.setdefault(resource.group, []).append(limit_name(resource))
        hard = Fieldset(
            _("Hard quotas"),
            [overage_name(resource) for resource in self.resources],
            grid=True,
            text=_("How much of one unit may be used beyond the limit before it is blocked. Empty: it is only told."),
        )
        return [
            Fieldset(_("Package"), self._there("name", "audience", "managed_by", "is_shared", "is_active")),
            Fieldset(_("Fees"), self._there("reseller_fee", "account_fee")),
            *(Fieldset(group or _("Limits"), names, grid=True) for group, names in groups.items()),
            *([hard] if self.resources else []),
            *([Fieldset(_("From when"), ["effective_on"])] if "effective_on" in self.fields else []),
        ]

    def _there(self, *names: str) -> list[str]:
        return [name for name in names if name in self.fields]

    def _choose_fields(self, managers: QuerySet[Tenant] | None) -> None:
        if self.package:
            del self.fields["audience"], self.fields["managed_by"]
            for name in ("name", "is_shared", "is_active"):
                self.initial[name] = getattr(self.package, name)
            self.initial.setdefault("effective_on", self.on.isoformat())
            return
        del self.fields["is_active"], self.fields["effective_on"]
        self.initial.setdefault("audience", Package.Audience.CUSTOMER)
        if managers is None:
            del self.fields["managed_by"]
            self.initial.setdefault("is_shared", False)  # a reseller's plan is for its own customers
        else:
            self.fields["managed_by"].queryset = managers  # type: ignore[attr-defined]


def limit_name(resource: Resource) -> str:
    return f"limit_{resource.pk}"


def overage_name(resource: Resource) -> str:
    return f"overage_{resource.pk}"
