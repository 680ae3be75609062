"""Invitations: who may be invited to what, again, sent again, revoked; by service, in the database, at once."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from resellerhub.kernel.refusals import Forbidden, Invalid, NotFound, RequestReused
from tenants.models import Event, Invitation, Mail, Profile, ResellerTerms, ResellerTypeSetting, Tenant
from tenants.roles import Role
from tenants.services.flood import TooManyMails
from tenants.services.invitations import (
    invite_member,
    invite_owner,
    invite_reseller,
    link_of,
    resend_invitation,
    revoke_invitation,
)
from tenants.services.inviting import (
    AlreadyMember,
    AlreadyReseller,
    InvitedJustNow,
    LargeAccountReseller,
    MayNotWrite,
    NotOpen,
    OwnerUnknown,
    digest_of,
)
from tenants.services.people import UnknownRole
from tenants.services.settings import TypeUnavailable
from tenants.services.status import suspend_tenant
from tenants.services.tree import TenantSuspended
from tests.together import together
from tests.world import NOW, Player, World

LATER = NOW + timedelta(minutes=2)


def invite(player: Player, email: str = "new@lark.example", **more) -> Invitation:
    return invite_reseller(actor=player.actor, email=email, **{"organisation": "Lark", "now": NOW, **more})


def hire(player: Player, tenant: Player, email: str = "new@lark.example", role: str = "administrator", **more):
    return invite_member(actor=player.actor, tenant_id=tenant.id, email=email, role=role, **{"now": NOW, **more})


def test_whoever_is_invited_gets_a_mail_and_the_log_an_event(world: World):
    row = invite(world.north, "New@Lark.example", reseller_type="prepaid", language="de")
    assert (row.email, row.tenant_id, row.into_id, row.digest) == ("new@lark.example", world.north.id, None, None)
    assert row.expires_at == NOW + timedelta(days=14)
    mail = Mail.objects.get(invitation=row)
    assert (mail.kind, mail.to, mail.tenant_id, mail.language) == (
        "reseller_invitation",
        "new@lark.example",
        world.north.id,
        "de",
    )
    assert mail.facts == {"organisation": "Lark", "expires_on": "2026-12-04"}
    event = Event.objects.get(kind="invitation.sent")
    assert (event.tenant_id, event.user_id, event.after["email"]) == (world.north.id, world.north.user.pk, row.email)


def test_of_a_link_only_the_digest_is_kept_and_the_newest_lives(world: World):
    row = invite(world.north)
    first = link_of(row, NOW).split("/")[2]
    resend_invitation(actor=world.north.actor, invitation_id=row.pk, now=LATER)
    second = link_of(row, LATER).split("/")[2]
    row.refresh_from_db()
    assert first != second
    assert len(second) >= 43
    assert (row.digest, row.times_sent, row.sent_at) == (digest_of(second), 2, LATER)


def test_a_mail_that_is_sent_twice_has_one_link(world: World, settings):
    """A worker that died may have sent it already: the first copy is not to be dead."""
    row = invite(world.north)
    first, second = (link_of(row, now) for now in (NOW, LATER))
    row.refresh_from_db()
    assert (first, row.times_sent, row.sent_at) == (second, 1, NOW)
    settings.SECRET_KEY = "another"
    assert link_of(row, NOW) != first  # who reads the rows cannot make it


def test_the_same_address_again_renews_and_makes_no_second(world: World):
    row = invite(world.north)
    link_of(row, NOW)
    again = invite(world.north, organisation="Lark Ltd", now=LATER)
    assert (again.pk, again.organisation, again.digest) == (row.pk, "Lark Ltd", None)
    assert again.expires_at == LATER + timedelta(days=14)
    assert Invitation.objects.count() == 1
    assert Mail.objects.filter(invitation=row).count() == 2
    expired = again.expires_at + timedelta(days=1)
    assert invite(world.north, now=expired).pk == row.pk
    assert invite(world.south).pk != row.pk


def test_a_mail_a_minute_and_so_many_a_day(world: World, settings):
    settings.UNASKED_MAILS_PER_ADDRESS = 4
    row = invite(world.north)
    with pytest.raises(InvitedJustNow) as refused:
        invite(world.north, now=NOW + timedelta(seconds=20))
    assert refused.value.facts["retry_after"] == 40
    now = NOW
    for _ in range(3):
        now += timedelta(minutes=2)
        resend_invitation(actor=world.north.actor, invitation_id=row.pk, now=now)
    with pytest.raises(TooManyMails) as refused:
        resend_invitation(actor=world.north.actor, invitation_id=row.pk, now=now + timedelta(minutes=2))
    assert refused.value.facts["retry_after"] > 23 * 3600
    resend_invitation(actor=world.north.actor, invitation_id=row.pk, now=NOW + timedelta(days=1))


def test_the_same_request_sends_one_mail(world: World):
    request_id = uuid4()
    row = invite(world.north, request_id=request_id)
    assert invite(world.north, request_id=request_id) == row
    assert Mail.objects.count() == 1
    for other in ({"email": "other@lark.example"}, {"organisation": "Other"}):
        with pytest.raises(RequestReused):
            invite(world.north, request_id=request_id, **other)


def test_a_large_account_reseller_is_not_invited(world: World):
    ResellerTerms.objects.filter(pk=world.south.id).update(is_large=True)
    with pytest.raises(LargeAccountReseller):
        invite(world.provider, world.south.user.email)
    with pytest.raises(LargeAccountReseller):
        invite_owner(actor=world.provider.actor, reseller_id=world.south.id, now=NOW)
    assert invite(world.north, world.south.user.email)  # who does not see South learns nothing of it


def test_the_language_that_was_chosen_else_the_companys(world: World):
    Profile.objects.filter(pk=world.south.id).update(owner_email="boss@south.example", language="de")
    about = {"actor": world.provider.actor, "reseller_id": world.south.id}
    assert invite_owner(**about, now=NOW).language == "de"
    row = invite_owner(**about, language="en", now=LATER)
    assert (row.language, Mail.objects.latest("pk").language) == ("en", "en")
    assert invite(world.south, "a@lark.example").language == "de"
    assert hire(world.provider, world.south, "b@lark.example").language == "de"
    assert world.south.api().post("invitations", {"email": "c@lark.example"}).json()["language"] == "de"


def test_forms_begin_in_the_language_of_the_page(world: World):
    browser = world.north.browser()
    browser.cookies["language"] = "de"
    for path in ("invitations/new/", "invitations/batch/", "team/invite/"):
        page = browser.get(f"/portal/{path}")
        assert (path, page.context["form"]["language"].value()) == (path, "de")


def test_a_tenant_owner_is_invited_to_what_is_theirs(world: World):
    with pytest.raises(AlreadyReseller):
        invite(world.provider, world.south.user.email)
    with pytest.raises(AlreadyMember):
        invite_owner(actor=world.provider.actor, reseller_id=world.south.id, now=NOW)
    profile = world.south.tenant.profile
    profile.owner_email = "boss@south.example"
    profile.save(update_fields=["owner_email"])
    row = invite_owner(actor=world.provider.actor, reseller_id=world.south.id, now=NOW)
    assert (row.email, row.into_id, row.role) == ("boss@south.example", world.south.id, "administrator")
    assert Mail.objects.get(invitation=row).kind == "member_invitation"
    profile.owner_email = ""
    profile.save(update_fields=["owner_email"])
    with pytest.raises(OwnerUnknown):
        invite_owner(actor=world.provider.actor, reseller_id=world.south.id, now=NOW)
    for absent in (world.north.id, world.shop.id):
        with pytest.raises(NotFound):
            invite_owner(actor=world.north.actor, reseller_id=absent, now=NOW)


def test_a_type_that_is_not_taken_is_not_offered(world: World):
    ResellerTypeSetting.objects.filter(provider=world.provider.id, type="commission").update(is_enabled=False)
    with pytest.raises(TypeUnavailable):
        invite(world.north, reseller_type="commission")
    assert invite(world.north, reseller_type="prepaid")


def test_only_within_sight_and_beneath_who_is_active(world: World):
    for beneath in (world.south, world.provider):
        with pytest.raises(NotFound):
            invite(world.north, seller_id=beneath.id)
    assert invite(world.north, seller_id=world.north_east.id).tenant_id == world.north_east.id
    suspend_tenant(actor=world.provider.actor, tenant_id=world.south.id, now=NOW)
    with pytest.raises(TenantSuspended):
        invite(world.provider, seller_id=world.south.id)
    with pytest.raises(Forbidden):
        invite_reseller(actor=world.north.member("read_only"), email="new@lark.example", now=NOW)


@pytest.mark.parametrize("email", ["", "nobody", "a@b", "two@lark.example, three@lark.example"])
def test_what_is_no_address_is_refused(world: World, email: str):
    with pytest.raises(Invalid):
        invite(world.north, email)


def test_a_member_is_invited_into_a_tenant_in_sight(world: World):
    row = hire(world.north, world.shop)
    assert (row.tenant_id, row.into_id, row.role) == (world.shop.id, world.shop.id, "administrator")
    mail = Mail.objects.get(invitation=row)
    assert (mail.tenant_id, mail.about_id, mail.kind) == (world.north.id, world.shop.id, "member_invitation")
    with pytest.raises(NotFound):
        hire(world.south, world.shop)
    with pytest.raises(UnknownRole):
        hire(world.north, world.shop, role="sales")
    with pytest.raises(AlreadyMember):
        hire(world.north, world.shop, email=world.shop.user.email)
    assert hire(world.north, world.north, email=world.shop.user.email)  # a login elsewhere says nothing


def test_nobody_gives_a_role_that_may_more(world: World):
    actor = world.north.member(Role.SALES)
    with pytest.raises(Forbidden):
        invite_member(actor=actor, tenant_id=world.north.id, email="new@lark.example", role="sales", now=NOW)


def test_a_provider_does_not_write_to_a_resellers_customers(world: World):
    with pytest.raises(MayNotWrite):
        hire(world.provider, world.shop)
    assert not Invitation.objects.exists()


def test_revoked_is_dead_and_accepted_stays(world: World):
    row = invite(world.north)
    link_of(row, NOW)
    revoke_invitation(actor=world.north.actor, invitation_id=row.pk, now=NOW)
    revoke_invitation(actor=world.north.actor, invitation_id=row.pk, now=LATER)
    row.refresh_from_db()
    assert (row.revoked_at, row.digest) == (NOW, None)
    with pytest.raises(NotOpen):
        link_of(row, LATER)
    with pytest.raises(NotOpen):
        resend_invitation(actor=world.north.actor, invitation_id=row.pk, now=LATER)
    assert Event.objects.filter(kind="invitation.revoked").count() == 1
    assert invite(world.north, now=LATER).pk != row.pk


def test_a_rival_finds_nothing_to_send_or_revoke(world: World):
    row, of_team = invite(world.north), hire(world.north, world.north)
    for act in (resend_invitation, revoke_invitation):
        with pytest.raises(NotFound):
            act(actor=world.south.actor, invitation_id=row.pk, now=LATER)
        with pytest.raises(NotFound):
            act(actor=world.north.member("sales", f"{act.__name__}@north.example"), invitation_id=of_team.pk, now=LATER)


def test_the_state_follows_from_the_dates(world: World):
    row = invite(world.north)

    def state(now=NOW) -> str:
        return Invitation.objects.with_state(now).get(pk=row.pk).state

    assert state() == "invited"
    assert (state(row.expires_at - timedelta(seconds=1)), state(row.expires_at)) == ("invited", "expired")
    Invitation.objects.filter(pk=row.pk).update(revoked_at=NOW)
    assert state(row.expires_at) == "revoked"
    Invitation.objects.filter(pk=row.pk).update(revoked_at=None, accepted_at=NOW, accepted_tenant=world.south.id)
    assert state(row.expires_at) == "accepted"


ATTACKS = {
    "a second open one": "INSERT INTO tenants_invitation (tenant_id, provider_id, role, reseller_type, email,"
    " organisation, language, created_at, times_sent, expires_at) SELECT tenant_id, provider_id, role, reseller_type,"
    " email, organisation, language, created_at, 0, expires_at FROM tenants_invitation WHERE id = %(id)s",
    "another spelling": "UPDATE tenants_invitation SET email = 'NEW@lark.example' WHERE id = %(id)s",
    "accepted and revoked": "UPDATE tenants_invitation SET accepted_at = now(), revoked_at = now() WHERE id = %(id)s",
    "a member without a role": "UPDATE tenants_invitation SET into_id = tenant_id WHERE id = %(id)s",
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_the_database_refuses(world: World, attack: str):
    row = invite(world.north)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(ATTACKS[attack], {"id": row.pk})


def test_two_who_invite_the_same_at_once_make_one(committed_world: World):
    outcomes = together(*[lambda: invite(committed_world.north)] * 4)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Invitation", *["InvitedJustNow"] * 3]
    assert (Invitation.objects.count(), Mail.objects.count()) == (1, 1)
    assert Tenant.objects.filter(pk=committed_world.north.id).exists()
