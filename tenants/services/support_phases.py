"""Support over time is written here: a customer's level begins, goes on as another or elsewhere, ends."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import F, Value
from django.db.models.functions import Greatest

from resellerhub.kernel.periods import day_of
from tenants.actor import Actor
from tenants.models import CustomerAccount, SupportLevel, SupportPhase, Tenant
from tenants.roles import Kind

DEBTS = """
WITH line AS (
    SELECT p.id AS phase_id, p.provider_id, u.id AS payer_id,
           lag(u.id) OVER (PARTITION BY p.id ORDER BY u.place) AS issuer_id
      FROM tenants_supportphase p JOIN tenants_tenant t ON t.id = p.tenant_id,
           unnest(t.ancestors) WITH ORDINALITY AS u (id, place)
     WHERE p.id = ANY (%s)
       AND NOT EXISTS (SELECT FROM tenants_resellerterms r WHERE r.tenant_id = u.id AND r.type = 'commission'))
INSERT INTO tenants_supportdebt (provider_id, phase_id, payer_id, issuer_id)
SELECT provider_id, phase_id, payer_id, issuer_id FROM line WHERE issuer_id IS NOT NULL ORDER BY phase_id, payer_id
"""
"""From the customer upwards; commission resellers buy nothing, so what they sell is owed to who stands above them."""


def begin_support(customer: Tenant, level: SupportLevel, now: datetime) -> None:
    """Part of an operation that has made or locked the customer; a level that it has ends on this day."""
    _begin([(customer, level.pk)], now)


def end_support(actor: Actor, tenant: Tenant, now: datetime) -> dict[str, Any]:
    """It is deleted, or no customer any more."""
    _end([tenant.pk], now)
    return {}


def begin_anew(actor: Actor, tenant: Tenant, now: datetime) -> None:
    """It became a reseller, who needs no support as a customer; or a customer again, with the level of its account."""
    _end([tenant.pk], now)
    account = CustomerAccount.objects.filter(pk=tenant.pk).first()
    if tenant.kind == Kind.CUSTOMER and account is not None:
        _begin([(tenant, account.support_level_id)], now)


def support_elsewhere(actor: Actor, tenant: Tenant, seller: Tenant, now: datetime) -> dict[str, Any]:
    """Of all beneath a tenant that moved another line of sellers is owed; the levels stay."""
    rows = SupportPhase.objects.filter(ends_on=None).within(tenant.pk).select_related("tenant").order_by("pk")
    _begin([(row.tenant, row.level_id) for row in rows], now)
    return {}


def _begin(wanted: Sequence[tuple[Tenant, int]], now: datetime) -> None:
    days = _end([customer.pk for customer, _level in wanted], now)
    phases = SupportPhase.objects.bulk_create(
        SupportPhase(
            provider_id=customer.house_id,
            tenant=customer,
            seller_id=customer.seller_id or 0,
            level_id=level_id,
            starts_on=days.get(customer.pk, day_of(now)),
            made_at=now,
        )
        for customer, level_id in wanted
    )
    with connection.cursor() as cursor:
        cursor.execute(DEBTS, [[phase.pk for phase in phases]])


def _end(tenant_ids: Sequence[int], now: datetime) -> dict[int, date]:
    """The day on which the open phase of each ends: today, or its first day where that is later."""
    phases = SupportPhase.objects.filter(tenant__in=tenant_ids, ends_on=None)
    days = {pk: max(day_of(now), starts_on) for pk, starts_on in phases.values_list("tenant_id", "starts_on")}
    phases.update(ends_on=Greatest(F("starts_on"), Value(day_of(now))))
    return days
