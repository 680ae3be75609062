"""One package, or something else that is managed and shared, with its fees, and everybody who tries what the rules say
about it: by page, by API, in the admin."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.test import Client
from django.urls import reverse

from catalog.models import Fee, Package
from catalog.services.fees import Charging, create_fee
from catalog.services.packages import Content
from subscriptions.models import Push, Subscription
from tenants.models import User
from tests.catalog.operators import is_sent, page, shown
from tests.subscriptions.market import Market
from tests.world import NOW, Api, Player, customer, reseller

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
CUSTOMERS = {"provider": "direct", "north": "shop", "north_east": "kiosk", "south": "mill"}
OPERATORS = ("provider", "north", "shop", "stranger")
"""Who of them is marked as an operator besides: two who must not come in, and one of another house."""
ABOVE = {who: {"provider", seller} for who, seller in SELLERS.items()}


@dataclass(frozen=True)
class Case:
    managed_by: str
    shared: bool
    fee_shared: bool | None = None
    """Of the account fee; as the thing is, where nothing else is said."""

    @property
    def shows_fee(self) -> bool:
        return self.shared if self.fee_shared is None else self.fee_shared

    def sees_thing(self, who: str) -> bool:
        """The provider all; a reseller its own, those beneath it, and what is shared above it."""
        return self.is_within_reach(who) or (self.shared and self.managed_by in ABOVE.get(who, ()))

    def is_within_reach(self, who: str) -> bool:
        """Of who manages it, or is above that one."""
        own = who.removesuffix("_reader")
        return who == "provider" or own == self.managed_by or own in ABOVE.get(self.managed_by, ())

    def sells(self, who: str) -> bool:
        """To its customers: the provider its own; a reseller its own, and what is shared above it."""
        return who == self.managed_by or (self.shared and self.managed_by in ABOVE.get(who, ()) and who != "south")

    def sees_account_fee(self, who: str) -> bool:
        """Managed by who manages the thing, and seen as that is; but for the switch of its own."""
        return self.is_within_reach(who) or (self.shows_fee and self.managed_by in ABOVE.get(who, ()))

    def sees_reseller_fee(self, who: str) -> bool:
        """The provider's: seen by those who buy of it, and have the thing in sight."""
        owes = SELLERS.get(who) == "provider" and who != "south"
        return who == "provider" or (owes and self.sees_thing(who))


class Stage:
    """One case with its package and fees, and everybody who tries."""

    area = "packages"

    def __init__(self, market: Market, case: Case) -> None:
        self.market, self.world, self.case = market, market.world, case
        provider = self.world.provider
        self.players: dict[str, Player] = {name: getattr(self.world, name) for name in WHO if hasattr(self.world, name)}
        self.players["west"] = reseller(provider, "West")
        self.customers = {name: getattr(self.world, whom) for name, whom in CUSTOMERS.items()}
        self.customers |= {name: customer(self.players[name], f"Of {name}") for name in ("west", "stranger")}
        manager = self.players[case.managed_by]
        self.reseller_fee, self.other_reseller_fee = self.fee("reseller", provider), self.fee("reseller", provider)
        self.account_fee, self.other_account_fee = self.fee("account", manager), self.fee("account", manager)
        fees = {"reseller_fee_id": self.reseller_fee.pk, "account_fee_id": self.account_fee.pk}
        self.mailbox = market.mailbox.pk
        self.thing = self.make(fees, {"is_shared": case.shared, "managed_by_id": manager.id})
        self.path = f"{self.area}/{self.thing.pk}"
        self.browsers, self.programs = self.log_in(), self.keys()
        self.operators = {who: self.browsers[who] for who in OPERATORS}
        users = [self.players[who].user.pk for who in OPERATORS]
        User.objects.filter(pk__in=users).update(is_staff=True, is_superuser=True)

    def make(self, fees: dict[str, int], whose: dict[str, Any]) -> Any:
        return self.market.package("Tried", "customer", {self.market.mailbox: 1}, fees, **whose)

    def state(self) -> Any:
        """All that an operation could change."""
        version = self.thing.versions.latest("pk")
        pushed = Push.objects.filter(package=self.thing, limits=True).count()
        made = Package.objects.filter(name="Made").count(), Subscription.objects.count()
        return self.switches(), replace(Content.of(version)), self.charged(), pushed, made

    def switches(self) -> tuple[Any, ...]:
        row = type(self.thing).objects.get(pk=self.thing.pk)
        return row.name, row.is_shared, row.is_active

    def charged(self) -> list[tuple[Any, ...]]:
        """By its fees."""
        fees = Fee.objects.filter(pk__in=(self.reseller_fee.pk, self.account_fee.pk)).order_by("pk")
        made = Fee.objects.filter(name="Made").count()
        return [(made,), *((fee.name, fee.is_active, fee.is_shared, fee.versions.count()) for fee in fees)]

    def fee(self, kind: str, manager: Player) -> Fee:
        name, charging = f"{kind} {uuid4().hex[:6]}", Charging("", Decimal(10))
        shared = kind == "account" and self.case.shows_fee
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
        return programs | {"north_reader": self.world.north.api("catalog.view", "add_on.view")}

    def stock(self) -> None:
        """Resellers hold what they sell from."""
        self.market.subscribe(self.world.north)
        self.market.subscribe(self.players["west"])
        depot = self.market.package("Depot", "reseller", {self.market.mailbox: 10})
        self.market.subscribe(self.world.north_east, package=depot)

    def sell(self) -> None:
        """To a customer of who manages the package."""
        self.stock()
        self.market.sell(self.customers[self.case.managed_by], package=self.thing)

    def offered(self, who: str) -> dict[str, int]:
        """The package to a customer of theirs."""
        holder = self.customers.get(who, self.world.shop).id
        return {"tenant": holder, "package": self.thing.pk, "service_instance": self.market.instance.pk, "quantity": 1}

    def sell_by_page(self, who: str, **more: Any) -> int:
        values = self.offered(who) | more
        return self.post(who, "subscriptions/new", query=f"?tenant={values.pop('tenant')}", **values)

    @property
    def managed_by(self) -> dict[str, int]:
        """Whoever manages this one is to manage what is made; where pages ask."""
        manager = self.players[self.case.managed_by]
        return {} if manager == self.world.provider else {"managed_by": manager.id}

    @property
    def of_type(self) -> str:
        return f"?service_type={self.market.exchange.pk}"

    def create(self, who: str) -> int:
        """A package for who manages this one."""
        limits = [{"resource": self.mailbox, "limit": 1}]
        whose = {"managed_by": self.players[self.case.managed_by].id, "audience": "customer"}
        body = {"service_type": self.market.exchange.pk, "name": "Made", "limits": limits, **whose}
        return self.programs[who].post("packages", body).status_code

    def create_by_page(self, who: str) -> int:
        """In the portal it is always one's own."""
        values = {"name": "Made", "audience": "customer", **self.filled(), **self.managed_by}
        return self.post(who, f"{self.area}/new", query=self.of_type, **values)

    def create_fee(self, who: str) -> int:
        body = {"kind": "account", "name": "Made", "managed_by": self.players[self.case.managed_by].id}
        return self.programs[who].post("fees", body | {"amount": {"amount": "5", "currency": "EUR"}}).status_code

    def create_fee_by_page(self, who: str) -> int:
        terms = {"amount": "5", "cycle": "month", "billed": "advance", "currency": "EUR"}
        return self.post(who, "fees/new", kind="account", name="Made", **terms, **self.managed_by)

    def make_in_admin(self, who: str, model: Any, query: str = "", **values: Any) -> int:
        """Who does not come so far as to be asked is refused."""
        browser = self.operators[who]
        address = reverse(f"admin:{model._meta.label_lower.replace('.', '_')}_add") + query
        answer = browser.get(address)
        if answer.status_code != 200 or "adminform" not in answer.context:
            return 403
        sent = shown(answer) | values | self.managed_by
        return browser.post(address, {name: value for name, value in sent.items() if is_sent(value)}).status_code

    def switch(self, who: str, many: str, row: Any) -> int:
        """Among many, by REST."""
        return self.programs[who].post(many, {"ids": [row.pk]}).status_code

    def switch_by_page(self, who: str, many: str, row: Any) -> int:
        """From the list, confirmed."""
        return self.post(who, many, selected=row.pk, switch="1")

    def operate(self, who: str, row: Any, **values: Any) -> int:
        """In the admin: look at a row, or send its page with other values. What is out of sight leads back: 404."""
        browser = self.operators[who]
        answer = browser.get(page(row))
        if answer.status_code != 200:
            return 404 if not values and "login" not in answer.url else 403
        if not values:
            return 200
        sent = shown(answer) | values
        return browser.post(page(row), {name: value for name, value in sent.items() if is_sent(value)}).status_code

    def withdraw(self, who: str) -> int:
        """By the action of the admin's list."""
        chosen = {"action": "withdraw", "_selected_action": [self.thing.pk]}
        return self.operators[who].post(reverse("admin:catalog_package_changelist"), chosen).status_code

    def get(self, who: str, path: str) -> int:
        shell = "console" if who in ("provider", "stranger") else "portal"
        return self.browsers[who].get(f"/{shell}/{path}/").status_code

    def post(self, who: str, path: str, query: str = "", **values: Any) -> int:
        shell = "console" if who in ("provider", "stranger") else "portal"
        given = {name: value for name, value in values.items() if value not in (None, False)}
        return self.browsers[who].post(f"/{shell}/{path}/{query}", given | {"request_id": uuid4()}).status_code

    def patch(self, who: str, path: str, **body: Any) -> int:
        return self.programs[who].patch(path, body).status_code

    def save(self, who: str, **changes: Any) -> int:
        """By its page, as it stands there with other values."""
        fees = {"reseller_fee": self.reseller_fee.pk, "account_fee": self.account_fee.pk}
        own = dict(zip(("name", "is_shared", "is_active"), self.switches(), strict=True))
        return self.post(who, f"{self.path}/edit", **own | fees | self.filled() | changes)

    def filled(self) -> dict[str, Any]:
        return {f"limit_{self.mailbox}": 1}

    def revise(self, who: str, fee: Fee) -> int:
        terms = {"amount": "11", "cycle": "month", "billed": "advance", "effective_on": "2090-01-01"}
        return self.post(who, f"fees/{fee.pk}/revise", **terms)

    def revise_by_api(self, who: str, fee: Fee) -> int:
        body = {"amount": {"amount": "11", "currency": "EUR"}, "effective_on": "2090-01-01"}
        return self.programs[who].post(f"fees/{fee.pk}/versions", body).status_code


Attempt = Callable[[Stage, str], int]
