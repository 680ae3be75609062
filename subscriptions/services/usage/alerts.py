"""From which share of a quota on people are told: a seller says it for what it sells, or leaves it to who is above."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from resellerhub.kernel.operation import operation
from resellerhub.kernel.queue import enqueue
from resellerhub.kernel.refusals import Forbidden, Invalid
from subscriptions.models import PERCENT_MAX, THRESHOLDS_MAX, Holding, UsageAlerts
from subscriptions.selectors.alerts import Alerts, alerts_of
from subscriptions.services.usage.crossings import note_crossings
from tenants.actor import Actor
from tenants.models import Tenant
from tenants.models.scope import below
from tenants.roles import Kind

CHUNK = 2_000


@operation
def change_alerts(
    *,
    actor: Actor,
    percents: Sequence[int] | None = None,
    tells_holder: bool | None = None,
    tells_seller: bool | None = None,
    inherit: bool = False,
    now: datetime,
) -> Alerts:
    """Thresholds for what the actor's tenant and those beneath it sell; what is left out stays, `inherit` gives up all
    that is its own. What is held is looked at anew by a worker."""
    actor.require("settings.edit")
    if actor.kind == Kind.CUSTOMER:
        raise Forbidden(permission="settings.edit", actor=actor)
    list(Tenant.objects.filter(pk=actor.tenant_id).locked())
    had = alerts_of([actor.tenant_id])[actor.tenant_id]
    row = UsageAlerts.objects.filter(tenant=actor.tenant_id)
    if inherit:
        row.delete()
    else:
        given = {"percents": _checked(percents), "tells_holder": tells_holder, "tells_seller": tells_seller}
        wanted = _told(had) | {name: value for name, value in given.items() if value is not None}
        UsageAlerts.objects.update_or_create(
            tenant_id=actor.tenant_id, defaults=wanted | {"provider_id": actor.provider_id}
        )
    has = alerts_of([actor.tenant_id])[actor.tenant_id]
    if has != had:
        facts = _told(has) | {"inherited": has.said_by != actor.tenant_id}
        before = _told(had) | {"inherited": had.said_by != actor.tenant_id}
        actor.record("usage_alerts.changed", None, at=now, before=before, **facts)
        enqueue("subscriptions.tasks.note_again", seller_id=actor.tenant_id)
    return has


def note_again(*, seller_id: int, now: datetime) -> None:
    """Look anew at all that is held of this seller and those beneath it, some at a time; repeating it is harmless."""
    last = 0
    while last is not None:
        last = _note_some(seller_id=seller_id, after=last, now=now)


@operation
def _note_some(*, seller_id: int, after: int, now: datetime) -> Any:
    rows = Holding.objects.filter(below([seller_id], "seller_id"), pk__gt=after)
    found = list(rows.locked().values_list("pk", "subscription_id", "resource_id")[:CHUNK])
    note_crossings(((subscription_id, resource_id) for _pk, subscription_id, resource_id in found), now)
    return found[-1][0] if len(found) == CHUNK else None


def _checked(percents: Sequence[int] | None) -> list[int] | None:
    """Each once, the lowest first."""
    if percents is None:
        return None
    if any(not 1 <= percent <= PERCENT_MAX for percent in percents):
        raise Invalid({"percents": [_("A threshold is from 1 to %(most)s percent.") % {"most": PERCENT_MAX}]})
    if len(each := sorted(set(percents))) > THRESHOLDS_MAX:
        raise Invalid({"percents": [_("There are at most %(most)s thresholds.") % {"most": THRESHOLDS_MAX}]})
    return each


def _told(alerts: Alerts) -> dict[str, Any]:
    return {
        "percents": list(alerts.percents),
        "tells_holder": alerts.tells_holder,
        "tells_seller": alerts.tells_seller,
    }
