"""The customers' list where names are hidden: a page of it, without sorting the whole house by what is shown."""

from collections.abc import Iterator
from typing import Any

from django.db.models import F, QuerySet

from tenants.actor import Actor
from tenants.models import Tenant
from tenants.naming import seller_name

ORDERS = ("by_name", "-by_name")


class ByName:
    """Customers of `selectors.customers` in the order of `by_name`, a slice at a time.

    Names that may be read stand in an index, those that are hidden are few and sorted by what stands in their place:
    the first so many of both are merged, and only then the rows of the slice are read. It is there to be quick: the
    rows are those of the query set, in its order.
    """

    def __init__(self, actor: Actor, rows: QuerySet[Tenant]) -> None:
        self.actor, self.rows = actor, rows

    def __getitem__(self, part: slice) -> list[Tenant]:
        if not part.stop:
            return []  # a list without rows has one page, and no query
        ids = [pk for pk, _called in self._merged(part.stop)[part.start or 0 : part.stop]]
        found = self.rows.in_bulk(ids)
        return [found[pk] for pk in ids if pk in found]

    def __iter__(self) -> Iterator[Tenant]:
        return iter(self.rows)

    def count(self) -> int:
        return self.rows.count()

    def _merged(self, end: int) -> QuerySet[Tenant, Any]:
        sign = "-" if str(self.rows.query.order_by[0]).startswith("-") else ""
        readable = self.rows.filter(veil__lte=self.actor.depth).annotate(called=seller_name(""))
        hidden = self.rows.filter(veil__gt=self.actor.depth).annotate(called=F("by_name"))
        first = readable.order_by(f"{sign}called", "pk").values_list("pk", "called")[:end]
        second = hidden.order_by(f"{sign}called", "pk").values_list("pk", "called")[:end]
        merged: QuerySet[Tenant, Any] = first.union(second, all=True).order_by(f"{sign}called", "pk")
        return merged


def page_by_name(actor: Actor, rows: QuerySet[Tenant]) -> Any:
    """How a page of these rows is read: in another order than that of names as ever."""
    order = rows.query.order_by
    return ByName(actor, rows) if order and order[0] in ORDERS else rows
