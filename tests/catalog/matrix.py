"""Who may do what with a package and its fees, as rules; and how each operation is tried by page and by API."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.test import Client

from catalog.models import Fee, Package
from catalog.services.fees import Charging, create_fee
from catalog.services.packages import Content
from tenants.models import User
from tests.subscriptions.market import Market
from tests.world import NOW, Api, Player, reseller

DONE, REFUSED, HIDDEN = "done", "refused", "hidden"
MANAGERS = ("provider", "north", "north_east")
WHO = ("provider", "north", "north_reader", "north_east", "west", "south", "shop", "stranger")
"""West is North's prepaid rival, South sells on commission, the reader is of North and may only look."""
SELLERS = {
    "north": "provider",
    "north_reader": "provider",
    "north_east": "north",
    "west": "provider",
    "south": "provider",
}
ABOVE = {who: {"provider", seller} for who, seller in SELLERS.items()}


@dataclass(frozen=True)
class Case:
    managed_by: str
    shared: bool

    def sees_package(self, who: str) -> bool:
        """The provider all; a reseller its own, those beneath it, and what is shared above it."""
        own = who.removesuffix("_reader")
        if who == "provider" or own == self.managed_by or own in ABOVE.get(self.managed_by, ()):
            return True
        return self.shared and self.managed_by in ABOVE.get(who, ())

    def sees_account_fee(self, who: str) -> bool:
        """Managed by who manages the package, and shared as it is: seen as the package is."""
        return self.sees_package(who)

    def sees_reseller_fee(self, who: str) -> bool:
        """The provider's: seen by those who buy of it, and have the package in sight."""
        owes = SELLERS.get(who) == "provider" and who != "south"
        return who == "provider" or (owes and self.sees_package(who))


def outcome(case: Case, who: str, operation: str) -> str:
    """The rule."""
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


class Stage:
    """One case with its package and fees, and everybody who tries."""

    def __init__(self, market: Market, case: Case) -> None:
        self.world, self.case = market.world, case
        provider = self.world.provider
        self.players: dict[str, Player] = {name: getattr(self.world, name) for name in WHO if hasattr(self.world, name)}
        self.players["west"] = reseller(provider, "West")
        manager = self.players[case.managed_by]
        self.reseller_fee, self.other_reseller_fee = self.fee("reseller", provider), self.fee("reseller", provider)
        self.account_fee, self.other_account_fee = self.fee("account", manager), self.fee("account", manager)
        fees = {"reseller_fee_id": self.reseller_fee.pk, "account_fee_id": self.account_fee.pk}
        self.mailbox = market.mailbox.pk
        limits = {market.mailbox: 1}
        self.package = market.package(
            "Tried", "customer", limits, fees, is_shared=case.shared, managed_by_id=manager.id
        )
        self.browsers, self.programs = self.log_in(), self.keys()

    def fee(self, kind: str, manager: Player) -> Fee:
        name, charging = f"{kind} {uuid4().hex[:6]}", Charging("", Decimal(10))
        shared = kind == "account" and self.case.shared
        values = {"kind": kind, "name": name, "currency": "EUR", "charging": charging, "is_shared": shared}
        return create_fee(actor=manager.actor, now=NOW, **values)

    def log_in(self) -> dict[str, Client]:
        browsers = {who: player.browser() for who, player in self.players.items()}
        reader = self.world.north.member("read_only")
        browsers["north_reader"] = Client()
        browsers["north_reader"].force_login(
            User.objects.get(pk=reader.user_id), backend="allauth.account.auth_backends.AuthenticationBackend"
        )
        return browsers

    def keys(self) -> dict[str, Api]:
        programs = {who: player.api() for who, player in self.players.items()}
        return programs | {"north_reader": self.world.north.api("catalog.view")}

    def outcomes(self) -> Iterator[tuple[str, str, str, str]]:
        """(who, operation, route, what came of it), each undone."""
        for who in WHO:
            for name, operation in OPERATIONS.items():
                for route, attempt in (("page", operation.page), ("api", operation.api)):
                    with transaction.atomic():
                        before = operation.state(self)
                        status = attempt(self, who)
                        done = operation.state(self) != before if operation.edits else status == 200
                        transaction.set_rollback(True)
                    yield who, name, route, DONE if done else HIDDEN if status == 404 else REFUSED

    def get(self, who: str, path: str) -> int:
        shell = "console" if who in ("provider", "stranger") else "portal"
        return self.browsers[who].get(f"/{shell}/{path}/").status_code

    def post(self, who: str, path: str, **values: Any) -> int:
        shell = "console" if who in ("provider", "stranger") else "portal"
        given = {name: value for name, value in values.items() if value not in (None, False)}
        return self.browsers[who].post(f"/{shell}/{path}/", given | {"request_id": uuid4()}).status_code

    def patch(self, who: str, path: str, **body: Any) -> int:
        client = self.programs[who].client
        return client.patch(f"/api/v1/{path}", body, content_type="application/json").status_code

    def save_package(self, who: str, **changes: Any) -> int:
        row, limit = Package.objects.get(pk=self.package.pk), {f"limit_{self.mailbox}": 1}
        fees = {"reseller_fee": self.reseller_fee.pk, "account_fee": self.account_fee.pk}
        own = {"name": row.name, "is_shared": row.is_shared, "is_active": row.is_active}
        return self.post(who, f"packages/{row.pk}/edit", **own | fees | limit | changes)

    def revise(self, who: str, fee: Fee) -> int:
        terms = {"amount": "11", "cycle": "month", "billed": "advance", "effective_on": "2090-01-01"}
        return self.post(who, f"fees/{fee.pk}/revise", **terms)

    def revise_by_api(self, who: str, fee: Fee) -> int:
        body = {"amount": {"amount": "11", "currency": "EUR"}, "effective_on": "2090-01-01"}
        return self.programs[who].post(f"fees/{fee.pk}/versions", body).status_code


@dataclass(frozen=True)
class Operation:
    page: Callable[[Stage, str], int]
    api: Callable[[Stage, str], int]
    subject: str = "package"
    edits: bool = True

    def state(self, stage: Stage) -> Any:
        """All that an operation could change."""
        package = Package.objects.get(pk=stage.package.pk)
        fees = Fee.objects.filter(pk__in=(stage.reseller_fee.pk, stage.account_fee.pk)).order_by("pk")
        version = package.versions.latest("pk")
        counts = [(fee.name, fee.is_active, fee.is_shared, fee.versions.count()) for fee in fees]
        return package.name, package.is_shared, package.is_active, replace(Content.of(version)), counts


def changing(**names: Any) -> Operation:
    """An operation that gives the package other values; a name that ends in `fee` is that of a fee of the stage."""

    def values(stage: Stage) -> dict[str, Any]:
        fees = {name: getattr(stage, value).pk if value else None for name, value in names.items() if "fee" in name}
        return dict(names) | fees

    return Operation(
        lambda stage, who: stage.save_package(who, **values(stage)),
        lambda stage, who: stage.patch(who, f"packages/{stage.package.pk}", **values(stage)),
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
    )


OPERATIONS = {
    "look": looking("package"),
    "look_at_reseller_fee": looking("reseller_fee"),
    "look_at_account_fee": looking("account_fee"),
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
    ),
    "revise_account_fee": revising("account_fee"),
    "revise_reseller_fee": revising("reseller_fee"),
    "rename_account_fee": switching("account_fee"),
    "rename_reseller_fee": switching("reseller_fee"),
}
