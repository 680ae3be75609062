"""What is owed becomes charges: as often as one likes, and each day of everything once."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import connection

from invoicing.facts.loading import load
from invoicing.facts.rated import Line, Rated, locked_marks_of, marks_of, rated
from invoicing.facts.streams import Facts, Key
from invoicing.models import BillingPolicy, Charge, Mark
from invoicing.selectors.policies import by_which
from resellerhub.kernel.operation import operation
from tenants.models import Tenant

COLUMNS = {
    **dict.fromkeys(("payer_id", "holder_id", "seller_id", "subscription_id", "mark_id", "source_id"), "bigint"),
    **dict.fromkeys(("stream", "source_kind", "kind", "label", "currency"), "text"),
    **dict.fromkeys(("service_start", "service_end", "billing_start", "billing_end", "due_on"), "date"),
    **dict.fromkeys(("quantity", "part", "whole", "credits_id", "nth"), "bigint"),
    **dict.fromkeys(("unit_price", "amount"), "numeric"),
}
"""Of a charge, with their types; the others are the same for all."""
INSERT = f"""
INSERT INTO invoicing_charge (provider_id, issuer_id, made_at, {", ".join(COLUMNS)})
SELECT %s, %s, %s, * FROM unnest({", ".join(f"%s::{kind}[]" for kind in COLUMNS.values())})
    ON CONFLICT DO NOTHING
"""
MARK = """
UPDATE invoicing_mark m SET until = greatest(m.until, %s), since = said.since, seen = said.seen
  FROM unnest(%s::bigint[], %s::date[], %s::text[]) AS said (id, since, seen)
 WHERE m.id = said.id
   AND (m.until IS NULL OR m.until < %s OR (m.since, m.seen) IS DISTINCT FROM (said.since, said.seen))
"""


@operation
def charge(*, issuer_id: int, payer_ids: Sequence[int], until: date, now: datetime) -> int:
    """Charge what these owe the issuer until a day and was not charged, and give back what was charged and is not owed;
    returns how many lines that were. Two that do so at once wait for each other; repeating writes nothing."""
    provider_id = Tenant.objects.get(pk=issuer_id).house_id
    versions = list(BillingPolicy.objects.filter(tenant=issuer_id).newest_first())
    marks, facts = _claimed(provider_id, issuer_id, payer_ids, versions, until)
    rows = rated(facts, marks, versions, until)
    written = _write([line for row in rows for line in row.lines], marks, (provider_id, issuer_id, now))
    _mark(rows, marks, until)
    return written


def preview_charges(*, issuer_id: int, payer_ids: Sequence[int], until: date, now: datetime) -> list[Charge]:
    """What `charge` would write, with the same numbers; nothing is written, and nobody waits."""
    provider_id = Tenant.objects.get(pk=issuer_id).house_id
    versions = list(BillingPolicy.objects.filter(tenant=issuer_id).newest_first())
    rows = rated(load(issuer_id, payer_ids), marks_of(issuer_id, payer_ids), versions, until)
    same = {"provider_id": provider_id, "issuer_id": issuer_id, "made_at": now}
    return [
        Charge(**same, **dict(zip(COLUMNS, columns_of(line, None), strict=True))) for row in rows for line in row.lines
    ]


def _claimed(
    provider_id: int, issuer_id: int, payer_ids: Sequence[int], versions: Sequence[BillingPolicy], until: date
) -> tuple[dict[Key, Mark], dict[Key, Facts]]:
    """The streams of these, each with its mark, locked; and what is known of them since then. Where somebody else was
    first with a new one, that may have seen more: it is looked at again."""
    marks, facts = locked_marks_of(issuer_id, payer_ids), load(issuer_id, payer_ids)
    missing = [key for key in facts if key not in marks]
    if missing:
        made = [_mark_of(provider_id, key, facts[key], versions, until) for key in missing]
        Mark.objects.bulk_create(made, ignore_conflicts=True)
        marks = locked_marks_of(issuer_id, payer_ids)
        if any(marks[key].until for key in missing):
            facts = load(issuer_id, payer_ids)
    return marks, {key: told for key, told in facts.items() if key in marks}


def _mark_of(provider_id: int, key: Key, facts: Facts, versions: Sequence[BillingPolicy], until: date) -> Mark:
    policy = by_which(versions, facts.began_on, until)
    return Mark(provider_id=provider_id, **key._asdict(), policy=policy, began_on=facts.began_on)


def _write(lines: Sequence[Line], marks: Mapping[Key, Mark], same: tuple[int, int, datetime]) -> int:
    if not lines:
        return 0
    columns = zip(*(columns_of(line, marks[line.key].pk) for line in lines), strict=True)
    with connection.cursor() as cursor:
        cursor.execute(INSERT, [*same, *map(list, columns)])
        return int(cursor.rowcount)


def columns_of(line: Line, mark_id: int | None) -> tuple[Any, ...]:
    """In the order of `COLUMNS`."""
    key, facts, row = line
    said = facts.said[row.source]
    return (
        *(key.payer_id, said.holder_id, said.seller_id, said.subscription_id, mark_id),
        *(row.source[1], said.stream, row.source[0], row.kind.value, said.label, row.currency),
        *(row.service.start, row.service.end, row.billing.start, row.billing.end, row.due_on),
        *(row.quantity, row.part, row.whole, row.credits, row.nth, row.unit_price, row.amount),
    )


def _mark(rows: Sequence[Rated], marks: Mapping[Key, Mark], until: date) -> None:
    told = [(marks[row.key].pk, row.since, row.seen) for row in rows]
    if told:
        with connection.cursor() as cursor:
            cursor.execute(MARK, [until, *map(list, zip(*told, strict=True)), until])
