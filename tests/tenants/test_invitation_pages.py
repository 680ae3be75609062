"""Invitations in the browser and over REST: find, invite, list, send again, revoke; nothing for a rival."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from tenants.invitees import matching_resellers
from tenants.models import Invitation, Mail, Profile, ResellerTerms, ResellerTypeSetting, User
from tenants.services.invitations import invite_member, invite_reseller, link_of
from tests.world import Player, World

EMAIL = "boss@lark.example"


def invite(player: Player, email: str = EMAIL, **more) -> Invitation:
    return invite_reseller(
        actor=player.actor, email=email, **{"organisation": "Lark", "now": timezone.now() - timedelta(hours=1), **more}
    )


def form(by: Player, /, **more) -> dict[str, object]:
    return {"email": EMAIL, "organisation": "Lark", "seller": by.id, "reseller_type": "", "language": "en",
            "request_id": str(uuid4()), **more}  # fmt: skip


def owned_by(player: Player, email: str) -> None:
    Profile.objects.filter(pk=player.id).update(owner_email=email)


def test_a_reseller_is_found_by_owner_else_by_domain_and_organisation(world: World):
    owned_by(world.south, "boss@south.example")

    def found(*asked: str, by: Player = world.provider) -> tuple[str, list[int]]:
        match = matching_resellers(by.actor, *asked)
        return match.by, [row.pk for row in match.resellers]

    assert found("Boss@South.example") == ("owner", [world.south.id])
    assert found("other@south.example") == ("domain", [world.south.id])
    assert found("other@south.example", "South GmbH") == ("domain", [world.south.id])
    assert found("other@south.example", "out") == ("domain", [world.south.id])
    assert found("other@south.example", "Lark") == ("", [])
    assert found("other@notsouth.example", "South") == ("", [])
    assert found("boss@south.example", by=world.north) == ("", [])
    assert found("other@north-east.example", by=world.north) == ("domain", [world.north_east.id])


def test_nobody_is_found_so_a_mail_is_sent(world: World):
    browser = world.provider.browser()
    url = "/console/invitations/new/"
    assert browser.get(url).status_code == 200
    page = browser.post(url, form(world.provider, search="1")).content.decode()
    assert "No reseller was found" in page
    assert 'name="send"' in page
    assert 'name="invite"' not in page
    assert not Invitation.objects.exists()
    sent = browser.post(url, form(world.provider, send="1", language="de"), follow=True)
    row = Invitation.objects.get()
    assert sent.redirect_chain[-1][0] == f"/console/invitations/{row.pk}/"
    assert (row.email, row.tenant_id, row.language, row.invited_by_id) == (
        EMAIL,
        world.provider.id,
        "de",
        world.provider.user.pk,
    )
    again = browser.post(url, form(world.provider, send="1"))
    assert again.status_code == 422
    assert "A mail was sent there already" in again.content.decode()
    assert 'value="Lark"' in again.content.decode()


def test_one_that_was_found_is_picked_and_invited(world: World):
    owned_by(world.south, "boss@south.example")
    browser, url = world.provider.browser(), "/console/invitations/new/"
    page = browser.post(url, form(world.provider, email="new@south.example", organisation="", search="1"))
    assert "These resellers have the same domain" in page.content.decode()
    assert f'value="{world.south.id}"' in page.content.decode()
    values = form(world.provider, email="new@south.example", reseller=world.south.id, invite="1")
    assert browser.post(url, values).status_code == 302
    row = Invitation.objects.get()
    assert (row.email, row.into_id, row.role) == ("boss@south.example", world.south.id, "administrator")
    assert Mail.objects.get().kind == "member_invitation"


def test_of_several_nobody_is_picked_beforehand(world: World):
    owned_by(world.south, "boss@east.example")
    owned_by(world.north, "head@east.example")
    browser, url = world.provider.browser(), "/console/invitations/new/"
    asked = form(world.provider, email="new@east.example", organisation="")
    page = browser.post(url, {**asked, "search": "1"}).content.decode()
    assert page.count('name="reseller"') == 2
    assert " checked" not in page.split('id="found"')[1]
    refused = browser.post(url, {**asked, "invite": "1"})
    assert refused.status_code == 422
    assert "Choose one of the resellers that were found." in refused.content.decode()
    assert refused.content.decode().count('name="reseller"') == 2
    assert not Invitation.objects.exists()
    alone = browser.post(url, form(world.provider, email="head@east.example", search="1")).content.decode()
    assert f'value="{world.north.id}" checked' in alone


def test_a_large_account_reseller_is_shown_and_refused(world: World):
    ResellerTerms.objects.filter(pk=world.south.id).update(is_large=True)
    browser, url = world.provider.browser(), "/console/invitations/new/"
    page = browser.post(url, form(world.provider, email=world.south.user.email, search="1")).content.decode()
    assert f'disabled aria-describedby="obstacle-{world.south.id}"' in page
    assert f'id="obstacle-{world.south.id}">A large account reseller cannot be invited.' in page
    assert 'disabled aria-describedby="nobody">Invite' in page
    values = form(world.provider, email=world.south.user.email, reseller=world.south.id, invite="1")
    response = browser.post(url, values)
    assert response.status_code == 422
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("wrong", [{"email": "no"}, {"seller": 10**17}, {"language": "fr"}, {"reseller_type": "x"}])
def test_what_cannot_be_taken_stands_beside_its_field(world: World, wrong):
    for button in ("search", "send"):
        response = world.provider.browser().post(
            "/console/invitations/new/", form(world.provider, **wrong, **{button: 1})
        )
        assert response.status_code == 422
        assert f'id_{next(iter(wrong))}_error"' in response.content.decode()


def test_the_list_filters_by_what_the_dates_say(world: World):
    now = timezone.now()
    waiting = invite(world.north)
    expired = invite(world.north, "late@lark.example", now=now - timedelta(days=20))
    revoked = invite(world.north, "gone@lark.example")
    Invitation.objects.filter(pk=revoked.pk).update(revoked_at=now)
    browser = world.north.browser()
    shown = {"invited": waiting, "expired": expired, "revoked": revoked}
    for status, row in shown.items():
        page = browser.get(f"/portal/invitations/?status={status}").content.decode()
        assert [other.email in page for other in shown.values()] == [other is row for other in shown.values()]
        rows = world.north.api().get("invitations", status=status).json()["results"]
        assert [(each["email"], each["status"]) for each in rows] == [(row.email, status)]
    assert EMAIL in browser.get("/portal/invitations/?export=csv").getvalue().decode()
    assert EMAIL in browser.get("/portal/invitations/?q=lark").content.decode()
    assert EMAIL not in browser.get("/portal/invitations/?kind=user").content.decode()


def test_a_page_costs_the_same_for_many(world: World, django_assert_max_num_queries):
    browser = world.north.browser()
    for number in range(30):
        invite(world.north, f"boss{number}@lark.example")
    browser.get("/portal/invitations/")
    with django_assert_max_num_queries(12):
        browser.get("/portal/invitations/")


def test_send_again_and_revoke_from_the_page(world: World):
    row, browser = invite(world.north), world.north.browser()
    link_of(row, timezone.now())
    url = f"/portal/invitations/{row.pk}/"
    assert "Send again" in browser.get(url).content.decode()
    browser.post(f"{url}resend/")
    row.refresh_from_db()
    assert (row.digest, Mail.objects.count()) == (None, 2)
    assert "A mail was sent there already" in browser.post(f"{url}resend/", follow=True).content.decode()
    page = browser.post(f"{url}revoke/", follow=True).content.decode()
    assert "Revoked" in page
    assert "Send again" not in page


def test_over_rest(world: World):
    api = world.north.api()
    found = api.post("invitations/search", {"email": "new@north-east.example"}).json()
    assert (found["found_by"], [row["id"] for row in found["resellers"]]) == ("domain", [world.north_east.id])
    body = {"email": EMAIL, "organisation": "Lark", "type": "prepaid", "language": "de"}
    made = api.post("invitations", body)
    assert made.status_code == 201
    row = made.json()
    assert (row["status"], row["organisation"], row["into"]) == ("invited", "Lark", None)
    assert made["Location"].endswith(f"/api/v1/invitations/{row['id']}")
    assert api.get(f"invitations/{row['id']}").json() == row
    too_soon = api.post("invitations", body)
    assert (too_soon.status_code, too_soon.json()["code"]) == (429, "invited-just-now")
    assert int(too_soon["Retry-After"]) <= 60
    assert api.post(f"invitations/{row['id']}/revoke").json()["status"] == "revoked"
    assert api.post(f"invitations/{row['id']}/resend").json()["code"] == "invitation-not-open"
    member = api.post("invitations/members", {"tenant": world.shop.id, "email": EMAIL, "role": "administrator"}).json()
    assert (member["into"], member["organisation"], member["role"]) == (world.shop.id, "Shop", "administrator")
    ResellerTypeSetting.objects.filter(provider=world.provider.id, type="commission").update(is_enabled=False)
    off = api.post("invitations", {"email": "new@lark.example", "type": "commission"})
    assert (off.status_code, off.json()["code"]) == (422, "type-unavailable")
    assert [error["pointer"] for error in off.json()["errors"]] == ["#/type"]
    for wrong in (
        {},
        {"email": EMAIL, "reseller": world.north_east.id},
        {"email": "no"},
        {"email": EMAIL, "type": "x"},
    ):
        assert api.post("invitations", wrong).status_code == 422


def test_a_rival_gets_404(world: World):
    row, of_team = invite(world.north), hire(world.north)
    for player in (world.south, world.stranger_reseller, world.stranger):
        shell = "console" if player is world.stranger else "portal"
        browser, api = player.browser(), player.api()
        for pk in (row.pk, of_team.pk):
            assert browser.get(f"/{shell}/invitations/{pk}/").status_code == 404
            assert api.get(f"invitations/{pk}").status_code == 404
            for act in ("resend", "revoke"):
                assert browser.post(f"/{shell}/invitations/{pk}/{act}/").status_code == 404
                assert api.post(f"invitations/{pk}/{act}").status_code == 404
        assert EMAIL not in browser.get(f"/{shell}/invitations/").content.decode()
        assert api.post("invitations", {"reseller": world.north_east.id}).status_code == 404
        assert api.post("invitations", {"email": EMAIL, "seller": world.north.id}).status_code == 404
        member = {"tenant": world.shop.id, "email": EMAIL, "role": "administrator"}
        assert api.post("invitations/members", member).status_code == 404


def hire(player: Player) -> Invitation:
    return invite_member(actor=player.actor, tenant_id=player.id, email=EMAIL, role="sales", now=timezone.now())


def browser_of(player: Player, role: str) -> Client:
    client = Client()
    client.force_login(
        User.objects.get(pk=player.member(role).user_id), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    return client


def test_who_sells_sees_no_users_and_who_looks_sees_nothing(world: World):
    of_seller, of_team = invite(world.north), hire(world.north)
    seller = browser_of(world.north, "sales")
    assert seller.get(f"/portal/invitations/{of_seller.pk}/").status_code == 200
    assert seller.get(f"/portal/invitations/{of_team.pk}/").status_code == 404
    assert browser_of(world.north, "read_only").get("/portal/invitations/").status_code == 403
    assert world.shop.api().get("invitations").json()["results"] == []
