"""Holds charges against the facts that they are of: what is owed until a mark is what was charged, stream by stream.

It reads every house.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from django.db import connection

from invoicing.facts.comparing import compared
from invoicing.facts.loading import load
from invoicing.facts.rated import DEFAULTS, billed_of, key_of
from invoicing.models import Mark
from invoicing.rating.charges import total
from resellerhub.kernel.money import MINOR_UNITS, plain

CHUNK = 2000
"""Payers of one issuer at once."""
PRODUCT = """
SELECT format('charge %%s: %%s × %%s × %%s/%%s is not %%s', c.id, c.quantity, c.unit_price, c.part, c.whole, c.amount)
  FROM invoicing_charge c
  LEFT JOIN unnest(%(currencies)s::text[], %(places)s::int[]) AS minor (currency, places) ON minor.currency = c.currency
 WHERE c.credits_id IS NULL AND abs(abs(c.amount) - c.quantity * c.unit_price * c.part / c.whole)
                                >= 10::numeric ^ -coalesce(minor.places, 2)
"""


def charges() -> Iterator[str]:
    """A sentence for each charge that is no product, and for each stream whose facts say another sum than its charges.
    What changed since it was billed waits for the next run, and is nothing wrong."""
    with connection.cursor() as cursor:
        cursor.execute(PRODUCT, {"currencies": list(MINOR_UNITS), "places": list(MINOR_UNITS.values())})
        yield from (sentence for (sentence,) in cursor.fetchall())
    payers = defaultdict(set)
    for issuer_id, payer_id in Mark.objects.values_list("issuer_id", "payer_id").distinct():
        payers[issuer_id].add(payer_id)
    for issuer_id, ids in sorted(payers.items()):
        for chunk in chunks(sorted(ids)):
            yield from _of(issuer_id, chunk)


def _of(issuer_id: int, payer_ids: list[int]) -> Iterator[str]:
    marks = Mark.objects.filter(issuer=issuer_id, payer__in=payer_ids, until__isnull=False).select_related("policy")
    rows = list(marks.order_by("pk"))
    facts, billed = load(issuer_id, payer_ids), billed_of([mark.pk for mark in rows])
    for mark in rows:
        told = facts.get(key_of(mark))
        if told is None or mark.until is None or told.digest != mark.seen:
            continue
        rules = mark.policy.rated_by if mark.policy else DEFAULTS
        more, _since = compared(told, mark.currency, rules, billed[mark.pk], mark.until)
        if more:
            missing = plain(total(more))
            yield (
                f"{mark.about} {mark.about_id}, tenant {mark.payer_id} to {mark.issuer_id}: charges until {mark.until}"
                f" are {missing} {mark.currency} from what is owed"
            )


def chunks(ids: list[int]) -> Iterable[list[int]]:
    return (ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK))
