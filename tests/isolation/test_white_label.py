"""Nobody beneath a house with a brand learns who is above it: no byte of any answer or mail names the provider or
the product. The routes are read from the resolver, so that a new one is asked, too.
"""

import re
import zipfile
from email.header import decode_header, make_header
from io import BytesIO
from uuid import uuid4

import pytest
from django.core import mail as outbox
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from resellerhub.kernel.jobs.run import run as run_job
from tenants import mail_kinds, postman
from tenants.models import (
    CustomerAccount,
    Department,
    Event,
    Membership,
    Profile,
    Signature,
    SupportLevel,
    Tenant,
    User,
)
from tenants.services.api_keys import create_api_key, mint_api_key
from tenants.services.branding import change_branding
from tenants.services.invitations import invite_member, invite_owner, invite_reseller
from tenants.services.mails import write_mail
from tenants.services.proofs import vouch
from tenants.services.status import resume_tenant, suspend_tenant
from tenants.services.switching import start_switching
from tests.isolation.bodies import body_of
from tests.isolation.conftest import ABSENT, Asker, is_only_a_form
from tests.isolation.routes import Route, flat, routes
from tests.isolation.things import Things
from tests.tenants.test_branding import picture
from tests.world import NOW, Player, World

CANARY = "Zephyrine"
TELLING = re.compile(rf"{CANARY}|resellerhub", re.IGNORECASE)
TECHNICAL = re.compile(r"/static/resellerhub/|urn:resellerhub:problem:")
"""Names of files and of kinds of errors, which programs read."""

HOST, OWN_HOST = "portal.kestrel.example", "testserver"
METRICS = "/metrics"
"""Answers the machine itself, and who has its token."""

QUERIES = ("?export=csv", "?export=xlsx", "?q=a", "?rows=all")


@pytest.fixture
def house(world: World, things: Things, settings) -> Things:
    """A provider with a name and a brand that must not be seen, and North with a brand of its own."""
    settings.DEFAULT_FROM_EMAIL = f"{CANARY} <noreply@{CANARY}.example>"
    settings.BASE_URL = f"https://hub.{CANARY}.example"
    Profile.objects.filter(pk=world.provider.id).update(name=f"{CANARY} AG", owner_email=f"owner@{CANARY}.example")
    staff = {"name": f"{CANARY} staff", "email": f"staff@{CANARY.lower()}.example"}
    User.objects.filter(pk=world.provider.user.pk).update(**staff)
    brand(world.provider, CANARY, f"{CANARY.lower()}.example", "")
    brand(world.north, "Kestrelportal", "kestrel.example", HOST)
    for operate, reason in ((suspend_tenant, {"reason": "Unpaid"}), (resume_tenant, {})):
        operate(actor=world.provider.actor, tenant_id=world.shop.id, now=NOW, **reason)
    unknown = {subject: ABSENT for route in routes() for subject in route.subjects}
    return Things({**unknown, **things.ids, **belongings(world)})


def brand(player: Player, name: str, domain: str, host: str) -> None:
    look = {
        "product_name": name,
        "colour": "#7b2d8b",
        "sender_name": name,
        "sender_email": f"portal@{domain}",
        "support_email": f"help@{domain}",
        "footer": f"{name}, Main Street 1",
        "domain": host,
    }
    change_branding(actor=player.actor, fields=look, logo=picture(), now=NOW)
    vouch(tenant_id=player.id, request_id="test", now=NOW)


def belongings(world: World) -> dict[str, int]:
    member = Membership.objects.get(tenant_id=world.shop.id)
    return {
        "customers": world.shop.id,
        "events": Event.objects.filter(tenant_id=world.shop.id).latest("pk").pk,
        "memberships": member.pk,
        "users": member.pk,
        "api-keys": create_api_key(actor=world.shop.actor, name="key", scopes=["*"], now=NOW)[0].pk,
    }


def customer(world: World, host: str, role: str = "administrator") -> Asker:
    """A user of North's customer with a key, at this host."""
    actor = world.shop.actor if role == "administrator" else world.shop.member(role)
    membership = Membership.objects.select_related("user").get(pk=actor.membership_id)
    _row, key = mint_api_key(actor=actor, membership=membership, name="key", scopes=["*"], now=NOW)
    browser = Client(raise_request_exception=False, headers={"host": host})
    browser.force_login(membership.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return Asker(browser, key)


def ask(asker: Asker, route: Route, method: str, address: str, ids: dict[str, int]):
    if route.shell != "api":
        return getattr(asker.browser, method)(address)
    headers = {"Authorization": f"Bearer {asker.key}", "Idempotency-Key": str(uuid4())}
    options = {"data": body_of(route, ids), "content_type": "application/json"} if method != "get" else {}
    return getattr(asker.browser, method)(address, headers=headers, **options)


def told(response) -> set[str]:
    """What is telling in an answer: status line, headers, cookies, text, and the parts of a packed file."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    if body[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(BytesIO(body)) as book:
            body = b"\n".join(book.read(name) for name in book.namelist())
    head = "\n".join([response.reason_phrase, *map(str, response.items()), *map(str, response.cookies.values())])
    return telling(head + body.decode("utf-8", "replace"))


def telling(text: str) -> set[str]:
    return {word.lower() for word in TELLING.findall(TECHNICAL.sub("", text))}


def answers(asker: Asker, things: Things, only: str):
    """Every answer to a customer: each route for what is theirs and for what is not there, lists as files, too."""
    for route in routes():
        if route.shell == "console" or only not in route.path:
            continue
        absent = {**things.ids, **dict.fromkeys(route.subjects[:1], ABSENT)}
        for ids in [things.ids, absent] if route.parameters else [things.ids]:
            for method in route.methods:
                address = route.address(ids)
                with transaction.atomic():
                    response = ask(asker, route, method, address, ids)
                    yield f"{route} {method}", response
                    transaction.set_rollback(True)
                is_page = method == "get" and response.status_code == 200 and route.shell != "api"
                if is_page and not is_only_a_form(response):
                    yield from ((f"{route} get {query}", asker.browser.get(address + query)) for query in QUERIES)


def leaks(asker: Asker, things: Things, only: str = "") -> set[str]:
    return {f"{where}: {word}" for where, response in answers(asker, things, only) for word in told(response)}


def public_addresses() -> list[str]:
    """Every address outside of the shells that has no parameter."""
    found = []
    for entry in get_resolver().url_patterns:
        prefix = str(entry.pattern)
        if prefix in {"console/", "portal/", "api/v1/", "admin/"}:
            continue
        pairs = flat(entry, prefix) if isinstance(entry, URLResolver) else [(prefix, entry)]
        found += [f"/{path}" for path, pattern in pairs if isinstance(pattern, URLPattern) and "<" not in path]
    return [path for path in found if path != METRICS and not re.search(r"[\\^$(]", path)]


@pytest.mark.parametrize(("host", "role"), [(HOST, "administrator"), (OWN_HOST, "read_only")])
def test_no_answer_to_a_customer_names_who_is_above_its_seller(world: World, house: Things, host: str, role: str):
    """At the domain of the brand, and at the installation's own, where the brand is known from the login on."""
    assert leaks(customer(world, host, role), house) == set()


def test_nor_do_the_pages_before_and_around_the_login(world: World, house: Things):
    stranger = Client(raise_request_exception=False, headers={"host": HOST})
    paths = ["/nowhere/", "/portal/", "/accounts/password/reset/key/1-nonsense/", "/invitations/nonsense/"]
    for browser in (stranger, customer(world, HOST).browser):
        for path in [*public_addresses(), *paths]:
            assert (path, told(browser.get(path))) == (path, set())
            assert (path, told(browser.post(path))) == (path, set())
    assert "Kestrelportal" in stranger.get("/accounts/login/").content.decode()


def test_nor_do_error_pages(world: World, house: Things, settings):
    settings.ROOT_URLCONF = "tests.isolation.leaky_urls"
    browser = customer(world, HOST).browser
    strict = Client(enforce_csrf_checks=True, headers={"host": HOST})
    pages = {
        404: browser.get("/portal/nowhere/"),
        403: browser.get("/portal/refused/"),
        500: browser.get("/portal/broken/"),
        405: browser.get("/language/"),
    }
    for status, page in pages.items():
        assert (status, page.status_code, told(page)) == (status, status, set())
    assert "Kestrelportal" in pages[500].content.decode()
    forged = strict.post("/accounts/login/", {"login": "a", "password": "b"})
    assert (forged.status_code, told(forged)) == (403, set())
    problem = browser.get("/api/v1/broken/")
    assert (problem.status_code, told(problem)) == (500, set())


def test_the_search_for_leaks_turns_red(world: World, house: Things, settings):
    settings.ROOT_URLCONF = "tests.isolation.leaky_urls"
    asker = customer(world, HOST)
    found = {where.split(" ")[0] for where in leaks(asker, house, only="/leak/")}
    names = ("said", "attached", "sent_on", "product")
    assert found == {f"{shell}:{name}" for shell in ("portal", "api") for name in names}


def letters() -> list[tuple[str, set[str]]]:
    """What is telling in each mail that was sent: its headers and all its parts, decoded."""
    found = []
    for sent in outbox.outbox:
        message = sent.message()
        texts = [str(make_header(decode_header(value))) for value in message.values()]
        texts += [(part.get_payload(decode=True) or b"").decode("utf-8", "replace") for part in message.walk()]
        found.append((str(sent.subject), telling("\n".join(texts))))
    return found


def deliver_all() -> None:
    while postman.deliver_some(now=max(NOW, timezone.now())):  # a job tells at the hour of its own heartbeat
        pass


@pytest.fixture
def empty_outbox(house: Things) -> None:
    """Without the mails that the provider wrote to its own partners while the house was built."""
    deliver_all()
    outbox.outbox.clear()


def supported_by_provider(world: World) -> None:
    whole = {"name": "Whole", "provider_supports": True}
    level, _made = SupportLevel.objects.update_or_create(provider=world.provider.tenant, code="whole", defaults=whole)
    for player in (world.shop, world.kiosk):
        CustomerAccount.objects.update_or_create(
            tenant=player.tenant,
            provider=world.provider.tenant,
            defaults={"login": player.user, "support_level": level},
        )


@pytest.mark.parametrize("reader_name", ["shop", "north_east", "kiosk"])
@pytest.mark.parametrize("language", ["en", "de"])
def test_nor_does_any_mail(world: World, empty_outbox: None, language: str, reader_name: str):
    """Not even one that the provider writes itself, to whoever is beneath North: a customer whom the provider supports,
    a reseller, a customer of that reseller."""
    reader = getattr(world, reader_name)
    supported_by_provider(world)
    invitation = invite_member(
        actor=world.north.actor, tenant_id=reader.id, email="new@shop.example", role="read_only", language=language,
        request_id=uuid4(), now=NOW,
    )  # fmt: skip
    kinds = [kind for kind in mail_kinds.KINDS.values() if mail_kinds.CODE not in kind.variables]  # those go to staff
    for sender in (world.north, world.provider):
        for kind in kinds:
            invited = invitation if kind.key.endswith("_invitation") else None
            assert write_mail(
                kind=kind.key, to=reader.user.email, sender=sender.tenant, about=reader.tenant,
                language=language, facts={}, invitation=invited, now=NOW,
            )  # fmt: skip
    Client(headers={"host": HOST}).post("/accounts/password/reset/", {"email": reader.user.email})
    assert telling_of(delivered(at_least=2 * len(kinds))) == []


def test_nor_what_the_provider_does_to_a_reseller_beneath(world: World, empty_outbox: None):
    """Suspending and resuming alone and among many, inviting its owner, a user, and another reseller beside it."""
    by = {"actor": world.provider.actor, "now": NOW}
    text = {"tenant": world.provider.tenant, "provider": world.provider.tenant, "text": f"{CANARY} team"}
    Signature.objects.bulk_create(Signature(department=department, **text) for department in Department.values)
    suspend_tenant(tenant_id=world.north_east.id, reason="Unpaid", **by)
    resume_tenant(tenant_id=world.north_east.id, **by)
    chosen = Tenant.objects.filter(pk=world.north_east.id)
    run_job(start_switching(kind="reseller", chosen=chosen, status="suspended", reason="Unpaid", **by).pk, seconds=60)
    resume_tenant(tenant_id=world.north_east.id, **by)
    invite_member(tenant_id=world.north_east.id, email="new@east.example", role="read_only", **by)
    Profile.objects.filter(pk=world.north_east.id).update(owner_email="owner@east.example")
    invite_owner(reseller_id=world.north_east.id, **by)
    invite_reseller(seller_id=world.north.id, email="west@west.example", **by)
    assert telling_of(delivered(at_least=7)) == []


def delivered(*, at_least: int) -> list[tuple[str, set[str]]]:
    """What is telling in the mails that wait, each delivered; too few of them would prove nothing."""
    deliver_all()
    found = letters()
    assert len(found) >= at_least
    return found


def telling_of(found: list[tuple[str, set[str]]]) -> list[str]:
    """The subjects of mails that name who is above, or lead to another address than the brand's."""
    astray = [str(sent.subject) for sent in outbox.outbox if "://" in sent.body and f"//{HOST}" not in sent.body]
    return [subject for subject, words in found if words] + astray


def test_the_look_into_mails_turns_red(world: World, empty_outbox: None):
    facts = {"organisation": "North", "reason": f"{CANARY} AG has not been paid."}
    for sender in (world.north, world.provider):
        write_mail(kind="tenant_suspended", to="a@b.example", sender=sender.tenant, language="en", facts=facts, now=NOW)
    deliver_all()
    assert [CANARY.lower() in words for _subject, words in letters()] == [True, True]
