"""What is planned for subscriptions, as far as they are seen."""

from typing import Any

from django.db.models import Prefetch, QuerySet

from subscriptions.models import PlannedChange, Subscription


def with_plans(rows: QuerySet[Subscription]) -> QuerySet[Subscription]:
    """Each with `open_plans`: none, or the one that is open."""
    return rows.prefetch_related(Prefetch("planned", _plans().open(), to_attr="open_plans"))


def last_plan(subscription: Subscription) -> PlannedChange | None:
    """The open one, or the last that failed in the term that runs; none that was of a seller it has left."""
    rows = _plans().filter(subscription=subscription).order_by("-pk")
    plan: PlannedChange | None = rows.filter(state__in=("planned", "failed")).first()
    if plan and plan.state == PlannedChange.State.FAILED and plan.on < subscription.term_starts_on:
        return None
    if plan and plan.version and plan.version.package.tenant_id not in subscription.seller.ancestors:
        return None
    return plan


def _plans() -> Any:
    return PlannedChange.objects.select_related("version__package", "version__account_fee", "version__reseller_fee")
