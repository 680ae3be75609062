"""Every role before every page and endpoint: what the table of roles says is what happens."""

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client

from tenants.management.commands.role_table import FILE
from tenants.models import Membership, ResellerTerms
from tenants.permission_words import WORDS
from tenants.role_table import Operation, markdown, operations, table
from tenants.roles import PERMISSIONS, ROLES, permissions
from tests.isolation.conftest import ABSENT
from tests.isolation.routes import PARAMETER
from tests.world import NOW, Player, World, player

HOUSE_ALONE = {"registrations", "supplies", "tax-rates"}
"""Endpoints that are there for all and answer a provider's staff alone."""

FORBIDDEN, NOT_SO = 403, 405
PLAYERS = {"provider": "provider", "reseller": "north", "customer": "shop"}
ROLES_OF_ALL = [(kind, role) for kind, roles in ROLES.items() for role in roles]


def somebody(world: World, kind: str, role: str) -> Player:
    home: Player = getattr(world, PLAYERS[kind])
    ResellerTerms.objects.filter(pk=home.id).update(is_large=True)  # else stock of pools is nothing that it may have
    if role == "administrator":
        return home
    actor = home.member(role, f"{role}@{kind}.example")
    user = Membership.objects.get(pk=actor.membership_id).user
    return Player(home.tenant, user, actor)


def key_of(world: World, asker: Player) -> str:
    """A key of the asker's own, made by hand where its role could not make one."""
    from tenants.services.api_keys import mint_api_key

    membership = Membership.objects.select_related("tenant", "user").get(pk=asker.actor.membership_id)
    return mint_api_key(actor=asker.actor, membership=membership, name="test", scopes=["*"], now=NOW)[1]


def ask(operation: Operation, browser: Client, key: str) -> int:
    """The status for a row that does not exist: permission comes before looking, so only its lack says 403."""
    path = PARAMETER.sub(str(ABSENT), operation.path)
    if operation.shell != "api":
        status = browser.get(f"/{operation.shell}/{path}").status_code
        return browser.post(f"/{operation.shell}/{path}").status_code if status == NOT_SO else status
    headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": "0" * 32 + operation.path[-8:]}
    send = getattr(Client(raise_request_exception=False), operation.method.lower())
    options = {} if operation.method == "GET" else {"data": {}, "content_type": "application/json"}
    return int(send(f"/api/v1/{path}", headers=headers, **options).status_code)


@pytest.mark.parametrize(("kind", "role"), ROLES_OF_ALL)
def test_what_the_table_says_is_what_happens(world: World, kind: str, role: str):
    cache.clear()
    asker, allowed = somebody(world, kind, role), permissions(kind, role)
    browser, key = asker.browser(), key_of(world, asker)
    browser.raise_request_exception = False
    shell = "console" if kind == "provider" else "portal"
    wrong = {}
    for operation in operations():
        alone = kind != "provider" and operation.path.partition("/")[0] in HOUSE_ALONE
        if operation.shell not in {shell, "api"} or alone:
            continue
        with transaction.atomic():
            status = ask(operation, browser, key)
            transaction.set_rollback(True)
        if operation.is_open_to(allowed) == (status == FORBIDDEN) or status >= 500:
            wrong[f"{operation.shell} {operation.method} {operation.path}"] = (status, operation.permission)
    assert "\n".join(f"{name}: {found}" for name, found in sorted(wrong.items())) == ""


def test_the_page_of_the_documentation_is_what_the_map_says():
    assert FILE.read_text(encoding="utf-8") == markdown(), "run `python manage.py role_table`"


def test_every_permission_is_used_and_has_words():
    assert set(WORDS) == PERMISSIONS
    used = {name for operation in operations() for name in operation.permissions}
    assert used <= PERMISSIONS


def test_the_page_shows_ones_own_kind_and_those_beneath(world: World):
    page = world.north.browser().get("/portal/roles/").content.decode()
    assert "Act as users of organisations beneath" in page
    assert [shown.kind for shown in world.north.browser().get("/portal/roles/").context["tables"]] == [
        "reseller", "customer",
    ]  # fmt: skip
    assert [shown.kind for shown in world.shop.browser().get("/portal/roles/").context["tables"]] == ["customer"]
    everything = table("provider")
    assert all(held[0] for _name, _words, held in everything.rows), "an administrator may everything"
    assert player(world.provider.tenant).actor.permissions == PERMISSIONS
