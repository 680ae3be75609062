"""What is owed for subscriptions: the fees of their phases, and what is due once or given back from another day."""

import json
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import cache

from django.db import connection

from invoicing.facts.streams import Facts, Key, Said, anchor_of
from invoicing.models import Charge, Mark
from invoicing.rating.charges import Kind
from invoicing.rating.policy import Anchor, Terms
from invoicing.rating.timeline import DueOnce, GivenBack, Stretch
from resellerhub.kernel.cycles import Cadence
from resellerhub.kernel.periods import Cycle

SQL = """
SELECT f.id, f.payer_id, f.currency, f.stream, f.public_name, f.unit_price, f.cycle,
       f.billed = 'advance', f.prorates_first, f.prorates_last, f.credits_suspension,
       CASE WHEN NOT f.applies_more_than_once THEN v.fee_id END,
       p.subscription_id, p.tenant_id, p.seller_id, p.quantity, p.state = 'suspended', p.starts_on, p.ends_on,
       (SELECT jsonb_agg(jsonb_build_array(o.id, o.kind, o."on", o.amount::text, o.quantity) ORDER BY o.id)
          FROM subscriptions_oneoff o WHERE o.phase_fee_id = f.id),
       CASE WHEN row_number() OVER (PARTITION BY p.subscription_id ORDER BY f.id) = 1 THEN
       (SELECT jsonb_agg(jsonb_build_array(t.starts_on, t.ends_on, t.anchor_day) ORDER BY t.id)
          FROM subscriptions_subscriptionterm t WHERE t.subscription_id = p.subscription_id) END
  FROM subscriptions_phasefee f
  JOIN subscriptions_phase p ON p.id = f.phase_id
  LEFT JOIN catalog_feeversion v ON v.id = f.fee_version_id
 WHERE f.issuer_id = %(issuer)s AND f.payer_id = ANY (%(payers)s)
 ORDER BY p.subscription_id, f.id
"""
"""One statement sees one moment: a step that is taken meanwhile is in it whole or not at all."""

terms_of = cache(Terms)
cadence_of = cache(lambda cycle: Cadence(Cycle(cycle).months))


def load(issuer_id: int, payer_ids: Sequence[int], found: dict[Key, Facts]) -> None:
    """Adds what these owe the issuer. What is owed once for all of them is left as it is held of each."""
    with connection.cursor() as cursor:
        cursor.execute(SQL, {"issuer": issuer_id, "payers": list(payer_ids)})
        rows = cursor.fetchall()
    anchors: Sequence[Anchor] = ()
    for row in rows:
        (fee_id, payer_id, currency, stream, label, price, cycle, advance, first, last, credited, once_of) = row[:12]
        (subscription_id, holder_id, seller_id, quantity, is_suspended, starts_on, ends_on, one_offs, terms) = row[12:]
        if terms:
            anchors = anchors_of(terms)
        key = Key(Mark.About.SUBSCRIPTION, subscription_id, payer_id, issuer_id, currency)
        source = (Charge.Source.PHASE_FEE.value, fee_id)
        said = Said(stream, label, holder_id, seller_id, subscription_id)
        agreed = terms_of(advance, first, last, credited)
        stretch = Stretch(source, starts_on, ends_on, quantity, price, cadence_of(cycle), agreed, is_suspended)
        if once_of:
            shared = found.setdefault(key._replace(about=Mark.About.ONCE, about_id=once_of), Facts())
            shared.stretches.append(stretch)
            shared.said[source] = said._replace(holder_id=payer_id, seller_id=issuer_id, subscription_id=None)
        if not once_of or one_offs:
            facts = found.setdefault(key, Facts(anchors=anchors))
            facts.said[source] = said
            if not once_of:
                facts.stretches.append(stretch)
            for one_off in json.loads(one_offs or "[]"):
                _add(facts, said, fee_id, one_off)


def _add(facts: Facts, said: Said, fee_id: int, one_off: tuple[int, str, str, str | None, int | None]) -> None:
    pk, kind, on, amount, quantity = one_off
    if quantity is not None:
        given = GivenBack((Charge.Source.PHASE_FEE.value, fee_id), date.fromisoformat(on), quantity)
        facts.given_back.append(given)
        return
    source = (Charge.Source.ONE_OFF.value, pk)
    facts.said[source] = said
    facts.due_once.append(DueOnce(source, Kind(kind), date.fromisoformat(on), Decimal(amount or 0)))


def anchors_of(terms: str) -> list[Anchor]:
    """From terms as JSON, in the order in which they were said."""
    return [anchor_of(date.fromisoformat(start), date.fromisoformat(end), day) for start, end, day in json.loads(terms)]
