"""A code proves the address that a brand's mails come from; and whose links lead to its domain."""

import re
from datetime import timedelta

import pytest
from django.core import mail as outbox

from tenants import postman
from tenants.brands import brand_for
from tenants.models import Event, Mail, Membership, User
from tenants.services.flood import TooManyMails
from tenants.services.invitations import invite_member
from tenants.services.passwords import ask_for_new_password
from tenants.services.proofs import WrongCode, ask_sender, confirm_sender, vouch
from tests.tenants.test_brand_proofs import HOST, LATER, SENDER, code_in_mail, dress
from tests.world import NOW, World


def test_a_code_proves_the_address(world: World):
    dress(world.north)
    ask_sender(actor=world.north.actor, now=NOW)
    first = code_in_mail()
    assert outbox.outbox[-1].to == [SENDER]
    assert first not in Mail.objects.get().body
    ask_sender(actor=world.north.actor, now=LATER)
    second = code_in_mail(LATER)
    for wrong in (first, "", "AAAA-AAAA-AAAA"):
        with pytest.raises(WrongCode):
            confirm_sender(actor=world.north.actor, code=wrong, now=NOW)
    with pytest.raises(WrongCode):
        confirm_sender(actor=world.north.actor, code=second, now=LATER + timedelta(days=1))
    assert confirm_sender(actor=world.north.actor, code=f" {second.lower()} ", now=NOW).verified_sender == SENDER
    assert brand_for(world.shop.id).sender_email == SENDER
    ask_sender(actor=world.north.actor, now=LATER)
    assert Mail.objects.count() == 2
    kinds = Event.objects.filter(kind__startswith="branding.sender").order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["branding.sender_asked", "branding.sender_asked", "branding.sender_verified"]


def test_a_code_of_another_address_or_house_proves_nothing(world: World):
    dress(world.north)
    dress(world.south, domain="portal.south.example")
    ask_sender(actor=world.north.actor, now=NOW)
    code = code_in_mail()
    with pytest.raises(WrongCode):
        confirm_sender(actor=world.south.actor, code=code, now=NOW)
    dress(world.north, sender_email="boss@bank.example")
    with pytest.raises(WrongCode):
        confirm_sender(actor=world.north.actor, code=code, now=NOW)


def test_a_mail_that_was_overtaken_makes_no_code(world: World):
    dress(world.north)
    ask_sender(actor=world.north.actor, now=NOW)
    dress(world.north, sender_email="other@north.example")
    postman.deliver_some(now=NOW)
    assert (Mail.objects.get().state, outbox.outbox) == ("failed", [])


def test_codes_flood_nobody(world: World, settings):
    settings.UNASKED_MAILS_PER_ADDRESS = 2
    dress(world.north)
    dress(world.north_east, domain="")
    ask_sender(actor=world.north.actor, now=NOW)
    ask_sender(actor=world.north_east.actor, now=NOW)
    with pytest.raises(TooManyMails):
        ask_sender(actor=world.north.actor, now=NOW)
    dress(world.south, domain="")
    assert ask_sender(actor=world.south.actor, now=NOW), "what rivals do concerns nobody"


def links_of(user: User) -> list[str]:
    ask_for_new_password(user_id=user.pk, request_id="", now=NOW)
    postman.deliver_some(now=NOW)
    return re.findall(r"https?://[^/\s]+", outbox.outbox[-1].body)


def test_who_works_elsewhere_too_gets_links_of_the_installation(world: World, settings):
    """The owner of a domain reads what is opened there, and is not to be handed what lets in elsewhere."""
    settings.BASE_URL = "https://hub.example"
    dress(world.north)
    vouch(tenant_id=world.north.id, request_id="test", now=NOW)
    assert links_of(world.shop.user) == [f"https://{HOST}"]
    place = {"tenant": world.mill.tenant, "provider": world.provider.tenant, "role": "read_only", "created_at": NOW}
    Membership.objects.create(user=world.kiosk.user, **place)
    assert links_of(world.kiosk.user) == ["https://hub.example"]
    User.objects.filter(pk=world.north.user.pk).update(is_staff=True)
    assert links_of(world.north.user) == ["https://hub.example"]
    invite_member(
        actor=world.north.actor, tenant_id=world.shop.id, email=world.mill.user.email, role="read_only", now=NOW
    )
    postman.deliver_some(now=NOW)
    assert "https://hub.example/invitations/" in outbox.outbox[-1].body
