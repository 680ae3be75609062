"""Random operations against a model: what is allocated, sold, used and remains agrees with it at every level, and so
does what is refused, with what remains. `--slow` takes more of them."""

from datetime import timedelta
from uuid import uuid4

from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from addons.refusals import TargetNotActive
from addons.services.sales import cancel_add_on_sale
from resellerhub.kernel.refusals import Refusal
from subscriptions.models import Holding
from subscriptions.refusals import BelowUtilised, NoSource, OversellRefused, StillDrawn
from subscriptions.refusals import SubscriptionNotActive as NotActive
from subscriptions.refusals import SubscriptionNotSuspended as NotSuspended
from subscriptions.services.life.changing import change_quantity, raise_allocation
from subscriptions.services.life.standing import close_subscription, resume_subscription, suspend_subscription
from subscriptions.services.usage.ingesting import Measure, ingest_usage
from tests.addons.conftest import verified
from tests.addons.ledger import Held
from tests.addons.trade import LOT, TEN, Stage
from tests.world import NOW

RESOURCES = ("user_mailbox", "storage_gb", "mails")
MANY, FEW = st.integers(1, 40), st.integers(1, 4)
STEPS = 50
ANY = st.integers(0, 10**6)
"""Chooses one of those that are there, whatever is there then."""


class Refused(Exception):
    """What the model says must be refused."""

    def __init__(self, kind: type[Refusal], **facts: int) -> None:
        self.kind, self.facts = kind, facts


class Trade(RuleBasedStateMachine):
    """A provider, resellers at three depths (the second may oversell), and a customer of each."""

    stage: Stage

    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.held: dict[int, Held] = {}
        self.events: list[Measure] = []

    def teardown(self) -> None:
        findings = verified()
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)
        assert not findings

    @initialize(first=st.integers(2, 4))
    def begin(self, first: int) -> None:
        """Something to sell from at every depth."""
        for at in range(3):
            self.subscribe(at, max(first - at, 1))

    @rule(at=st.integers(0, 2), quantity=FEW)
    def subscribe(self, at: int, quantity: int) -> None:
        """The reseller at this depth."""
        self.open(self.stage.resellers[at], at, LOT, quantity)

    @rule(at=st.integers(0, 3), quantity=FEW)
    def sell(self, at: int, quantity: int) -> None:
        """To the customer of the provider, or of a reseller."""
        self.open(self.stage.customers[at], at, TEN, quantity)

    @rule(which=ANY, quantity=FEW)
    def change(self, which: int, quantity: int) -> None:
        if not (found := self.pick(which)):
            return
        pk, one = found
        more = {key: limit * (quantity - one.quantity) for key, limit in one.limits.items()}
        self.both(
            lambda: self.check_source(one.source, more) if quantity > one.quantity else self.check_room(one, more),
            lambda: setattr(one, "quantity", quantity),
            lambda: change_quantity(actor=self.seller(one), subscription_id=pk, quantity=quantity, now=NOW),
        )

    @rule(which=ANY, amount=MANY, resource=st.sampled_from(RESOURCES))
    def raise_it(self, which: int, amount: int, resource: str) -> None:
        if not (found := self.pick(which)):
            return
        pk, one = found
        self.both(
            lambda: self.check_source(one.source, {resource: amount}),
            lambda: one.raised.update({resource: amount}),
            lambda: raise_allocation(
                actor=self.seller(one),
                subscription_id=pk,
                resource_id=self.stage.resources[resource].pk,
                amount=amount,
                request_id=uuid4(),
                now=NOW,
            ),
        )

    @rule(which=ANY, quantity=FEW)
    def add(self, which: int, quantity: int) -> None:
        """An add-on of the provider, with three mailboxes."""
        if not (found := self.pick(which)):
            return
        pk, one = found
        values = {"user_mailbox": 3 * quantity}

        def check() -> None:
            if one.state != "active":
                raise Refused(TargetNotActive)
            self.check_source(one.source, values)

        sale = self.both(check, lambda: None, lambda: self.stage.sell_add_on(pk, quantity))
        if sale is not None:
            one.sales[sale.pk] = values

    @rule(which=ANY)
    def take_back(self, which: int) -> None:
        sales = [(one, sale) for one in self.held.values() if one.is_open for sale in one.sales]
        if not sales:
            return
        one, sale = sales[which % len(sales)]
        less = {resource: -amount for resource, amount in one.sales[sale].items()}
        self.both(
            lambda: self.check_room(one, less),
            lambda: one.sales.pop(sale),
            lambda: cancel_add_on_sale(actor=self.stage.provider, sale_id=sale, now=NOW),
        )

    @rule(which=ANY)
    def suspend(self, which: int) -> None:
        self.switch(which, "active", "suspended", NotActive, suspend_subscription)

    @rule(which=ANY)
    def resume(self, which: int) -> None:
        self.switch(which, "suspended", "active", NotSuspended, resume_subscription)

    @rule(which=ANY)
    def close(self, which: int) -> None:
        if not (found := self.pick(which)):
            return
        pk, one = found

        def check() -> None:
            if one.open_drawn:
                raise Refused(StillDrawn, count=len(one.open_drawn))

        self.both(
            check,
            lambda: setattr(one, "state", "closed"),
            lambda: close_subscription(actor=self.seller(one), subscription_id=pk, now=NOW),
        )

    @rule(of=st.lists(st.tuples(ANY, st.integers(0, 50), st.integers(0, 9), st.booleans()), min_size=1, max_size=6))
    def use(self, of: list[tuple[int, int, int, bool]]) -> None:
        """A batch, late events and repeated ones among it."""
        batch = []
        for which, quantity, at, is_counter in of:
            if found := self.pick(which):
                pk, one = found
                code = "mails" if is_counter else "user_mailbox"
                batch.append(Measure(f"{len(self.events)}", pk, code, quantity, NOW - timedelta(hours=at)))
                self.events.append(batch[-1])
                if is_counter:
                    one.mails += quantity
                else:
                    one.gauge = max(one.gauge, (-at + 100, quantity))
        again = self.events[:: max(len(self.events) // 3, 1)]
        done = ingest_usage(actor=self.stage.provider, measures=[*batch, *again], now=NOW)
        assert (done.accepted, done.rejected) == (len(batch), [])

    @invariant()
    def agrees(self) -> None:
        stored = {
            (row[0], row[1]): row[2:]
            for row in Holding.objects.filter(subscription__in=self.held).values_list(
                "subscription_id", "resource__code", "allocated", "sold", "used", "remaining"
            )
        }
        expected = {(pk, code): one.row(code) for pk, one in self.held.items() if one.is_open for code in RESOURCES}
        nothing = (0, 0, 0, 0)
        assert {key: row for key, row in stored.items() if row != nothing} == {
            key: row for key, row in expected.items() if row != nothing
        }

    def open(self, holder, at: int, limits: dict[str, int], quantity: int) -> None:
        seller = None if at == 0 else self.stage.resellers[at - 1].name
        sources = [(pk, one) for pk, one in self.held.items() if one.holder == seller and one.state == "active"]
        source = min(sources, default=(0, None), key=lambda pair: pair[0])[1]

        def check() -> None:
            if seller and source is None:
                raise Refused(NoSource)
            self.check_source(source, {key: limit * quantity for key, limit in limits.items()})

        made = self.both(check, lambda: None, lambda: self.stage.sell(holder, at, quantity))
        if made is not None:
            one = Held(holder.name, holder in self.stage.resellers, source, limits, quantity)
            self.held[made.pk] = one
            if source:
                source.drawn.append(one)

    def switch(self, which: int, before: str, after: str, refusal: type[Refusal], operation) -> None:
        if not (found := self.pick(which)):
            return
        pk, one = found

        def check() -> None:
            if one.state != before:
                raise Refused(refusal)

        self.both(
            check,
            lambda: setattr(one, "state", after),
            lambda: operation(actor=self.seller(one), subscription_id=pk, now=NOW),
        )

    def both(self, check, change, operate):
        """Refused by both, for the same reason and with the same numbers, or done by both."""
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

    def check_source(self, source: Held | None, asked: dict[str, int]) -> None:
        if source is None or source.holder == self.stage.overseller:
            return
        for resource in RESOURCES:
            if asked.get(resource, 0) > source.left(resource):
                raise Refused(OversellRefused, remaining=source.left(resource), asked=asked[resource])

    def check_room(self, one: Held, less: dict[str, int]) -> None:
        if one.holder == self.stage.overseller:
            return
        for resource, amount in less.items():
            if amount and one.allocated(resource) + amount < one.utilised(resource):
                raise Refused(BelowUtilised)

    def pick(self, which: int) -> tuple[int, Held] | None:
        found = [(pk, one) for pk, one in self.held.items() if one.is_open]
        return found[which % len(found)] if found else None

    def seller(self, one: Held):
        return self.stage.sellers[one.holder]


def test_random_operations_agree_with_the_model(shop, request):
    """Runs of 50 steps, the same ones every time; a failure prints its steps, as few as still fail."""
    long = request.config.getoption("--slow")
    machine = type("Trade", (Trade,), {"stage": Stage(shop)})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=100 if long else 12,
            stateful_step_count=STEPS,
            derandomize=True,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
        _min_steps=STEPS,
    )
