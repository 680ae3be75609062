"""Who may do what with a package and its fees, as rules; and how each operation is tried by page, API and admin."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db import transaction

from catalog.models import Fee, Package
from catalog.services.packages import Content
from subscriptions.models import Push
from tests.catalog.stage import OPERATORS, SWITCHES, WHO, Attempt, Case, Stage

DONE, REFUSED, HIDDEN = "done", "refused", "hidden"


def outcome(case: Case, who: str, operation: str, route: str = "page") -> str:
    """The rule."""
    if route == "admin" and who not in ("provider", "stranger"):
        return REFUSED  # operators work for a provider
    if route == "admin" and who == "stranger" and operation != "withdraw":
        return REFUSED if OPERATIONS[operation].edits else HIDDEN  # as if there was nothing
    if who == "shop":
        return REFUSED  # customers see prices, not the catalogue
    edits = OPERATIONS[operation].edits
    if edits and who == "north_reader":
        return REFUSED
    subject = {"reseller_fee": case.sees_reseller_fee, "account_fee": case.sees_account_fee}
    if not subject.get(OPERATIONS[operation].subject, case.sees_package)(who):
        return HIDDEN
    if not edits:
        return DONE
    if operation.endswith("reseller_fee"):
        return DONE if who == "provider" else REFUSED
    if operation in ("share", "keep_fee_back"):
        changes = case.shared == (operation == "keep_fee_back")
        if not changes or case.managed_by == "provider":
            return REFUSED  # where resellers see the package they see the price that the provider recommends
    return DONE if who in ("provider", case.managed_by) else REFUSED


@dataclass(frozen=True)
class Operation:
    page: Attempt
    api: Attempt
    subject: str = "package"
    edits: bool = True
    admin: Attempt | None = None
    before: Callable[[Stage], None] = lambda _stage: None

    @property
    def routes(self) -> dict[str, Attempt]:
        routes = {"page": self.page, "api": self.api}
        return routes | {"admin": self.admin} if self.admin else routes

    def state(self, stage: Stage) -> Any:
        """All that an operation could change."""
        package = Package.objects.get(pk=stage.package.pk)
        fees = Fee.objects.filter(pk__in=(stage.reseller_fee.pk, stage.account_fee.pk)).order_by("pk")
        version = package.versions.latest("pk")
        counts = [(fee.name, fee.is_active, fee.is_shared, fee.versions.count()) for fee in fees]
        pushed = Push.objects.filter(package=package, limits=True).count()
        return package.name, package.is_shared, package.is_active, replace(Content.of(version)), counts, pushed


def changing(**names: Any) -> Operation:
    """An operation that gives the package other values; a name that ends in `fee` is that of a fee of the stage."""

    def values(stage: Stage) -> dict[str, Any]:
        fees = {name: getattr(stage, value).pk if value else None for name, value in names.items() if "fee" in name}
        return dict(names) | fees

    in_admin = names.keys() <= SWITCHES
    return Operation(
        lambda stage, who: stage.save_package(who, **values(stage)),
        lambda stage, who: stage.patch(who, f"packages/{stage.package.pk}", **values(stage)),
        admin=(lambda stage, who: stage.operate(who, stage.package, **names)) if in_admin else None,
    )


def looking(kind: str) -> Operation:
    """At the package or one of its fees."""

    def path(stage: Stage) -> str:
        return f"{'packages' if kind == 'package' else 'fees'}/{getattr(stage, kind).pk}"

    return Operation(
        lambda stage, who: stage.get(who, path(stage)),
        lambda stage, who: stage.programs[who].get(path(stage)).status_code,
        kind,
        edits=False,
        admin=lambda stage, who: stage.operate(who, getattr(stage, kind)),
    )


def revising(kind: str) -> Operation:
    return Operation(
        lambda stage, who: stage.revise(who, getattr(stage, kind)),
        lambda stage, who: stage.revise_by_api(who, getattr(stage, kind)),
        kind,
    )


def switching(kind: str) -> Operation:
    return Operation(
        lambda stage, who: stage.post(
            who, f"fees/{getattr(stage, kind).pk}/edit", name="Renamed", is_active="on", is_shared=stage.case.shared
        ),
        lambda stage, who: stage.patch(who, f"fees/{getattr(stage, kind).pk}", name="Renamed"),
        kind,
        admin=lambda stage, who: stage.operate(who, getattr(stage, kind), name="Renamed"),
    )


def pushing() -> Operation:
    """Limits to what is sold: bulk."""
    day = date.today().isoformat()

    def by_page(stage: Stage, who: str) -> int:
        version = stage.package.versions.latest("pk").pk
        values = {"version": version, "limits": "on", "when": "day", "effective_on": day, "start": "1"}
        return stage.post(who, f"packages/{stage.package.pk}/push", **values)

    def by_api(stage: Stage, who: str) -> int:
        body = {"limits": True, "effective_on": day}
        return stage.programs[who].post(f"packages/{stage.package.pk}/push", body).status_code

    return Operation(by_page, by_api, before=Stage.sell)


OPERATIONS = {
    "look": looking("package"),
    "look_at_reseller_fee": looking("reseller_fee"),
    "look_at_account_fee": looking("account_fee"),
    "push_limits": pushing(),
    "rename": changing(name="Renamed"),
    "set_account_fee": changing(account_fee="other_account_fee"),
    "set_reseller_fee": changing(reseller_fee="other_reseller_fee"),
    "drop_reseller_fee": changing(reseller_fee=""),
    "share": changing(is_shared=True),
    "keep_fee_back": Operation(
        lambda stage, who: stage.post(
            who, f"fees/{stage.account_fee.pk}/edit", name=stage.account_fee.name, is_active="on"
        ),
        lambda stage, who: stage.patch(who, f"fees/{stage.account_fee.pk}", is_shared=False),
        "account_fee",
        admin=lambda stage, who: stage.operate(who, stage.account_fee, is_shared=False),
    ),
    "withdraw": Operation(
        lambda stage, who: stage.save_package(who, is_active=False),
        lambda stage, who: stage.programs[who].post(f"packages/{stage.package.pk}/deactivate").status_code,
        admin=lambda stage, who: stage.withdraw(who),
    ),
    "revise_account_fee": revising("account_fee"),
    "revise_reseller_fee": revising("reseller_fee"),
    "rename_account_fee": switching("account_fee"),
    "rename_reseller_fee": switching("reseller_fee"),
}


def outcomes(stage: Stage) -> Iterator[tuple[str, str, str, str]]:
    """(who, operation, route, what came of it), each undone."""
    for name, operation in OPERATIONS.items():
        with transaction.atomic():
            operation.before(stage)
            for route, attempt in operation.routes.items():
                for who in OPERATORS if route == "admin" else WHO:
                    yield who, name, route, came(stage, operation, attempt, who)
            transaction.set_rollback(True)


def came(stage: Stage, operation: Operation, attempt: Attempt, who: str) -> str:
    """What came of one attempt, undone."""
    with transaction.atomic():
        before = operation.state(stage)
        status = attempt(stage, who)
        done = operation.state(stage) != before if operation.edits else status == 200
        transaction.set_rollback(True)
    return DONE if done else HIDDEN if status == 404 else REFUSED
