"""The operations of the model, done by the services, and what PostgreSQL says of it afterwards."""

import random
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

from resellerhub.kernel.refusals import Refusal
from subscriptions.models import Pool, PoolAssignment
from subscriptions.services.pools.assigning import assign_seats, change_assignment
from subscriptions.services.pools.editing import edit_pool
from subscriptions.services.pools.ending import reclaim_seats
from subscriptions.services.pools.expiry import Expiry
from subscriptions.services.pools.purchasing import change_stock, extend_pool
from subscriptions.services.pools.resolving import accept_pool, decline_pool, return_pool
from tests.pools import dice as walks
from tests.pools.dice import Dice
from tests.pools.model import DEPTH, PAYMENTS, Model, Operation, Wrong
from tests.pools.stage import Stage, line
from tests.world import NOW, Player

FACTS = (
    *("seats", "pending", "allocated", "assigned", "free", "state", "ends_at"),
    *("reclaimed_at", "was_assigned", "payment_type"),
)


class Walker:
    """A line of resellers as deep as the model's, who do what the model does."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        levels = line(stage, DEPTH)
        self.people: list[Player] = [stage.world.provider, *levels[:-1]]
        self.customers = {0: stage.world.direct, 1: stage.world.shop, DEPTH: levels[-1]}
        self.model: Model | None = None
        self.ids: list[int] = []

    def walk(
        self, operations: int, seed: int, season: int = walks.SEASON, likely: str = ""
    ) -> Counter[tuple[str, bool]]:
        """Each is done by the services, too, and all of the line that it touched compared."""
        done: Counter[tuple[str, bool]] = Counter()
        dice = Dice(random.Random(seed), frozenset(self.customers), likely)  # noqa: S311 - dice, not a secret
        for at, operation, fine in walks.walk(operations, dice, season):
            if at is not self.model:
                self._begin(at)
            done[operation.name, fine] += 1
            if self._did(operation) != fine:
                raise Wrong(f"{operation} is {'done' if fine else 'refused'} by the model alone")
            self._compare(at, operation)
        return done

    def _begin(self, at: Model) -> None:
        if self.model:
            self._compare(self.model)
        self.model = at
        stock = self.stage.stock(at.purchased, payment_type=PAYMENTS[0], ends_at=when(at.pools[0].own_end))
        self.ids = [stock.pk]

    def _did(self, operation: Operation) -> bool:
        assert self.model
        call: Callable[..., Any] = getattr(self, operation.name)
        pool = self.model.pools[operation.pool]
        try:
            call(self.ids[operation.pool], pool.level, operation, when(self.model.now))
        except Refusal:
            return False
        return True

    def _compare(self, at: Model, operation: Operation | None = None) -> None:
        """Without an operation, or where an end has moved, everything; else what is above and right beneath it."""
        near = at.pools
        if operation is not None and operation.name not in {"extend", "expire"}:
            pool = at.pools[operation.pool]
            above = [pool.parent, *pool.parent.children] if pool.parent else []
            near = list(dict.fromkeys([pool, *pool.children, *above]))
        rows = Pool.objects.filter(pk__in=[self.ids[one.position] for one in near])
        said = {pk: facts for pk, *facts in rows.values_list("pk", *FACTS)}
        for one in near:
            facts = list(one.facts())
            facts[6] = when(one.ends_at)
            found = said[self.ids[one.position]]
            found[7] = found[7] is not None
            if found != facts:
                raise Wrong(f"{operation}: pool {one.position} is {found}, of the model {facts}")

    # Each as its namesake in the model.

    def allocate(self, pk: int, level: int, operation: Operation, now: Any) -> None:
        expiry = {"mode": "date", "at": when(operation.at)} if operation.at is not None else {}
        giver, taker = self.people[level], self.people[level + 1]
        made = self.stage.offer(Pool.objects.get(pk=pk), taker, operation.number, by=giver, now=now, **expiry)
        self.ids.append(made.pk)

    def accept(self, pk: int, level: int, _operation: Operation, now: Any) -> None:
        accept_pool(actor=self.people[level].actor, pool_id=pk, now=now)

    def give_back(self, pk: int, level: int, _operation: Operation, now: Any) -> None:
        return_pool(actor=self.people[level - 1].actor, pool_id=pk, now=now)

    def decline(self, pk: int, level: int, _operation: Operation, now: Any) -> None:
        decline_pool(actor=self.people[level].actor, pool_id=pk, now=now)

    def resize(self, pk: int, level: int, operation: Operation, now: Any) -> None:
        if level:
            edit_pool(actor=self.people[level - 1].actor, pool_id=pk, seats=operation.number, now=now)
        else:
            change_stock(actor=self.people[0].actor, pool_id=pk, seats=operation.number, now=now)

    def assign(self, pk: int, level: int, operation: Operation, now: Any) -> None:
        customer = self.customers[level].id
        assign_seats(
            actor=self.people[level].actor, pool_id=pk, customer_id=customer, seats=operation.number,
            request_id=uuid4(), now=now,
        )  # fmt: skip

    def release(self, pk: int, level: int, operation: Operation, now: Any) -> None:
        hand = PoolAssignment.objects.get(pool=pk)
        change_assignment(actor=self.people[level].actor, assignment_id=hand.pk, seats=operation.number, now=now)

    def expire(self, pk: int, level: int, _operation: Operation, now: Any) -> None:
        edit_pool(actor=self.people[level - 1].actor, pool_id=pk, expiry=Expiry("now"), now=now)

    def extend(self, pk: int, level: int, operation: Operation, now: Any) -> None:
        if not level:
            extend_pool(actor=self.people[0].actor, pool_id=pk, ends_at=when(operation.at), now=now)
            return
        expiry = Expiry() if operation.at is None else Expiry("date", when(operation.at))
        edit_pool(actor=self.people[level - 1].actor, pool_id=pk, expiry=expiry, now=now)

    def pay(self, pk: int, level: int, operation: Operation, now: Any) -> None:
        edit_pool(actor=self.people[level - 1].actor, pool_id=pk, payment_type=PAYMENTS[operation.number], now=now)

    def reclaim(self, pk: int, _level: int, _operation: Operation, now: Any) -> None:
        reclaim_seats(parent_id=pk, now=now)


def when(hours: int | None) -> Any:
    return None if hours is None else NOW + timedelta(hours=hours)
