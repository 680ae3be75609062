"""North sells to Shop: what the tests of a subscription's life stand on."""

from datetime import date, datetime
from decimal import Decimal

from catalog.services.packages import Content, create_package
from subscriptions.models import Subscription
from subscriptions.services.life.settling import settle_one
from subscriptions.services.life.steps.taking import preview_step, take_step
from subscriptions.verify import holdings, one_offs, phases, terms
from tenants.models import Event
from tests.subscriptions.market import Market
from tests.subscriptions.prices import fee
from tests.world import NOW

START, END = NOW.date(), date(2026, 12, 20)


def at(text: str) -> datetime:
    """At noon of a day."""
    return datetime.combine(date.fromisoformat(text), NOW.timetz())


def package(market: Market, name: str, price: str, mailboxes: int = 1, **charging):
    """For customers, shared, with a pair of fees; the reseller owes half of what it is to ask."""
    pair = Content(
        {market.mailbox.pk: mailboxes},
        fee(market, "reseller", str(Decimal(price) / 2), name=f"{name} cost").pk,
        fee(market, "account", price, name=name, cycle=charging.pop("cycle", "month"), charging=charging).pk,
    )
    parts = {"service_type_id": market.exchange.pk, "audience": "customer", "now": NOW}
    return create_package(actor=market.world.provider.actor, name=name, content=pair, **parts)


class Stage:
    """North sells to Shop."""

    def __init__(self, market: Market) -> None:
        self.market, self.world, self.actor = market, market.world, market.world.north.actor
        self.wholesale = market.subscribe(market.world.north)

    def sold(self, of, **options) -> Subscription:
        return self.market.sell(self.world.shop, by=self.world.north, package=of, **options)

    def preview(self, row, step, now=NOW):
        return preview_step(actor=self.actor, subscription_id=row.pk, step=step, now=now)

    def take(self, row, step, now=NOW) -> Subscription:
        take_step(actor=self.actor, subscription_id=row.pk, step=step, now=now)
        row.refresh_from_db()
        return row

    def due(self, row, now) -> Subscription:
        settle_one(subscription_id=row.pk, now=now)
        row.refresh_from_db()
        return row


def told(row, kind: str) -> dict:
    return Event.objects.filter(kind=kind, subject_type="subscription", subject_id=row.pk).latest("pk").after


def lines(quote) -> list[tuple]:
    return [(line.code, line.quantity, line.days, line.of_days, str(line.amount)) for line in quote.lines]


def sound() -> bool:
    assert [*holdings(), *phases(), *terms(), *one_offs()] == []
    return True


FEES = ("reseller_fee_id", "account_fee_id")
