"""The timeline is written here: a phase begins, goes on changed, or ends. The caller holds the locks.

Whatever is owed for a phase is written with it, and stays: a change of a fee or a price list never reaches it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import F, Value
from django.db.models.functions import Greatest

from catalog.models import FeeVersion, PackageVersion
from resellerhub.kernel.money import AMOUNT_MAX, plain
from resellerhub.kernel.periods import day_of
from subscriptions.models import OneOff, Phase, PhaseFee, Subscription
from subscriptions.owing import Owed, chain
from subscriptions.refusals import PriceTooLarge
from subscriptions.services.life.oneoffs import activations, write_activations
from subscriptions.services.usage.crossings import note_crossings_of
from tenants.models import Tenant

COPIED = [field.attname for field in PhaseFee._meta.concrete_fields if field.name not in {"id", "phase"}]
TERMS = (
    *("billed", "activation_amount", "prorates_first", "prorates_last", "minimum_months"),
    *("cancellation_amount", "cancellation_hours", "credits_suspension"),
)


def begin(
    subscriptions: Sequence[Subscription], version: PackageVersion, owed: Sequence[Sequence[Owed]], now: datetime
) -> None:
    """Their first phases; `owed` is in the order of the subscriptions."""
    phases = Phase.objects.bulk_create(new_phase(row, version.pk, row.started_on, now) for row in subscriptions)
    fees = PhaseFee.objects.bulk_create(
        new_fee(phase, one, version) for phase, all_of_one in zip(phases, owed, strict=True) for one in all_of_one
    )
    write_activations(fees, OneOff.Step.START, now)


def go_on(subscription: Subscription, now: datetime, *, on: date | None = None) -> None:
    """It is held in another quantity, in another state or by somebody else from a day on (today), for the same prices;
    a closed one no longer is."""
    last = Phase.objects.get(subscription=subscription, ends_on=None)
    day = _end([subscription], on or day_of(now))[subscription.pk]
    if subscription.state == Subscription.State.CLOSED:
        return
    phase = new_phase(subscription, last.version_id, day, now)
    phase.save(force_insert=True)
    fees = [same_fee(phase, fee) for fee in last.fees.order_by("pk")]
    for fee in fees:
        if fee.stream == PhaseFee.Stream.ACCOUNT:
            fee.payer_id = phase.tenant_id
    PhaseFee.objects.bulk_create(fees)
    note_crossings_of([subscription.pk], now)


def all_go_on(subscriptions: Sequence[Subscription], last: Mapping[int, Phase], now: datetime) -> None:
    """These are held in another state from today on, for the same prices. `last` are their open phases, with `fees`."""
    days = _end(subscriptions, day_of(now))
    phases = Phase.objects.bulk_create(
        new_phase(row, last[row.pk].version_id, days[row.pk], now) for row in subscriptions
    )
    PhaseFee.objects.bulk_create(
        same_fee(phase, fee) for phase in phases for fee in last[phase.subscription_id].fees.all()
    )
    note_crossings_of([row.pk for row in subscriptions], now)


def go_on_with(
    subscription: Subscription, version: PackageVersion, owed: Sequence[Owed], now: datetime, *, on: date
) -> None:
    """It is held with another version or for other prices from a day on. Another package is activated."""
    last = Phase.objects.select_related("version").get(subscription=subscription, ends_on=None)
    day = _end([subscription], on)[subscription.pk]
    phase = new_phase(subscription, version.pk, day, now)
    phase.save(force_insert=True)
    fees = PhaseFee.objects.bulk_create(new_fee(phase, one, version) for one in owed)
    if last.version.package_id != version.package_id:
        write_activations(fees, OneOff.Step.CHANGE, now)
    note_crossings_of([subscription.pk], now)


def go_on_for(
    subscription: Subscription, version_id: int, fees: Iterable[PhaseFee], now: datetime, *, on: date
) -> None:
    """It is held for these prices from a day on: of what is new, and what stays."""
    day = _end([subscription], on)[subscription.pk]
    phase = new_phase(subscription, version_id, day, now)
    phase.save(force_insert=True)
    PhaseFee.objects.bulk_create(placed(phase, fee) for fee in fees)


def go_on_elsewhere(subscription_ids: Iterable[int], now: datetime) -> None:
    """Who stands above these has changed: from today on it is owed along the new line, at the prices of those who sell
    there. What two owe each other as before stays as it was agreed."""
    rows = Subscription.objects.filter(pk__in=list(subscription_ids)).select_related("tenant", "seller__terms")
    last = {row.subscription_id: row for row in _open_phases(rows).select_related("version__package")}
    moved = [row for row in rows.order_by("pk") if row.pk in last]
    agreed: dict[int, dict[tuple[int, int], PhaseFee]] = defaultdict(dict)
    for fee in PhaseFee.objects.filter(phase__in=list(last.values())).select_related("phase"):
        agreed[fee.phase.subscription_id][fee.payer_id, fee.issuer_id] = fee
    days = _end(moved, day_of(now))
    phases = Phase.objects.bulk_create(new_phase(row, last[row.pk].version_id, days[row.pk], now) for row in moved)
    fees: list[PhaseFee] = []
    for phase, owed in zip(phases, _owed_now(moved, last, now), strict=True):
        kept = agreed[phase.subscription_id]
        for one in owed:
            before = kept.get((one.payer_id, one.issuer_id))
            fees.append(same_fee(phase, before) if before else new_fee(phase, one, last[phase.subscription_id].version))
    PhaseFee.objects.bulk_create(fees)


def _owed_now(moved: Sequence[Subscription], last: dict[int, Phase], now: datetime) -> list[list[Owed]]:
    """Of each, in order, by the cycle that it has, where it is still offered; those of one seller, version and cycle
    are asked for together."""
    phases = [last[row.pk] for row in moved]
    accounts = PhaseFee.objects.filter(phase__in=phases, stream=PhaseFee.Stream.ACCOUNT).order_by()
    cycles = dict(accounts.values_list("phase__subscription_id", "cycle"))
    groups: dict[tuple[int, int, str], list[Subscription]] = defaultdict(list)
    for row in moved:
        groups[row.seller_id, last[row.pk].version_id, cycles.get(row.pk, "")].append(row)
    found: dict[int, list[Owed]] = {}
    for (_seller, _version, cycle), rows in groups.items():
        seller: Tenant = rows[0].seller
        version = last[rows[0].pk].version
        owing = chain(seller, version, [row.tenant for row in rows], day_of(now), cycle)
        found |= {row.pk: owing.of(row.tenant_id) for row in rows}
    return [found[row.pk] for row in moved]


def _open_phases(rows: Any) -> Any:
    return Phase.objects.filter(subscription__in=rows, ends_on=None)


def _end(rows: Sequence[Subscription], on: date) -> dict[int, date]:
    """The day on which the open phase of each ends: this one, or its first day where that is later."""
    phases = Phase.objects.filter(subscription__in=[row.pk for row in rows], ends_on=None)
    days = {pk: max(on, starts_on) for pk, starts_on in phases.values_list("subscription_id", "starts_on")}
    phases.update(ends_on=Greatest(F("starts_on"), Value(on)))
    return days


def new_phase(subscription: Subscription, version_id: int, starts_on: date, now: datetime) -> Phase:
    return Phase(
        provider_id=subscription.provider_id,
        tenant_id=subscription.tenant_id,
        seller_id=subscription.seller_id,
        subscription=subscription,
        version_id=version_id,
        quantity=subscription.quantity,
        state=subscription.state,
        starts_on=starts_on,
        made_at=now,
    )


def new_fee(phase: Phase, owed: Owed, version: PackageVersion) -> PhaseFee:
    """Without a fee the terms are the usual ones, and the name for end users is the package's. Refused:
    `PriceTooLarge`."""
    if owed.amount is not None and owed.amount >= AMOUNT_MAX:
        raise PriceTooLarge(most=plain(AMOUNT_MAX))
    terms = owed.terms or FeeVersion(public_name=version.package.name)
    values = {name: getattr(terms, name) for name in TERMS}
    values["credits_suspension"] = owed.stream == PhaseFee.Stream.ACCOUNT and terms.credits_suspension
    return PhaseFee(
        provider_id=phase.provider_id,
        phase=phase,
        stream=owed.stream,
        payer_id=owed.payer_id,
        issuer_id=owed.issuer_id,
        fee_version=owed.terms,
        price_rule_id=owed.priced.rule.pk if owed.priced.rule else None,
        public_name=terms.public_name,
        currency=owed.currency,
        unit_price=owed.amount or Decimal(0),
        cycle=owed.cycle,
        applies_more_than_once=owed.fee.applies_more_than_once if owed.fee else True,
        **values,
    )


def foreseen(owed: Iterable[Owed], version: PackageVersion, phase: Phase, step: str) -> list[OneOff]:
    """What activates a phase that is not written yet."""
    return activations([new_fee(phase, one, version) for one in owed], step)


def same_fee(phase: Phase, fee: PhaseFee) -> PhaseFee:
    return PhaseFee(phase=phase, **{name: getattr(fee, name) for name in COPIED})


def placed(phase: Phase, fee: PhaseFee) -> PhaseFee:
    """What is new becomes the phase's, what stays is said again."""
    if fee.pk is not None:
        return same_fee(phase, fee)
    fee.phase = phase
    return fee
