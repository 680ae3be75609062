"""A domain and a sender's address are claims until they are proven: in the DNS, and by a code sent there."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.core import mail as outbox
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from resellerhub.kernel.refusals import Forbidden, Invalid
from tenants import postman
from tenants.brands import brand_for
from tenants.models import Branding, Event
from tenants.services.branding import change_branding
from tenants.services.passwords import ask_for_new_password
from tenants.services.proofs import (
    CheckedJustNow,
    DomainNotProven,
    NothingToProve,
    ask_sender,
    confirm_sender,
    record_name,
    verify_domain,
    vouch,
)
from tests.together import together
from tests.world import NOW, Player, World
from tests.zone import Zone, serving

HOST, SENDER = "portal.north.example", "portal@north.example"
LATER = NOW + timedelta(minutes=1)


@pytest.fixture
def zone(settings) -> Iterator[Zone]:
    with serving() as zone:
        settings.DNS_SERVERS = [zone.address]
        yield zone


def dress(player: Player, **fields: str) -> Branding:
    look = {"product_name": "Nordportal", "domain": HOST, "sender_email": SENDER, **fields}
    return change_branding(actor=player.actor, fields=look, now=NOW)


def publish(zone: Zone, brand: Branding) -> None:
    zone.texts[record_name(brand)] = ["v=spf1 -all", brand.domain_token]


def code_in_mail(now: datetime = NOW) -> str:
    while postman.deliver_some(now=now):
        pass
    return re.findall(r"\b[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}\b", outbox.outbox[-1].body)[-1]


def test_what_is_claimed_is_used_for_nothing(world: World, settings):
    settings.BASE_URL, settings.DEFAULT_FROM_EMAIL = "https://hub.example", "Hub <noreply@hub.example>"
    settings.ALLOWED_HOSTS = ["testserver"]
    dress(world.north, sender_name="North")
    assert Client(headers={"host": HOST}).get("/accounts/login/").status_code == 400
    ask_for_new_password(user_id=world.shop.user.pk, request_id="", now=NOW)
    postman.deliver_some(now=NOW)
    (sent,) = outbox.outbox
    assert sent.from_email == "North <noreply@hub.example>"
    assert "https://hub.example/" in sent.body
    assert "north.example" not in sent.message().as_string().replace(world.shop.user.email, "")
    vouch(tenant_id=world.north.id, request_id="test", now=NOW)
    assert (brand_for(world.shop.id).domain, brand_for(world.shop.id).sender_email) == (HOST, SENDER)


def test_never_an_ancestors_address_instead(world: World):
    """It would tell who is above."""
    dress(
        world.provider, product_name="Groupware", domain="hub.groupware.example", sender_email="hub@groupware.example"
    )
    vouch(tenant_id=world.provider.id, request_id="test", now=NOW)
    dress(world.north)
    assert (brand_for(world.shop.id).domain, brand_for(world.shop.id).sender_email) == ("", "")
    assert brand_for(world.mill.id).domain == "hub.groupware.example"


def test_a_record_proves_the_domain(world: World, zone: Zone):
    brand = dress(world.north)
    with pytest.raises(DomainNotProven) as refused:
        verify_domain(actor=world.north.actor, now=NOW)
    assert f"_portal-challenge.{HOST}" in refused.value.detail
    with pytest.raises(CheckedJustNow) as refused:
        verify_domain(actor=world.north.actor, now=NOW + timedelta(seconds=4))
    assert refused.value.facts["retry_after"] == 6
    publish(zone, brand)
    assert verify_domain(actor=world.north.actor, now=LATER).verified_domain == HOST
    assert verify_domain(actor=world.north.actor, now=LATER).verified_domain == HOST
    assert zone.asked == [f"_portal-challenge.{HOST}"] * 2
    assert Client(headers={"host": HOST}).get("/accounts/login/").status_code == 200
    event = Event.objects.get(kind="branding.domain_verified")
    assert (event.tenant_id, event.after) == (world.north.id, {"domain": HOST})


def test_nobody_answers_and_another_record_proves_nothing(world: World, zone: Zone, settings):
    brand = dress(world.north)
    for texts in (["something else"], [""], [brand.domain_token + "x"]):
        zone.texts[record_name(brand)] = texts
        Branding.objects.update(domain_checked_at=None)
        with pytest.raises(DomainNotProven):
            verify_domain(actor=world.north.actor, now=NOW)
    zone.texts = {HOST: [brand.domain_token]}
    with pytest.raises(DomainNotProven):
        verify_domain(actor=world.north.actor, now=LATER)


def test_another_claim_begins_anew(world: World, zone: Zone):
    brand = dress(world.north)
    publish(zone, brand)
    verify_domain(actor=world.north.actor, now=NOW)
    vouch(tenant_id=world.north.id, request_id="test", now=NOW)
    same = dress(world.north, footer="North GmbH")
    assert (same.verified_domain, same.verified_sender) == (HOST, SENDER)
    other = dress(world.north, domain="other.north.example", sender_email="other@north.example")
    assert (other.verified_domain, other.verified_sender) == (None, "")
    assert other.domain_token not in ("", brand.domain_token)
    back = dress(world.north)
    assert back.verified_domain is None
    with pytest.raises(DomainNotProven):
        verify_domain(actor=world.north.actor, now=LATER)


def test_a_claim_keeps_nobody_away_and_a_proof_does(world: World, zone: Zone):
    dress(world.south)
    publish(zone, dress(world.north))
    assert verify_domain(actor=world.north.actor, now=NOW).verified_domain == HOST
    publish(zone, Branding.objects.get(pk=world.south.id))
    with pytest.raises(Invalid) as refused:
        verify_domain(actor=world.south.actor, now=NOW)
    assert refused.value.errors == {"domain": ["This is already taken."]}
    with pytest.raises(Invalid):
        dress(world.stranger)


def test_two_who_prove_the_same_at_once(committed_world: World, zone: Zone):
    brands = [dress(player) for player in (committed_world.north, committed_world.south)]
    zone.texts[record_name(brands[0])] = [brand.domain_token for brand in brands]
    outcomes = together(
        lambda: verify_domain(actor=committed_world.north.actor, now=NOW),
        lambda: verify_domain(actor=committed_world.south.actor, now=NOW),
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Branding", "Invalid"]


def test_who_may_not_and_where_nothing_is_claimed(world: World):
    acts = (
        lambda actor: verify_domain(actor=actor, now=NOW),
        lambda actor: ask_sender(actor=actor, now=NOW),
        lambda actor: confirm_sender(actor=actor, code="x", now=NOW),
    )
    dress(world.north, domain="", sender_email="")
    for act in acts:
        for actor in (world.shop.actor, world.north.member("sales", f"{acts.index(act)}@north.example")):
            with pytest.raises(Forbidden):
                act(actor)
        with pytest.raises(NothingToProve):
            act(world.north.actor)


@pytest.mark.parametrize(
    "assignment",
    [
        "verified_domain = 'bank.example'",
        "domain = 'bank.example'",
        "domain = NULL",
        "domain_token = ''",
        "verified_sender = 'boss@bank.example'",
        "sender_email = 'boss@bank.example'",
    ],
)
def test_the_database_lets_no_proof_stand_for_another_claim(world: World, assignment: str):
    dress(world.north)
    vouch(tenant_id=world.north.id, request_id="test", now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE tenants_branding SET {assignment}")


def test_an_operator_can_vouch(world: World, capsys):
    dress(world.north)
    call_command("verify_brand", world.north.id, "--only", "domain")
    assert HOST in capsys.readouterr().out
    brand = Branding.objects.get()
    assert (brand.verified_domain, brand.verified_sender) == (HOST, "")
    call_command("verify_brand", world.north.id)
    assert Branding.objects.get().verified_sender == SENDER
    dress(world.south, domain="portal.south.example")
    Branding.objects.filter(pk=world.south.id).update(domain=HOST)
    for absent in (world.south.id, world.shop.id, 0):
        with pytest.raises(CommandError):
            call_command("verify_brand", absent)


def test_the_pages(world: World, zone: Zone):
    brand, browser = dress(world.north), world.north.browser()
    page = browser.get("/portal/branding/").content.decode()
    assert page.count("Not verified") == 2
    shown = browser.get("/portal/branding/domain/")
    assert f'data-copy="{brand.domain_token}"' in shown.content.decode()
    sent = {"request_id": shown.context["form"]["request_id"].value()}
    refused = browser.post("/portal/branding/domain/", sent)
    assert (refused.status_code, "was found yet" in refused.content.decode()) == (422, True)
    publish(zone, brand)
    Branding.objects.update(domain_checked_at=None)
    assert browser.post("/portal/branding/domain/", sent)["Location"] == "/portal/branding/"
    assert "No code was sent yet, or" in browser.get("/portal/branding/sender/").content.decode()
    asked = browser.post("/portal/branding/sender/ask/", follow=True).content.decode()
    assert "is on its way" in asked
    code = code_in_mail(timezone.now())
    wrong = browser.post("/portal/branding/sender/", sent | {"code": "wrong"})
    assert (wrong.status_code, 'value="wrong"' in wrong.content.decode()) == (422, True)
    assert browser.post("/portal/branding/sender/", sent | {"code": code}).status_code == 302
    assert "Not verified" not in browser.get("/portal/branding/").content.decode()
    for path in ("domain", "sender"):
        assert world.south.browser().get(f"/portal/branding/{path}/").status_code == 404
        assert world.shop.browser().get(f"/portal/branding/{path}/").status_code == 403


def test_over_rest(world: World, zone: Zone):
    brand, api = dress(world.north), world.north.api()
    told = api.get("branding").json()
    assert told["domain_record"] == {"name": record_name(brand), "type": "TXT", "value": brand.domain_token}
    refused = api.post("branding/verify-domain")
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:resellerhub:problem:domain-not-proven")
    again = api.post("branding/verify-domain")
    assert (again.status_code, int(again["Retry-After"]) > 0) == (429, True)
    publish(zone, brand)
    Branding.objects.update(domain_checked_at=None)
    proven = api.post("branding/verify-domain").json()
    assert (proven["domain_verified"], proven["domain_record"]) == (True, None)
    assert api.post("branding/send-code").status_code == 200
    wrong = api.post("branding/verify-sender", {"code": "x"})
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "#/code")
    assert api.post("branding/verify-sender", {"code": code_in_mail(timezone.now())}).json()["sender_verified"] is True
    assert world.south.api().post("branding/verify-domain").status_code == 409
    for path in ("verify-domain", "send-code"):
        assert world.shop.api().post(f"branding/{path}").status_code == 403
        assert world.north.api("read").post(f"branding/{path}").status_code == 403
