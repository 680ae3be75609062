"""Who may do what with a package or an add-on and its fees, as rules; and how each operation is tried by page, API and
admin."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db import transaction

from catalog.models import Fee, Package
from tests.catalog.stage import OPERATORS, WHO, Attempt, Case, Stage

DONE, REFUSED, HIDDEN = "done", "refused", "hidden"
SALES, IN_BULK = ("sell", "preview_sale"), "sell_in_bulk"
MAKERS = {"create": ("north", "north_east", "west"), "create_fee": ("north", "north_east", "west", "south")}
"""Who makes its own in the portal: plans only who was granted something."""


def outcome(case: Case, who: str, tried: "Operation", operation: str, route: str = "page") -> str:
    """The rule, and how it looks: what is out of sight is no choice of a form, and cannot be ticked in a list."""
    expected = by_rule(case, who, tried, operation, route)
    is_choice = route == "bulk page" or (route == "page" and operation in (*SALES, IN_BULK))
    return REFUSED if is_choice and expected == HIDDEN else expected


def by_rule(case: Case, who: str, tried: "Operation", operation: str, route: str) -> str:
    if (settled := by_person(case, who, tried, operation, route)) is not None:
        return settled
    subject = {"reseller_fee": case.sees_reseller_fee, "account_fee": case.sees_account_fee}
    if not subject.get(tried.subject, case.sees_thing)(who):
        return HIDDEN
    if operation in (*SALES, IN_BULK):
        return DONE if case.sells(who) else REFUSED
    if not tried.edits:
        return DONE
    if operation.endswith("reseller_fee"):
        return DONE if who == "provider" else REFUSED
    # where resellers see the thing they see the price that the provider recommends
    if operation == "share" and (case.shared or (case.managed_by == "provider" and not case.shows_fee)):
        return REFUSED
    if operation == "keep_fee_back" and (not case.shows_fee or (case.managed_by == "provider" and case.shared)):
        return REFUSED
    return DONE if who in ("provider", case.managed_by) else REFUSED


def by_person(case: Case, who: str, tried: "Operation", operation: str, route: str) -> str | None:
    """What is settled by who asks and how, whatever is in sight."""
    if operation in MAKERS:
        return makes(case, who, operation, route)
    if route == "admin" and who != "provider":
        lost = who == "stranger" and not tried.edits  # as if there was nothing
        return HIDDEN if lost else REFUSED  # operators work for a provider
    if who == "shop":
        return HIDDEN if tried.is_for_buyers else REFUSED  # customers see prices, not the catalogue
    looks = who == "north_reader" and (tried.edits or operation in SALES)
    return REFUSED if looks else None


def makes(case: Case, who: str, operation: str, route: str) -> str:
    """Something of its own, or a provider for a reseller of its house; another house's types and resellers are none of
    its own."""
    names_nobody = operation == "create_fee" and route != "api" and case.managed_by == "provider"
    if who == "stranger" and not names_nobody:
        return HIDDEN if route == "api" or (route, operation) == ("page", "create") else REFUSED
    makers = {"api": (case.managed_by,), "page": ("stranger", *MAKERS[operation]), "admin": ("stranger",)}[route]
    return DONE if who in ("provider", *makers) else REFUSED


@dataclass(frozen=True)
class Operation:
    page: Attempt | None
    api: Attempt
    subject: str = "thing"
    edits: bool = True
    is_for_buyers: bool = False
    """Customers look at what they were sold."""
    admin: Attempt | None = None
    many: str = ""
    """How many are switched so at once: where."""
    before: Callable[[Stage], None] = lambda _stage: None

    @property
    def routes(self) -> dict[str, Attempt]:
        routes: dict[str, Attempt | None] = {"page": self.page, "api": self.api, "admin": self.admin}
        if self.many:
            routes["bulk"] = lambda stage, who: stage.switch(who, self.many, getattr(stage, self.subject))
            routes["bulk page"] = lambda stage, who: stage.switch_by_page(who, self.many, getattr(stage, self.subject))
        return {name: attempt for name, attempt in routes.items() if attempt}


def changing(**names: Any) -> Operation:
    """An operation that gives the thing other values; a name that ends in `fee` is that of a fee of the stage."""

    def values(stage: Stage) -> dict[str, Any]:
        fees = {name: getattr(stage, value).pk if value else None for name, value in names.items() if "fee" in name}
        return dict(names) | fees

    return Operation(
        lambda stage, who: stage.save(who, **values(stage)),
        lambda stage, who: stage.patch(who, stage.path, **values(stage)),
        admin=lambda stage, who: stage.operate(who, stage.thing, **values(stage)),
    )


def looking(kind: str, **options: Any) -> Operation:
    """At the thing or one of its fees."""

    def path(stage: Stage) -> str:
        return stage.path if kind == "thing" else f"fees/{getattr(stage, kind).pk}"

    return Operation(
        lambda stage, who: stage.get(who, path(stage)),
        lambda stage, who: stage.programs[who].get(path(stage)).status_code,
        kind,
        edits=False,
        admin=lambda stage, who: stage.operate(who, getattr(stage, kind)),
        **options,
    )


def revising(kind: str) -> Operation:
    return Operation(
        lambda stage, who: stage.revise(who, getattr(stage, kind)),
        lambda stage, who: stage.revise_by_api(who, getattr(stage, kind)),
        kind,
        admin=lambda stage, who: stage.operate(who, getattr(stage, kind), amount="11", effective_on="2090-01-01"),
    )


def switching(kind: str) -> Operation:
    return Operation(
        lambda stage, who: stage.post(
            who, f"fees/{getattr(stage, kind).pk}/edit", name="Renamed", is_active="on", is_shared=stage.case.shows_fee
        ),
        lambda stage, who: stage.patch(who, f"fees/{getattr(stage, kind).pk}", name="Renamed"),
        kind,
        admin=lambda stage, who: stage.operate(who, getattr(stage, kind), name="Renamed"),
    )


def pushing() -> Operation:
    """Limits to what is sold: bulk."""
    day = date.today().isoformat()

    def by_page(stage: Stage, who: str) -> int:
        version = stage.thing.versions.latest("pk").pk
        values = {"version": version, "limits": "on", "when": "day", "effective_on": day, "start": "1"}
        return stage.post(who, f"{stage.path}/push", **values)

    def by_api(stage: Stage, who: str) -> int:
        body = {"limits": True, "effective_on": day}
        return stage.programs[who].post(f"{stage.path}/push", body).status_code

    return Operation(by_page, by_api, before=Stage.sell)


OF_FEES = {
    "look_at_reseller_fee": looking("reseller_fee"),
    "look_at_account_fee": looking("account_fee"),
    "keep_fee_back": Operation(
        lambda stage, who: stage.post(
            who, f"fees/{stage.account_fee.pk}/edit", name=stage.account_fee.name, is_active="on"
        ),
        lambda stage, who: stage.patch(who, f"fees/{stage.account_fee.pk}", is_shared=False),
        "account_fee",
        admin=lambda stage, who: stage.operate(who, stage.account_fee, is_shared=False),
        many="fees/unshare",
    ),
    "revise_account_fee": revising("account_fee"),
    "revise_reseller_fee": revising("reseller_fee"),
    "rename_account_fee": switching("account_fee"),
    "rename_reseller_fee": switching("reseller_fee"),
}
OF_BOTH = {
    "rename": changing(name="Renamed"),
    "set_account_fee": changing(account_fee="other_account_fee"),
    "set_reseller_fee": changing(reseller_fee="other_reseller_fee"),
    "drop_reseller_fee": changing(reseller_fee=""),
    "share": changing(is_shared=True),
}
OF_PACKAGES = {
    "look": looking("thing"),
    **OF_BOTH,
    "share": replace(OF_BOTH["share"], many="packages/share"),
    **OF_FEES,
    "push_limits": pushing(),
    "sell": Operation(
        Stage.sell_by_page,
        lambda stage, who: stage.programs[who].post("subscriptions", stage.offered(who)).status_code,
        before=Stage.stock,
    ),
    "preview_sale": Operation(
        lambda stage, who: stage.sell_by_page(who, preview="1"),
        lambda stage, who: stage.programs[who].post("subscriptions/preview", stage.offered(who)).status_code,
        edits=False,
        before=Stage.stock,
    ),
    "withdraw": Operation(
        lambda stage, who: stage.save(who, is_active=False),
        lambda stage, who: stage.programs[who].post(f"{stage.path}/deactivate").status_code,
        admin=lambda stage, who: stage.withdraw(who),
        many="packages/deactivate",
    ),
}


OF_MAKING = {
    "create": Operation(
        Stage.create_by_page,
        Stage.create,
        admin=lambda stage, who: stage.make_in_admin(who, Package, stage.of_type, name="Made", **stage.filled()),
        before=Stage.stock,
    ),
    "create_fee": Operation(
        Stage.create_fee_by_page,
        Stage.create_fee,
        admin=lambda stage, who: stage.make_in_admin(who, Fee, name="Made", kind="account", amount="5"),
    ),
}
"""What has nothing to do with whether another thing is shared."""


def surprises(
    stage: Stage, operations: Mapping[str, Operation], tries: Collection[str] = WHO
) -> Iterator[tuple[str, ...]]:
    """What came out otherwise than the rules say, one after the other, each undone."""
    for name, operation in operations.items():
        with transaction.atomic():
            operation.before(stage)
            for route, attempt in operation.routes.items():
                for who in OPERATORS if route == "admin" else tries:
                    expected = outcome(stage.case, who, operation, name, route)
                    if (came := tried(stage, operation, attempt, who)) != expected:
                        yield who, name, route, came, "expected", expected
            transaction.set_rollback(True)


def tried(stage: Stage, operation: Operation, attempt: Attempt, who: str) -> str:
    """What came of one attempt, undone."""
    with transaction.atomic():
        before = stage.state() if operation.edits else None
        status = attempt(stage, who)
        done = stage.state() != before if operation.edits else status == 200
        transaction.set_rollback(True)
    return DONE if done else HIDDEN if status == 404 else REFUSED
