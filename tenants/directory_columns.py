"""Columns that other apps add to the lists of resellers and of customers, computed in SQL with the rows."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from resellerhub.web.tables import Column, Table
from tenants.actor import Actor
from tenants.roles import Kind


@dataclass(frozen=True)
class Extra:
    """`expression(actor)` is annotated as `name` to tenants in scope: a subquery, so that rows do not multiply.

    `shown`: whether the column is there before the user has chosen columns.
    """

    name: str
    expression: Callable[[Actor], Any]
    column: Callable[[], Column]
    kinds: tuple[str, ...] = (Kind.RESELLER.value, Kind.CUSTOMER.value)
    permission: str = ""
    shown: bool = False


_extras: list[Extra] = []


def register(*extras: Extra) -> None:
    """Call it in `AppConfig.ready`."""
    _extras.extend(extra for extra in extras if extra not in _extras)


def extras_for(actor: Actor, kind: str) -> list[Extra]:
    return [one for one in _extras if kind in one.kinds and (not one.permission or actor.can(one.permission))]


def added_columns(kind: str) -> list[Column]:
    """What any actor may find added to the list of this kind."""
    return [one.column() for one in _extras if kind in one.kinds]


def with_extras(actor: Actor, kind: str, rows: Any, table_class: type[Table]) -> tuple[Any, type[Table]]:
    """The rows with what the apps add for this actor, and a table that shows it."""
    extras = extras_for(actor, kind)
    if not extras:
        return rows, table_class
    usual = (*table_class.default_columns, *(one.name for one in extras if one.shown))
    columns: dict[str, Any] = {one.name: one.column() for one in extras}
    table = type(table_class.__name__, (table_class,), {**columns, "default_columns": usual})
    return rows.annotate(**{one.name: one.expression(actor) for one in extras}), table
