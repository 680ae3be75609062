"""When VAT IDs are asked for, and what was answered. Whoever asks does it between two of these operations."""

from datetime import datetime, timedelta

from django.db import connection
from django.utils.translation import gettext_lazy

from invoicing.models import VatCheck
from invoicing.rating.liability import EU
from invoicing.selectors.taxes import FRESH, vat_country
from invoicing.vies import Answer
from resellerhub.kernel.operation import operation
from resellerhub.kernel.queue import enqueue
from resellerhub.kernel.refusals import Refusal, found
from tenants.actor import Actor
from tenants.models import Profile, Tenant
from tenants.naming import NamesHidden, is_readable
from tenants.support_prices import issuers_of

LEASE = timedelta(minutes=5)
"""So long nobody else asks the same; whoever died while asking leaves it to the next."""
AHEAD = timedelta(days=5)
"""So long before an answer is too old it is asked for again: a bill need not wait for it."""
BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240))
SEND = "invoicing.tasks.check_vat_ids"

OPEN = """
WITH payer AS (
    SELECT p.tenant_id, t.provider_id, p.country, p.vat_id,
           (SELECT u.id FROM unnest(t.ancestors) WITH ORDINALITY AS u (id, place)
             WHERE u.id <> t.id
               AND NOT EXISTS (SELECT FROM tenants_resellerterms r WHERE r.tenant_id = u.id AND r.type = 'commission')
             ORDER BY u.place DESC LIMIT 1) AS issuer_id
      FROM tenants_profile p JOIN tenants_tenant t ON t.id = p.tenant_id
     WHERE p.vat_id <> '' AND t.kind <> 'provider' AND t.status <> 'closed'
       AND p.country = ANY (%(eu)s) AND replace(left(p.vat_id, 2), 'EL', 'GR') = ANY (%(eu)s)
       AND NOT EXISTS (SELECT FROM invoicing_vatcheck c WHERE c.tenant_id = p.tenant_id AND c.vat_id = p.vat_id
                          AND (c.state = 'unknown' OR c.answered_at > %(old)s)))
INSERT INTO invoicing_vatcheck (provider_id, tenant_id, vat_id, requester, state, made_at, retry_at, tries, problem,
                                consultation)
SELECT payer.provider_id, payer.tenant_id, payer.vat_id, issuer.vat_id, 'unknown', %(now)s, %(now)s, 0, '', ''
  FROM payer JOIN tenants_profile issuer ON issuer.tenant_id = payer.issuer_id
 WHERE issuer.country = ANY (%(eu)s) AND issuer.country <> payer.country
 ORDER BY payer.tenant_id ON CONFLICT DO NOTHING
"""
"""Only where it decides who owes the tax: between two countries of the union."""

GIVEN_UP = """
DELETE FROM invoicing_vatcheck c USING tenants_profile p
 WHERE p.tenant_id = c.tenant_id AND c.state = 'unknown' AND p.vat_id <> c.vat_id
"""

CLAIM = """
UPDATE invoicing_vatcheck SET asked_at = %(now)s, retry_at = %(until)s, tries = tries + 1
 WHERE id IN (SELECT id FROM invoicing_vatcheck WHERE state = 'unknown' AND retry_at <= %(now)s
               ORDER BY retry_at, id LIMIT %(most)s FOR UPDATE SKIP LOCKED)
RETURNING id
"""


class NoVatId(Refusal):
    code = "no-vat-id"
    message = gettext_lazy("There is no VAT ID of a country of the European Union to check.")


@operation
def check_vat_id(*, actor: Actor, tenant_id: int, now: datetime) -> VatCheck:
    """Ask at once, whatever was answered before; where it is being asked already, do not wait longer.

    Refused: `NoVatId`; `names-hidden` where the actor may not know who it is.
    """
    tenant: Tenant = found(Tenant.objects.visible_to(actor).locked(), pk=tenant_id)
    actor.require("company.edit" if tenant.pk == actor.tenant_id else f"{tenant.kind}.edit")
    require_named(actor, tenant)
    vat_id = Profile.objects.get(pk=tenant.pk).vat_id
    if vat_country(vat_id) not in EU:
        raise NoVatId()
    _drop_replaced()
    row = VatCheck.objects.locked().filter(tenant=tenant, state=VatCheck.State.UNKNOWN).first()
    if row is None:
        row = VatCheck.objects.create(
            provider_id=tenant.house_id,
            tenant=tenant,
            vat_id=vat_id,
            requester=_requester(tenant),
            made_at=now,
            retry_at=now,
        )
    else:
        row.retry_at = now
        row.save(update_fields=["retry_at"])
    actor.record("vat_id.check_asked", row, at=now)
    enqueue(SEND)
    return row


@operation
def open_checks(*, now: datetime) -> int:
    """Note what is to be asked: VAT IDs that are new or that were confirmed too long ago; how many."""
    with connection.cursor() as cursor:
        cursor.execute(GIVEN_UP)
        cursor.execute(OPEN, {"eu": sorted(EU), "old": now - FRESH + AHEAD, "now": now})
        return int(cursor.rowcount)


@operation
def claim_checks(*, most: int, now: datetime) -> list[VatCheck]:
    """Lease what is due: nobody else asks it meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, {"now": now, "until": now + LEASE, "most": most})
        ids = [pk for (pk,) in cursor.fetchall()]
    return list(VatCheck.objects.filter(pk__in=ids).order_by("pk"))


@operation
def note_answer(*, check: VatCheck, answer: Answer, now: datetime) -> None:
    """What was answered, once; without an answer it is asked again, ever more rarely, until there is one."""
    row = VatCheck.objects.locked().filter(pk=check.pk, state=VatCheck.State.UNKNOWN).first()
    if row is None:
        return
    row.state, row.consultation, row.problem = answer.state, answer.consultation, answer.problem
    if answer.state == VatCheck.State.UNKNOWN:
        row.retry_at = now + BACK_OFF[min(max(row.tries, 1), len(BACK_OFF)) - 1]
    else:
        row.answered_at, row.retry_at = now, None
        Actor.system(row.provider_id, "").record(
            "vat_id.checked", row, at=now, state=answer.state, consultation=answer.consultation
        )
    row.save(update_fields=["state", "consultation", "problem", "retry_at", "answered_at"])


def require_named(actor: Actor, tenant: Tenant) -> None:
    """A VAT ID tells whose it is."""
    if not is_readable(actor, tenant):
        raise NamesHidden()


def _drop_replaced() -> None:
    """Questions about VAT IDs that their tenants have no more."""
    with connection.cursor() as cursor:
        cursor.execute(GIVEN_UP)


def _requester(tenant: Tenant) -> str:
    """The VAT ID of whoever bills the tenant."""
    above = [pk for pk in issuers_of(tenant) if pk != tenant.pk]
    return str(Profile.objects.filter(pk__in=above[:1]).values_list("vat_id", flat=True).first() or "")
