"""Roles change, logins are switched off and on, people leave; and somebody who may let others in always stays."""

import pytest
from django.db import DatabaseError, connection, transaction

from resellerhub.kernel.refusals import Forbidden, NotFound
from tenants.actor import Actor
from tenants.models import Event, Invitation, ManagedCustomer, Membership, User
from tenants.naming import NamesHidden
from tenants.services.invitations import invite_member
from tenants.services.managers import assign_customers
from tenants.services.members import (
    LastAdministrator,
    OwnLogin,
    WorksElsewhere,
    change_role,
    deactivate_user,
    reactivate_user,
    remove_member,
)
from tenants.services.people import EmailUnavailable, Person, UnknownRole, add_user
from tenants.services.visibility import hide_customers
from tests.together import together
from tests.world import NOW, PASSWORD, Player, World


def member(player: Player, role: str = "administrator", email: str = "") -> Membership:
    person = Person(email or f"{role}2@{player.user.email.partition('@')[2]}", name="Second", password=PASSWORD)
    return add_user(actor=player.actor, tenant_id=player.id, person=person, role=role, now=NOW)


def mine(player: Player) -> Membership:
    return Membership.objects.get(pk=player.actor.membership_id)


def actor_of(membership: Membership) -> Actor:
    return Actor.of(Membership.objects.select_related("tenant", "user").get(pk=membership.pk), "test")


def test_a_role_changes_and_the_log_says_so(world: World):
    clerk = member(world.north, "read_only")
    change_role(actor=world.north.actor, membership_id=clerk.pk, role="sales", now=NOW)
    assert actor_of(clerk).can("add_on.sell")
    event = Event.objects.get(kind="user.role_changed")
    assert (event.subject_id, event.tenant_id, event.before, event.after) == (
        clerk.user_id, world.north.id, {"role": "read_only"}, {"role": "sales"},
    )  # fmt: skip
    change_role(actor=world.north.actor, membership_id=clerk.pk, role="sales", now=NOW)
    assert Event.objects.filter(kind="user.role_changed").count() == 1
    with pytest.raises(UnknownRole):
        change_role(actor=world.shop.actor, membership_id=member(world.shop).pk, role="sales", now=NOW)


def test_who_is_no_account_manager_any_more_looks_after_nobody(world: World):
    manager = member(world.north, "account_manager")
    ManagedCustomer.objects.create(membership=manager, tenant=world.shop.tenant, provider=world.provider.tenant)
    change_role(actor=world.north.actor, membership_id=manager.pk, role="read_only", now=NOW)
    assert not ManagedCustomer.objects.exists()


@pytest.mark.parametrize(
    "change",
    [
        lambda actor, pk: change_role(actor=actor, membership_id=pk, role="read_only", now=NOW),
        lambda actor, pk: deactivate_user(actor=actor, membership_id=pk, now=NOW),
        lambda actor, pk: reactivate_user(actor=actor, membership_id=pk, now=NOW),
        lambda actor, pk: remove_member(actor=actor, membership_id=pk, now=NOW),
    ],
)
def test_a_rival_finds_nobody_and_who_may_not_is_refused(world: World, change):
    clerk = member(world.north, "read_only")
    with pytest.raises(NotFound):
        change(world.south.actor, clerk.pk)
    with pytest.raises(Forbidden):
        change(world.north.member("support"), clerk.pk)


def test_nobody_gives_or_takes_what_they_do_not_have(world: World):
    key = Actor.of(mine(world.north), "test")
    few = type(key)(**{**vars(key), "permissions": frozenset({"user.manage", "customer.view"})})
    clerk = member(world.north, "sales")
    for act in (
        lambda: change_role(actor=few, membership_id=clerk.pk, role="read_only", now=NOW),
        lambda: deactivate_user(actor=few, membership_id=clerk.pk, now=NOW),
        lambda: remove_member(actor=few, membership_id=clerk.pk, now=NOW),
    ):
        with pytest.raises(Forbidden):
            act()


def test_nobody_locks_themselves_out(world: World):
    member(world.north)
    with pytest.raises(OwnLogin):
        deactivate_user(actor=world.north.actor, membership_id=mine(world.north).pk, now=NOW)
    with pytest.raises(OwnLogin):
        remove_member(actor=world.north.actor, membership_id=mine(world.north).pk, now=NOW)
    change_role(actor=world.north.actor, membership_id=mine(world.north).pk, role="read_only", now=NOW)


def test_a_deactivated_login_is_dead_at_once_and_lives_again(world: World):
    clerk = member(world.north)
    browser = Player(world.north.tenant, clerk.user, actor_of(clerk)).browser()
    assert browser.get("/portal/").status_code == 200
    key = Player(world.north.tenant, clerk.user, actor_of(clerk)).api()
    deactivate_user(actor=world.north.actor, membership_id=clerk.pk, now=NOW)
    assert browser.get("/portal/").status_code == 302
    assert key.get("me").status_code == 401
    assert browser.session.get("_auth_user_id") is None
    reactivate_user(actor=world.north.actor, membership_id=clerk.pk, now=NOW)
    assert key.get("me").status_code == 200
    assert browser.get("/portal/").status_code == 302, "the old session stays ended"
    kinds = list(Event.objects.filter(subject_id=clerk.user_id).order_by("pk").values_list("kind", flat=True))
    assert kinds == ["user.added", "user.deactivated", "user.reactivated"]


def test_a_login_that_is_used_elsewhere_is_not_ours_to_take(world: World):
    clerk = member(world.north, "read_only")
    place = {"user": clerk.user, "tenant": world.south.tenant, "provider": world.provider.tenant}
    Membership.objects.create(**place, role="read_only", created_at=NOW)
    with pytest.raises(WorksElsewhere):
        deactivate_user(actor=world.north.actor, membership_id=clerk.pk, now=NOW)
    deactivate_user(actor=world.provider.actor, membership_id=clerk.pk, now=NOW)
    with pytest.raises(WorksElsewhere):
        reactivate_user(actor=world.north.actor, membership_id=clerk.pk, now=NOW)
    reactivate_user(actor=world.provider.actor, membership_id=clerk.pk, now=NOW)
    remove_member(actor=world.north.actor, membership_id=clerk.pk, now=NOW)
    assert clerk.user.memberships.get().tenant_id == world.south.id


def test_who_was_taken_out_everywhere_can_be_added_again(world: World):
    clerk = member(world.north, "read_only")
    remove_member(actor=world.north.actor, membership_id=clerk.pk, now=NOW)
    person = Person(clerk.user.email.upper(), name="Again", password="another long password")
    again = add_user(actor=world.south.actor, tenant_id=world.south.id, person=person, role="read_only", now=NOW)
    assert again.user_id == clerk.user_id
    assert again.user.check_password("another long password")
    with pytest.raises(EmailUnavailable):
        add_user(actor=world.south.actor, tenant_id=world.south.id, person=person, role="read_only", now=NOW)


@pytest.mark.parametrize(
    "act",
    [
        lambda actor, pk: change_role(actor=actor, membership_id=pk, role="read_only", now=NOW),
        lambda actor, pk: deactivate_user(actor=actor, membership_id=pk, now=NOW),
        lambda actor, pk: remove_member(actor=actor, membership_id=pk, now=NOW),
    ],
)
def test_the_last_administrator_stays(world: World, act):
    with pytest.raises(LastAdministrator):
        act(world.provider.actor, mine(world.north).pk)
    second = member(world.north)
    User.objects.filter(pk=second.user_id).update(is_active=False)
    with pytest.raises(LastAdministrator):
        act(world.provider.actor, mine(world.north).pk)
    User.objects.filter(pk=second.user_id).update(is_active=True)
    act(world.provider.actor, mine(world.north).pk)


TWO_AT_ONCE = (
    "WITH x AS (UPDATE tenants_membership SET role = 'read_only' WHERE id = %(second)s)"
    " UPDATE tenants_membership SET role = 'read_only' WHERE id = %(member)s",
    "WITH x AS (UPDATE tenants_membership SET role = 'read_only' WHERE id = %(second)s)"
    " DELETE FROM tenants_membership WHERE id = %(member)s",
    "WITH x AS (DELETE FROM tenants_membership WHERE id = %(second)s RETURNING id)"
    " UPDATE tenants_user SET is_active = false WHERE id = %(user)s",
    "WITH x AS (UPDATE tenants_user SET is_active = false WHERE id = %(user)s)"
    " UPDATE tenants_membership SET tenant_id = %(other)s WHERE id = %(second)s",
)


@pytest.mark.parametrize("sql", TWO_AT_ONCE)
def test_nor_do_two_changes_in_one_statement(world: World, sql: str):
    """Each alone would leave the other's administrator."""
    values = {"member": mine(world.north).pk, "user": world.north.user.pk, "other": world.south.id}
    values["second"] = member(world.north).pk
    with pytest.raises(DatabaseError, match="must keep an active administrator"), transaction.atomic():
        connection.cursor().execute(sql, values)


@pytest.mark.parametrize(
    "act",
    [
        lambda actor, pk: change_role(actor=actor, membership_id=pk, role="administrator", now=NOW),
        lambda actor, pk: reactivate_user(actor=actor, membership_id=pk, now=NOW),
        lambda actor, pk: assign_customers(actor=actor, membership_id=pk, customer_ids=[], now=NOW),
    ],
)
def test_nobody_above_lets_somebody_read_what_is_hidden_from_them(world: World, act):
    clerk = member(world.north, "account_manager")
    hide_customers(actor=world.north.actor, reseller_id=world.north.id, now=NOW)
    with pytest.raises(NamesHidden):
        act(world.provider.actor, clerk.pk)
    act(world.north.actor, clerk.pk)
    deactivate_user(actor=world.north.actor, membership_id=clerk.pk, now=NOW)
    with pytest.raises(NotFound):
        act(world.provider.actor, mine(world.shop).pk)
    outer = world.north.actor
    hide_customers(actor=world.north_east.actor, reseller_id=world.north_east.id, now=NOW)
    with pytest.raises(NamesHidden):
        act(outer, member(world.north_east, "account_manager").pk)


def test_who_was_invited_from_above_does_not_come_in_once_names_are_hidden(world: World):
    def invite(player: Player, email: str) -> Invitation:
        return invite_member(actor=player.actor, tenant_id=world.north.id, email=email, role="read_only", now=NOW)

    above, inside = invite(world.provider, "above@north.example"), invite(world.north, "inside@north.example")
    hide_customers(actor=world.north.actor, reseller_id=world.north.id, now=NOW)
    above.refresh_from_db()
    inside.refresh_from_db()
    assert (above.revoked_at, inside.revoked_at) == (NOW, None)
    assert Event.objects.get(kind="reseller.customers_hidden").after["invitations"] == 1


ATTACKS = (
    "UPDATE tenants_membership SET role = 'read_only' WHERE id = %(member)s",
    "UPDATE tenants_membership SET tenant_id = %(other)s WHERE id = %(member)s",
    "UPDATE tenants_user SET is_active = false WHERE id = %(user)s",
    "UPDATE tenants_user SET is_active = false",
    "DELETE FROM tenants_membership WHERE id = %(member)s",
    "DELETE FROM tenants_membership WHERE role = 'administrator'",
)


@pytest.mark.parametrize("sql", ATTACKS)
def test_not_even_raw_sql_takes_the_last_administrator(world: World, sql: str):
    values = {"member": mine(world.north).pk, "user": world.north.user.pk, "other": world.south.id}
    with pytest.raises(DatabaseError, match="must keep an active administrator"), transaction.atomic():
        connection.cursor().execute(sql, values)


def test_a_closed_tenant_needs_nobody(world: World):
    type(world.shop.tenant).objects.filter(pk=world.shop.id).update(status="closed", closed_at=NOW)
    assert Membership.objects.filter(pk=mine(world.shop).pk).delete()[0] == 1


def test_two_who_demote_each_other_at_once(committed_world: World):
    north = committed_world.north
    second = member(north)

    def demote(actor: Actor, pk: int):
        return lambda: change_role(actor=actor, membership_id=pk, role="read_only", now=NOW)

    outcomes = together(demote(north.actor, second.pk), demote(actor_of(second), mine(north).pk))
    refused = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert len(refused) == 1
    assert isinstance(refused[0], Forbidden | LastAdministrator)
    assert Membership.objects.filter(tenant_id=north.id, role="administrator").count() == 1


def test_raw_sql_of_two_at_once(committed_world: World):
    """The trigger waits for the other, too: neither sees the other's administrator as still there."""
    north = committed_world.north
    second = member(north)

    def demote(pk: int):
        return lambda: Membership.objects.filter(pk=pk).update(role="read_only")

    outcomes = together(demote(second.pk), demote(mine(north).pk))
    assert sum(isinstance(outcome, DatabaseError) for outcome in outcomes) == 1
    assert Membership.objects.filter(tenant_id=north.id, role="administrator").count() == 1
