"""Runs the SQL of a sale: locks in the global order, then one statement that decides and writes."""

import json
from collections.abc import Sequence
from typing import Any

from django.db import DataError, connection

from addons.refusals import TooMuch
from addons.services.decision import DECISION
from addons.services.terms import Terms
from addons.services.writing import (
    COPIES,
    END_OF_JOB,
    END_OF_ONE,
    HOLDINGS,
    LOCK_HOLDERS,
    LOCK_HOLDINGS,
    LOCK_SUBSCRIPTIONS,
    OF_JOB,
    OF_ONE,
    SALES,
    SUBJECTS,
)
from resellerhub.kernel.sqlstates import SqlState, sql_state
from subscriptions.services.crossings import note_crossings_between

PLANNED = "SELECT set_config('jit', 'off', true)"
"""Compiling such a statement takes longer than running it."""


def sell_to_items(terms: Terms, items: Sequence[int], params: dict[str, Any]) -> None:
    """Bring these items of a job to their end; the caller's transaction holds them.

    Thousands of ids go as one text, "{1,2,…}": as a list each of them would be an expression of its own to be parsed.
    """
    given = params | {"items": f"{{{','.join(map(str, items))}}}"}
    with connection.cursor() as cursor:
        cursor.execute(SUBJECTS, given)
        (subjects,) = cursor.fetchone()
    _run(terms, given | {"subscriptions": subjects}, OF_JOB, END_OF_JOB)


def sell_to_one(terms: Terms, params: dict[str, Any]) -> tuple[int | None, str, dict[str, Any]]:
    """Sell on one `subscription`: the id of the sale, or the reason why not and its facts."""
    given = params | {"subscriptions": f"{{{params['subscription']}}}"}
    sale_id, reason, facts = _run(terms, given, OF_ONE, END_OF_ONE)[0]
    return sale_id, reason, json.loads(facts or "{}")


def _run(terms: Terms, params: dict[str, Any], items: str, end: str) -> list[tuple[Any, ...]]:
    locks = [LOCK_SUBSCRIPTIONS, LOCK_HOLDINGS]
    if terms.create_copy:
        locks.insert(0, LOCK_HOLDERS)
    with connection.cursor() as cursor:
        cursor.execute(PLANNED)
        for lock in locks:
            cursor.execute(lock, params)
        try:
            cursor.execute(items + DECISION + SALES + HOLDINGS + (COPIES if terms.create_copy else "") + end, params)
        except DataError as error:
            if sql_state(error) == SqlState.OUT_OF_RANGE:
                raise TooMuch() from error
            raise
        rows = cursor.fetchall() if cursor.description else []
    note_crossings_between(params["subscriptions"], params["resources"], params["now"])
    return rows
