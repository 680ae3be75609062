"""Reads of support over time: who had which level when, at which price, as far as it concerns the reader.

Phases say who owes whom, dated prices how much: a new price counts from its day on for those who have the level, too.
What is past never changes, because both are only added to.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import connection

from tenants.models import SupportDebt, SupportPhase

if TYPE_CHECKING:
    from tenants.actor import Actor

CYCLE = "month"
STRETCHES = """
WITH RECURSIVE asked AS (
    SELECT d.id AS debt_id, d.phase_id, d.issuer_id AS tenant_id, 0 AS place
      FROM tenants_supportdebt d WHERE d.phase_id = ANY (%(phases)s)
     UNION ALL
    SELECT asked.debt_id, asked.phase_id, above.issuer_id, asked.place + 1
      FROM asked JOIN tenants_supportdebt above
        ON above.phase_id = asked.phase_id AND above.payer_id = asked.tenant_id
), line AS (
    SELECT debt_id, array_agg(tenant_id ORDER BY place) AS issuers FROM asked GROUP BY debt_id)
SELECT p.id, p.tenant_id, p.seller_id, p.level_id, l.code, l.name, d.payer_id, d.issuer_id,
       part.starts_on, part.ends_on, price.amount, price.currency
  FROM tenants_supportphase p
  JOIN tenants_supportdebt d ON d.phase_id = p.id
  JOIN line ON line.debt_id = d.id
  JOIN tenants_supportlevel l ON l.id = p.level_id
 CROSS JOIN LATERAL (
       SELECT day AS starts_on, lead(day, 1, p.ends_on) OVER (ORDER BY day) AS ends_on
         FROM (SELECT p.starts_on AS day
                UNION
               SELECT s.effective_on FROM tenants_supportprice s
                WHERE s.level_id = p.level_id AND s.tenant_id = ANY (line.issuers)
                  AND s.effective_on > p.starts_on AND (p.ends_on IS NULL OR s.effective_on < p.ends_on)) AS days
       ) AS part
  JOIN LATERAL (
       SELECT s.amount, s.currency FROM tenants_supportprice s
        WHERE s.level_id = p.level_id AND s.tenant_id = ANY (line.issuers) AND s.effective_on <= part.starts_on
        ORDER BY array_position(line.issuers, s.tenant_id), s.effective_on DESC, s.id DESC LIMIT 1) AS price ON true
 WHERE p.id = ANY (%(phases)s) AND (part.ends_on IS NULL OR part.ends_on > part.starts_on)
   AND (%(mine)s::bigint IS NULL OR %(mine)s IN (d.payer_id, d.issuer_id) OR d.payer_id = p.tenant_id)
 ORDER BY p.tenant_id, part.starts_on, p.id, d.id
"""
"""`line` is, of each debt, whose price counts: the issuer's own, else that of the nearest above it in the phase, which
stays when somebody moves."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """[starts_on, ends_on) in which one tenant owes another so much a month for a customer's support; without an end it
    goes on. The customer itself is the payer of what its issuer asks of it."""

    phase_id: int
    tenant_id: int
    seller_id: int
    level_id: int
    level: str
    name: str
    payer_id: int
    issuer_id: int
    starts_on: date
    ends_on: date | None
    amount: Decimal
    currency: str
    cycle: str = CYCLE

    @property
    def is_price(self) -> bool:
        """What the customer pays, in place of what a reseller pays for it."""
        return self.payer_id == self.tenant_id


def stretches(actor: "Actor", tenant_ids: Iterable[int]) -> list[Stretch]:
    """Of these customers in scope, in one statement: what they pay, and what the actor's tenant pays or is paid for
    them; a provider sees all of its house. Nobody learns what the level above pays."""
    ids = SupportPhase.objects.visible_to(actor).filter(tenant__in=list(tenant_ids)).values_list("pk", flat=True)
    return _stretches(list(ids), None if actor.is_provider else actor.tenant_id)


def owed_to(issuer_id: int, payer_ids: Iterable[int]) -> list[Stretch]:
    """What these owe the issuer, whenever it was: what bills are made from, in two statements."""
    debts = SupportDebt.objects.filter(issuer=issuer_id, payer__in=list(payer_ids))
    between = set(debts.values_list("phase_id", "payer_id"))
    rows = _stretches(list({phase for phase, _payer in between}), None)
    return [row for row in rows if row.issuer_id == issuer_id and (row.phase_id, row.payer_id) in between]


def _stretches(phase_ids: list[int], mine: int | None) -> list[Stretch]:
    with connection.cursor() as cursor:
        cursor.execute(STRETCHES, {"phases": phase_ids, "mine": mine})
        return [Stretch(*row) for row in cursor.fetchall()]
