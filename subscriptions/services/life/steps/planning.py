"""What is agreed for the end of the term."""

from collections.abc import Sequence
from datetime import datetime

from catalog.models import PackageVersion, Resource
from resellerhub.kernel.refusals import Refusal
from subscriptions.models import Holding, PlannedChange
from subscriptions.owing import Owed
from subscriptions.quoting import Limit
from subscriptions.refusals import DoesNotRenew
from subscriptions.services.life.effects import check_limits, differences
from subscriptions.services.life.steps.taking import Held
from subscriptions.services.selling.agreeing import made_by

NOW, PERIOD_END = "now", "period_end"
WHEN = (NOW, PERIOD_END)


def plan_change(held: Held, version: PackageVersion, quantity: int, account: Owed | None, now: datetime) -> None:
    """At the price of `account`; without one what is owed stays as it is."""
    row = held.subscription
    PlannedChange.objects.create(
        provider_id=row.provider_id,
        tenant_id=row.tenant_id,
        subscription=row,
        kind=PlannedChange.Kind.CHANGE,
        on=row.renews_on,
        version=version,
        quantity=quantity,
        unit_price=account.amount if account else None,
        cycle=account.cycle if account else "",
        **(made_by(account) if account else {}),
        made_by_id=held.actor.user_id,
        made_at=now,
    )


def must_renew(held: Held) -> None:
    if not held.subscription.renews:
        raise DoesNotRenew(ends_on=held.subscription.renews_on)


def limits_after(held: Held, version: PackageVersion, quantity: int) -> list[Limit]:
    """Of each resource that it holds or would hold."""
    row = held.subscription
    changes = differences(row, version, quantity)
    had = dict(Holding.objects.filter(subscription=row, allocated__gt=0).values_list("resource_id", "allocated"))
    source = Holding.objects.filter(subscription=row.source_id) if row.source_id else Holding.objects.none()
    left = {each.resource_id: each.allocated - each.sold for each in source}
    resources = Resource.objects.filter(pk__in={*had, *changes}).in_order()
    return [
        Limit(
            each.pk,
            each.name,
            each.unit,
            had.get(each.pk, 0),
            had.get(each.pk, 0) + changes.get(each.pk, 0),
            left.get(each.pk, 0) if row.source_id else None,
        )
        for each in resources
    ]


def problems_of(held: Held, version: PackageVersion, quantity: int) -> Sequence[str]:
    """What would speak against it if it took effect today."""
    try:
        check_limits(held.subscription, differences(held.subscription, version, quantity))
    except Refusal as refusal:
        return [refusal.detail]
    return []
