"""What becomes of what is held: another package or holder, pushed limits, a plan and its day, another seller."""

from dataclasses import replace
from uuid import uuid4

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from addons.models import AddOnSale
from catalog.services.packages import change_package, content_on
from subscriptions.refusals import AlreadyPlanned, BelowUtilised, NothingAdded, OversellRefused
from subscriptions.services.life.settling import settle_one
from subscriptions.services.life.steps.holder import Move
from subscriptions.services.life.steps.package import ChangePackage
from subscriptions.services.life.steps.quantity import ChangeQuantity
from subscriptions.services.life.steps.taking import take_step
from subscriptions.services.pushes.starting import start_push
from subscriptions.services.pushes.terms import Asked
from tenants.services.moves import move_tenant
from tenants.services.obstacles import CannotFollow
from tests.addons.ledger import Held, Refused
from tests.addons.machine import ANY, FEW, RESOURCES, Trade, some
from tests.subscriptions.pushes import work
from tests.world import NOW, Player

PUSHES, MOVES = 1, 3
"""In one run at most: a job, and what locks whole branches."""

REFUSED = {BelowUtilised: "below_utilised", OversellRefused: "oversell_refused", NothingAdded: "suspended"}


def some_customer(machine: "Life") -> bool:
    return bool(machine.of_customers)


def some_plan(machine: "Life") -> bool:
    return any(one.planned for one in machine.held.values() if one.is_open)


class Life(Trade):
    pushes = moves = 0

    @property
    def of_customers(self) -> list[tuple[int, Held]]:
        return [(pk, one) for pk, one in self.held.items() if one.is_open and not one.is_reseller]

    @precondition(some_customer)
    @rule(which=ANY, quantity=FEW)
    def change_package(self, which: int, quantity: int) -> None:
        pk, one = self.of_customers[which % len(self.of_customers)]
        other = "Ten" if one.package == "Other" else "Other"
        step = ChangePackage(self.stage.packages[other].pk, quantity)

        def change() -> None:
            one.package, one.limits, one.quantity = other, self.limits[other], quantity

        self.both(lambda: self.check_quantity(one, quantity, other), change, lambda: self.take(pk, one, step))

    @precondition(some)
    @rule(which=ANY, quantity=FEW)
    def plan(self, which: int, quantity: int) -> None:
        pk, one = self.pick(which)

        def check() -> None:
            if one.planned not in {None, quantity}:
                raise Refused(AlreadyPlanned)

        def change() -> None:
            if quantity != one.quantity:
                one.planned = quantity

        self.both(check, change, lambda: self.take(pk, one, ChangeQuantity(quantity, when="period_end")))

    @precondition(some_plan)
    @rule(which=ANY)
    def renew(self, which: int) -> None:
        """Its day has come: what fits is carried out, what does not has failed; either way a term begins."""
        found = [(pk, one) for pk, one in self.held.items() if one.is_open and one.planned]
        pk, one = found[which % len(found)]
        type(self).tried += 1
        quantity, one.planned = one.planned, None
        one.terms += 1
        settle_one(subscription_id=pk, now=one.now)
        try:
            self.check_quantity(one, quantity)
        except Refused:
            return
        one.quantity = quantity

    @precondition(lambda machine: some_customer(machine) and machine.pushes < PUSHES)
    @rule(which=ANY, mailboxes=st.integers(5, 15))
    def push(self, which: int, mailboxes: int) -> None:
        """New limits of a package, to all that is sold of it."""
        name = self.of_customers[which % len(self.of_customers)][1].package
        type(self).tried += 1
        self.pushes += 1
        self.limits[name] = {**self.limits[name], "user_mailbox": mailboxes}
        expected = {pk: self.outcome(one, name) for pk, one in self.of_customers if one.package == name}
        assert work(self.started(name)) == expected

    def outcome(self, one: Held, name: str) -> str:
        if one.state == "suspended":
            return "suspended"
        if one.limits == self.limits[name]:
            return "unchanged"
        if one.terms:
            return "waiting"
        try:
            self.check_limits(one, self.limits[name], one.quantity)
        except Refused as refused:
            return REFUSED[refused.kind]
        one.limits = self.limits[name]
        return "changed"

    def started(self, name: str):
        package, parts = self.stage.packages[name], {"actor": self.stage.provider, "now": NOW}
        limits = {self.stage.resources[key].pk: limit for key, limit in self.limits[name].items()}
        content = replace(content_on(package, NOW.date()), limits=limits)
        change_package(package_id=package.pk, name=name, content=content, is_shared=True, is_active=True, **parts)
        asked = Asked(package.pk, prices=False, effective_on=NOW.date())
        return start_push(asked=asked, request_id=uuid4(), **parts)

    @precondition(lambda machine: machine.sellers["First"] is machine.sellers["Heir"] and machine.of_twins)
    @rule(which=ANY)
    def hand_over(self, which: int) -> None:
        pk, one = self.of_twins[which % len(self.of_twins)]
        heir = self.stage.heirs[one.holder]
        self.both(lambda: None, lambda: setattr(one, "holder", heir.name), lambda: self.take(pk, one, Move(heir.id)))
        self.follow_sales(pk, one)

    @property
    def of_twins(self) -> list[tuple[int, Held]]:
        return [(pk, one) for pk, one in self.of_customers if one.holder in self.stage.heirs]

    @precondition(lambda machine: machine.movable and machine.moves < MOVES)
    @rule(which=ANY, by=st.integers(1, 3))
    def move(self, which: int, by: int) -> None:
        """A customer, with all that it holds, to another seller."""
        self.moves += 1
        tenant = self.movable[which % len(self.movable)]
        to = (self.levels[tenant.name] + by) % 4
        seller = [self.stage.shop.world.provider, *self.stage.resellers][to]
        legs: list[tuple[Held, Held | None]] = []

        def check() -> None:
            legs.extend(self.legs(tenant.name, seller.name if to else None))

        def change() -> None:
            self.levels[tenant.name], self.sellers[tenant.name] = to, seller.actor
            for one, source in legs:
                if one.source:
                    one.source.drawn = [each for each in one.source.drawn if each is not one]
                if source:
                    source.drawn.append(one)
                one.source = source

        parts = {"tenant_id": tenant.id, "seller_id": seller.id, "now": NOW}
        self.both(check, change, lambda: move_tenant(actor=self.stage.provider, **parts))
        for pk, one in self.of(tenant.name):
            self.follow_sales(pk, one)

    def legs(self, holder: str, seller: str | None) -> list[tuple[Held, Held | None]]:
        """From where each is drawn there: the first that has room for it and for those before."""
        sources = [one for _pk, one in sorted(self.held.items()) if one.holder == seller and one.state == "active"]
        left = {(id(one), key): one.left(key) for one in sources for key in RESOURCES}
        found: list[tuple[Held, Held | None]] = []
        for _pk, one in self.of(holder):
            needed = {key: one.allocated(key) for key in RESOURCES}
            fits = (
                source
                for source in sources
                if seller == self.stage.overseller or all(left[id(source), key] >= needed[key] for key in RESOURCES)
            )
            source = next(fits, None)
            if seller and source is None:
                raise Refused(CannotFollow)
            for key in RESOURCES if source else ():
                left[id(source), key] -= needed[key]
            found.append((one, source))
        return found

    @property
    def movable(self) -> list[Player]:
        """Whose time has not passed: a move is of today."""
        return [each for each in self.stage.customers if not any(one.terms for _pk, one in self.of(each.name))]

    def of(self, holder: str) -> list[tuple[int, Held]]:
        return sorted((pk, one) for pk, one in self.of_customers if one.holder == holder)

    def take(self, pk: int, one: Held, step):
        return take_step(actor=self.seller(one), subscription_id=pk, step=step, now=one.now)

    def follow_sales(self, pk: int, one: Held) -> None:
        """An add-on that goes on with another holder or seller goes on as another sale."""
        rows = AddOnSale.objects.filter(subscription=pk, state="active").order_by("pk")
        now = {sale.first_id: sale.pk for sale in rows}
        first = dict(AddOnSale.objects.filter(pk__in=one.sales).values_list("pk", "origin"))
        one.sales = {now[first[sale] or sale]: values for sale, values in one.sales.items()}
