"""Walks of a model of pools at random. `python -m tests.pools.dice 1000000` takes so many operations and says how many
a second.
"""

import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from tests.pools.model import DEPTH, YEAR, Model, Operation, Pool, Wrong

SEASON = 1500
"""After so many operations a walk goes on with a new stock."""
WEIGHTS = {
    "allocate": 8,
    "accept": 9,
    "give_back": 1,
    "decline": 1,
    "resize": 3,
    "assign": 7,
    "release": 2,
    "expire": 1,
    "extend": 1,
    "pay": 1,
    "reclaim": 1,
}
NAMES, CHANCES = list(WEIGHTS), list(WEIGHTS.values())
ONLY_GIVEN = {"accept", "give_back", "decline", "pay"}


@dataclass
class Dice:
    """Chooses what is done next: mostly with what is alive, rather deep than high, and often too much."""

    chance: random.Random
    assigning: frozenset[int] = frozenset(range(DEPTH + 1))
    """The levels whose holders have a customer."""
    likely: str = ""
    """Chosen more often than it is worth."""

    def season(self, now: int) -> Model:
        return Model(self.chance.randint(200, 600), now)

    def operation(self, model: Model) -> Operation:
        model.now += self.chance.choice((0, 0, 1, 3))
        while True:
            name = self.chance.choices(NAMES, CHANCES)[0]
            if self.likely and self.chance.random() < 0.3:
                name = self.likely
            pool = self._some(model)
            if made := self._made(model, name, pool):
                return made

    def _some(self, model: Model) -> Pool:
        tries = [self.chance.choice(model.pools) for _ in range(4)]
        alive = [one for one in tries if one.is_open and one.ends_at > model.now]
        return max(alive if alive and self.chance.random() < 0.9 else tries, key=lambda one: one.level)

    def _made(self, model: Model, name: str, pool: Pool) -> Operation | None:
        roll = self.chance.randint
        if name in ONLY_GIVEN and pool.parent is None:
            return None
        if name == "allocate":
            end = model.now + roll(-1, 24 * 9) if self.chance.random() < 0.5 else None
            return None if pool.level == DEPTH else Operation(name, pool.position, roll(1, pool.free // 2 + 3), end)
        if name == "resize":
            most = 700 if pool.parent is None else 40
            return Operation(name, pool.position, roll(1, most))
        if name in {"assign", "release"}:
            if pool.level not in self.assigning or (name == "release" and not pool.was_assigned):
                return None
            return Operation(name, pool.position, roll(1, 8) if name == "assign" else roll(0, 12))
        if name == "expire":
            return None if pool.level < 2 else Operation(name, pool.position)
        if name == "extend":
            return Operation(name, pool.position, at=self._later(model, pool))
        return Operation(name, pool.position, roll(0, 2) if name == "pay" else 0)

    def _later(self, model: Model, pool: Pool) -> int | None:
        if pool.parent is None:
            return model.now + self.chance.randint(24 * 5, YEAR)
        return None if self.chance.random() < 0.6 else model.now + self.chance.randint(1, 24 * 20)


def walk(operations: int, dice: Dice, season: int = SEASON) -> Iterator[tuple[Model, Operation, bool]]:
    """So many operations, applied; a new model begins each season."""
    model = dice.season(0)
    for number in range(operations):
        if number % season == 0 and number:
            model = dice.season(model.now)
        operation = dice.operation(model)
        yield model, operation, model.apply(operation)


def walk_alone(operations: int, seed: int) -> Counter[tuple[str, bool]]:
    """The model against its own invariants after every operation near it, and all of it every now and then."""
    done: Counter[tuple[str, bool]] = Counter()
    dice = Dice(random.Random(seed))  # noqa: S311 - dice, not a secret
    for number, (model, operation, fine) in enumerate(walk(operations, dice)):
        done[operation.name, fine] += 1
        pool = model.pools[operation.pool]
        for one in (pool, pool.parent or pool):
            if one.free < 0 or min(one.counted()) < 0:
                raise Wrong(f"{operation}: {one.facts()}")
        if number % 100 == 0:
            model.check()
    return done


def main() -> None:
    operations = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    started = time.perf_counter()
    done = walk_alone(operations, seed=int(started))
    seconds = time.perf_counter() - started
    told = ", ".join(f"{name} {done[name, True]:,} of {done[name, True] + done[name, False]:,}" for name in NAMES)
    print(f"{operations:,} operations in {seconds:.1f} s, {operations / seconds:,.0f} a second, 0 wrong; done: {told}")


if __name__ == "__main__":
    main()
