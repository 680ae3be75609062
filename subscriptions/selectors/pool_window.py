"""The list of pools by what is available: a page of it, without asking of every pool what has ended beneath it."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import BigIntegerField, Case, F, QuerySet, When

from subscriptions.models import Pool
from subscriptions.selectors.pools import goes_on

ORDERS = ("available", "-available")


class ByAvailable:
    """Pools of `selectors.pools` in the order of `available`, a slice at a time.

    What is available is what is free until the end, but where something that was given has ended and nobody took it
    back yet: those are few. The first so many of both are merged, and only then the rows of the slice are read. An
    index of what is free would be written with every seat that moves.
    """

    def __init__(self, rows: QuerySet[Pool], at: datetime) -> None:
        self.rows, self.at = rows, at
        self.with_ended = Pool.objects.ended(at).exclude(parent=None).order_by().values("parent")

    def __getitem__(self, part: slice) -> list[Pool]:
        if not part.stop:
            return []  # a list without rows has one page, and no query
        ids = [pk for pk, _count in self._merged(part.stop)[part.start or 0 : part.stop]]
        found = self.rows.in_bulk(ids)
        return [found[pk] for pk in ids if pk in found]

    def __iter__(self) -> Iterator[Pool]:
        return iter(self.rows)

    def count(self) -> int:
        return self.rows.count()

    def _merged(self, end: int) -> QuerySet[Pool, Any]:
        sign = "-" if str(self.rows.query.order_by[0]).startswith("-") else ""
        order = (f"{sign}there", "pk")
        free = Case(When(goes_on(self.at), then=F("free")), default=0, output_field=BigIntegerField())
        plain = self.rows.exclude(pk__in=self.with_ended).annotate(there=free)
        others = self.rows.filter(pk__in=self.with_ended).annotate(there=F("available"))
        first, second = (rows.order_by(*order).values_list("pk", "there")[:end] for rows in (plain, others))
        merged: QuerySet[Pool, Any] = first.union(second, all=True).order_by(*order)
        return merged


def page_by_available(rows: QuerySet[Pool], at: datetime) -> Any:
    """How a page of these rows is read: in another order as ever."""
    order = rows.query.order_by
    return ByAvailable(rows, at) if order and order[0] in ORDERS else rows
