"""What was crossed is told: an event and mails of each crossing, written once, whichever worker comes to it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import translation
from django.utils.formats import number_format

from resellerhub.kernel.operation import operation
from subscriptions.models import CEILING, UsageCrossing
from subscriptions.naming import name_to_its_own
from subscriptions.selectors.alerts import Alerts, alerts_of
from tenants.actor import Actor
from tenants.models import Event, Membership, Tenant
from tenants.roles import Role
from tenants.services.many_mails import Letter, write_mails

AT_ONCE = 500

CLAIM = """
SELECT id FROM subscriptions_usagecrossing
 WHERE told_at IS NULL OR (percent = 0 AND cleared_at IS NOT NULL AND end_told_at IS NULL)
 ORDER BY id LIMIT %s FOR NO KEY UPDATE SKIP LOCKED
"""
"""What another worker is at is left to it: it commits the notices with the marks, or neither."""


@dataclass(frozen=True, slots=True)
class Notice:
    """The beginning of a crossing, or the end of a block."""

    crossing: UsageCrossing
    is_end: bool = False

    @property
    def kind(self) -> str:
        if not self.crossing.is_block:
            return "usage.crossed"
        return "usage.unblocked" if self.is_end else "usage.blocked"

    @property
    def mail(self) -> str:
        return self.kind.replace(".", "_")

    @property
    def facts(self) -> dict[str, Any]:
        row = self.crossing
        if row.is_block:
            return {"resource": row.resource_id, "ceiling": row.ceiling} | ({} if self.is_end else {"used": row.value})
        return {
            "resource": row.resource_id,
            "percent": row.percent,
            "utilised": row.value,
            "allocated": row.allocated,
        }


@operation
def tell_crossings(*, now: datetime) -> int:
    """Write the events and mails of some crossings that were not told yet, in every house; returns of how many.

    A jump over several thresholds has an event of each, and one mail: of the highest.
    """
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, [AT_ONCE])
        ids = [pk for (pk,) in cursor.fetchall()]
    rows = UsageCrossing.objects.filter(pk__in=ids).select_related("subscription", "resource", "tenant__profile")
    notices = [notice for row in rows.select_related("seller").order_by("pk") for notice in _due(row)]
    Event.objects.bulk_create(_event(notice) for notice in notices)
    alerts = alerts_of(notice.crossing.seller_id for notice in notices)
    _write_mails(_highest(notices), alerts, now)
    ended = Q(percent=CEILING, cleared_at__isnull=False)
    rows.filter(ended).update(end_told_at=Coalesce(F("end_told_at"), now))
    rows.update(told_at=Coalesce(F("told_at"), now))
    return len(ids)


def _due(row: UsageCrossing) -> Iterator[Notice]:
    if row.told_at is None:
        yield Notice(row)
    if row.is_block and row.cleared_at and row.end_told_at is None:
        yield Notice(row, is_end=True)


def _event(notice: Notice) -> Event:
    row = notice.crossing
    at = (row.cleared_at if notice.is_end else None) or row.crossed_at
    system = Actor.system(row.provider_id, "")
    return system.event(notice.kind, row.subscription, at=at, tenant_id=row.tenant_id, facts=notice.facts)


def _highest(notices: Iterable[Notice]) -> list[Notice]:
    """Of thresholds that were crossed in one go the highest alone; blocks as they are."""
    jumps: dict[Any, Notice] = {}
    for notice in notices:
        row = notice.crossing
        of_block = row.pk if row.is_block else 0
        key = (row.subscription_id, row.resource_id, row.crossed_at, of_block, notice.is_end)
        if key not in jumps or jumps[key].crossing.percent < row.percent:
            jumps[key] = notice
    return list(jumps.values())


def _write_mails(notices: Sequence[Notice], alerts: Mapping[int, Alerts], now: datetime) -> None:
    """In the name of the seller: to the administrators of the holder, and to its own, as it has chosen. Both are about
    the holder: where its name is hidden, so is what was written."""
    letters: dict[tuple[str, int], list[Letter]] = defaultdict(list)
    tenants = {tenant.pk: tenant for notice in notices for tenant in (notice.crossing.tenant, notice.crossing.seller)}
    administrators = _administrators(tenants)
    for notice in notices:
        row = notice.crossing
        said = alerts[row.seller_id]
        readers = [*([row.tenant_id] if said.tells_holder else []), *([row.seller_id] if said.tells_seller else [])]
        letters[notice.mail, row.seller_id] += [
            Letter(to, row.tenant, language, _words(notice, language))
            for reader in readers
            for to, language in administrators.get(reader, ())
        ]
    for (kind, seller_id), written in sorted(letters.items(), key=lambda each: each[0]):
        if written:
            write_mails(kind=kind, sender=tenants[seller_id], letters=written, now=now)


def _administrators(tenant_ids: Iterable[int]) -> dict[int, list[tuple[str, str]]]:
    """Their addresses and languages."""
    rows = Membership.objects.filter(tenant__in=list(tenant_ids), role=Role.ADMINISTRATOR, user__is_active=True)
    found: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for tenant_id, to, language in rows.order_by("pk").values_list("tenant_id", "user__email", "user__language"):
        found[tenant_id].append((to, language))
    return found


def _words(notice: Notice, language: str) -> dict[str, str]:
    row = notice.crossing
    holder: Tenant = row.tenant
    with translation.override(language):
        numbers = {
            name: number_format(value, use_l10n=True, force_grouping=True)
            for name, value in (("value", row.value), ("allocated", row.allocated), ("ceiling", row.ceiling))
            if value is not None
        }
    return {
        "organisation": holder.profile.name,
        "subscription": name_to_its_own(row.subscription),
        "resource": row.resource.name,
        "percent": str(row.percent),
        **numbers,
    }
