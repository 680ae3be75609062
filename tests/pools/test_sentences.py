"""What the guide of the model says about pools, sentence by sentence, over REST. The browser's half is in
tests/browser/test_pools.py."""

from datetime import timedelta

import pytest
from django.utils import timezone

from catalog.services.types import create_service_type
from subscriptions.models import Pool
from subscriptions.pool_verify import pools
from tests.pools.stage import END, Stage
from tests.world import NOW, customer

ENDS = (END - timedelta(days=1)).date().isoformat()


class Said:
    """A stock of the provider and what North was given of it, by programs."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.world = stage, stage.world
        self.provider, self.north = self.world.provider.api(), self.world.north.api()
        self.stock = self.provider.post("pools", self.purchase(stage.service.pk, "Cloud backup", 100, "yearly")).json()
        self.pool = self.give()

    @staticmethod
    def purchase(service: int, name: str, seats: int, payment: str):
        return {"service_type": service, "name": name, "seats": seats, "payment_type": payment, "ends_on": ENDS}

    def offer(self, reseller=None, **changed):
        one = {"source_pool": self.stock["id"], "source": "distributor", "payment_type": "monthly", "seats": 40}
        reseller = reseller or self.world.north
        return self.provider.post(f"resellers/{reseller.id}/pools", {"pools": [one | changed]})

    def give(self, **changed):
        made = self.offer(**changed)
        assert made.status_code == 201, made.content
        return made.json()[0]

    def accepted(self, **changed):
        pool = self.give(**changed) if changed else self.pool
        return self.north.post(f"pools/{pool['id']}/accept").json()

    def assign(self, pool, seats: int, to=None):
        body = {"customer": (to or self.world.shop).id, "seats": seats}
        return self.north.post(f"pools/{pool['id']}/assignments", body)

    def edit(self, pool, **changed):
        return self.provider.client.patch(f"/api/v1/pools/{pool['id']}", changed, content_type="application/json")

    def now(self, pool):
        return self.provider.get(f"pools/{pool['id']}").json()

    def listed(self, path: str = "pools", **query):
        return [row["id"] for row in self.provider.get(path, **query).json()["results"]]

    @property
    def numbers(self):
        told = self.provider.get(f"resellers/{self.world.north.id}/dashboard").json()
        return told | told["units"][0]


@pytest.fixture
def said(stage) -> Said:
    said = Said(stage)
    yield said
    assert pools() == []


def test_add_pool(said):
    """Add pool – To assign a pooled subscription to a reseller, select the reseller and click Add pool. You can add new
    pooled subscriptions for a mapped reseller."""
    assert (said.pool["status"], said.pool["holder"], said.pool["seats"]) == ("pending", said.world.north.id, 40)
    assert said.offer(reseller=said.world.direct).status_code == 404


def test_several_services(said):
    """Select online services by clicking their cards. For each service its subscription information."""
    service = create_service_type(actor=said.world.provider.actor, code="archive", name="Archiving", now=NOW)
    other = said.provider.post("pools", said.purchase(service.pk, "Archive", 10, "yearly")).json()
    one = {"source": "direct", "payment_type": "monthly"}
    both = [one | {"source_pool": said.stock["id"], "seats": 5}, one | {"source_pool": other["id"], "seats": 11}]
    refused = said.provider.post(f"resellers/{said.world.north.id}/pools", {"pools": both})
    assert (refused.status_code, refused.json()["code"]) == (409, "pool-exhausted")
    assert Pool.objects.filter(tenant=said.world.north.id).count() == 1
    both[1]["seats"] = 10
    assert said.provider.post(f"resellers/{said.world.north.id}/pools", {"pools": both}).status_code == 201


def test_fields(said):
    """Pool, Source, Payment type: select a value for the reseller. User seats – Enter the number of user seats you
    want to assign to the reseller. To view the user seats you own, click View details of available user seats."""
    facts = [said.pool[name] for name in ("parent", "source", "payment_type", "seats", "grantor")]
    assert facts == [said.stock["id"], "distributor", "monthly", 40, said.world.provider.id]
    stock = said.now(said.stock)
    assert (stock["available"], stock["pending"], stock["allocated"]) == (60, 40, 0)
    assert said.offer(seats=61).json()["code"] == "pool-exhausted"
    assert said.offer(seats=0).status_code == 422
    assert said.offer(source="elsewhere").status_code == 422


def test_same_as_pool(said):
    """By default, Same as pooled subscription is selected to keep the same expiration date as the pooled
    subscription."""
    assert (said.pool["expiry"], said.pool["ends_at"]) == ("same_as_pool", said.stock["ends_at"])
    later = (END + timedelta(days=30)).date().isoformat()
    assert said.edit(said.stock, expiry={"mode": "date", "on": later}).status_code == 200
    assert said.now(said.pool)["ends_at"] == said.now(said.stock)["ends_at"] > said.stock["ends_at"]


def test_own_date(said):
    """You can select Expire now or select Specify a time to set an expiration date for the reseller's subscription."""
    day = (timezone.now() + timedelta(days=20)).date()
    dated = said.give(seats=1, expiry={"mode": "date", "on": day.isoformat()})
    assert (dated["expiry"], dated["ends_on"]) == ("date", day.isoformat())
    assert said.listed(ends_after=day.isoformat(), ends_before=day.isoformat()) == [dated["id"]]
    assert said.give(seats=1, expiry={"mode": "now"})["status"] == "expired"
    late = said.offer(seats=1, expiry={"mode": "date", "on": "2099-01-01"})
    assert (late.status_code, late.json()["code"]) == (409, "ends-after-parent")


def test_ends_with_its_pool(said):
    """If the large account reseller does not extend the pooled subscription, the reseller's pool will be expired
    immediately when the large reseller's pool is expired."""
    day = (timezone.now() + timedelta(days=200)).date().isoformat()
    dated = said.give(seats=1, expiry={"mode": "date", "on": day})
    assert said.edit(said.stock, expiry={"mode": "now"}).status_code == 200
    assert {said.now(pool)["status"] for pool in (said.stock, said.pool, dated)} == {"expired"}


def test_acceptance(said):
    """Pending acceptance – still pending this reseller's acceptance."""
    assert said.assign(said.pool, 1).json()["code"] == "pool-not-active"
    assert said.provider.post(f"pools/{said.pool['id']}/accept").status_code == 404
    for _twice in range(2):
        assert said.north.post(f"pools/{said.pool['id']}/accept").json()["status"] == "active"
    assert said.now(said.stock)["allocated"] == 40


def test_declined(said):
    """The reseller has not accepted the pooled subscriptions: it declines, and the seats are its grantor's again."""
    assert said.north.post(f"pools/{said.pool['id']}/decline").json()["status"] == "declined"
    assert said.now(said.stock)["available"] == 100


def test_return_to_pool(said):
    """Return to pool – When this reseller has not accepted the pooled subscriptions and the status is Pending
    acceptance, you can select the record and click Return to pool to return the subscription back to your pool."""
    other = said.accepted(seats=5)
    back = said.provider.post(f"pools/{said.pool['id']}/return")
    assert (back.json()["status"], said.now(said.stock)["available"]) == ("returned", 95)
    assert said.provider.post(f"pools/{other['id']}/return").json()["code"] == "pool-resolved"
    assert said.north.post(f"pools/{said.pool['id']}/accept").json()["code"] == "pool-resolved"


def test_payment_type(said):
    """The payment type can only be edited when the reseller has not assigned this pooled subscription to any
    customer."""
    pool = said.accepted()
    assert said.edit(pool, payment_type="yearly").json()["payment_type"] == "yearly"
    hand = said.assign(pool, 1).json()
    assert said.edit(pool, payment_type="upfront").json()["code"] == "payment-type-kept"
    assert said.north.post(f"assignments/{hand['id']}/release").status_code == 204
    assert said.edit(pool, payment_type="upfront").json()["code"] == "payment-type-kept"


def test_edit(said):
    """Edit Pool: User seats – Enter the number of user seats you want to assign to the reseller. To view the user seats
    you own, click View details of available user seats. Subscription expiration date – Same as pooled
    subscription, Specify a time, Expire now."""
    pool = said.accepted()
    assert said.edit(pool, seats=70).json()["seats"] == 70
    stock = said.now(said.stock)
    assert [stock[name] for name in ("seats", "available", "allocated", "pending")] == [100, 30, 70, 0]
    assert said.edit(pool, seats=101).json()["code"] == "pool-exhausted"
    said.assign(pool, 9)
    refused = said.edit(pool, seats=8)
    assert (refused.status_code, refused.json()["code"]) == (409, "pool-in-use")
    assert f"{said.world.shop.id}: 9" in refused.json()["detail"]
    assert said.edit(pool, seats=9, expiry={"mode": "now"}).json()["status"] == "expired"
    assert said.edit(pool, expiry={"mode": "same_as_pool"}).json()["status"] == "active"
    assert said.north.client.patch(
        f"/api/v1/pools/{pool['id']}", {"seats": 10}, content_type="application/json"
    ).status_code == 403  # fmt: skip


def test_counters(said):
    """Pools, Customers who have active pooled subscriptions from this reseller, Total, Allocated to their customers,
    Pending acceptance, Expiring in 30 days: the number of user seats and objects."""
    pool = said.accepted()
    second = customer(said.world.north, "Second shop")
    said.assign(pool, 4)
    said.assign(pool, 3, second)
    soon = (timezone.now() + timedelta(days=10)).date().isoformat()
    said.give(seats=6, expiry={"mode": "date", "on": soon})
    told = said.numbers
    names = ("pools", "customers", "total", "allocated", "pending", "expiring")
    assert [told[name] for name in names] == [1, 2, 40, 7, 6, 6]
    rows = said.provider.get("pools", holder=said.world.north.id).json()["results"]
    assert sum(row["seats"] for row in rows if row["status"] == "active") == told["total"]
    assert sum(row["seats"] for row in rows if row["status"] == "pending") == told["pending"]
    assert said.edit(pool, expiry={"mode": "now"}).status_code == 200
    assert [said.numbers[name] for name in ("pools", "customers", "total")] == [0, 0, 0]


def test_chart(said):
    """Available licenses – the percentage trend within the last 6 months: the percentage of available licenses,
    number of purchased licenses, and number of allocated licenses for each pooled subscription at that time."""
    pool = said.accepted()
    points = said.provider.get(f"pools/{pool['id']}/trend").json()
    assert len(points) == 6
    assert {point["on"][8:] for point in points} == {"01"}
    assert set(points[0]) == {"on", "purchased", "allocated", "available_percent"}


def test_search_and_filter(said):
    """Search – keywords of the pooled subscription name. You can filter pooled subscriptions by Source, Payment
    type, and Status."""
    archive = said.give(seats=2, name="Archive", source="promotion", payment_type="yearly")
    said.accepted()
    for query in ({"search": "Archiv"}, {"source": "promotion"}, {"payment_type": "yearly"}, {"status": "pending"}):
        assert said.listed(holder=said.world.north.id, **query) == [archive["id"]], query


def test_customers(said):
    """Customers who have pooled subscriptions from this reseller: search by the customer's organization name; you can
    filter customers by Customer and Pool."""
    second = customer(said.world.north, "Second shop")
    first, other = said.accepted(), said.accepted(seats=5)
    here, there = said.assign(first, 2).json()["id"], said.assign(other, 1, second).json()["id"]
    for query in ({"search": "Second"}, {"customer": second.id}, {"pool": other["id"]}):
        assert said.listed("assignments", **query) == [there], query
    assert sorted(said.listed("assignments")) == [here, there]


def test_not_deleted(said):
    """Note: The resellers who have active pooled subscriptions cannot be deleted."""
    said.accepted()
    refused = said.provider.post(f"resellers/{said.world.north.id}/close", {"confirmation": "Yes"})
    assert refused.status_code in {409, 422}, refused.content
    assert f"Cloud backup · {said.pool['id']}" in refused.content.decode()
