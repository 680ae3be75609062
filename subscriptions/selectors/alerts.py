"""Which thresholds count for whom, and what was crossed."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import F, QuerySet

from subscriptions.models import USUAL, UsageAlerts, UsageCrossing
from subscriptions.naming import called
from tenants import naming
from tenants.models import Tenant

if TYPE_CHECKING:
    from tenants.actor import Actor


@dataclass(frozen=True, slots=True)
class Alerts:
    """What counts for what a tenant sells; `said_by` is whose it is, None where nobody says anything."""

    percents: tuple[int, ...] = tuple(USUAL)
    tells_holder: bool = True
    tells_seller: bool = False
    said_by: int | None = None


def alerts_of(seller_ids: Iterable[int]) -> dict[int, Alerts]:
    """Of each seller: what the nearest at or above it says, else the usual."""
    lines = dict(Tenant.objects.filter(pk__in=set(seller_ids)).order_by().values_list("pk", "ancestors"))
    rows = UsageAlerts.objects.filter(tenant__in={pk for line in lines.values() for pk in line})
    said = {
        row.tenant_id: Alerts(tuple(row.percents), row.tells_holder, row.tells_seller, row.tenant_id)
        for row in rows.order_by("pk")
    }
    return {
        seller_id: next((said[pk] for pk in reversed(line) if pk in said), Alerts())
        for seller_id, line in lines.items()
    }


def crossings(actor: "Actor") -> QuerySet[UsageCrossing]:
    """In scope, with names as far as the actor may read them."""
    rows = UsageCrossing.objects.visible_to(actor).select_related("resource")
    return rows.annotate(
        holder_name=naming.shown_of(actor, "tenant_id"),
        title=called(actor, "subscription"),
        named=naming.is_named(actor),
        package_name=F("subscription__package__name"),
    )
