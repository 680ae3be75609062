"""Mailboxes within limits: one too many is refused, a limit never goes below what is in use."""

from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from resellerhub.kernel.refusals import Forbidden, Invalid, NotFound, RequestReused
from tenants.models import Event, Mailbox, TariffLimit
from tenants.services.closing import close_tenant
from tenants.services.limits import (
    AccountNotActive,
    AddressTaken,
    LimitBelowUse,
    LimitReached,
    NotYourCustomer,
    create_mailbox,
    remove_mailbox,
    set_limits,
)
from tenants.services.status import suspend_tenant
from tenants.verify import mailboxes
from tests.tenants.test_creation import form_values
from tests.together import together
from tests.world import NOW, Player, World


def limit(world: World, by: Player | None = None, **limits: int) -> None:
    set_limits(actor=(by or world.north).actor, customer_id=world.shop.id, limits=limits, now=NOW)


def create(world: World, address: str, tariff: str = "light", by: Player | None = None, **more) -> Mailbox:
    return create_mailbox(
        actor=(by or world.shop).actor, customer_id=world.shop.id, tariff=tariff, address=address, now=NOW, **more
    )


def used(world: World, tariff: str = "light") -> tuple[int, int]:
    row = TariffLimit.objects.get(tenant=world.shop.id, tariff=tariff)
    return row.used, row.maximum


@pytest.mark.parametrize("tariff", ["light", "standard", "premium", "mailing_list"])
def test_one_more_than_the_limit_is_refused_with_the_numbers(world: World, tariff: str):
    limit(world, **{tariff: 2})
    for number in range(2):
        create(world, f"{number}@shop.example", tariff)
    with pytest.raises(LimitReached) as refused:
        create(world, "2@shop.example", tariff)
    assert (refused.value.facts["used"], refused.value.facts["maximum"]) == (2, 2)
    assert used(world, tariff) == (2, 2)
    assert mailboxes() == []


def test_without_a_limit_there_is_no_room(world: World):
    with pytest.raises(LimitReached):
        create(world, "a@shop.example")


def test_a_limit_never_goes_below_what_is_in_use(world: World):
    limit(world, light=3, standard=1)
    create(world, "a@shop.example")
    create(world, "b@shop.example")
    with pytest.raises(LimitBelowUse) as refused:
        limit(world, light=1, standard=0)
    assert refused.value.facts["limits"] == {"light": {"asked": 1, "used": 2}}
    assert used(world, "standard") == (0, 1)
    limit(world, light=2)
    answer = world.north.api().patch(f"customers/{world.shop.id}/limits", {"light": 1})
    assert (answer.status_code, answer.json()["code"], answer.json()["limits"]) == (
        409, "limit-below-use", {"light": {"asked": 1, "used": 2}}
    )  # fmt: skip
    browser, path = world.north.browser(), f"/portal/customers/{world.shop.id}/edit/"
    page = browser.post(path, form_values(browser.get(path), light="1", city="Ulm"))
    assert page.status_code == 422
    assert "1 is less than the 2 in use" in str(page.context["form"].errors["light"])
    assert "Ulm" in page.content.decode()
    world.shop.tenant.profile.refresh_from_db()
    assert world.shop.tenant.profile.city == ""


def test_removing_makes_room_and_frees_the_address(world: World):
    limit(world, light=1)
    first = create(world, "Info@Shop.example")
    assert first.address == "info@shop.example"
    for _again in range(2):
        remove_mailbox(actor=world.shop.actor, mailbox_id=first.pk, now=NOW)
    assert used(world) == (0, 1)
    create(world, "info@shop.example")
    assert [event.kind for event in Event.objects.filter(kind__startswith="mailbox.").order_by("pk")] == [
        "mailbox.created", "mailbox.removed", "mailbox.created"
    ]  # fmt: skip
    assert mailboxes() == []


def test_an_address_is_there_once_in_a_house(world: World):
    limit(world, light=5)
    set_limits(actor=world.south.actor, customer_id=world.mill.id, limits={"light": 1}, now=NOW)
    create(world, "info@example.com")
    with pytest.raises(AddressTaken) as refused:
        create_mailbox(
            actor=world.mill.actor, customer_id=world.mill.id, tariff="light", address="info@example.com", now=NOW
        )
    assert refused.value.field == "address"
    assert not TariffLimit.objects.get(tenant=world.mill.id).used


def test_a_request_makes_one(world: World):
    limit(world, light=5)
    key = uuid4()
    assert create(world, "a@shop.example", request_id=key) == create(world, "a@shop.example", request_id=key)
    assert used(world) == (1, 5)
    with pytest.raises(RequestReused):
        create(world, "b@shop.example", request_id=key)


def test_who_may(world: World):
    limit(world, by=world.provider, light=5)
    for by in (world.provider, world.north, world.shop):
        create(world, f"{by.id}@shop.example", by=by)
    mailbox = Mailbox.objects.first()
    for by in (world.south, world.stranger, world.mill):
        with pytest.raises(NotFound):
            create(world, "x@shop.example", by=by)
        with pytest.raises(NotFound):
            remove_mailbox(actor=by.actor, mailbox_id=mailbox.pk, now=NOW)
    for by in (world.south, world.stranger):
        with pytest.raises(NotFound):
            limit(world, by=by, light=6)
    with pytest.raises(Forbidden):
        limit(world, by=world.shop, light=6)
    with pytest.raises(NotYourCustomer):
        set_limits(actor=world.north.actor, customer_id=world.kiosk.id, limits={"light": 1}, now=NOW)
    with pytest.raises(Forbidden):
        create_mailbox(
            actor=world.shop.member("read_only"), customer_id=world.shop.id, tariff="light", address="x@y.example",
            now=NOW,
        )  # fmt: skip


def test_values_that_are_none(world: World):
    limit(world, light=5)
    for address in ("", "nonsense", "a@b", "a\u200b@shop.example"):
        with pytest.raises(Invalid):
            create(world, address)
    for limits in ({"light": -1}, {"light": 10**9}, {"gold": 1}):
        with pytest.raises(Invalid):
            limit(world, **limits)
    with pytest.raises(Invalid):
        create(world, "a@shop.example", tariff="gold")


def test_nothing_is_added_to_what_is_not_active(world: World):
    limit(world, light=5)
    create(world, "a@shop.example")
    suspend_tenant(actor=world.north.actor, tenant_id=world.shop.id, now=NOW)
    with pytest.raises(AccountNotActive):
        create(world, "b@shop.example", by=world.north)
    close_tenant(actor=world.north.actor, tenant_id=world.shop.id, confirmation="Yes", now=NOW)
    assert Event.objects.get(kind="customer.closed").after["mailboxes"] == 1
    assert used(world) == (0, 5)
    assert mailboxes() == []
    with pytest.raises(AccountNotActive):
        limit(world, light=6)


def test_over_rest(world: World):
    limit(world, light=1)
    api, path = world.shop.api(), f"customers/{world.shop.id}/mailboxes"
    made = api.post(path, {"tariff": "light", "address": "a@shop.example"})
    assert (made.status_code, made.json()["address"]) == (201, "a@shop.example")
    assert made["Location"].endswith(f"/api/v1/{path}/{made.json()['id']}")
    full = api.post(path, {"tariff": "light", "address": "b@shop.example"})
    assert (full.status_code, full.json()["code"], full.json()["maximum"]) == (409, "limit-reached", 1)
    assert [row["address"] for row in world.north.api().get(path).json()["results"]] == ["a@shop.example"]
    assert world.south.api().get(path).status_code == 404
    remove = f"{path}/{made.json()['id']}/remove"
    assert world.south.api().post(remove).status_code == 404
    assert world.north.api().post(f"customers/{world.kiosk.id}/mailboxes/{made.json()['id']}/remove").status_code == 404
    assert api.post(remove).status_code == 200
    assert api.get(path).json()["results"] == []
    assert api.get(f"customers/{world.shop.id}/limits").json()["light"] == {"maximum": 1, "used": 0}
    assert world.south.api().get(f"customers/{world.shop.id}/limits").status_code == 404


def test_on_pages(world: World):
    limit(world, light=1)
    browser = world.shop.browser()
    assert "Mailboxes" in browser.get("/portal/").content.decode()
    path = f"/portal/customers/{world.shop.id}/mailboxes/new/"
    page = browser.get(path)
    assert "LIGHT mailboxes: 0 of 1" in page.content.decode()
    done = browser.post(path, form_values(page, tariff="light", address="a@shop.example"))
    assert done["Location"] == "/portal/mailboxes/"
    listed = browser.get("/portal/mailboxes/").content.decode()
    assert "a@shop.example" in listed
    full = browser.post(path, form_values(browser.get(path), tariff="light", address="b@shop.example"))
    assert full.status_code == 422
    assert full.context["form"].errors["tariff"]
    assert "b@shop.example" in full.content.decode()
    mailbox = Mailbox.objects.get()
    seller = world.north.browser()
    tab = seller.get(f"/portal/customers/{world.shop.id}/?tab=mailboxes").content.decode()
    assert f"/portal/mailboxes/{mailbox.pk}/remove/" in tab
    for by in (world.south, world.mill):
        assert by.browser().get(f"/portal/mailboxes/{mailbox.pk}/remove/").status_code == 404
        assert by.browser().get(path).status_code == 404
    assert world.north.browser().get("/portal/mailboxes/").status_code == 404
    remove = f"/portal/mailboxes/{mailbox.pk}/remove/"
    done = seller.post(remove, form_values(seller.get(remove)))
    assert done["Location"] == f"/portal/customers/{world.shop.id}/?tab=mailboxes"
    assert used(world) == (0, 1)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE tenants_tarifflimit SET used = maximum + 1",
        "UPDATE tenants_tarifflimit SET maximum = 0",
        "UPDATE tenants_tarifflimit SET used = -1",
        "UPDATE tenants_mailbox SET address = 'Upper@shop.example'",
        "UPDATE tenants_mailbox SET tariff = 'gold'",
    ],
)
def test_the_database_keeps_the_rules(world: World, statement: str):
    limit(world, light=2)
    create(world, "a@shop.example")
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_verify_finds_a_wrong_counter(world: World):
    limit(world, light=2)
    create(world, "a@shop.example")
    TariffLimit.objects.update(used=0)
    assert mailboxes() == [f"tenant {world.shop.id}, light: 0 in use, 1 there"]


@pytest.mark.django_db(transaction=True)
def test_the_last_place_is_given_once(committed_world: World):
    world = committed_world
    limit(world, light=3)
    outcomes = together(*(lambda n=n: create(world, f"{n}@shop.example") for n in range(6)))
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["LimitReached"] * 3 + ["Mailbox"] * 3
    assert used(world) == (3, 3)
    assert mailboxes() == []


@pytest.mark.django_db(transaction=True)
def test_lowering_and_creating_at_once(committed_world: World):
    world = committed_world
    limit(world, light=1)
    outcomes = together(lambda: create(world, "a@shop.example"), lambda: limit(world, light=0))
    assert {"LimitReached", "LimitBelowUse"} & {type(outcome).__name__ for outcome in outcomes}
    assert mailboxes() == []
