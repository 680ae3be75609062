"""How an issuer bills: versions from a day on, and what they change."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from invoicing.models import BillingPolicy, Charge
from invoicing.services.policies import set_billing_policy
from invoicing.services.taxes import NobodyIsBilled
from resellerhub.kernel.refusals import Forbidden, Invalid
from subscriptions.services.selling.opening import sell_subscription
from tenants.models import Event
from tests.invoicing.billing import Billing
from tests.subscriptions.life import Stage, package
from tests.subscriptions.market import build_market
from tests.subscriptions.prices import later
from tests.world import NOW

TODAY = NOW.date()


def say(player, on=0, now=NOW, **said) -> BillingPolicy:
    return set_billing_policy(actor=player.actor, effective_on=later(on).date(), now=now, **said)


def test_versions_are_added_and_never_changed(world):
    north = world.north
    first = say(north, zone="Europe/Berlin", grace_days=3)
    assert say(north, grace_days=3).pk == first.pk
    second = say(north, on=10, rounding="away_from_zero")
    assert (second.zone, second.grace_days, second.rounding) == ("Europe/Berlin", 3, "away_from_zero")
    assert BillingPolicy.objects.filter(tenant=north.id).in_force(TODAY) == first
    assert BillingPolicy.objects.filter(tenant=north.id).in_force(later(10).date()) == second
    told = Event.objects.get(kind="billing_policy.set", subject_id=second.pk)
    assert (told.before, told.after["rounding"]) == ({"rounding": "half_up"}, "away_from_zero")
    assert not BillingPolicy.objects.visible_to(world.south.actor).exists()
    assert not BillingPolicy.objects.visible_to(world.shop.actor).exists()
    for attack in (
        "UPDATE invoicing_billingpolicy SET grace_days = 0",
        "DELETE FROM invoicing_billingpolicy",
        "INSERT INTO invoicing_billingpolicy SELECT 0, date '2026-11-19', day_count FROM invoicing_billingpolicy",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(attack)


WRONG = {
    "effective_on": {"on": -1},
    "zone": {"zone": "Mars/Base"},
    "anchor_day": {"anchor_day": 32},
    "ahead": {"ahead": 13},
    "rounding": {"rounding": "down"},
    "currency": {"currency": "EURO"},
}


@pytest.mark.parametrize("field", WRONG)
def test_what_cannot_be_said_is_refused_beside_its_field(world, field):
    with pytest.raises(Invalid) as refused:
        say(world.north, **WRONG[field])
    assert list(refused.value.errors) == [field]


def test_only_who_bills_says_how(world):
    with pytest.raises((NobodyIsBilled, Forbidden)):
        say(world.shop)
    with pytest.raises(Forbidden):
        set_billing_policy(actor=world.north.member("billing"), effective_on=TODAY, now=NOW)


def test_what_runs_goes_on_as_it_began(world):
    """By the calendar is billed what begins after that; what ran before is not billed anew."""
    stage, billing = Stage(build_market(world)), Billing(world)
    of = package(stage.market, "Plain", "30")
    old = stage.sold(of)
    billing.run(NOW)
    say(world.north, on=1, anchoring="calendar", zone="Europe/Berlin")
    assert billing.run(later(5)) == 0
    new = sell_subscription(
        actor=world.north.actor, customer_id=world.shop.id, offer=stage.market.offer(of), now=later(5)
    )
    billing.run(later(5))
    rows = Charge.objects.filter(payer=world.shop.id)
    assert list(rows.filter(subscription=old.pk).values_list("amount", flat=True)) == [30]
    row = rows.get(subscription=new.pk)
    assert (row.amount, row.billing_start, row.service_end) == (Decimal("6"), date(2026, 11, 1), date(2026, 12, 1))


def test_the_pages_and_rest(world):
    browser = world.provider.browser()
    form = browser.get("/console/billing-policy/new/")
    assert form.status_code == 200
    said = form.context["form"].initial.items()
    values = {name: value for name, value in said if value is not False} | {"request_id": str(uuid4())}
    refused = browser.post("/console/billing-policy/new/", values | {"ahead": "99"})
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["ahead"])
    day = str(TODAY.replace(year=TODAY.year + 1))
    done = browser.post("/console/billing-policy/new/", values | {"effective_on": day, "grace_days": "7"})
    assert done.status_code == 302
    assert "7" in browser.get("/console/billing-policy/").content.decode()
    assert world.shop.browser().get("/portal/billing-policy/").status_code == 403
    api = world.north.api()
    made = api.post("billing-policies", {"effective_on": day, "zone": "Europe/Berlin"})
    assert (made.status_code, made.json()["zone"]) == (201, "Europe/Berlin")
    assert api.get(f"billing-policies/{made.json()['id']}").status_code == 200
    assert world.south.api().get(f"billing-policies/{made.json()['id']}").status_code == 404
    assert api.post("billing-policies", {"effective_on": day, "zone": "Mars"}).status_code == 422
