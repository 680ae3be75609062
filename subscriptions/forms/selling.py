"""What browsers send when a subscription is sold; the services decide."""

from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from catalog.models import Package, ServiceInstance
from resellerhub.kernel.money import minor_units
from resellerhub.kernel.periods import Cycle
from resellerhub.kernel.text import id_in
from resellerhub.web.forms import OperationForm
from resellerhub.web.widgets import DateInput, MoneyInput, QuantityInput, SearchSelect
from subscriptions.forms.cycles import cycle_field, offer_cycles
from subscriptions.forms.subscriptions import OfType, SourceField
from subscriptions.models import QUANTITY_MAX, Subscription
from subscriptions.services.selling.agreeing import PLACES
from subscriptions.services.selling.opening import Offer
from subscriptions.services.selling.previewing import SalePreview

REFRESH = {
    "hx-post": "",
    "hx-trigger": "change",
    "hx-vals": '{"preview": "1"}',
    "hx-target": "#sale",
    "hx-select": "#sale",
    "hx-select-oob": "#id_suggestion,#id_service_instance",
    "hx-swap": "outerHTML",
    "hx-sync": "closest form:replace",
}
"""With JavaScript a change brings the preview; without, a button does."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The price that was filled in, and for which package and cycle."""

    package_id: int | None = None
    amount: Decimal | None = None
    currency: str = ""
    cycle: str = ""

    @classmethod
    def read(cls, text: str) -> "Suggestion":
        package, amount, currency, cycle = (*text.split(":"), "", "", "", "")[:4]
        try:
            return cls(id_in(package), Decimal(amount) if amount else None, currency, cycle)
        except InvalidOperation:
            return cls()

    def __str__(self) -> str:
        return f"{self.package_id}:{'' if self.amount is None else self.amount}:{self.currency}:{self.cycle}"


class SellForm(OperationForm):
    """One subscription for a tenant that is chosen already. A source is asked for where the seller has several.

    The price is filled in with what the list says, and stays as it was typed once it is another.
    """

    package = OfType(label=_("Package"), queryset=Package.objects.none(), widget=SearchSelect(REFRESH))
    service_instance = OfType(
        label=_("Service instance"), queryset=ServiceInstance.objects.none(), widget=forms.Select(REFRESH)
    )
    source = SourceField(
        label=_("Drawn from"),
        queryset=Subscription.objects.none(),
        required=False,
        widget=forms.Select(REFRESH),
        help_text=_("Left empty, from the oldest subscription on this instance that has room for it."),
    )
    quantity = forms.IntegerField(
        label=_("Quantity"), min_value=1, max_value=QUANTITY_MAX, initial=1, widget=QuantityInput(REFRESH)
    )
    name = forms.CharField(
        label=_("Name"), max_length=120, required=False, help_text=_("Left empty, the package's name.")
    )
    starts_on = forms.DateField(
        label=_("Begins on"),
        required=False,
        widget=DateInput,
        help_text=_("Left empty, today. Until then it is pending and holds nothing."),
    )
    cycle = cycle_field(_("That of the fee"), widget=forms.Select(REFRESH))
    unit_price = forms.DecimalField(
        label=_("Price of one unit"),
        required=False,
        min_value=0,
        max_digits=18,
        decimal_places=PLACES,
        widget=MoneyInput({"min": "0", "data-typed": "", **REFRESH}),
        help_text=_("Filled in: the recommended price, or what your price list says. Ask what you like."),
    )
    suggestion = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        packages: QuerySet[Package],
        instances: QuerySet[ServiceInstance],
        sources: QuerySet[Subscription],
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        choices: dict[str, QuerySet[Any]] = {"package": packages, "service_instance": instances, "source": sources}
        for name, rows in choices.items():
            field: Any = self.fields[name]
            field.queryset = rows
        if len(sources[:2]) < 2:
            del self.fields["source"]
        if len(only := instances[:2]) == 1:
            self.initial["service_instance"] = only[0].pk
        self._fill_in_instance(packages, instances)
        self.suggested = Suggestion.read(str(self.data.get("suggestion", "")))

    def _fill_in_instance(self, packages: QuerySet[Package], instances: QuerySet[ServiceInstance]) -> None:
        """Where a package was chosen and one instance alone runs its service."""
        if not self.is_bound or self.data.get("service_instance"):
            return
        data: Any = self.data
        chosen = packages.filter(pk=id_in(str(data.get("package", ""))) or 0).values("service_type")
        fitting = list(instances.filter(service_type__in=chosen)[:2])
        if len(fitting) == 1:
            self.data = data = data.copy()
            data["service_instance"] = str(fitting[0].pk)

    @property
    def wants_preview(self) -> bool:
        """It was asked for; or the price that stands in the form is that of another package or cycle."""
        return "preview" in self.data or self.is_outdated

    @property
    def is_outdated(self) -> bool:
        was = self.suggested
        chosen = (id_in(str(self.data.get("package", ""))), self.data.get("cycle", was.cycle))
        return was.package_id is not None and chosen != (was.package_id, was.cycle)

    @property
    def offer(self) -> Offer:
        values = self.cleaned_data
        source = values.get("source")
        named = values["unit_price"] is not None
        return Offer(
            package_id=values["package"].pk,
            service_instance_id=values["service_instance"].pk,
            quantity=values["quantity"],
            name=values["name"],
            starts_on=values["starts_on"],
            source_id=source.pk if source else None,
            unit_price=values["unit_price"],
            currency=self.suggested.currency if named else "",
            cycle=values["cycle"],
        )

    @property
    def offer_to_preview(self) -> Offer:
        """A price that was filled in and not touched makes room for the next one; so does what was in another
        currency, and with another package the cycle that was filled in."""
        offer = self.offer
        if self.suggested.package_id not in {None, offer.package_id} and offer.cycle == self.suggested.cycle:
            offer = replace(offer, cycle="")
        is_untouched = offer.unit_price == self.suggested.amount
        return replace(offer, unit_price=None if is_untouched else offer.unit_price, currency="")

    def fill_in(self, said: SalePreview) -> None:
        """Show the price of the preview, with what it is in, and the cycles by which it can be paid."""
        account, listed, package = said.account, said.listed.amount, said.terms.version.package_id
        suggested = Suggestion(package, listed and _written(listed, said.currency), said.currency, account.cycle)
        data: Any = self.data
        self.data = data = data.copy()
        data["suggestion"], data["cycle"] = str(suggested), account.cycle
        offer_cycles(self, account.offered)
        data["unit_price"] = "" if account.amount is None else str(_written(account.amount, said.currency))
        self.show_currency(said.currency, str(Cycle(account.cycle).label))

    def show_currency(self, currency: str, cycle: str = "") -> None:
        self.fields["unit_price"].widget.suffix = f"{currency} {cycle}".strip()


def _written(amount: Decimal, currency: str) -> Decimal:
    """With the places of the currency, and more only where there are more."""
    least = -minor_units(currency)
    exponent = int(amount.normalize().as_tuple().exponent)
    return amount.quantize(Decimal(1).scaleb(min(exponent, least)))
