"""The one decorator of every business operation, and its savepoint for what another may have been first to take."""

import functools
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from typing import Any, ParamSpec, TypeVar

from django.db import IntegrityError, OperationalError, connection, transaction

from resellerhub.kernel.refusals import Busy, Refusal
from resellerhub.kernel.sqlstates import SqlState, sql_state

P = ParamSpec("P")
R = TypeVar("R")

RETRIED = {SqlState.DEADLOCK, SqlState.SERIALIZATION}  # somebody else was first; ours can simply be repeated
TIMED_OUT = {SqlState.LOCK_TIMEOUT, SqlState.CANCELLED}
TRIES = 4


def operation(function: Callable[P, R]) -> Callable[P, R]:
    """All or nothing in one transaction; a lost race is repeated, a lock that does not come is `Busy`.

    Inside another operation it is a savepoint, and repeating is left to the outermost.
    """

    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        outermost = not connection.in_atomic_block
        for tries_left in reversed(range(TRIES if outermost else 1)):
            try:
                with transaction.atomic():
                    return function(*args, **kwargs)
            except OperationalError as error:
                code = sql_state(error)
                if not outermost:
                    raise
                if code in TIMED_OUT or (code in RETRIED and not tries_left):
                    raise Busy() from error
                if code not in RETRIED:
                    raise
        raise AssertionError("the loop returns or raises")

    return run


@contextmanager
def nothing_written() -> Iterator[None]:
    """What is done within an operation to see what would come of it."""
    before = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(before)


def at_once(sql: str, values: Mapping[str, Any]) -> tuple[Any, ...] | None:
    """The row that one statement returns which is a whole operation: a transaction of its own, with nothing to wait for
    between its locks and its commit. Inside another operation it is a savepoint.

    None where a rule was broken or somebody else was first, too: nothing is written then, and whoever asks goes the
    long way, which says why.
    """
    outermost = not connection.in_atomic_block
    try:
        with nullcontext() if outermost else transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, values)
            row: tuple[Any, ...] | None = cursor.fetchone()
            return row
    except IntegrityError:
        return None
    except OperationalError as error:
        if outermost and sql_state(error) in TIMED_OUT:
            raise Busy() from error
        if outermost and sql_state(error) in RETRIED:
            return None
        raise


@contextmanager
def refusing(refusals: Mapping[str, Refusal]) -> Iterator[None]:
    """A savepoint in which breaking one of these constraints, by name, is a refusal; other errors pass."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        constraint = str(getattr(getattr(error.__cause__, "diag", None), "constraint_name", ""))
        if constraint not in refusals:
            raise
        raise refusals[constraint] from error


@contextmanager
def undone() -> Iterator[None]:
    """What is written in it is undone: to say beforehand what would come of it."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
