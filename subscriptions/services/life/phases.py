"""The timeline is written here: a phase begins, goes on changed, or ends. The caller holds the locks.

Whatever is owed for a phase is written with it, and stays: a change of a fee or a price list never reaches it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import F, OuterRef, Subquery, Value
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
AGREED_ONCE = {"activation_amount": 0, "minimum_months": 0, "cancellation_amount": 0, "cancellation_hours": None}
"""What was agreed when it was sold, and is not agreed again because the price is another."""
TERMS = (
    *("billed", "activation_amount", "prorates_first", "prorates_last", "minimum_months"),
    *("cancellation_amount", "cancellation_hours", "credits_suspension"),
)


def begin(
    subscriptions: Sequence[Subscription], version: PackageVersion, owed: Sequence[Sequence[Owed]], now: datetime
) -> None:
    """Their first phases; `owed` is in the order of the subscriptions."""
    phases = Phase.objects.bulk_create(
        new_phase(row, version.pk, version, row.started_on, now) for row in subscriptions
    )
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
    phase = new_phase(subscription, last.version_id, last, day, now)
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
        new_phase(row, last[row.pk].version_id, last[row.pk], days[row.pk], now) for row in subscriptions
    )
    PhaseFee.objects.bulk_create(
        same_fee(phase, fee) for phase in phases for fee in last[phase.subscription_id].fees.all()
    )
    note_crossings_of([row.pk for row in subscriptions], now)


def go_on_with(
    subscription: Subscription,
    version: PackageVersion,
    owed: Sequence[Owed],
    now: datetime,
    *,
    on: date,
    priced_by: PackageVersion | None = None,
) -> None:
    """It is held with another version or for other prices from a day on, those of this version or of another. Another
    package is activated."""
    last = Phase.objects.select_related("version").get(subscription=subscription, ends_on=None)
    day = _end([subscription], on)[subscription.pk]
    phase = new_phase(subscription, version.pk, priced_by or version, day, now)
    phase.save(force_insert=True)
    fees = PhaseFee.objects.bulk_create(new_fee(phase, one, version) for one in owed)
    if last.version.package_id != version.package_id:
        write_activations(fees, OneOff.Step.CHANGE, now)
    note_crossings_of([subscription.pk], now)


def go_on_for(subscription: Subscription, last: Phase, fees: Iterable[PhaseFee], now: datetime, *, on: date) -> None:
    """It is held for these prices from a day on: of what is new, and what stays."""
    day = _end([subscription], on)[subscription.pk]
    phase = new_phase(subscription, last.version_id, last, day, now)
    phase.save(force_insert=True)
    PhaseFee.objects.bulk_create(placed(phase, fee) for fee in fees)


def go_on_elsewhere(subscription_ids: Iterable[int], now: datetime) -> None:
    """Who stands above these has changed: from today on it is owed along the new line, at the prices of those who sell
    there. What two owe each other as before stays as it was agreed, and so does by what the holder is bound."""
    rows = Subscription.objects.filter(pk__in=list(subscription_ids)).select_related("tenant", "seller__terms")
    open_ones = _open_phases(rows).select_related("version__package", "reseller_fee", "account_fee")
    last = {row.subscription_id: row for row in open_ones.prefetch_related("fees")}
    moved = [row for row in rows.order_by("pk") if row.pk in last]
    days = _end(moved, day_of(now))
    phases = Phase.objects.bulk_create(
        new_phase(row, last[row.pk].version_id, last[row.pk], days[row.pk], now) for row in moved
    )
    owed = _owed_now(moved, last, now)
    PhaseFee.objects.bulk_create(
        fee for phase in phases for fee in _agreed_elsewhere(phase, last[phase.subscription_id], owed)
    )


def _agreed_elsewhere(phase: Phase, last: Phase, owed: Mapping[int, Sequence[Owed]]) -> Iterable[PhaseFee]:
    had = {(fee.payer_id, fee.issuer_id): fee for fee in last.fees.all()}
    account = _account(last.fees.all())
    for one in owed[phase.subscription_id]:
        if before := had.get((one.payer_id, one.issuer_id)):
            yield same_fee(phase, before)
        elif one.stream == PhaseFee.Stream.ACCOUNT:
            yield agreed_again(phase, one, last.version, account)
        else:
            yield new_fee(phase, one, last.version)


def _owed_now(moved: Sequence[Subscription], last: Mapping[int, Phase], now: datetime) -> dict[int, list[Owed]]:
    """By the cycle that each has, where it is still offered; those of one seller, cycle and pair of fees are asked for
    together."""
    groups: dict[tuple[int, int, int | None, int | None, str], list[Subscription]] = defaultdict(list)
    for row in moved:
        phase, account = last[row.pk], _account(last[row.pk].fees.all())
        fees = phase.reseller_fee_id, phase.account_fee_id
        groups[row.seller_id, phase.version.package_id, *fees, account.cycle if account else ""].append(row)
    found: dict[int, list[Owed]] = {}
    for (*_alike, cycle), rows in groups.items():
        seller: Tenant = rows[0].seller
        owing = chain(seller, last[rows[0].pk].priced_by, [row.tenant for row in rows], day_of(now), cycle)
        found |= {row.pk: owing.of(row.tenant_id) for row in rows}
    return found


def _account(fees: Iterable[PhaseFee]) -> PhaseFee | None:
    return next((fee for fee in fees if fee.stream == PhaseFee.Stream.ACCOUNT), None)


def _open_phases(rows: Any) -> Any:
    return Phase.objects.filter(subscription__in=rows, ends_on=None)


def _end(rows: Sequence[Subscription], on: date) -> dict[int, date]:
    """The day on which the open phase of each ends: this one, or its first day or that of the term where these are
    later, as by a clock that is behind."""
    phases = Phase.objects.filter(subscription__in=[row.pk for row in rows], ends_on=None)
    terms = Subscription.objects.filter(pk=OuterRef("subscription_id")).values("term_starts_on")
    last = Greatest(F("starts_on"), Value(on), Subquery(terms))
    days = dict(phases.values_list("subscription_id", last))
    phases.update(ends_on=last)
    return days


def new_phase(
    subscription: Subscription, version_id: int, priced_by: PackageVersion | Phase, starts_on: date, now: datetime
) -> Phase:
    """With the limits of one version, priced by the pair of fees of the same or another."""
    return Phase(
        provider_id=subscription.provider_id,
        tenant_id=subscription.tenant_id,
        seller_id=subscription.seller_id,
        subscription=subscription,
        version_id=version_id,
        reseller_fee_id=priced_by.reseller_fee_id,
        account_fee_id=priced_by.account_fee_id,
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


def agreed_again(phase: Phase, owed: Owed, version: PackageVersion, before: PhaseFee | None) -> PhaseFee:
    """At another price, for what was agreed before."""
    fee = new_fee(phase, owed, version)
    for name, nothing in AGREED_ONCE.items():
        setattr(fee, name, getattr(before, name) if before else nothing)
    return fee


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
