"""What somebody who approves a billing run should look at, found for a chunk of payers at once."""

from collections.abc import Collection, Mapping
from decimal import Decimal

from django.db.models import Q, Sum

from invoicing.models import BillingRun, RunPayer
from invoicing.selectors.taxes import liabilities_of
from tenants.models import Profile

Key = tuple[int, str]
"""A payer and a currency."""
Doubt = RunPayer.Doubt
FACTOR = 2
"""So many times as much as last time, or as little, is worth a look."""
INCOMPLETE = Q(city="") | Q(country="") | Q(street="", postal_code="")


def told_before(run: BillingRun, payer_ids: Collection[int]) -> dict[Key, Decimal]:
    """What was counted of these in the run before."""
    earlier = BillingRun.objects.filter(issuer=run.issuer_id, month__lt=run.month, job__isnull=False)
    last = earlier.order_by("-month").first()
    if last is None:
        return {}
    rows = RunPayer.objects.filter(run=last, payer__in=payer_ids).values_list("payer_id", "currency")
    return {(payer, currency): amount for payer, currency, amount in rows.annotate(Sum("expected")).order_by()}


def warnings_of(run: BillingRun, sums: Mapping[Key, Decimal], before: Mapping[Key, Decimal]) -> dict[Key, list[Doubt]]:
    payers = {payer for payer, _currency in sums}
    taxed = liabilities_of(run.issuer_id, payers, run.until)
    incomplete = set(Profile.objects.filter(INCOMPLETE, pk__in=payers).values_list("pk", flat=True))
    found: dict[Key, list[Doubt]] = {}
    for key, amount in sums.items():
        says = {
            Doubt.NO_ADDRESS: key[0] in incomplete,
            Doubt.UNTAXED: bool(taxed[key[0]].waits),
            Doubt.GIVES_BACK: amount < 0,
            **_compared(amount, before.get(key)),
        }
        found[key] = [warning for warning, holds in says.items() if holds]
    return found


def _compared(amount: Decimal, before: Decimal | None) -> dict[Doubt, bool]:
    if not before or before < 0:
        return {}
    if not amount:
        return {Doubt.NOTHING: True}
    return {Doubt.MUCH_MORE: amount > before * FACTOR, Doubt.MUCH_LESS: 0 < amount * FACTOR < before}
