"""What becomes of an invitation: the page behind its link, new logins and old ones, attacks on the link, two clicks."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client

from resellerhub.kernel.logs import without_links
from tenants.models import Event, Invitation, Membership, ResellerTypeSetting, Tenant, User
from tenants.services.acceptance import InvitationGone, LoginNeeded, SignUp, TermsNotAccepted, accept_invitation
from tenants.services.invitations import invite_member, invite_reseller, link_of, resend_invitation, revoke_invitation
from tenants.services.inviting import digest_of
from tenants.services.settings import TypeUnavailable
from tenants.services.status import suspend_tenant
from tenants.verify import tree
from tests.together import together
from tests.world import NOW, PASSWORD, Player, World

EMAIL = "boss@lark.example"
COMPANY = {"organisation": "Lark GmbH", "country": "DE", "reseller_type": "prepaid"}
FORM = {"name": "Lea Lark", "password": PASSWORD, **COMPANY}


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    """Pages ask what time it is; the cast lives in November."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


def link(player: Player, **more) -> str:
    row = invite_reseller(actor=player.actor, email=EMAIL, organisation="Lark", **{"now": NOW, **more})
    return link_of(row, NOW)


def hire(player: Player, email: str = EMAIL, role: str = "sales", **more) -> str:
    row = invite_member(actor=player.actor, tenant_id=player.id, email=email, role=role, now=NOW, **more)
    return link_of(row, NOW)


def accept(path: str, user: User | None = None, now=NOW, **more) -> Membership:
    token = path.split("/")[2]
    return accept_invitation(token=token, user=user, sign_up=SignUp(**{**FORM, **more}), request_id="test", now=now)


def post(client: Client, path: str, **more):
    page = client.get(path)
    request_id = page.context["form"]["request_id"].value()
    return client.post(path, {**FORM, "request_id": request_id, **more})


def of_type(world: World, **values) -> None:
    ResellerTypeSetting.objects.filter(provider=world.provider.id, type="prepaid").update(**values)


def test_a_reseller_signs_up_beneath_who_invited(world: World):
    of_type(world, terms="Pay in time.", version=3, label="Buys and resells")
    client = Client()
    path = link(world.north, language="de")
    page = client.get(path)
    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"]
    text = page.content.decode()
    for words in ('<html lang="de"', "North lädt Sie ein", EMAIL, "Pay in time.", 'value="Lark"', "Buys and resells"):
        assert words in text
    response = post(client, path, accept="prepaid:3")
    assert (response.status_code, response["Location"]) == (302, "/")
    member = Membership.objects.get(user__email=EMAIL)
    reseller = member.tenant
    assert (reseller.kind, reseller.seller_id, member.role) == ("reseller", world.north.id, "administrator")
    profile, terms = reseller.profile, reseller.terms
    assert (profile.name, profile.owner_email, profile.country, profile.language) == ("Lark GmbH", EMAIL, "DE", "de")
    assert (terms.type, terms.terms_version, terms.terms_accepted_at) == ("prepaid", 3, NOW)
    row = Invitation.objects.get()
    assert (row.accepted_at, row.accepted_tenant_id, row.digest) == (NOW, reseller.pk, None)
    event = Event.objects.get(kind="invitation.accepted")
    assert (event.tenant_id, event.user_id) == (world.north.id, member.user_id)
    assert client.get("/", follow=True).redirect_chain[-1][0] == "/portal/"
    assert User.objects.get(email=EMAIL).check_password(PASSWORD)
    assert tree() == []


def test_terms_are_accepted_as_they_were_read(world: World):
    of_type(world, terms="Pay in time.", version=3)
    client, path = Client(), link(world.north)
    for accepted, sentence in ((), "Please accept the terms"), (("prepaid:2",), "The terms have changed"):
        response = post(client, path, accept=accepted)
        assert response.status_code == 422
        assert sentence in response.content.decode()
        assert 'value="Lark GmbH"' in response.content.decode()
    with pytest.raises(TermsNotAccepted):
        accept(path, terms_version=2)
    assert not User.objects.filter(email=EMAIL).exists()
    assert accept(path, terms_version=3)


def test_the_type_is_one_that_is_taken_and_that_was_offered(world: World):
    path = link(world.north, reseller_type="commission")
    with pytest.raises(TypeUnavailable):
        accept(path)
    assert 'value="prepaid"' not in Client().get(path).content.decode()
    ResellerTypeSetting.objects.filter(provider=world.provider.id, type="commission").update(is_enabled=False)
    assert accept(path).tenant.terms.type == "prepaid"


def test_a_member_chooses_a_password_and_is_in(world: World):
    client, path = Client(), hire(world.shop, role="administrator")
    assert "Organisation" not in client.get(path).content.decode()
    weak = post(client, path, password="12345678")
    assert (weak.status_code, User.objects.filter(email=EMAIL).exists()) == (422, False)
    assert post(client, path).status_code == 302
    member = Membership.objects.get(user__email=EMAIL)
    assert (member.tenant_id, member.role, member.user.name) == (world.shop.id, "administrator", "Lea Lark")
    assert client.get("/portal/").status_code == 200


def test_who_has_a_login_keeps_it_and_gets_a_second_membership(world: World):
    path = hire(world.north, world.south.user.email)
    page = Client().get(path).content.decode()
    assert "Log in with it to accept" in page
    assert 'name="password"' not in page
    for user in (None, world.mill.user):
        with pytest.raises(LoginNeeded):
            accept(path, user)
    assert "Log out first" in world.mill.browser().get(path).content.decode()
    assert post(world.mill.browser(), path).status_code == 422
    client = world.south.browser()
    assert post(client, path).status_code == 302
    assert world.south.user.memberships.count() == 2
    assert client.get("/portal/").wsgi_request.actor.tenant_id == world.north.id
    world.south.user.refresh_from_db()
    assert world.south.user.check_password(PASSWORD)


def test_somebody_else_does_not_take_an_invitation(world: World):
    path = hire(world.north)
    with pytest.raises(LoginNeeded):
        accept(path, world.south.user)


def dead_links(world: World) -> dict[str, str]:
    used, revoked, replaced, closed = (
        hire(world.north, f"{name}@lark.example") for name in ("used", "revoked", "replaced", "closed")
    )
    accept(used)
    revoke_invitation(actor=world.north.actor, invitation_id=of(revoked).pk, now=NOW)
    resend_invitation(actor=world.north.actor, invitation_id=of(replaced).pk, now=NOW + timedelta(minutes=2))
    expired = hire(world.north, "expired@lark.example")
    Invitation.objects.filter(pk=of(expired).pk).update(expires_at=NOW)
    suspended = link(world.south)
    suspend_tenant(actor=world.provider.actor, tenant_id=world.south.id, now=NOW)
    wrong = f"/invitations/{'x' * 43}/"
    digest = f"/invitations/{of(closed).digest}/"
    return {"used": used, "revoked": revoked, "replaced": replaced, "expired": expired, "suspended": suspended,
            "wrong": wrong, "digest": digest, "longer": closed.replace("/invitations/", "/invitations/a")}  # fmt: skip


def of(path: str) -> Invitation:
    return Invitation.objects.get(digest=digest_of(path.split("/")[2]))


def test_every_dead_link_is_the_same_answer(world: World):
    answers = {}
    for name, path in dead_links(world).items():
        for method in ("get", "post"):
            response = getattr(Client(headers={"X-Request-Id": "same-request"}), method)(path, FORM)
            answers[name, method] = (response.status_code, response.content)
        with pytest.raises(InvitationGone):
            accept(path)
    assert {status for status, _body in answers.values()} == {404}
    assert len({body for _status, body in answers.values()}) == 1


def test_guessing_is_slowed_down(world: World, settings):
    settings.ACCOUNT_RATE_LIMITS = {"invitation": "5/m/ip"}
    statuses = [Client().get(f"/invitations/{n}/").status_code for n in range(7)]
    assert statuses == [404] * 5 + [429] * 2


def test_a_link_lives_for_fourteen_days(world: World):
    path = hire(world.north)
    with pytest.raises(InvitationGone):
        accept(path, now=NOW + timedelta(days=14))
    assert accept(path, now=NOW + timedelta(days=13, hours=23))


@pytest.mark.parametrize("kind", [link, hire])
def test_of_two_clicks_at_once_one_wins(committed_world: World, kind):
    path = kind(committed_world.north)
    outcomes = together(*[lambda: accept(path)] * 3)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["InvitationGone", "InvitationGone", "Membership"]
    assert User.objects.filter(email=EMAIL).count() == Membership.objects.filter(user__email=EMAIL).count() == 1
    assert Tenant.objects.filter(profile__name="Lark GmbH").count() == (1 if kind is link else 0)
    assert tree() == []


def test_two_invitations_of_one_address_make_one_login(committed_world: World):
    paths = hire(committed_world.north), hire(committed_world.south)
    outcomes = together(*[lambda path=path: accept(path) for path in paths])
    assert sorted(type(outcome).__name__ for outcome in outcomes)[-1] == "Membership"
    assert User.objects.filter(email=EMAIL).count() == 1


def test_no_log_holds_a_link(world: World, capsys):
    path = hire(world.north)
    Client().get(path)
    Client().get(f"{path}more/")
    logged = capsys.readouterr()
    assert path.split("/")[2] not in logged.out + logged.err
    assert without_links(None, "info", {"request": f"GET {path}", "n": 1}) == {"request": "GET /invitations/…/", "n": 1}
