"""What is owed for add-ons: sales, and those as which they went on, as far as their subscription was not suspended."""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db import connection

from addons.levels import Level, levels_of
from addons.models import AddOnOneOff, AddOnSale
from catalog.models import FeeVersion
from invoicing.facts.streams import Facts, Key, Said
from invoicing.facts.subscriptions import anchors_of, cadence_of, terms_of
from invoicing.models import Charge, Mark
from invoicing.rating.charges import Kind
from invoicing.rating.policy import Anchor
from invoicing.rating.timeline import DueOnce, GivenBack, Stretch
from resellerhub.kernel.periods import day_of

SALES = """
SELECT id FROM addons_addonsale WHERE tenant_id = ANY (%(payers)s) AND issuer_id = %(issuer)s
 UNION
SELECT id FROM addons_addonsale WHERE seller_id = ANY (%(payers)s) AND cost_issuer_id = %(issuer)s
 UNION
SELECT sale_id FROM addons_addonsalecost WHERE payer_id = ANY (%(payers)s) AND issuer_id = %(issuer)s
"""
HELD = """
SELECT s.id,
       (SELECT jsonb_agg(jsonb_build_array(p.state, p.starts_on, p.ends_on) ORDER BY p.id)
          FROM subscriptions_phase p WHERE p.subscription_id = s.id),
       (SELECT jsonb_agg(jsonb_build_array(t.starts_on, t.ends_on, t.anchor_day) ORDER BY t.id)
          FROM subscriptions_subscriptionterm t WHERE t.subscription_id = s.id)
  FROM subscriptions_subscription s WHERE s.id = ANY (%s)
"""
Run = tuple[bool, date, date | None]
"""Suspended or not, from a day until another."""


class Held(NamedTuple):
    """What an add-on hangs on."""

    runs: list[Run]
    anchors: Sequence[Anchor]


def load(issuer_id: int, payer_ids: Sequence[int], found: dict[Key, Facts]) -> None:
    """Adds what these owe the issuer. Six statements, however many sales."""
    payers = set(payer_ids)
    with connection.cursor() as cursor:
        cursor.execute(SALES, {"payers": list(payers), "issuer": issuer_id})
        ids = [pk for (pk,) in cursor.fetchall()]
    if not ids:
        return
    one_offs = defaultdict(list)
    for one_off in AddOnOneOff.objects.filter(sale__in=ids, issuer=issuer_id).order_by("pk"):
        one_offs[one_off.sale_id, one_off.payer_id].append(one_off)
    sales = AddOnSale.objects.filter(pk__in=ids).order_by("pk").in_bulk()
    held = _held({sale.subscription_id for sale in sales.values()})
    for pk, levels in levels_of(sales[pk] for pk in sorted(sales)).items():
        for level in levels:
            if level.issuer_id == issuer_id and level.payer_id in payers:
                _add(found, sales[pk], level, held[sales[pk].subscription_id], one_offs[pk, level.payer_id])


def _held(subscription_ids: set[int]) -> dict[int, Held]:
    with connection.cursor() as cursor:
        cursor.execute(HELD, [list(subscription_ids)])
        return {pk: Held(_runs(phases), anchors_of(terms)) for pk, phases, terms in cursor.fetchall()}


def _runs(phases: str) -> list[Run]:
    """Phases of one state that touch are one."""
    runs: list[Run] = []
    for state, start, end in json.loads(phases):
        is_suspended, starts_on = state == "suspended", date.fromisoformat(start)
        ends_on = date.fromisoformat(end) if end else None
        if runs and runs[-1][0] == is_suspended:
            starts_on = runs.pop()[1]
        runs.append((is_suspended, starts_on, ends_on))
    return runs


def _add(found: dict[Key, Facts], sale: AddOnSale, level: Level, held: Held, one_offs: Sequence[AddOnOneOff]) -> None:
    source = (Charge.Source.ADD_ON_SALE.value, sale.pk)
    said = Said(Charge.Stream.ADD_ON, level.public_name, sale.tenant_id, sale.seller_id, sale.subscription_id)
    key = Key(Mark.About.ADD_ON, sale.first_id, level.payer_id, level.issuer_id, level.currency)
    once_of = level.fee_version.fee_id if level.fee_version and not level.applies_more_than_once else None
    if once_of:
        shared = found.setdefault(key._replace(about=Mark.About.ONCE, about_id=once_of), Facts())
        shared.stretches += _stretches(source, sale, level, held.runs)
        shared.said[source] = said._replace(holder_id=level.payer_id, seller_id=level.issuer_id, subscription_id=None)
    if not once_of or one_offs:
        facts = found.setdefault(key, Facts(anchors=held.anchors))
        facts.said[source] = said
        if not once_of:
            facts.stretches += _stretches(source, sale, level, held.runs)
        for one_off in one_offs:
            _add_one_off(facts, said, one_off)


def _stretches(source: Any, sale: AddOnSale, level: Level, runs: Sequence[Run]) -> Iterator[Stretch]:
    begins, ends = day_of(sale.sold_at), day_of(sale.ended_at) if sale.ended_at else None
    is_in_advance = level.fee_version is None or level.fee_version.billed == FeeVersion.Billed.ADVANCE
    terms = terms_of(is_in_advance, level.prorates_first, level.prorates_last, level.credits_suspension)
    for is_suspended, run_starts, run_ends in runs:
        starts = max(run_starts, begins)
        stops = min((day for day in (run_ends, ends) if day), default=None)
        if stops is None or starts < stops or begins == starts == stops:
            days = (starts, stops)
            cadence = cadence_of(level.cycle)
            yield Stretch(source, *days, level.quantity, level.unit_price, cadence, terms, is_suspended)


def _add_one_off(facts: Facts, said: Said, one_off: AddOnOneOff) -> None:
    if one_off.quantity is not None:
        sale = (Charge.Source.ADD_ON_SALE.value, one_off.sale_id)
        facts.given_back.append(GivenBack(sale, one_off.on, one_off.quantity))
        return
    source = (Charge.Source.ADD_ON_ONE_OFF.value, one_off.pk)
    facts.said[source] = said
    facts.due_once.append(DueOnce(source, Kind(one_off.kind), one_off.on, one_off.amount))
