"""Wording of mails: whose counts, what is refused, what is seen before it is saved."""

import html
import re

import pytest
from django.db import IntegrityError, connection

from resellerhub.kernel.refusals import Forbidden, Invalid, NotFound
from tenants import mail_kinds, postman
from tenants.models import Event, Mail, MailTemplate
from tenants.services.branding import change_branding
from tenants.services.mail_templates import restore_template, save_template, wording
from tenants.services.mails import write_mail
from tests.together import together
from tests.world import NOW, Player, World

KIND = "tenant_suspended"
EDIT = f"/portal/mail-templates/edit/?mail={KIND}&language=en"


def save(player: Player, **more) -> MailTemplate:
    values = {"kind": KIND, "language": "en", "subject": f"From {player.name}", "body": "Dear {organisation}"}
    return save_template(actor=player.actor, now=NOW, **{**values, **more})


def subject(player: Player, language: str = "en") -> str:
    return wording(player.id, mail_kinds.get(KIND), language).subject


def test_the_nearest_above_wins(world: World):
    save(world.provider)
    assert subject(world.north_east) == "From Groupware GmbH"
    save(world.north)
    save(world.north)
    assert [subject(p) for p in (world.north_east, world.south)] == ["From North", "From Groupware GmbH"]
    assert subject(world.north, "de") == "{organisation} ist gesperrt"
    assert subject(world.stranger) == "{organisation} is suspended"
    restore_template(actor=world.north.actor, kind=KIND, language="en", now=NOW)
    restore_template(actor=world.north.actor, kind=KIND, language="en", now=NOW)
    assert subject(world.north_east) == "From Groupware GmbH"
    kinds = Event.objects.filter(tenant_id=world.north.id, kind__startswith="mail").order_by("pk")
    assert [event.kind for event in kinds] == ["mail_template.changed", "mail_template.restored"]


def test_beneath_a_brand_words_from_above_it_are_not_heard(world: World):
    """They could name the provider."""
    save(world.provider, body="Yours, Groupware GmbH")
    change_branding(actor=world.north.actor, fields={"product_name": "Nordportal"}, now=NOW)
    assert subject(world.north_east) == "{organisation} is suspended"


def test_what_is_switched_off_is_noted_and_not_sent(world: World):
    save(world.north, is_on=False)
    write = {"kind": KIND, "sender": world.north.tenant, "to": "a@b.example", "now": NOW}
    assert write_mail(**write, language="en") is None
    assert Mail.objects.get().state == "off"
    assert write_mail(**write, language="de")
    assert postman.deliver_some(now=NOW) == 1


@pytest.mark.parametrize(
    ("values", "field", "sentence"),
    [
        ({"body": "{organization}"}, "body", "This mail has no {organization}."),
        ({"body": "{0.__class__}"}, "body", "This mail has no {0.__class__}."),
        ({"subject": "{}"}, "subject", "This mail has no {}."),
        ({"subject": " "}, "subject", "may not be empty"),
        ({"subject": "x" * 201}, "subject", "at most 200"),
        ({"body": "a\u202eb"}, "body", "nobody can see"),
        ({"kind": "password_reset", "body": "no link"}, "body", "of no use without {link}"),
        ({"kind": "password_reset", "body": "{link}", "is_on": False}, "is_on", "cannot be switched off"),
        ({"kind": "password_reset", "body": "{link}", "subject": "{link}"}, "subject", "does not belong"),
    ],
)
def test_what_cannot_be_taken(world: World, values: dict, field: str, sentence: str):
    with pytest.raises(Invalid) as refused:
        save(world.north, **values)
    assert sentence in refused.value.errors[field][0]
    assert not MailTemplate.objects.exists()


def test_whose_it_is_not(world: World):
    with pytest.raises(Forbidden):
        save(world.shop)
    with pytest.raises(NotFound):
        save(world.north, kind="nonsense")
    with pytest.raises(NotFound):
        save(world.north, language="fr")


def test_a_value_is_never_taken_for_a_placeholder(world: World):
    write_mail(
        kind=KIND, sender=world.north.tenant, to="a@b.example", language="en",
        facts={"organisation": "{link} {reason}", "reason": "{organisation} %s"}, now=NOW,
    )  # fmt: skip
    postman.deliver_some(now=NOW)
    assert Mail.objects.get().subject == "{link} {reason} is suspended"


def test_two_at_once_leave_one(committed_world: World):
    outcomes = together(*[lambda: save(committed_world.north)] * 2)
    assert [type(outcome).__name__ for outcome in outcomes] == ["MailTemplate", "MailTemplate"]
    assert MailTemplate.objects.count() == 1


@pytest.mark.parametrize(
    "sql", ["UPDATE tenants_mailtemplate SET subject = ''", "UPDATE tenants_mailtemplate SET body = ''"]
)
def test_the_database_says_so_too(world: World, sql: str):
    save(world.north)
    with pytest.raises(IntegrityError), connection.cursor() as cursor:
        cursor.execute(sql)


def test_the_pages(world: World):
    browser = world.north.browser()
    listed = browser.get("/portal/mail-templates/?per_page=100").content.decode()
    assert listed.count("Usual") == 2 * len(mail_kinds.KINDS)
    for link in re.findall(r"/portal/mail-templates/edit/[^\"]+", listed):
        assert browser.get(html.unescape(link)).status_code == 200
    page = browser.get(EDIT)
    assert "Nordlicht" not in page.context["form"]["body"].value()
    assert "Bäckerei Sommer is suspended" in page.content.decode()
    sent = {"request_id": page.context["form"]["request_id"].value(), "subject": "Hi {organisation}", "body": "Now."}
    seen = browser.post(EDIT, sent | {"preview": "1"})
    assert (seen.status_code, "Hi Bäckerei Sommer" in seen.content.decode()) == (200, True)
    assert "This mail has no {x}." in browser.post(EDIT, sent | {"preview": "1", "body": "{x}"}).content.decode()
    assert not MailTemplate.objects.exists()
    refused = browser.post(EDIT, sent | {"body": "{x}"})
    assert refused.status_code == 422
    assert refused.context["form"].errors == {"body": ["This mail has no {x}."]}
    assert browser.post(EDIT, sent).status_code == 302
    listed = browser.get("/portal/mail-templates/").content.decode()
    assert ("Own" in listed, "Switched off" in listed) == (True, True)
    restored = browser.post(EDIT.replace("edit", "restore"), sent)
    assert (restored.status_code, MailTemplate.objects.count()) == (302, 0)
    assert browser.get(EDIT.replace(KIND, "nonsense")).status_code == 404
    assert world.shop.browser().get("/portal/mail-templates/").status_code == 403


def test_over_rest(world: World):
    api = world.north.api()
    rows = api.get("mail-templates").json()["results"]
    assert {row["origin"] for row in rows} == {"usual"}
    key = {"kind": KIND, "language": "de"}
    body = {**key, "subject": "S {organisation}", "body": "B {reason}"}
    assert api.post("mail-templates/preview", body).json()["subject"] == "S Bäckerei Sommer"
    changed = api.post("mail-templates", {**body, "is_on": False}).json()
    assert (changed["origin"], changed["is_on"]) == ("own", False)
    wrong = api.post("mail-templates", {**body, "body": "{x}"})
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "#/body")
    assert api.post("mail-templates", {**body, "kind": "nonsense"}).status_code == 404
    assert world.north.api("read").post("mail-templates", body).status_code == 403
    assert world.north_east.api().get("mail-templates").json()["results"][-1]["origin"] in {"usual", "inherited"}
    assert api.post("mail-templates/restore", key).json()["origin"] == "usual"
