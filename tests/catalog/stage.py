"""One package with its fees, and everybody who tries what the rules say about it: by page, by API, in the admin."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.test import Client
from django.urls import reverse

from catalog.models import Fee, Package
from catalog.services.fees import Charging, create_fee
from tenants.models import User
from tests.subscriptions.market import Market
from tests.world import NOW, Api, Player, reseller

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
OPERATORS = ("provider", "north", "shop", "stranger")
"""Who of them is marked as an operator besides: two who must not come in, and one of another house."""
SWITCHES = {"name", "is_shared", "is_active", "applies_more_than_once"}
"""What the admin changes."""
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


class Stage:
    """One case with its package and fees, and everybody who tries."""

    def __init__(self, market: Market, case: Case) -> None:
        self.market, self.world, self.case = market, market.world, case
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
        self.operators = {who: self.browsers[who] for who in OPERATORS}
        users = [self.players[who].user.pk for who in OPERATORS]
        User.objects.filter(pk__in=users).update(is_staff=True, is_superuser=True)

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

    def sell(self) -> None:
        """To a customer of who manages the package."""
        self.market.subscribe(self.world.north)
        depot = self.market.package("Depot", "reseller", {self.market.mailbox: 10})
        self.market.subscribe(self.world.north_east, package=depot)
        customers = {"provider": self.world.direct, "north": self.world.shop, "north_east": self.world.kiosk}
        self.market.sell(customers[self.case.managed_by], package=self.package)

    def operate(self, who: str, row: Fee | Package, **values: Any) -> int:
        """In the admin: look at a row, or send its page with other values. What is out of sight leads back: 404."""
        address = reverse(f"admin:catalog_{row._meta.model_name}_change", args=[row.pk])
        browser = self.operators[who]
        page = browser.get(address)
        if page.status_code != 200:
            return 404 if not values and "login" not in page.url else 403
        if not values:
            return 200
        shown = page.context["inline_admin_formsets"]
        counts = {f"{one.formset.prefix}-{what}_FORMS": 0 for one in shown for what in ("TOTAL", "INITIAL")}
        fresh = type(row).objects.get(pk=row.pk)
        switches = {name: getattr(fresh, name, None) for name in SWITCHES} | values
        return browser.post(address, {name: value for name, value in switches.items() if value} | counts).status_code

    def withdraw(self, who: str) -> int:
        """By the action of the admin's list."""
        chosen = {"action": "withdraw", "_selected_action": [self.package.pk]}
        status = self.operators[who].post(reverse("admin:catalog_package_changelist"), chosen).status_code
        return 404 if who == "stranger" and status == 302 else status

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


Attempt = Callable[[Stage, str], int]
