"""Fees and price lists for the tests of what things cost."""

from datetime import date, timedelta
from decimal import Decimal

from catalog.models import Fee, Package, PriceList, PriceListHolder, PriceRule
from catalog.services.fees import Charging, create_fee
from catalog.services.packages import Content, create_package
from subscriptions.models import Phase, PhaseFee
from tests.subscriptions.market import Market
from tests.world import NOW, Player

TODAY = NOW.date()


def later(days: int):
    return NOW + timedelta(days=days)


def fee(market: Market, kind: str, amount: str, by: Player | None = None, **options) -> Fee:
    charging = {"cycle": options.pop("cycle", "month"), **options.pop("charging", {})}
    return create_fee(
        actor=(by or market.world.provider).actor,
        kind=kind,
        name=options.pop("name", f"{kind} {amount}"),
        currency=options.pop("currency", "EUR"),
        charging=Charging("Call recording", Decimal(amount), **charging),
        is_shared=kind == "account",
        now=NOW,
        **options,
    )


def recording(market: Market, cost: str = "10", recommended: str = "20", **options) -> Package:
    """A package for customers with a pair of fees: what a reseller owes for it, and what it is to ask."""
    pair = Content(
        {market.mailbox.pk: 1},
        fee(market, "reseller", cost, **options).pk,
        fee(market, "account", recommended).pk,
    )
    return create_package(
        actor=market.world.provider.actor,
        service_type_id=market.exchange.pk,
        name="Call recording",
        audience="customer",
        content=pair,
        now=NOW,
    )


def price_list(seller: Player, audience: str = "customer", *holders: Player, **options) -> PriceList:
    made = PriceList.objects.create(
        provider_id=seller.tenant.house_id,
        tenant=seller.tenant,
        audience=audience,
        name=f"{audience} {PriceList.objects.count()}",
        currency=options.pop("currency", "EUR"),
        is_default=not holders,
        created_at=NOW,
    )
    for holder in holders:
        PriceListHolder.objects.create(
            provider_id=made.provider_id, price_list=made, tenant=holder.tenant, seller=seller.tenant
        )
    return made


def rule(of: PriceList, method: str, value: str = "0", effective_on: date = TODAY, **about) -> PriceRule:
    return PriceRule.objects.create(
        price_list=of, effective_on=effective_on, method=method, value=Decimal(value), made_at=NOW, **about
    )


def owed(subscription) -> dict[tuple[int, int], Decimal]:
    """Of the open phase: (who pays, whom) → the price."""
    fees = PhaseFee.objects.filter(phase__subscription=subscription, phase__ends_on=None)
    return {(fee.payer_id, fee.issuer_id): fee.unit_price for fee in fees}


def phases(subscription) -> list[tuple]:
    """(from, until, quantity, state), in days from today."""
    rows = Phase.objects.filter(subscription=subscription).order_by("pk")
    return [
        (
            (row.starts_on - TODAY).days,
            None if row.ends_on is None else (row.ends_on - TODAY).days,
            row.quantity,
            row.state,
        )
        for row in rows
    ]
