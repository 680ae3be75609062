"""What an add-on is made of, as it comes from a browser."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.db.models import QuerySet
from django.forms.widgets import Script
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from addons.forms.choices import choose_service_type, offer, service_type_field
from addons.forms.packages import PackagesForm
from addons.models import AddOn
from addons.owing import cost_of
from addons.services.content import Content, Value, content_on
from catalog.forms.fees import ManagerField, amount_field, currency_field
from catalog.forms.pairs import PairForm
from catalog.models import COUNT_MAX, FeeVersion, Resource
from resellerhub.kernel.money import plain
from resellerhub.kernel.periods import Cycle
from resellerhub.web import formats
from resellerhub.web.widgets import DateInput, QuantityInput
from subscriptions.models import Holding
from tenants.actor import Actor
from tenants.models import Tenant

PRICES = {"reseller_fee": "reseller_price", "account_fee": "customer_price"}
"""In place of which fee an amount may be typed."""
FILL_GROUP = "resource-values"
UNGROUPED = "-"
"""Stands in the group filter for the resources that belong to no group."""


@dataclass(frozen=True)
class ResourceRow:
    """A resource with its two inputs."""

    resource: Resource
    value: forms.BoundField
    minimum: forms.BoundField


class NamedForm(PairForm):
    """Name, switches, and what it costs: what may be changed of every add-on, a copy too.

    An amount stands in the place of a fee: the fee is made, or charges that from now on. Amounts that are as they were
    shown say nothing.
    """

    name = forms.CharField(label=gettext_lazy("Name"), max_length=100)
    description = forms.CharField(
        label=gettext_lazy("Description"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    is_shared = forms.BooleanField(
        label=gettext_lazy("Shared with resellers"),
        required=False,
        help_text=gettext_lazy("Resellers below the owner see it and may sell it."),
    )
    reseller_price = amount_field(gettext_lazy("Price for resellers"), required=False)
    customer_price = amount_field(gettext_lazy("Price for customers"), required=False)
    currency = currency_field(required=False)
    cycle = forms.ChoiceField(
        label=gettext_lazy("Billing cycle"), choices=Cycle.choices, initial=Cycle.MONTH, required=False
    )
    effective_on = forms.DateField(
        label=gettext_lazy("Effective from"),
        required=False,
        widget=DateInput,
        help_text=gettext_lazy("From which day resources and fees count; left empty, today."),
    )

    @property
    def arguments(self) -> dict[str, Any]:
        """What the services take, by the names they give it."""
        given = self.cleaned_data
        own = {name: given[name] for name in ("name", "description", "is_shared", "effective_on") if name in given}
        fees = {f"{name}_id": self.chosen_fee(name, pk) for name, pk in self.had_fees.items() if name in self.fields}
        return own | fees | self._amounts(fees)

    def offer_costs(self, actor: Actor, add_on: AddOn | None, on: date) -> None:
        """The fees to choose from, and what they charge today."""
        had = content_on(add_on, on) if add_on else Content()
        self.had_fees = {"reseller_fee": had.reseller_fee_id, "account_fee": had.account_fee_id}
        self.offer_pair(actor, add_on.tenant_id if add_on else actor.tenant_id, on, had)
        if self._free("reseller_fee"):
            self.fields["reseller_fee"].help_text = _("What resellers owe for each sale.")
        for name, price in PRICES.items():
            if not self._free(name):
                del self.fields[price]
            elif (fee := self.had_fees[name]) and (said := FeeVersion.objects.filter(fee=fee).in_force(on).first()):
                self.initial.update(cycle=said.cycle, currency=said.fee.currency)
                self.initial[price] = Decimal(plain(said.amount))  # as it is read back: 10, not 1E+1

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = self.cleaned_data
        for name, price in PRICES.items():
            if (
                name in self.changed_data
                and given.get(name)
                and price in self.changed_data
                and given.get(price) is not None
            ):
                self.add_error(price, _("Choose a fee or type a price."))
        return given

    def _free(self, name: str) -> bool:
        return name in self.fields and not self.fields[name].disabled

    def _amounts(self, fees: Mapping[str, int | None]) -> dict[str, Any]:
        """Those that were typed, with their currency and cycle."""
        typed = {price for price in PRICES.values() if price in self.changed_data}
        amounts = {price: self.cleaned_data.get(price) for price in typed}
        terms = {"currency", "cycle"} & set(self.changed_data) if self.initial.get("currency") else set()
        if any(amount is not None for amount in amounts.values()):
            terms = {"currency", "cycle"}
        said = {name: self.cleaned_data.get(name) for name in terms}
        return {name: value for name, value in (amounts | said).items() if value not in (None, "")}


class CopyForm(NamedForm):
    """The copy of an add-on: resources, and what it costs, are the original's."""

    is_copy = True

    @classmethod
    def of(cls, actor: Actor, add_on: AddOn, on: date, data: Any = None) -> "CopyForm":
        form = cls(data, initial=_written(add_on, on))
        form.offer_costs(actor, add_on, on)
        form.fields["customer_price"].label = _("Your price for customers")
        if "reseller_price" in form.fields:
            form.fields["reseller_price"].label = _("Your price for your resellers")
        owed = cost_of(add_on, on)
        if owed is not None and owed.amount is not None:
            cost = formats.money(owed.amount, owed.currency)
            form.fields["customer_price"].help_text = _("It costs you %(cost)s %(cycle)s.") % {
                "cost": cost,
                "cycle": Cycle(owed.cycle).label,
            }
        return form


class AddOnForm(NamedForm, PackagesForm):
    """A whole add-on. The fields of its resources depend on the service type that is chosen."""

    class Media:
        js = [
            Script("resellerhub/fill.js", defer=True)
        ]  # the fields that need it may come later, with the service type

    service_type = service_type_field()
    managed_by = ManagerField(
        help_text=gettext_lazy("A reseller that manages it edits the add-on and its account fee.")
    )
    group = forms.ChoiceField(label=gettext_lazy("Show resources of"), required=False)

    def __init__(
        self,
        actor: Actor,
        *args: Any,
        on: date,
        add_on: AddOn | None = None,
        managers: QuerySet[Tenant] | None = None,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.add_on = add_on
        self.offer_costs(actor, add_on, on)
        if add_on is not None:
            del self.fields["service_type"], self.fields["every_package"], self.fields["packages"]
        else:
            del self.fields["effective_on"]
        if managers is None:
            del self.fields["managed_by"]
        else:
            self.fields["managed_by"].queryset = managers  # type: ignore[attr-defined]
        self.chosen_type = add_on.service_type if add_on else choose_service_type(self, actor)
        self.resources = self._resources(actor)
        if self.chosen_type and "packages" in self.fields:
            self.offer_packages(actor, self.chosen_type.pk)
        self._add_resource_fields()

    @classmethod
    def editing(cls, actor: Actor, add_on: AddOn, on: date, data: Any = None) -> "AddOnForm":
        initial = _written(add_on, on)
        for each in content_on(add_on, on).values:
            initial |= {f"value_{each.resource_id}": each.value, f"minimum_{each.resource_id}": each.minimum or None}
        return cls(actor, data, on=on, add_on=add_on, initial=initial)

    def value_names(self, group: str = "") -> list[str]:
        """The inputs that fill each other: of one group of resources, or of all."""
        return [f"value_{r.pk}" for r in self.resources if not group or _group_key(r) == group]

    @property
    def groups(self) -> Iterator[tuple[str, str, list[ResourceRow]]]:
        """(key, title, rows) of each group of resources, in the order of the catalogue."""
        for key, members in groupby(self.resources, key=_group_key):
            rows = [ResourceRow(r, self[f"value_{r.pk}"], self[f"minimum_{r.pk}"]) for r in members]
            yield key, rows[0].resource.group or _("Other resources"), rows

    @property
    def has_groups(self) -> bool:
        return len({_group_key(resource) for resource in self.resources}) > 1

    @property
    def arguments(self) -> dict[str, Any]:
        """What the services take, by the names they give it."""
        manager = self.cleaned_data.get("managed_by")
        own = {"managed_by_id": manager.pk} if manager else {}
        return super().arguments | own | {"values": self._values(self.cleaned_data)}

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        for resource in self.resources:
            value, minimum = (given.get(f"{name}_{resource.pk}") for name in ("value", "minimum"))
            if minimum and value is None and f"value_{resource.pk}" not in self.errors:
                self.add_error(f"value_{resource.pk}", _("A minimum needs a value: what does one unit grant?"))
        if self.resources and not self.errors and not self._values(given):
            self.add_error(
                NON_FIELD_ERRORS, _("Give at least one resource a value: an add-on that grants nothing is none.")
            )
        return given

    def _values(self, given: Mapping[str, Any]) -> list[Value]:
        """A blank value leaves the resource alone."""
        return [
            Value(resource.pk, value, given.get(f"minimum_{resource.pk}") or 0)
            for resource in self.resources
            if (value := given.get(f"value_{resource.pk}")) is not None
        ]

    def _resources(self, actor: Actor) -> list[Resource]:
        """In the order of their groups; a reseller can build only from what it holds."""
        if self.chosen_type is None:
            return []
        offered = self.chosen_type.resources.order_by("position", "pk")
        if not actor.is_provider:
            held = Holding.objects.filter(tenant=actor.tenant_id, allocated__gt=0)
            offered = offered.filter(pk__in=held.values("resource_id"))
        rows = list(offered)
        order = {key: place for place, key in reversed(list(enumerate(map(_group_key, rows))))}
        return sorted(rows, key=lambda resource: order[_group_key(resource)])

    def _add_resource_fields(self) -> None:
        for resource in self.resources:
            self.fields[f"value_{resource.pk}"] = _count(resource, resource.name, 1, fill_group=FILL_GROUP)
            label = _("%(resource)s: minimum per sale") % {"resource": resource.name}
            self.fields[f"minimum_{resource.pk}"] = _count(resource, label, 0)
        groups = {_group_key(resource): resource.group or _("Other resources") for resource in self.resources}
        offer(self, "group", [("", _("All groups")), *groups.items()])


def _count(resource: Resource, label: str, least: int, fill_group: str = "") -> forms.IntegerField:
    widget = QuantityInput(unit=resource.unit, fill_group=fill_group)
    return forms.IntegerField(label=label, min_value=least, max_value=COUNT_MAX, required=False, widget=widget)


def _group_key(resource: Resource) -> str:
    return resource.group or UNGROUPED


def _written(add_on: AddOn, on: date) -> dict[str, Any]:
    own = {name: getattr(add_on, name) for name in ("name", "description", "is_shared")}
    return own | {"effective_on": on.isoformat()}
