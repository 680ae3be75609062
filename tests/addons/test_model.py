"""A thousand random operations against a model; `--slow` takes more, and plants faults."""

import pytest
from django.db import connection
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from subscriptions.services.allocation import ALLOCATE
from subscriptions.services.drawing import RAISE
from tests.addons.machine import LOOK
from tests.addons.machine_life import Life
from tests.addons.trade import Stage

RUNS, STEPS = 10, 100


@pytest.fixture
def look(db):
    """The statement, planned once."""
    with connection.cursor() as cursor:
        cursor.execute(LOOK, {})
        yield
        cursor.execute("DEALLOCATE look")


def run(stage: Stage, runs: int, **options) -> int:
    """How many operations were tried: the same ones every time."""
    machine = type("Trade", (Life,), {"stage": stage})
    checks = list(HealthCheck)
    usual = {"derandomize": True, "deadline": None, "database": None, "suppress_health_check": checks}
    chosen = settings(max_examples=runs, stateful_step_count=STEPS, **usual, **options)
    run_state_machine_as_test(machine, settings=chosen, _min_steps=STEPS)
    return machine.tried


def test_random_operations_agree_with_the_model(shop, look, request):
    """A failure prints its steps, as few as still fail."""
    assert run(Stage(shop), 10 * RUNS if request.config.getoption("--slow") else RUNS) >= 1_000


SERVICES = "subscriptions.services"
FAULTS = {
    "drawn and not sold": (f"{SERVICES}.allocation.ALLOCATE", ALLOCATE.replace("h.sold + moved.sold", "h.sold")),
    "use stays below": (f"{SERVICES}.drawing.RAISE", f"{RAISE} AND false"),
    "sold beyond what is left": (f"{SERVICES}.selling.opening.check_oversell", lambda *_given: None),
    "less than is utilised": (f"{SERVICES}.life.effects.check_room", lambda *_given: None),
    "more while suspended": (f"{SERVICES}.life.changing.must_take_more", lambda _row: None),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_does_not_get_through(shop, look, monkeypatch, name):
    stage = Stage(shop)
    monkeypatch.setattr(*FAULTS[name])
    with pytest.raises(AssertionError):
        run(stage, RUNS, phases=[Phase.generate])
