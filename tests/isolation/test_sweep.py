"""Nobody learns what is outside their scope. The routes are read from the resolver, so that a new one is asked, too."""

import re
from collections.abc import Container, Iterator

import pytest
from django.apps import apps
from django.db import transaction

from tests.isolation.conftest import ABSENT, Asker, is_only_a_form
from tests.isolation.routes import Route, routes
from tests.isolation.things import CANARIES, Things

SHELL_OF = {"South": ("portal", "api"), "Other Cloud": ("console", "api")}
OPEN = {
    "openapi",
    "docs",
    "redoc",
    *("invitation_batch_template", "customer_import_template", "reseller_import_template"),
}
"""Routes of the API that are the same for everybody."""

OWN = {
    *("membership_switch", "session_end", "api_key", "api_keys", "api_key_revoke", "team"),
    *("package_edit", "package_deactivate", "price_list_of", "reseller_subscribe"),
    *("reseller_close", "customer_close", "reseller_convert", "customer_convert"),
    *("reseller_suspend", "customer_suspend", "reseller_resume", "customer_resume"),
    *("reseller_move", "customer_move", "reseller_preview_move", "customer_preview_move"),
    *("support_level", "support_level_edit", "support_level_price", "registration_approve", "reseller_hide_customers"),
    *("listing", "listing_edit", "listing_preview", "service", "subscription_move"),
    *("order_approve", "order_reject", "order_withdraw"),
    *("pool_accept", "pool_decline"),
    *("billing_run_recount", "billing_run_approve", "billing_run_cancel", "billing_run_issue"),
    *("billing_run_continue", "billing_run_resume"),
    "billing_policy",
    *("number_series_edit", "invoices", "invoice_edit", "invoice_issue", "invoice_void", "invoice_credit"),
    *("invoice_discard", "invoice_convert", "invoice_change", "credit_note", "credit_note_issue"),
    *("tax_rate_withdraw", "customer_check_vat_id", "reseller_check_vat_id"),
    *("payment_allocate", "payment_deallocate"),
}
"""Routes with a second wall: rows that must be the asker's own, or a branch that it may lock."""

HOUSE = {"service-types", "resources", "service-instances", "support-levels", "tax-rates"}
"""What a provider keeps for all beneath it: South may look at it, another house may not."""

LISTS = {
    *("resellers", "customers", "events", "users", "packages", "subscriptions", "add_ons", "bulk_sales", "jobs"),
    *("pushes", "add_on_sales", "over_usage", "over_usage_roll_up", "report_runs", "visits", "mails"),
    *("usage_alerts", "subscription_usage_alerts"),
    *("pools", "pool_customers", "assignments", "supplies"),
    *("billing_runs", "run_payers", "invoices", "credit_notes", "number_series"),
    *("payments", "balances", "charges", "charges_reconciliation"),
}
"""Lists that show something of North's to whoever may see it."""

QUERIES = ("?q=Kest", "?export=csv", "?all=true", "?rows=all")
NEUTRAL = re.compile(rb"[0-9a-f-]{36}|[0-9a-f]{32}|\b\d+\b|csrfmiddlewaretoken.*?>|Date:.*")
CANARY = re.compile("|".join(rf"(?<!/)\b{word}\b(?! [KM])" for word in CANARIES))
"""Not Australia/North, North Korea and North Macedonia, which are choices of forms."""


def answer(response) -> tuple[int, bytes]:
    """What an asker can tell apart: status and body, without ids, tokens and numbers."""
    return response.status_code, NEUTRAL.sub(b"", b"" if response.streaming else response.content)


def absent(route: Route, things: Things) -> dict[str, int]:
    return {**things.ids, **dict.fromkeys(route.subjects[:1], ABSENT)}


def tells(asker: Asker, route: Route, method: str, things: Things) -> bool:
    """Whether the answer for North's row is another than for a row that does not exist."""
    with transaction.atomic():  # undone: what one route changes would hide what the next one shows
        mine = answer(asker.ask(route, method, things.ids))
        transaction.set_rollback(True)
    return mine != answer(asker.ask(route, method, absent(route, things)))


def shown(asker: Asker, route: Route, things: Things) -> set[str]:
    """North's words or ids in a list, its export, or a search in it."""
    words: set[str] = set()
    for query in ("", *QUERIES) if route.shell != "api" else ("", "?limit=200"):
        response = (
            asker.browser.get(f"/{route.path}{query}")
            if route.shell != "api"
            else asker.browser.get(f"/{route.path}{query}", headers={"Authorization": f"Bearer {asker.key}"})
        )
        body = b"".join(response.streaming_content) if response.streaming else response.content
        words |= set(CANARY.findall(body.decode()))
        subject = route.path.rpartition("/")[2]
        if route.shell == "api" and subject not in HOUSE and things.ids.get(subject) in ids_in(response):
            words.add(subject)
        if is_only_a_form(response):
            break
    return words


def ids_in(response) -> set[int]:
    is_file = response.streaming or response.status_code != 200
    results = [] if is_file else response.json().get("results", [])
    return {row["id"] for row in results if "id" in row}


def with_ids() -> list[Route]:
    return [route for route in routes() if route.parameters]


def skipped(who: str, route: Route) -> bool:
    return route.shell not in SHELL_OF[who] or (who == "South" and not HOUSE.isdisjoint(route.subjects[:1]))


def lists() -> list[Route]:
    return [route for route in routes() if not route.parameters and "get" in route.methods and route.name not in OPEN]


def leaks(rivals: dict[str, Asker], things: Things, known: Container[str] = frozenset()) -> Iterator[tuple[str, str]]:
    """Every route by which somebody learns something of North's, and how; what is known is not asked again."""
    for who, asker in rivals.items():
        for route in with_ids():
            for method in () if skipped(who, route) else route.methods:
                if view(route) not in known and tells(asker, route, method, things):
                    yield str(route), method
        for route in lists():
            if not skipped(who, route) and view(route) not in known and (words := shown(asker, route, things)):
                yield str(route), "+".join(sorted(words))


def test_every_id_of_every_route_is_known_to_the_sweep(things: Things):
    unknown = {subject for route in with_ids() for subject in route.subjects} - set(things.ids)
    assert unknown == set()


def test_nobody_learns_what_is_outside_their_scope(rivals: dict[str, Asker], things: Things):
    assert set(leaks(rivals, things)) == set()


@pytest.fixture
def scope_removed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every `visible_to` shows everything: the sweep must notice."""
    for model in apps.get_models():
        for kind in type(model._default_manager.all()).__mro__:
            if "visible_to" in vars(kind):
                monkeypatch.setattr(kind, "visible_to", lambda rows, _actor: rows.all())


def test_the_sweep_turns_red_for_each_view_without_scope(rivals, things: Things, scope_removed: None):
    """A view that is in both shells must be noticed in one of them: the other has a second wall, the provider's id."""
    noticed: set[str] = set()
    for route, _how in leaks(rivals, things, known=noticed):
        noticed.add(view(route))
    asked = [*with_ids(), *(route for route in lists() if route.name in LISTS)]
    assert sorted({view(route) for route in asked if route.name not in OWN} - noticed) == []


def view(route: Route | str) -> str:
    return re.sub("^(console|portal):", "page:", str(route))
