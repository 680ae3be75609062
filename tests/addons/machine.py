"""Random operations of everybody who trades, each tried on a model, too. What is allocated, sold, used and remains
agrees with it and with the ledgers at every level after each of them; so does what is refused, with what remains."""

from copy import deepcopy
from datetime import timedelta
from uuid import uuid4

from django.db import connection, transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from addons.refusals import TargetNotActive
from addons.services.ending import cancel_add_on_sale
from resellerhub.kernel.refusals import Refusal
from subscriptions.refusals import AlreadyPlanned, BelowUtilised, NoSource, NothingAdded, OversellRefused, StillDrawn
from subscriptions.refusals import SubscriptionNotActive as NotActive
from subscriptions.refusals import SubscriptionNotSuspended as NotSuspended
from subscriptions.services.life.changing import raise_allocation
from subscriptions.services.life.standing import close_subscription, resume_subscription, suspend_subscription
from subscriptions.services.usage.ingesting import Measure, ingest_usage
from subscriptions.verify import FINDINGS
from tests.addons.conftest import verified
from tests.addons.ledger import Held, Refused
from tests.addons.trade import LIMITS, Stage
from tests.subscriptions.market import change_quantity
from tests.world import NOW

RESOURCES = ("user_mailbox", "storage_gb", "mails")
MANY, FEW = st.integers(1, 40), st.integers(1, 4)
ANY = st.integers(0, 10**6)
"""Chooses one of those that are there, whatever is there then."""

LEDGERS = ("allocated", "sold", "measured", "used")
LOOK = f"""
PREPARE look AS
SELECT h.subscription_id, r.code, h.allocated, h.sold, h.used, h.remaining, NULL
  FROM subscriptions_holding h JOIN catalog_resource r ON r.id = h.resource_id
 UNION ALL
SELECT 0, '', 0, 0, 0, 0, found FROM ({" UNION ALL ".join(f"({FINDINGS[name]})" for name in LEDGERS)}) AS f (found)
"""
"""All that is held at any level, and where it disagrees with what was granted, sold on and reported."""


def some(machine: "Trade") -> bool:
    return any(one.is_open for one in machine.held.values())


def some_sale(machine: "Trade") -> bool:
    return any(one.sales for one in machine.held.values() if one.is_open)


class Trade(RuleBasedStateMachine):
    """A provider, resellers at three depths (the second may oversell), and a customer of each."""

    stage: Stage
    tried = 0
    """Operations in all runs: each step is one."""

    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.held, self.limits = deepcopy(self.stage.held), dict(LIMITS)
        self.sellers = dict(self.stage.sellers)
        self.levels = {one.name: at for at, one in enumerate(self.stage.customers)}
        """At which depth the seller of a customer stands."""
        self.events: list[Measure] = []

    def teardown(self) -> None:
        findings = verified()
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)
        assert not findings

    @rule(at=st.integers(0, 2), quantity=FEW)
    def subscribe(self, at: int, quantity: int) -> None:
        """The reseller at this depth."""
        self.open(self.stage.resellers[at], at, "Lot", quantity)

    @rule(at=st.integers(0, 3), quantity=FEW)
    def sell(self, at: int, quantity: int) -> None:
        """To the customer of the provider, or of a reseller."""
        holder = self.stage.customers[at]
        self.open(holder, self.levels[holder.name], "Ten", quantity)

    @precondition(some)
    @rule(which=ANY, quantity=FEW)
    def change(self, which: int, quantity: int) -> None:
        pk, one = self.pick(which)
        is_said = quantity in {one.quantity, one.planned}
        self.both(
            lambda: is_said or self.check_quantity(one, quantity),
            lambda: is_said or setattr(one, "quantity", quantity),
            lambda: change_quantity(actor=self.seller(one), subscription_id=pk, quantity=quantity, now=one.now),
        )

    @precondition(some)
    @rule(which=ANY, amount=MANY, resource=st.sampled_from(RESOURCES))
    def raise_it(self, which: int, amount: int, resource: str) -> None:
        pk, one = self.pick(which)
        self.both(
            lambda: self.check_more(one, {resource: amount}),
            lambda: one.raised.update({resource: amount}),
            lambda: raise_allocation(
                actor=self.seller(one),
                subscription_id=pk,
                resource_id=self.stage.resources[resource].pk,
                amount=amount,
                request_id=uuid4(),
                now=one.now,
            ),
        )

    @precondition(some)
    @rule(which=ANY, quantity=FEW)
    def add(self, which: int, quantity: int) -> None:
        """An add-on of the provider, with three mailboxes."""
        pk, one = self.pick(which)
        values = {"user_mailbox": 3 * quantity}

        def check() -> None:
            if one.state != "active":
                raise Refused(TargetNotActive)
            if one.source is not None and one.source.state != "active":
                raise Refused(TargetNotActive)
            self.check_source(one.source, values)

        sale = self.both(check, lambda: None, lambda: self.stage.sell_add_on(pk, quantity, one.now))
        if sale is not None:
            one.sales[sale.pk] = values

    @precondition(some_sale)
    @rule(which=ANY)
    def take_back(self, which: int) -> None:
        sales = [(one, sale) for one in self.held.values() if one.is_open for sale in one.sales]
        one, sale = sales[which % len(sales)]
        less = {resource: -amount for resource, amount in one.sales[sale].items()}
        self.both(
            lambda: self.check_room(one, less),
            lambda: one.sales.pop(sale),
            lambda: cancel_add_on_sale(actor=self.stage.provider, sale_id=sale, now=one.now),
        )

    @precondition(some)
    @rule(which=ANY)
    def suspend(self, which: int) -> None:
        self.switch(which, "active", "suspended", NotActive, suspend_subscription)

    @precondition(some)
    @rule(which=ANY)
    def resume(self, which: int) -> None:
        self.switch(which, "suspended", "active", NotSuspended, resume_subscription)

    @precondition(some)
    @rule(which=ANY)
    def close(self, which: int) -> None:
        pk, one = self.pick(which)

        def check() -> None:
            if one.open_drawn:
                raise Refused(StillDrawn, count=len(one.open_drawn))

        self.both(
            check,
            lambda: setattr(one, "state", "closed"),
            lambda: close_subscription(actor=self.seller(one), subscription_id=pk, now=one.now),
        )

    @precondition(some)
    @rule(of=st.lists(st.tuples(ANY, st.integers(0, 50), st.integers(0, 9), st.booleans()), min_size=1, max_size=6))
    def use(self, of: list[tuple[int, int, int, bool]]) -> None:
        """A batch, late events and repeated ones among it."""
        batch = []
        for which, quantity, at, is_counter in of:
            pk, one = self.pick(which)
            code = "mails" if is_counter else "user_mailbox"
            batch.append(Measure(f"{len(self.events)}", pk, code, quantity, NOW - timedelta(hours=at)))
            self.events.append(batch[-1])
            if is_counter:
                one.mails += quantity
            else:
                one.gauge = max(one.gauge, (-at + 100, quantity))
        again = self.events[:: max(len(self.events) // 3, 1)]
        type(self).tried += 1
        done = ingest_usage(actor=self.stage.provider, measures=[*batch, *again], now=NOW)
        assert (done.accepted, done.rejected) == (len(batch), [])

    @invariant()
    def agrees(self) -> None:
        """By one statement, whatever is there."""
        with connection.cursor() as cursor:
            cursor.execute("EXECUTE look")
            stored = cursor.fetchall()
        assert [found for *_row, found in stored if found] == []
        expected = {(pk, code, *one.row(code)) for pk, one in self.held.items() if one.is_open for code in RESOURCES}
        assert {row[:6] for row in stored if any(row[2:6])} == {row for row in expected if any(row[2:])}

    def open(self, holder, at: int, package: str, quantity: int) -> None:
        limits = self.limits[package]
        seller = None if at == 0 else self.stage.resellers[at - 1].name
        sources = [(pk, one) for pk, one in self.held.items() if one.holder == seller and one.state == "active"]
        asked = {key: limit * quantity for key, limit in limits.items()}
        by_age = [one for _pk, one in sorted(sources, key=lambda pair: pair[0])]
        source = next((one for one in by_age if self.has_room(one, asked)), by_age[0] if by_age else None)

        def check() -> None:
            if seller and source is None:
                raise Refused(NoSource)
            self.check_source(source, asked)

        made = self.both(check, lambda: None, lambda: self.stage.sell(holder, at, quantity))
        if made is not None:
            one = Held(holder.name, package == "Lot", source, limits, quantity, package)
            self.held[made.pk] = one
            if source:
                source.drawn.append(one)

    def switch(self, which: int, before: str, after: str, refusal: type[Refusal], operation) -> None:
        pk, one = self.pick(which)

        def check() -> None:
            if one.state != before:
                raise Refused(refusal)

        self.both(
            check,
            lambda: setattr(one, "state", after),
            lambda: operation(actor=self.seller(one), subscription_id=pk, now=one.now),
        )

    def both(self, check, change, operate):
        """Refused by both, for the same reason and with the same numbers, or done by both."""
        type(self).tried += 1
        expected, refusal, done = None, None, None
        try:
            check()
        except Refused as refused:
            expected = refused
        try:
            done = operate()
        except Refusal as refused:
            refusal = refused
        if expected is None:
            assert refusal is None, f"refused, and nothing speaks against it: {refusal}"
            change()
            return done
        assert isinstance(refusal, expected.kind), f"{expected.kind} was to be expected: {refusal or 'done'}"
        assert {key: refusal.facts[key] for key in expected.facts} == expected.facts
        return None

    def check_quantity(self, one: Held, quantity: int, package: str = "") -> None:
        """Of what it holds, or of another package."""
        if one.planned is not None:
            raise Refused(AlreadyPlanned)
        self.check_limits(one, self.limits[package] if package else one.limits, quantity)

    def check_limits(self, one: Held, limits: dict[str, int], quantity: int) -> None:
        more = {key: limits.get(key, 0) * quantity - one.limits.get(key, 0) * one.quantity for key in RESOURCES}
        if any(amount > 0 for amount in more.values()):
            self.check_more(one, more)
        self.check_room(one, {key: amount for key, amount in more.items() if amount < 0})

    def check_more(self, one: Held, asked: dict[str, int]) -> None:
        if one.state == "suspended":
            raise Refused(NothingAdded)
        self.check_source(one.source, asked)

    def check_source(self, source: Held | None, asked: dict[str, int]) -> None:
        if source is None:
            return
        if source.state == "suspended":
            raise Refused(NothingAdded)
        for resource in RESOURCES:
            is_endless = source.holder == self.stage.overseller and source.allocated(resource) > 0
            if asked.get(resource, 0) > source.left(resource) and not is_endless:
                raise Refused(OversellRefused, remaining=source.left(resource), asked=asked[resource])

    def has_room(self, source: Held, asked: dict[str, int]) -> bool:
        try:
            self.check_source(source, asked)
        except Refused:
            return False
        return True

    def check_room(self, one: Held, less: dict[str, int]) -> None:
        if one.holder == self.stage.overseller:
            return
        for resource, amount in less.items():
            if amount and one.allocated(resource) + amount < one.utilised(resource):
                raise Refused(BelowUtilised)

    def pick(self, which: int) -> tuple[int, Held]:
        found = [(pk, one) for pk, one in self.held.items() if one.is_open]
        return found[which % len(found)]

    def seller(self, one: Held):
        return self.sellers[one.holder]
