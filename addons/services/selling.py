"""Runs the SQL of a sale: locks in the global order, then one statement that decides and writes."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from django.db import DataError, connection

from addons.models import BulkSale
from addons.owing import Price
from addons.refusals import TooMuch
from addons.services.copying import make_copies
from addons.services.decision import DECISION
from addons.services.prices import freeze_others
from addons.services.terms import Terms
from addons.services.writing import (
    END_OF_JOB,
    END_OF_ONE,
    HOLDINGS,
    LOCK_HOLDERS,
    LOCK_HOLDINGS,
    LOCK_SUBSCRIPTIONS,
    OF_JOB,
    OF_ONE,
    PRICES_OF_JOB,
    PRICES_OF_ONE,
    REFUSAL_OF_ONE,
    SALES,
    SUBJECTS,
)
from resellerhub.kernel.periods import day_of
from resellerhub.kernel.sqlstates import SqlState, sql_state
from subscriptions.services.usage.crossings import note_crossings_between

PLANNED = "SELECT set_config('jit', 'off', true)"
"""Compiling such a statement takes longer than running it."""


def sell_to_items(terms: Terms, sale: BulkSale, items: Sequence[int], params: dict[str, Any]) -> None:
    """Bring these items of a job to their end; the caller's transaction holds them.

    Thousands of ids go as one text, "{1,2,…}": as a list each of them would be an expression of its own to be parsed.
    """
    given = params | {"items": f"{{{','.join(map(str, items))}}}", "bulk_sale": sale.pk}
    with connection.cursor() as cursor:
        cursor.execute(SUBJECTS, given)
        (subjects,) = cursor.fetchone()
    given |= {"subscriptions": subjects}
    _lock(terms, given)
    freeze_others(sale, terms.version, subjects, day_of(sale.created_at))
    _run(OF_JOB + DECISION + PRICES_OF_JOB + SALES + HOLDINGS + END_OF_JOB, given)
    if terms.create_copy:
        make_copies(terms, given)


def sell_to_one(terms: Terms, price: Price, params: dict[str, Any]) -> tuple[int | None, str, dict[str, Any]]:
    """Sell on one `subscription`: the id of the sale, or the reason why not and its facts."""
    given = params | asdict(price) | {"above": json.dumps(price.above)}
    given |= {"subscriptions": f"{{{params['subscription']}}}"}
    _lock(terms, given)
    rows = _run(OF_ONE + DECISION + PRICES_OF_ONE + SALES + HOLDINGS + END_OF_ONE, given)
    sale_id, reason, facts = rows[0]
    return sale_id, reason, json.loads(facts or "{}")


def refused_for_one(terms: Terms, params: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Why nothing would be sold on one `subscription`, with its facts; an empty reason where it would be."""
    given = params | {"subscriptions": f"{{{params['subscription']}}}"}
    _lock(terms, given)
    with connection.cursor() as cursor:
        cursor.execute(OF_ONE + DECISION + REFUSAL_OF_ONE, given)
        ((reason, facts),) = cursor.fetchall()
    return reason, json.loads(facts or "{}")


def _lock(terms: Terms, params: dict[str, Any]) -> None:
    locks = [LOCK_SUBSCRIPTIONS, LOCK_HOLDINGS]
    if terms.create_copy:
        locks.insert(0, LOCK_HOLDERS)
    with connection.cursor() as cursor:
        cursor.execute(PLANNED)
        for lock in locks:
            cursor.execute(lock, params)


def _run(statement: str, params: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        try:
            cursor.execute(statement, params)
        except DataError as error:
            if sql_state(error) == SqlState.OUT_OF_RANGE:
                raise TooMuch() from error
            raise
        rows = cursor.fetchall() if cursor.description else []
    note_crossings_between(params["subscriptions"], params["resources"], params["now"])
    return rows
