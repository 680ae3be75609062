"""What an add-on is made of, as it comes from a browser."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.core.validators import RegexValidator
from django.forms.widgets import Script
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from addons.forms.choices import choose_service_type, offer, service_type_field
from addons.forms.packages import PackagesForm
from addons.models import AddOn
from addons.services.add_ons import Value
from catalog.models import COUNT_MAX, Resource
from resellerhub.kernel.periods import Cycle
from resellerhub.web import formats
from resellerhub.web.forms import OperationForm
from resellerhub.web.widgets import MoneyInput, QuantityInput
from subscriptions.models import Holding
from tenants.actor import Actor

FILL_GROUP = "resource-values"
UNGROUPED = "-"
"""Stands in the group filter for the resources that belong to no group."""


@dataclass(frozen=True)
class ResourceRow:
    """A resource with its two inputs."""

    resource: Resource
    value: forms.BoundField
    minimum: forms.BoundField


class NamedForm(OperationForm):
    """Name, description, prices: what may be changed of every add-on, a copy too."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=100)
    description = forms.CharField(
        label=gettext_lazy("Description"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    reseller_price = forms.DecimalField(
        label=gettext_lazy("Price for resellers"),
        min_value=0,
        max_digits=18,
        decimal_places=6,
        widget=MoneyInput(attrs={"min": "0"}),
    )
    customer_price = forms.DecimalField(
        label=gettext_lazy("Price for customers"),
        min_value=0,
        max_digits=18,
        decimal_places=6,
        widget=MoneyInput(attrs={"min": "0"}),
    )

    @property
    def arguments(self) -> dict[str, Any]:
        """What the services take, by the names they give it."""
        names = ("name", "description", "reseller_price", "customer_price")
        return {name: self.cleaned_data[name] for name in names}

    def show_currency(self, currency: str, cycle: str = "") -> None:
        """Stand behind the prices what they are in."""
        for name in ("reseller_price", "customer_price"):
            self.fields[name].widget.suffix = f"{currency} {cycle}".strip()


class CopyForm(NamedForm):
    """The copy of an add-on: currency, cycle and resources are the original's."""

    @classmethod
    def of(cls, add_on: AddOn, data: Any = None) -> "CopyForm":
        form = cls(data, initial=_written(add_on))
        form.fields["customer_price"].label = _("Your price for customers")
        form.fields["reseller_price"].label = _("Your price for your resellers")
        form.show_currency(add_on.currency, add_on.get_cycle_display())
        if add_on.copied_from is not None:
            cost = formats.money(add_on.copied_from.reseller_price, add_on.currency)
            form.fields["customer_price"].help_text = _("It costs you %(cost)s %(cycle)s.") % {
                "cost": cost,
                "cycle": add_on.get_cycle_display(),
            }
        return form


class AddOnForm(NamedForm, PackagesForm):
    """A whole add-on. The fields of its resources depend on the service type that is chosen."""

    class Media:
        js = [
            Script("resellerhub/fill.js", defer=True)
        ]  # the fields that need it may come later, with the service type

    service_type = service_type_field()
    currency = forms.CharField(
        label=gettext_lazy("Currency"),
        max_length=3,
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "spellcheck": "false"}),
        validators=[RegexValidator(r"^[A-Z]{3}$", gettext_lazy("A currency has three capital letters, such as EUR."))],
    )
    cycle = forms.ChoiceField(label=gettext_lazy("Billing cycle"), choices=Cycle.choices, initial=Cycle.MONTH)
    group = forms.ChoiceField(label=gettext_lazy("Show resources of"), required=False)

    def __init__(self, actor: Actor, *args: Any, add_on: AddOn | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.add_on = add_on
        if add_on is not None:
            del self.fields["service_type"], self.fields["every_package"], self.fields["packages"]
        self.chosen_type = add_on.service_type if add_on else choose_service_type(self, actor)
        self.resources = self._resources(actor)
        if self.chosen_type and "packages" in self.fields:
            self.offer_packages(actor, self.chosen_type.pk)
        self._add_resource_fields()

    @classmethod
    def editing(cls, actor: Actor, add_on: AddOn, data: Any = None) -> "AddOnForm":
        values = {row.resource_id: row for row in add_on.resources.all()}
        initial = _written(add_on) | {"currency": add_on.currency, "cycle": add_on.cycle}
        for pk, row in values.items():
            initial |= {f"value_{pk}": row.value, f"minimum_{pk}": row.minimum or None}
        return cls(actor, data, add_on=add_on, initial=initial)

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
        given = self.cleaned_data
        own = {"currency": given["currency"], "cycle": given["cycle"], "values": self._values(given)}
        return super().arguments | own

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
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


def _written(add_on: AddOn) -> dict[str, Any]:
    """Prices without the places that say nothing."""
    prices = {name: f"{getattr(add_on, name).normalize():f}" for name in ("reseller_price", "customer_price")}
    return {"name": add_on.name, "description": add_on.description, **prices}
