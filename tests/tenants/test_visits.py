"""Acting as somebody else: with a reason, for a while, under both names, and with no right gained."""

from datetime import timedelta

import pytest
import time_machine
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from resellerhub.kernel.refusals import Forbidden, Invalid, NotFound
from tenants.actor import Actor
from tenants.models import Event, Membership, Tenant, User, Visit
from tenants.roles import NOT_WHILE_VISITING
from tenants.services.visits import end_overdue_visits, start_visit, visit_of
from tests.world import NOW, Player, World

HALF_AN_HOUR = timedelta(minutes=30)


def mine(player: Player) -> Membership:
    return Membership.objects.get(pk=player.actor.membership_id)


def visit(actor: Actor, player: Player, reason: str = "Ticket 4711") -> Visit:
    return start_visit(
        actor=actor, membership_id=mine(player).pk, reason=reason, length=HALF_AN_HOUR, now=timezone.now()
    )


def go(browser: Client, player: Player, shell: str = "console", reason: str = "Ticket 4711"):
    address = f"/{shell}/users/{mine(player).pk}/visit/"
    form = browser.get(address).context["form"]
    return browser.post(address, {"request_id": form["request_id"].value(), "reason": reason})


def test_from_the_page_of_a_user_and_back(world: World):
    browser = world.provider.browser()
    assert "Log in as" in browser.get(f"/console/users/{mine(world.north).pk}/").content.decode()
    before = browser.session.session_key
    assert go(browser, world.north)["Location"] == "/"
    assert browser.session.session_key != before
    home = browser.get("/", follow=True)
    assert home.redirect_chain[-1][0] == "/portal/"
    page = home.content.decode()
    assert "You act as North administrator of North for 30 minutes more." in page
    assert "Shop" in browser.get("/portal/customers/").content.decode()
    assert browser.get("/console/").status_code == 404

    during = browser.session.session_key
    ended = browser.post("/portal/visits/end/", follow=True)
    assert ended.redirect_chain[-1][0] == "/console/"
    assert browser.session.session_key not in {before, during}
    assert "You act as" not in browser.get("/console/").content.decode()
    assert Visit.objects.get().ended_at is not None
    kinds = Event.objects.filter(kind__startswith="visit.").order_by("pk")
    assert [(row.kind, row.tenant_id, row.user_id, row.on_behalf_of_id, row.after["reason"]) for row in kinds] == [
        (kind, world.north.id, world.provider.user.pk, world.north.user.pk, "Ticket 4711")
        for kind in ("visit.started", "visit.ended")
    ]


def test_whatever_is_written_meanwhile_names_both(world: World):
    browser = world.provider.browser()
    go(browser, world.north)
    path = f"/portal/customers/{world.shop.id}/suspend/"
    form = browser.get(path).context["form"]
    answer = browser.post(path, {"request_id": form["request_id"].value(), "reason": "Not paid"})
    event = Event.objects.filter(kind="customer.suspended").latest("pk")
    assert (event.user_id, event.on_behalf_of_id, event.user_tenant_id) == (
        world.provider.user.pk, world.north.user.pk, world.provider.id,
    ), answer.content.decode()  # fmt: skip
    assert event.user_name == world.provider.user.name


def test_no_right_is_gained(world: World):
    support = world.provider.member("support")
    visited = support.visiting(visit(support, world.north), mine(world.north))
    assert visited.permissions <= support.permissions
    assert visited.permissions <= world.north.actor.permissions
    assert not visited.permissions & NOT_WHILE_VISITING
    assert not visited.can("customer.create"), "the support of a provider may not"
    all_of_it = world.provider.actor.visiting(visit(world.provider.actor, world.north), mine(world.north))
    assert all_of_it.can("customer.edit")
    assert not all_of_it.can("add_on.sell")


def test_what_is_hidden_from_the_visitor_stays_hidden(world: World):
    Tenant.objects.filter(pk=world.north.id).update(hides_customers_at=NOW)
    browser = world.provider.browser()
    go(browser, world.north)
    page = browser.get("/portal/customers/").content.decode()
    assert f"Customer {world.shop.id}" in page
    assert "Shop" not in page
    assert browser.get(f"/portal/users/{mine(world.shop).pk}/").status_code == 403
    with pytest.raises(NotFound):
        visit(world.provider.actor, world.shop)


CLOSED = ("/accounts/2fa/", "/accounts/password/change/", "/accounts/sessions/", "/portal/profile/", "/admin/")


def test_accounts_and_money_are_closed(world: World):
    browser = world.provider.browser()
    go(browser, world.north)
    for path in CLOSED:
        assert browser.get(path).status_code == 403, path
    for path in ("team/", "api-keys/", f"users/{mine(world.shop).pk}/visit/", "bulk-sales/to-customers/"):
        assert browser.get(f"/portal/{path}").status_code == 403, path
    assert browser.post(f"/portal/memberships/{mine(world.north).pk}/switch/").status_code == 403


def test_it_ends_by_itself(world: World):
    browser = world.provider.browser()
    go(browser, world.north)
    with time_machine.travel(timezone.now() + timedelta(minutes=29), tick=False):
        assert "for 1 minute more" in browser.get("/portal/").content.decode()
    with time_machine.travel(timezone.now() + timedelta(minutes=31), tick=False):
        gone = browser.get("/portal/")
        assert (gone.status_code, "Your visit is over" in gone.content.decode()) == (404, True)
        assert browser.get("/console/").status_code == 200
    row = Visit.objects.get()
    assert row.ended_at == row.ends_at
    assert Event.objects.filter(kind="visit.ended").count() == 1


def test_nobody_comes_back_and_it_ends_all_the_same(world: World):
    row = visit(world.provider.actor, world.north)
    assert end_overdue_visits(now=row.ends_at - timedelta(seconds=1)) == 0
    assert end_overdue_visits(now=row.ends_at) == 1
    assert end_overdue_visits(now=row.ends_at) == 0
    assert Event.objects.get(kind="visit.ended").user_id is None


@pytest.mark.parametrize(
    "lose",
    [
        lambda world: User.objects.filter(pk=world.north.user.pk).update(is_active=False),
        lambda world: Membership.objects.filter(user=world.north.user).delete(),
        lambda world: Membership.objects.filter(user=world.provider.user).update(role="read_only"),
        lambda world: Tenant.objects.filter(pk=world.north.id).update(hides_customers_at=None, status="suspended"),
    ],
)
def test_it_ends_with_what_it_rests_on(world: World, lose):
    for player in (world.north, world.provider):
        player.member("administrator", f"second@{player.id}.example")
    browser = world.provider.browser()
    go(browser, world.north)
    lose(world)
    suspended = Tenant.objects.get(pk=world.north.id).status == "suspended"
    assert browser.get("/portal/").status_code == (200 if suspended else 404)
    assert Visit.objects.filter(ended_at=None).exists() is suspended


def test_who_logs_out_is_out_of_both(world: World):
    browser = world.provider.browser()
    go(browser, world.north)
    assert browser.post("/accounts/logout/").status_code == 302
    assert Visit.objects.get().ended_at is not None
    assert browser.get("/portal/").status_code == 302


def test_who_may_not_and_whom_not(world: World):
    key = Actor.of(mine(world.provider), "test")
    keyed = type(key)(**{**vars(key), "api_key_id": 1})
    inside = world.provider.actor.visiting(visit(world.provider.actor, world.north), mine(world.north))
    for actor in (keyed, world.provider.member("billing"), inside, world.shop.actor):
        with pytest.raises(Forbidden):
            visit(actor, world.shop)
    for actor, player in (
        (world.north.actor, world.mill), (world.south.actor, world.north), (world.north.actor, world.provider),
        (world.stranger.actor, world.north), (world.provider.actor, world.provider),
    ):  # fmt: skip
        with pytest.raises(NotFound):
            visit(actor, player)
    with pytest.raises(Invalid):
        visit(world.provider.actor, world.north, reason=" ")
    browser = world.north.browser()
    assert go(browser, world.shop, "portal", reason=" ").status_code == 422
    assert browser.get(f"/portal/users/{mine(world.mill).pk}/visit/").status_code == 404


def test_a_second_visit_ends_the_first(world: World):
    first = visit(world.provider.actor, world.north)
    second = visit(world.provider.actor, world.south)
    first.refresh_from_db()
    assert first.ended_at is not None
    assert visit_of(world.provider.actor, first.pk, timezone.now()) is None
    assert visit_of(world.provider.actor, second.pk, timezone.now()) is not None
    assert visit_of(world.north.actor, second.pk, timezone.now()) is None


def test_the_second_factor_of_the_visitor_stays_asked_for(world: World, settings):
    browser = world.provider.browser()
    go(browser, world.north)
    settings.REQUIRE_TOTP_FOR_PROVIDERS = True
    assert browser.get("/portal/")["Location"] == "/accounts/2fa/"
    assert browser.post("/portal/visits/end/").status_code == 302


def test_the_visited_learn_of_it_and_of_no_name_above_them(world: World):
    visit(world.provider.actor, world.shop)
    page = world.shop.browser().get("/portal/visits/").content.decode()
    assert "Support" in page
    assert "Ticket 4711" in page
    assert "Groupware" not in page
    (row,) = world.shop.api().get("visits").json()["results"]
    assert (row["who"], row["user"], row["reason"]) == ("", world.shop.user.pk, "Ticket 4711")
    log = world.shop.browser().get("/portal/events/").content.decode()
    assert "Support" in log
    assert "Groupware" not in log
    assert world.provider.api().get("visits").json()["results"][0]["who"] == world.provider.user.name
    assert world.provider.user.name in world.provider.browser().get("/console/visits/?export=csv").getvalue().decode()
    assert world.south.api().get("visits").json()["results"] == []
    assert world.south.api().get(f"visits/{row['id']}").status_code == 404


@pytest.mark.parametrize(
    "change",
    [{"reason": ""}, {"ends_at": NOW - timedelta(days=9999)}, {"same": True}, {"inside": True}],
)
def test_the_database_keeps_visits_sane(world: World, change):
    row = visit(world.provider.actor, world.north)
    if change.pop("same", None):
        change = {"visitor": row.member_id}
    if change.pop("inside", None):
        change = {"visitor_tenant": row.tenant_id}
    values = {field.attname: getattr(row, field.attname) for field in Visit._meta.concrete_fields if field.name != "id"}
    values |= {Visit._meta.get_field(name).attname: value for name, value in change.items()}
    with pytest.raises(IntegrityError), transaction.atomic():
        Visit.objects.create(**values)


ATTACKS = (
    "UPDATE tenants_visit SET reason = 'Tea'",
    "UPDATE tenants_visit SET visitor_id = (SELECT max(id) FROM tenants_user)",
    "UPDATE tenants_visit SET started_at = started_at - interval '1 day', ended_at = now()",
    "UPDATE tenants_visit SET ends_at = ends_at + interval '1 year'",
    "UPDATE tenants_visit SET ended_at = NULL",
    "WITH x AS (UPDATE tenants_visit SET ended_at = now() RETURNING id) DELETE FROM tenants_visit",
    "DELETE FROM tenants_visit",
    "INSERT INTO tenants_visit SELECT * FROM tenants_visit ON CONFLICT (id) DO UPDATE SET reason = 'Tea'",
)


@pytest.mark.parametrize("sql", ATTACKS)
@pytest.mark.parametrize("ended", [False, True])
def test_a_visit_is_evidence_whatever_sql_says(world: World, sql: str, ended: bool):
    row = visit(world.provider.actor, world.north)
    if ended:
        end_overdue_visits(now=row.ends_at)
    with pytest.raises(DatabaseError, match="ended once, never changed"), transaction.atomic():
        connection.cursor().execute(sql)


def test_raw_sql_can_end_a_visit_once(world: World):
    visit(world.provider.actor, world.north)
    for moment in ("started_at - interval '1 second'", "ends_at + interval '1 second'"):
        with pytest.raises(IntegrityError), transaction.atomic():
            connection.cursor().execute(f"UPDATE tenants_visit SET ended_at = {moment}")
    end = "UPDATE tenants_visit SET ended_at = ends_at"
    connection.cursor().execute(end)
    with pytest.raises(DatabaseError, match="ended once"), transaction.atomic():
        connection.cursor().execute(end)
