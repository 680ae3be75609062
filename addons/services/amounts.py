"""Amounts in place of fees: typed with an add-on, they become its fees, or what its fees charge."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from addons.models import AddOn, AddOnVersion
from catalog.models import Fee
from catalog.refusals import ResellerFeeFixed
from catalog.selectors.packages import packages_of_fee
from catalog.services.fees import Charging, charge, new_fee
from resellerhub.kernel.periods import Cycle, day_of
from resellerhub.kernel.refusals import Invalid, found
from tenants.actor import Actor

FIELDS = {Fee.Kind.RESELLER: "reseller_price", Fee.Kind.ACCOUNT: "customer_price"}


@dataclass(frozen=True, slots=True)
class Amounts:
    """What is charged for one unit and cycle; what is None stays as it is."""

    reseller_price: Decimal | None = None
    customer_price: Decimal | None = None
    currency: str | None = None
    cycle: str | None = None

    @property
    def has_price(self) -> bool:
        return self.reseller_price is not None or self.customer_price is not None

    def of(self, kind: str) -> Decimal | None:
        return self.reseller_price if kind == Fee.Kind.RESELLER else self.customer_price


def fee_of(
    actor: Actor, add_on: AddOn, kind: str, amounts: Amounts, had_id: int | None, on: date, now: datetime
) -> int | None:
    """The id of the fee that charges this from a day on: the one that the add-on had, where it is the manager's and
    of this add-on alone, else a new one. What a reseller owes itself is not its to change (`ResellerFeeFixed`)."""
    had = found(Fee.objects.filter(pk=had_id).locked(), pk=had_id) if had_id else None
    standing = had.versions.in_force(on).first() if had else None
    was = Charging.of(standing) if standing else None
    amount = amounts.of(kind)
    if amount is None and (was is None or amounts.has_price):
        return had_id  # a price of the other fee, with its cycle, says nothing about this one
    charging = (was or Charging("", Decimal(0))).charged_by(amounts.cycle or (was.cycle if was else Cycle.MONTH))
    if amount is not None:
        charging = replace(charging, amount=amount)
    currency = amounts.currency or (had.currency if had else _usual_currency(add_on))
    if had and (charging, currency) == (was, had.currency):
        return had_id
    manager = actor.tenant_id if kind == Fee.Kind.RESELLER else add_on.tenant_id
    if had and kind == Fee.Kind.RESELLER and had.tenant_id != manager and not actor.is_provider:
        if amount is None:
            return had_id
        raise ResellerFeeFixed(field=FIELDS[Fee.Kind(kind)])
    if not currency:
        raise Invalid({"currency": [_("Say in which currency the price is.")]})
    with _blaming(kind):
        if had and had.currency == currency and had.tenant_id == manager and _is_alone(had, add_on, day_of(now)):
            charge(actor, had, charging, on, now)
            return had.pk
        name = _free_name(add_on, kind, manager)
        fee = new_fee(
            actor,
            kind,
            name,
            currency,
            charging,
            manager_id=manager,
            is_shared=add_on.is_shared,
            effective_on=on,
            now=now,
        )
    return fee.pk


@contextmanager
def _blaming(kind: str) -> Iterator[None]:
    """What is wrong about an amount is told at the field in which it was typed."""
    try:
        yield
    except Invalid as error:
        field = FIELDS[Fee.Kind(kind)]
        raise Invalid({field if name == "amount" else name: said for name, said in error.errors.items()}) from error


def _usual_currency(add_on: AddOn) -> str:
    """That of what it was last given, or of what it is a copy of; empty where it has no fees."""
    known = Q(add_on=add_on.pk) | Q(add_on=add_on.copied_from_id or 0)
    currencies = Coalesce("account_fee__currency", "reseller_fee__currency")
    rows = AddOnVersion.objects.filter(known).annotate(known=currencies).exclude(known=None)
    return str(rows.order_by("-pk").values_list("known", flat=True).first() or "")


def _is_alone(fee: Fee, add_on: AddOn, on: date) -> bool:
    """Whether nothing else rests on the fee: what it charges can change with the add-on."""
    others = AddOnVersion.objects.filter(reseller_fee=fee) | AddOnVersion.objects.filter(account_fee=fee)
    return not packages_of_fee(fee, on).exists() and not others.exclude(add_on=add_on).exists()


def _free_name(add_on: AddOn, kind: str, manager: int) -> str:
    taken = set(Fee.objects.filter(tenant=manager, kind=kind).values_list("name", flat=True))
    names = (add_on.name, *(f"{add_on.name[:90]} ({number})" for number in range(2, 9999)))
    return next(name for name in names if name not in taken)
