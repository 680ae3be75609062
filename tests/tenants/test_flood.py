"""Nobody is flooded with mails they did not ask for, whatever is revoked and invited again; and names hold no links."""

from collections import Counter
from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from resellerhub.kernel.refusals import Invalid
from resellerhub.kernel.text import has_link
from tenants.models import Invitation, Mail
from tenants.services.batches import COLUMNS, Terms, start_invitation_batch
from tenants.services.branding import change_branding
from tenants.services.details import Details
from tenants.services.flood import TooManyInvitations, TooManyMails
from tenants.services.invitations import invite_member, invite_reseller, revoke_invitation
from tenants.services.many_mails import Letter, write_mails
from tenants.services.passwords import ask_for_new_password
from tenants.services.people import Person, add_user, change_profile
from tenants.services.reading import FaultyRows, table_of
from tenants.services.status import resume_tenant, suspend_tenant
from tests.tenants.test_batches import ended, started
from tests.together import together
from tests.world import NOW, Player, World, customer

ADDRESS, HOUR = "victim@lark.example", timedelta(hours=1)


def invite(player: Player, email: str = ADDRESS, now=NOW) -> Invitation:
    return invite_reseller(actor=player.actor, email=email, organisation="Lark", now=now)


def bomb(player: Player, times: int, now=NOW) -> None:
    for _time in range(times):
        revoke_invitation(actor=player.actor, invitation_id=invite(player, now=now).pk, now=now)


def test_revoked_and_invited_again_is_counted_on(world: World, settings):
    settings.UNASKED_MAILS_PER_ADDRESS = 3
    bomb(world.north, 3)
    with pytest.raises(TooManyMails) as refused:
        invite(world.north, now=NOW + HOUR)
    assert refused.value.facts["retry_after"] == 23 * 3600
    assert "from Nov. 21, 2026, " in refused.value.detail
    with pytest.raises(TooManyMails):
        invite_member(
            actor=world.north.actor, tenant_id=world.north.id, email=ADDRESS, role="read_only", now=NOW + HOUR
        )
    with pytest.raises(TooManyMails):
        invite(world.north_east, now=NOW + HOUR)
    assert not Invitation.objects.unanswered().exists()
    assert Mail.objects.filter(to=ADDRESS).count() == 3
    assert invite(world.south, now=NOW + HOUR), "what others write is no concern of a rival's"
    assert invite(world.north, now=NOW + timedelta(days=1))


def test_a_tenant_writes_to_so_many_strangers_a_day(world: World, settings):
    settings.UNASKED_MAILS_PER_TENANT = 2
    invite(world.north, "one@lark.example")
    invite(world.north, "two@lark.example", now=NOW + HOUR)
    with pytest.raises(TooManyInvitations) as refused:
        invite(world.north, "three@lark.example", now=NOW + 2 * HOUR)
    assert refused.value.facts["retry_after"] == 22 * 3600
    assert invite(world.north, "three@lark.example", now=NOW + timedelta(days=1))
    assert invite(world.north_east, "three@lark.example")


def test_a_file_keeps_to_it_too(world: World, settings):
    settings.UNASKED_MAILS_PER_ADDRESS, settings.UNASKED_MAILS_PER_TENANT = 1, 3
    bomb(world.north, 1, timezone.now())
    batch = started(world.north, [[ADDRESS, "Lark"], *([f"boss{n}@lark.example", ""] for n in range(3))])
    assert ended(batch) == {
        ADDRESS: "too_many_mails",
        "boss0@lark.example": "done",
        "boss1@lark.example": "done",
        "boss2@lark.example": "too_many_invitations",
    }


def test_over_rest_and_on_the_page(world: World, settings):
    settings.UNASKED_MAILS_PER_ADDRESS = 1
    body = {"email": ADDRESS, "role": "read_only", "tenant": world.north.id}
    api = world.north.api()
    made = api.post("invitations/members", body)
    assert made.status_code == 201
    api.post(f"invitations/{made.json()['id']}/revoke")
    refused = api.post("invitations/members", body)
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (429, "#/email")
    assert int(refused["Retry-After"]) > 23 * 3600
    browser = world.north.browser()
    form = browser.get("/portal/team/invite/").context["form"]
    sent = {"request_id": form["request_id"].value(), "email": ADDRESS, "role": "read_only", "language": "en"}
    page = browser.post("/portal/team/invite/", sent)
    assert (page.status_code, "the next can be sent from" in page.content.decode()) == (422, True)


def test_new_passwords_are_mailed_so_often_a_day_and_nobody_is_told(world: World, settings):
    user = world.north.user
    for number in range(settings.PASSWORD_MAILS_PER_ADDRESS + 3):
        ask_for_new_password(user_id=user.pk, request_id="", now=NOW + number * HOUR)
    assert Mail.objects.filter(to=user.email).count() == settings.PASSWORD_MAILS_PER_ADDRESS
    ask_for_new_password(user_id=user.pk, request_id="", now=NOW + timedelta(days=2))
    assert Mail.objects.filter(to=user.email).count() == settings.PASSWORD_MAILS_PER_ADDRESS + 1
    answers = {
        Client().post("/accounts/password/reset/", {"email": email})["Location"] for email in (user.email, ADDRESS)
    }
    assert len(answers) == 1


@pytest.mark.parametrize(
    "text", ["http://evil.example", "See www.evil.example", "HTTPS://x", "evil.example/login", "hxxp：//x", "mailto:x"]
)
def test_a_name_holds_no_link(world: World, text: str):
    assert has_link(text)
    north = world.north
    for act in (
        lambda: invite_reseller(actor=north.actor, email=ADDRESS, organisation=text, now=NOW),
        lambda: Details(name=text).check(),
        lambda: Details(name="North", contact_name=text).check(),
        lambda: change_profile(actor=north.actor, name=text, language="en", time_zone="UTC", now=NOW),
        lambda: add_user(
            actor=north.actor, tenant_id=north.id, person=Person(ADDRESS, name=text), role="read_only", now=NOW
        ),
        lambda: change_branding(actor=north.actor, fields={"product_name": text}, now=NOW),
        lambda: change_branding(actor=north.actor, fields={"product_name": "North", "sender_name": text}, now=NOW),
    ):
        with pytest.raises(Invalid) as refused:
            act()
        assert "no link" in str(refused.value.errors)
    with pytest.raises(FaultyRows):
        started(north, [["boss@lark.example", text]])


@pytest.mark.parametrize(
    "text", ["Booking.com", "Müller & Söhne GmbH", "A/B Test AG", "Dr. No", "node.js 24/7", "Wwwow"]
)
def test_a_name_may_look_like_many_a_thing(text: str):
    assert not has_link(text)


def test_who_is_suspended_and_resumed_in_turns_is_told_so_often_a_day(world: World, settings):
    settings.MAILS_ABOUT_TENANT = 2
    for _turn in range(4):
        suspend_tenant(actor=world.north.actor, tenant_id=world.shop.id, reason="Unpaid", now=NOW)
        resume_tenant(actor=world.north.actor, tenant_id=world.shop.id, now=NOW)
    assert Counter(Mail.objects.values_list("kind", flat=True)) == {"tenant_suspended": 2, "tenant_resumed": 2}
    letter = Letter(world.shop.user.email, world.shop.tenant, "en", {})
    assert write_mails(kind="tenant_suspended", sender=world.north.tenant, letters=[letter], now=NOW) == 0
    suspend_tenant(actor=world.north.actor, tenant_id=world.shop.id, now=NOW + timedelta(days=1))
    assert Mail.objects.filter(kind="tenant_suspended").count() == 3


@pytest.mark.parametrize("cap", ["UNASKED_MAILS_PER_ADDRESS", "UNASKED_MAILS_PER_TENANT"])
def test_of_many_at_once_none_passes_who_is_one_too_many(committed_world: World, settings, cap: str):
    """Users of different customers: nothing else that is locked stands between them."""
    setattr(settings, cap, 3)
    north = committed_world.north
    is_one = cap == "UNASKED_MAILS_PER_ADDRESS"
    places = [customer(north, f"Place {number}") for number in range(8)]
    outcomes = together(
        *(
            partial(
                invite_member,
                actor=north.actor,
                tenant_id=place.id,
                email=ADDRESS if is_one else f"boss{number}@lark.example",
                role="read_only",
                now=NOW,
            )
            for number, place in enumerate(places)
        )
    )
    refused = (TooManyMails, TooManyInvitations)
    assert Mail.objects.count() == 3, outcomes
    assert sum(isinstance(outcome, refused) for outcome in outcomes) == 5, outcomes


def test_a_reseller_keeps_none_of_its_providers_mails_away(world: World, settings):
    settings.UNASKED_MAILS_PER_ADDRESS = 3
    bomb(world.north, 3)
    bomb(world.provider, 3)
    with pytest.raises(TooManyMails):
        invite(world.provider)
    assert invite(world.south)


def test_a_file_in_anothers_name_counts_what_that_one_wrote(world: World, settings):
    settings.UNASKED_MAILS_PER_ADDRESS = 1
    now = timezone.now()
    bomb(world.north, 1, now)
    batch = start_invitation_batch(
        actor=world.provider.actor,
        terms=Terms(seller_id=world.north.id, language="en"),
        table=table_of([{"email": ADDRESS, "organisation": "Lark"}], COLUMNS),
        request_id=uuid4(),
        now=now,
    )
    assert ended(batch) == {ADDRESS: "too_many_mails"}
    assert ended(started(world.provider, [[ADDRESS, "Lark"]])) == {ADDRESS: "done"}
