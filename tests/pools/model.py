"""Pools in plain Python, every rule said again: what PostgreSQL and the services have to agree with.

A stock is purchased at level 0; a holder gives of what it holds to the level beneath, down to `DEPTH`, and hands seats
to a customer. Time is in hours. Who chooses what is done is in `tests.pools.dice`.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, NamedTuple

DEPTH = 5
YEAR = 24 * 365
PENDING, ACTIVE, RETURNED, DECLINED = "pending", "active", "returned", "declined"
PAYMENTS = ("monthly", "yearly", "upfront")


class Wrong(AssertionError):
    """An invariant does not hold, or somebody else says otherwise."""


class Operation(NamedTuple):
    """`pool` is a position in the model; `number` seats, `at` an end, whichever the operation takes."""

    name: str
    pool: int
    number: int = 0
    at: int | None = None


@dataclass(slots=True, eq=False)
class Pool:
    position: int
    level: int
    parent: "Pool | None"
    seats: int
    state: str = PENDING
    own_end: int | None = None
    pending: int = 0
    allocated: int = 0
    assigned: int = 0
    was_assigned: bool = False
    payment: str = PAYMENTS[0]
    over: bool = False
    """Its seats, or those of one above it, went back after that had ended."""
    children: "list[Pool]" = field(default_factory=list)

    @property
    def free(self) -> int:
        return self.seats - self.pending - self.allocated - self.assigned

    @property
    def ends_at(self) -> int:
        """The earliest of its line."""
        above = self.parent.ends_at if self.parent else None
        return min(end for end in (above, self.own_end) if end is not None)

    @property
    def is_open(self) -> bool:
        return self.state in {PENDING, ACTIVE} and not self.over

    def usable(self, now: int) -> bool:
        return self.state == ACTIVE and not self.over and self.ends_at > now

    def ended(self, now: int) -> "list[Pool]":
        """What was given of it and has ended, while it goes on itself: its seats are there to be given again."""
        if self.ends_at <= now:
            return []
        return [one for one in self.children if one.is_open and one.ends_at <= now]

    def counted(self) -> tuple[int, int, int, int]:
        return self.seats, self.pending, self.allocated, self.assigned

    def facts(self) -> tuple[Any, ...]:
        """All that another can be asked about it."""
        return (*self.counted(), self.free, self.state, self.ends_at, self.over, self.was_assigned, self.payment)


class Model:
    """One stock and all that came of it. `apply` says whether an operation is done or refused, and then nothing is."""

    def __init__(self, seats: int, now: int = 0) -> None:
        self.now = now
        self.purchased = seats
        self.pools = [Pool(0, 0, None, seats, ACTIVE, now + YEAR)]

    def apply(self, operation: Operation) -> bool:
        done: bool = getattr(self, operation.name)(self.pools[operation.pool], operation.number, operation.at)
        return done

    def make_room(self, pool: Pool, seats: int) -> bool:
        """Whether so many are there to be taken; what has ended gives its seats back where too few are free."""
        ended = pool.ended(self.now) if pool.free < seats else []
        if pool.free + sum(one.seats for one in ended) < seats:
            return False
        for one in ended:
            self._take_back(one)
        return True

    def _take_back(self, pool: Pool) -> None:
        assert pool.parent
        if pool.state == PENDING:
            pool.parent.pending -= pool.seats
        else:
            pool.parent.allocated -= pool.seats
        self._is_over(pool)

    def _is_over(self, pool: Pool) -> None:
        pool.over = True
        for one in pool.children:
            if one.state in {PENDING, ACTIVE}:
                self._is_over(one)

    # Each takes the pool, a number of seats and an end.

    def allocate(self, pool: Pool, seats: int, end: int | None) -> bool:
        ends_well = end is None or self.now < end <= pool.ends_at
        if not (ends_well and pool.usable(self.now) and self.make_room(pool, seats)):
            return False
        child = Pool(len(self.pools), pool.level + 1, pool, seats, own_end=end)
        pool.pending += seats
        pool.children.append(child)
        self.pools.append(child)
        return True

    def accept(self, pool: Pool, _seats: int, _end: int | None) -> bool:
        assert pool.parent
        if pool.state == ACTIVE:
            return True  # twice is once
        if pool.state != PENDING or pool.over or pool.ends_at <= self.now or not pool.parent.usable(self.now):
            return False
        pool.parent.pending -= pool.seats
        pool.parent.allocated += pool.seats
        pool.state = ACTIVE
        return True

    def give_back(self, pool: Pool, _seats: int, _end: int | None) -> bool:
        return self._gone(pool, RETURNED)

    def decline(self, pool: Pool, _seats: int, _end: int | None) -> bool:
        return pool.state == DECLINED or self._gone(pool, DECLINED)

    def _gone(self, pool: Pool, state: str) -> bool:
        assert pool.parent
        if pool.state != PENDING or pool.over or pool.ends_at <= self.now:
            return False
        pool.parent.pending -= pool.seats
        pool.seats, pool.state = 0, state
        return True

    def resize(self, pool: Pool, seats: int, _end: int | None) -> bool:
        more = seats - pool.seats
        if pool.parent is None:
            if more < 0 and not self.make_room(pool, -more):
                return False
            self.purchased += more
            pool.seats = seats
            return True
        if more == 0:
            return True
        if not pool.is_open or (more < 0 and not self.make_room(pool, -more)):
            return False
        above = pool.parent
        if more > 0 and pool.ends_at <= self.now:
            return False
        if more > 0 and not (above.usable(self.now) and self.make_room(above, more)):
            return False
        if pool.state == PENDING:
            above.pending += more
        else:
            above.allocated += more
        pool.seats = seats
        return True

    def assign(self, pool: Pool, seats: int, _end: int | None) -> bool:
        if not (pool.usable(self.now) and self.make_room(pool, seats)):
            return False
        pool.assigned += seats
        pool.was_assigned = True
        return True

    def release(self, pool: Pool, seats: int, _end: int | None) -> bool:
        """The customer has so many from now on."""
        more = seats - pool.assigned
        if more > 0 and not (pool.usable(self.now) and self.make_room(pool, more)):
            return False
        pool.assigned = seats
        return True

    def expire(self, pool: Pool, _seats: int, _end: int | None) -> bool:
        """What has ended keeps its end."""
        return self._end(pool, pool.own_end if pool.ends_at <= self.now else self.now)

    def extend(self, pool: Pool, _seats: int, end: int | None) -> bool:
        """Without an end: the same as the pool above."""
        if end is not None and (end <= self.now or (pool.parent is not None and end > pool.parent.ends_at)):
            return False
        return self._end(pool, end)

    def _end(self, pool: Pool, end: int | None) -> bool:
        if end != pool.own_end and (pool.over or pool.state in {RETURNED, DECLINED}):
            return False
        pool.own_end = end
        if pool.parent and pool.state == PENDING and pool.ends_at <= self.now:
            self.reclaim(pool.parent, 0, None)
        return True

    def pay(self, pool: Pool, number: int, _end: int | None) -> bool:
        """By another type, as long as no customer had a seat."""
        payment = PAYMENTS[number]
        closed = pool.over or pool.state in {RETURNED, DECLINED}
        if (pool.was_assigned or closed) and payment != pool.payment:
            return False
        pool.payment = payment
        return True

    def reclaim(self, pool: Pool, _seats: int, _end: int | None) -> bool:
        for one in pool.ended(self.now):
            self._take_back(one)
        return True

    def check(self) -> None:
        """What holds whatever was done."""
        living = 0
        for pool in self.pools:
            given = Counter[str]()
            for child in pool.children:
                given[child.state] += 0 if child.over else child.seats
            right = pool.free >= 0 and min(pool.counted()) >= 0
            right &= pool.over or (pool.pending, pool.allocated) == (given[PENDING], given[ACTIVE])
            right &= not pool.over or not any(child.is_open for child in pool.children)
            right &= pool.parent is None or pool.ends_at <= pool.parent.ends_at
            right &= pool.was_assigned or not pool.assigned
            right &= pool.state in {PENDING, ACTIVE} or pool.counted() == (0, 0, 0, 0)
            right &= pool.state == ACTIVE or (pool.assigned, len(pool.children)) == (0, 0)
            if not right:
                raise Wrong(f"{pool.position}: {pool.facts()}, given {given}")
            if not pool.over:
                living += pool.free + pool.assigned
        if living != self.purchased:
            raise Wrong(f"{living} seats are somewhere, {self.purchased} were purchased")
