"""What pools say by mail: that one was offered, accepted, declined or returned, runs out of seats, or ends."""

from datetime import datetime

from django.db import connection
from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from resellerhub.kernel.operation import operation
from resellerhub.kernel.queue import enqueue
from subscriptions.models import Pool
from subscriptions.pool_refusals import Repeated
from subscriptions.pool_units import in_words
from subscriptions.services.pools.expiry import last_day
from tenants.actor import Actor
from tenants.mail_kinds import PAGE, MailKind
from tenants.models import Department, Membership, Profile, Tenant
from tenants.roles import Kind as TenantKind
from tenants.roles import Role
from tenants.services.mails import write_mail

SAMPLE = {
    "organisation": "Nordlicht IT",
    "pool": "Cloud Backup",
    "number": "40 user seats",
    "available": "2",
    "ends": "2026-12-31",
    PAGE: "https://portal.example/portal/pools/42/",
}
BEFORE = (30, 14, 7, 1, 0)
"""So many days before its end, and at it, one is told."""
NEARLY = 90
"""Percent that are used when one is told that a pool is nearly used up."""

TEXTS = {
    "pool_offered": (
        _("Pool offered"),
        ("{organisation} offers you {pool}", "{organisation} bietet Ihnen {pool} an"),
        (
            "Hello,\n\n{organisation} offers you {number} of {pool}. Accept them here:\n{page}",
            "Guten Tag,\n\n{organisation} bietet Ihnen {number} von {pool} an. Annehmen können Sie hier:\n{page}",
        ),
    ),
    "pool_accepted": (
        _("Pool accepted"),
        ("{organisation} has accepted {pool}", "{organisation} hat {pool} angenommen"),
        (
            "Hello,\n\n{organisation} has accepted {number} of {pool}.",
            "Guten Tag,\n\n{organisation} hat {number} von {pool} angenommen.",
        ),
    ),
    "pool_declined": (
        _("Pool declined"),
        ("{organisation} has declined {pool}", "{organisation} hat {pool} abgelehnt"),
        (
            "Hello,\n\n{organisation} has declined {number} of {pool}. They are in your pool again.",
            "Guten Tag,\n\n{organisation} hat {number} von {pool} abgelehnt. Sie sind wieder in Ihrem Pool.",
        ),
    ),
    "pool_returned": (
        _("Pool returned"),
        ("{pool} was taken back", "{pool} wurde zurückgenommen"),
        (
            "Hello,\n\n{organisation} has taken back its offer of {number} of {pool}.",
            "Guten Tag,\n\n{organisation} hat das Angebot über {number} von {pool} zurückgenommen.",
        ),
    ),
    "pool_ending": (
        _("Pool ends soon"),
        ("{pool} ends on {ends}", "{pool} endet am {ends}"),
        (
            "Hello,\n\n{pool} with {number} ends on {ends}. All that was given of it ends with it.",
            "Guten Tag,\n\n{pool} mit {number} endet am {ends}. Alles, was daraus vergeben ist, endet mit.",
        ),
    ),
    "pool_ended": (
        _("Pool has ended"),
        ("{pool} has ended", "{pool} ist abgelaufen"),
        (
            "Hello,\n\n{pool} with {number} has ended. Nothing can be assigned of it any more.",
            "Guten Tag,\n\n{pool} mit {number} ist abgelaufen. Daraus kann nichts mehr zugewiesen werden.",
        ),
    ),
    "pool_lapsed": (
        _("Offer of a pool has run out"),
        ("{organisation} did not accept {pool}", "{organisation} hat {pool} nicht angenommen"),
        (
            "Hello,\n\n{organisation} has not accepted {number} of {pool} in time. They are in your pool again.",
            "Guten Tag,\n\n{organisation} hat {number} von {pool} nicht rechtzeitig angenommen. "
            "Sie sind wieder in Ihrem Pool.",
        ),
    ),
    "pool_nearly_used": (
        _("Pool nearly used up"),
        ("{pool}: {available} of {number} available", "{pool}: {available} von {number} verfügbar"),
        (
            "Hello,\n\n{available} of {number} are still available in {pool}.",
            "Guten Tag,\n\nin {pool} sind noch {available} von {number} verfügbar.",
        ),
    ),
}
KINDS = tuple(
    MailKind(
        key,
        label,
        {"en": subject[0], "de": subject[1]},
        {"en": body[0], "de": body[1]},
        {name: text for name, text in SAMPLE.items() if f"{{{name}}}" in subject[0] + body[0]},
        Department.SALES,
    )
    for key, (label, subject, body) in TEXTS.items()
)

DUE = """
INSERT INTO subscriptions_poolnotice (pool_id, days, ends_at, told_at)
SELECT p.id, due.days, p.ends_at, %(now)s
  FROM subscriptions_pool p
  JOIN subscriptions_pool top ON top.id = p.line[1]
 CROSS JOIN LATERAL (SELECT min(d) AS days FROM unnest(%(before)s::int[]) AS d
                      WHERE p.ends_at <= %(now)s + d * interval '1 day') AS due
 WHERE p.state IN ('pending', 'active') AND due.days IS NOT NULL
   AND NOT (top.renews AND top.own_end = p.ends_at AND due.days > 0 AND NOT EXISTS (
            SELECT FROM subscriptions_pool own
             WHERE own.id = ANY (p.line) AND own.id <> top.id AND own.own_end = p.ends_at))
   AND p.ends_at > %(now)s - interval '30 days' AND p.made_at < p.ends_at - due.days * interval '1 day'
   AND NOT EXISTS (SELECT FROM subscriptions_poolnotice n
                    WHERE n.pool_id = p.id AND n.ends_at = p.ends_at AND n.days <= due.days)
 ORDER BY p.id LIMIT %(most)s
    ON CONFLICT DO NOTHING RETURNING pool_id, days
"""
AT_ONCE = 500


@operation
def tell_ends(*, now: datetime) -> int:
    """Tell who holds a pool that its end is near or has come, once each; returns how many were told. Of what ends with
    a purchase that renews itself nothing is told beforehand; of an offer that ran out who made it is told, too."""
    with connection.cursor() as cursor:
        cursor.execute(DUE, {"now": now, "before": list(BEFORE), "most": AT_ONCE})
        due = dict(cursor.fetchall())
    for pool in Pool.objects.filter(pk__in=due).order_by("pk"):
        kind = "pool_ending" if due[pool.pk] else "pool_ended"
        if not due[pool.pk]:
            Actor.system(pool.provider_id, "").record("pool.expired", pool, at=now, seats=pool.seats)
        tell(kind, pool, to=pool.tenant_id, about=pool.grantor_id or pool.tenant_id, now=now)
        if not due[pool.pk] and pool.state == Pool.State.PENDING and pool.grantor_id:
            tell("pool_lapsed", pool, to=pool.grantor_id, about=pool.tenant_id, now=now)
    return len(due)


def tell(kind: str, pool: Pool, *, to: int, about: int, seats: int | None = None, now: datetime) -> None:
    """To the administrators of one tenant, in the name of whoever gave the pool; `about` is named in it. What has no
    seats yet says how many it is to have. Before pools are locked: mails come first."""
    sender = Tenant.objects.get(pk=pool.grantor_id or pool.tenant_id)
    reader = Tenant.objects.get(pk=to)
    if sender.pk == to and sender.seller_id:
        sender = Tenant.objects.get(pk=sender.seller_id)
    ends_on = last_day(pool.ends_at or now)
    shell = "console" if reader.kind == TenantKind.PROVIDER else "portal"
    facts = {
        "organisation": Profile.objects.values_list("name", flat=True).get(tenant=about),
        "pool": pool.name,
        "pool_id": pool.pk,
        PAGE: reverse(f"{shell}:pool", args=[pool.pk]),
    }
    members = Membership.objects.filter(tenant=reader, role=Role.ADMINISTRATOR, user__is_active=True)
    for member in members.select_related("user").order_by("pk"):
        write_mail(
            kind=kind,
            to=member.user.email,
            sender=sender,
            about=reader,
            language=member.user.language,
            facts=facts | in_words(pool, pool.seats if seats is None else seats, ends_on, member.user.language),
            now=now,
        )


def look_whether_used(pool: Pool, more: int) -> None:
    """Have somebody look, after so many more seats, whether the pool is nearly used up; before it is locked."""
    if (pool.seats - pool.free + more) * 100 >= pool.seats * NEARLY and pool.told_used_at is None:
        enqueue("subscriptions.tasks.tell_nearly_used", pool_id=pool.pk)


@operation
def nearly_used(now: datetime) -> list[int]:
    """Those that have to be told of; those that have room again are to be told of anew. In no order of locks: what
    dies of it is repeated."""
    used = (F("seats") - F("free")) * 100
    mark = F("seats") * NEARLY
    Pool.objects.filter(told_used_at__isnull=False).alias(used=used, mark=mark).filter(used__lt=F("mark")).update(
        told_used_at=None
    )
    due = Pool.objects.active(now).filter(told_used_at=None, seats__gt=0).alias(used=used, mark=mark)
    return list(due.filter(used__gte=F("mark")).order_by("pk").values_list("pk", flat=True)[:AT_ONCE])


@operation
def tell_nearly_used(*, pool_id: int, now: datetime) -> bool:
    """Tell who holds a pool that nearly all of it is used: once, until there is room again. Whether it was told."""
    pool = Pool.objects.active(now).filter(pk=pool_id, told_used_at=None, seats__gt=0).first()
    if pool is None or (pool.seats - pool.free) * 100 < pool.seats * NEARLY:
        return False
    tell("pool_nearly_used", pool, to=pool.tenant_id, about=pool.tenant_id, now=now)
    if not Pool.objects.filter(pk=pool_id, told_used_at=None).update(told_used_at=now):
        raise Repeated()  # another has told it meanwhile
    return True
