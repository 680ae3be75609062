"""Whether limits can change: what can still be sold, and what is taken already, with all that was decided so far."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from catalog.models import Resource
from subscriptions.models import Holding, Subscription
from tenants.models import ResellerTerms

OVERSELL, BELOW, SUSPENDED = "oversell_refused", "below_utilised", "suspended"


@dataclass(slots=True)
class Kept:
    """A holding as it would be."""

    allocated: int
    sold: int
    used: int
    by_sold: bool

    @property
    def utilised(self) -> int:
        return self.sold if self.by_sold else self.used


class Room:
    """The rules of `check_oversell` and `check_room`, for many subscriptions one after the other."""

    def __init__(self, *, locks: bool) -> None:
        self.locks = locks
        self.kept: dict[tuple[int, int], Kept] = {}
        self.known: set[int] = set()
        self.suspended: set[int] = set()
        self.oversells: dict[int, bool] = {}
        self.names: dict[int, str] = {}

    def read(self, rows: Collection[Subscription], resources: Collection[int]) -> None:
        """What these hold, and those that they draw on; locked where something is to be written."""
        ids = {pk for row in rows for pk in (row.pk, row.source_id) if pk is not None} - self.known
        holdings: Any = Holding.objects.filter(subscription__in=ids, resource__in=resources).order_by("pk")
        for one in holdings.locked() if self.locks else holdings:
            by_sold = one.basis == Holding.Basis.SOLD
            self.kept[one.subscription_id, one.resource_id] = Kept(one.allocated, one.sold, one.used, by_sold)
        self.known |= ids
        drawn = {row.source_id for row in rows if row.source_id is not None}
        active = Subscription.objects.active().filter(pk__in=drawn)
        self.suspended |= drawn - set(active.values_list("pk", flat=True))
        tenants = {pk for row in rows for pk in (row.tenant_id, row.seller_id)} - set(self.oversells)
        may = set(ResellerTerms.objects.filter(pk__in=tenants, may_oversell=True).values_list("pk", flat=True))
        self.oversells |= {pk: pk in may for pk in tenants}
        if missing := set(resources) - set(self.names):
            self.names |= dict(Resource.objects.filter(pk__in=missing).values_list("pk", "name"))

    def refusal(self, row: Subscription, changes: Mapping[int, int]) -> tuple[str, dict[str, Any]] | None:
        """Why a subscription cannot be allocated so much more or less: the reason and its numbers."""
        if row.source_id in self.suspended and any(amount > 0 for amount in changes.values()):
            return SUSPENDED, {}
        for resource, amount in sorted(changes.items()):
            own = self.kept.get((row.pk, resource))
            if amount < 0 and own and not self.oversells[row.tenant_id]:
                left = own.allocated + amount
                if left < own.utilised:
                    return BELOW, {"resource": self.names[resource], "asked": left, "utilised": own.utilised}
            if amount > 0 and row.source_id is not None:
                source = self.kept.get((row.source_id, resource))
                remaining = max(source.allocated - source.sold, 0) if source else 0
                is_endless = self.oversells[row.seller_id] and source is not None and source.allocated > 0
                if amount > remaining and not is_endless:
                    return OVERSELL, {"resource": self.names[resource], "asked": amount, "remaining": remaining}
        return None

    def take(self, row: Subscription, changes: Mapping[int, int]) -> None:
        """From now on it is so."""
        for resource, amount in changes.items():
            own = self.kept.setdefault((row.pk, resource), Kept(0, 0, 0, by_sold=False))
            own.allocated += amount
            if row.source_id is not None:
                source = self.kept.setdefault((row.source_id, resource), Kept(0, 0, 0, by_sold=True))
                source.sold += amount
