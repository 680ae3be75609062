"""Fees: what is charged again and again. A change of what a fee says is a new version from a day on."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from catalog import hooks
from catalog.models import Fee, FeeVersion
from catalog.refusals import FeeInUse, ManagedByAnother, ShareWithResellers
from catalog.selectors.managers import managed
from catalog.selectors.packages import packages_of_fee
from catalog.services.writing import must_be_to_come, write
from resellerhub.kernel.money import plain
from resellerhub.kernel.operation import operation
from resellerhub.kernel.periods import Cycle, day_of
from resellerhub.kernel.refusals import Invalid, found
from tenants.actor import Actor
from tenants.models import Tenant
from tenants.roles import Kind


@dataclass(frozen=True, slots=True)
class Charging:
    """What a version of a fee says. Amounts are in the fee's currency, unrounded; `amount` is per unit and cycle, those
    that name another length of cycle are for whoever pays by that."""

    public_name: str
    amount: Decimal
    cycle: str = Cycle.MONTH
    amount_month: Decimal | None = None
    amount_quarter: Decimal | None = None
    amount_half_year: Decimal | None = None
    amount_year: Decimal | None = None
    billed: str = FeeVersion.Billed.ADVANCE
    activation_amount: Decimal = Decimal(0)
    prorates_first: bool = True
    prorates_last: bool = True
    minimum_months: int = 0
    cancellation_amount: Decimal = Decimal(0)
    cancellation_hours: int | None = None
    """After purchase, renewal or increase; None: it may be cancelled or reduced at any time."""
    credits_suspension: bool = True

    @classmethod
    def of(cls, version: FeeVersion) -> "Charging":
        return cls(**{field.name: getattr(version, field.name) for field in fields(cls)})

    def charged_by(self, cycle: str) -> "Charging":
        """The same with another cycle of its own, which is no further one then. What is no cycle is refused later."""
        no_more: dict[str, Any] = {further(cycle): None} if cycle in Cycle.values else {}
        return replace(self, cycle=cycle, **no_more)


def further(cycle: str) -> str:
    """Where the amount for a cycle stands that is not the fee's own."""
    return f"amount_{cycle}"


@operation
def create_fee(
    *,
    actor: Actor,
    kind: str,
    name: str,
    currency: str,
    charging: Charging,
    managed_by_id: int | None = None,
    is_shared: bool = False,
    applies_more_than_once: bool = True,
    effective_on: date | None = None,
    now: datetime,
) -> Fee:
    """A fee that the actor's tenant manages, or, made by a provider, a reseller of it.

    Its first version counts from any day, else today.

    A reseller fee is never credited while the customer is suspended: the seller owes it all the same.
    """
    actor.require("catalog.edit")
    if actor.kind == Kind.CUSTOMER:
        raise ManagedByAnother(name=name)
    manager = managed_by_id or actor.tenant_id
    if manager != actor.tenant_id:
        actor.require_provider("catalog.edit")
        found(Tenant.objects.visible_to(actor).filter(kind=Kind.RESELLER), pk=manager)
    return new_fee(
        actor,
        kind,
        name,
        currency,
        charging,
        manager_id=manager,
        is_shared=is_shared,
        applies_more_than_once=applies_more_than_once,
        effective_on=effective_on,
        now=now,
    )


@operation
def change_fee(
    *,
    actor: Actor,
    fee_id: int,
    name: str,
    is_shared: bool,
    applies_more_than_once: bool,
    is_active: bool,
    now: datetime,
) -> Fee:
    """Its name and its switches; what it charges is changed by a new version.

    Refused: `ManagedByAnother`, `ShareWithResellers` where a shared package rests on it, `FeeInUse`.
    """
    fee = _editable(actor, fee_id)
    shared, once = (is_shared, True) if fee.kind == Fee.Kind.ACCOUNT else (False, applies_more_than_once)
    after = {"name": name.strip(), "is_shared": shared, "applies_more_than_once": once, "is_active": is_active}
    before = {field: getattr(fee, field) for field, value in after.items() if getattr(fee, field) != value}
    if not before:
        return fee
    using = [named(fee, day_of(now)) for named in (packages_of_fee, *hooks.NAMING)]
    if "is_shared" in before and not shared and fee.tenant_id == fee.provider_id:
        for one in _first(using, Q(is_shared=True) | ~Q(tenant=F("provider"))):
            raise ShareWithResellers(fee=fee.name, package=one.name, field="is_shared")
    if "is_active" in before and not is_active:
        for one in _first(using, Q(is_active=True)):
            raise FeeInUse(fee=fee.name, used=one.name, field="is_active")
    for field in before:
        setattr(fee, field, after[field])
    write(fee, sorted(before))
    facts: dict[str, Any] = {field: after[field] for field in before}
    actor.record("fee.changed", fee, at=now, tenant_id=fee.tenant_id, before=before, **facts)
    return fee


def _first(using: Iterable[QuerySet[Any]], condition: Q) -> Iterator[Any]:
    """One of each kind of what uses a fee."""
    for rows in using:
        yield from rows.filter(condition)[:1]


@operation
def revise_fee(*, actor: Actor, fee_id: int, charging: Charging, effective_on: date, now: datetime) -> FeeVersion:
    """What the fee says from a day on, today or later: for what is sold, and for new cycles of what is repriced.

    The same values as are in force on that day add no version.
    """
    return charge(actor, _editable(actor, fee_id), charging, effective_on, now)


def new_fee(
    actor: Actor,
    kind: str,
    name: str,
    currency: str,
    charging: Charging,
    *,
    manager_id: int,
    is_shared: bool,
    applies_more_than_once: bool = True,
    effective_on: date | None,
    now: datetime,
) -> Fee:
    """For the operations that have checked who may."""
    fee = Fee(
        provider_id=actor.provider_id,
        tenant_id=manager_id,
        kind=kind,
        name=name.strip(),
        currency=currency,
        is_shared=is_shared and kind == Fee.Kind.ACCOUNT,
        applies_more_than_once=applies_more_than_once or kind == Fee.Kind.ACCOUNT,
        created_at=now,
    )
    write(fee)
    version = _add_version(fee, charging, effective_on or day_of(now), now)
    told = _told(fee, version)
    actor.record("fee.created", fee, at=now, tenant_id=manager_id, fee_kind=kind, currency=currency, **told)
    return fee


def charge(actor: Actor, fee: Fee, charging: Charging, effective_on: date, now: datetime) -> FeeVersion:
    """What a locked fee says from a day on, for the operations that have checked who may."""
    must_be_to_come(effective_on, now)
    charging = _of_kind(fee, charging)
    standing = FeeVersion.objects.filter(fee=fee).in_force(effective_on).first()
    if standing and Charging.of(standing) == charging:
        return standing
    version = _add_version(fee, charging, effective_on, now)
    before = _told(fee, standing) if standing else None
    actor.record("fee.revised", fee, at=now, tenant_id=fee.tenant_id, before=before, **_told(fee, version))
    return version


def _editable(actor: Actor, fee_id: int) -> Fee:
    """Locked. A fee is changed by who manages it and by the provider's own staff; who only sees it may not."""
    actor.require("catalog.edit")
    return found(Fee.objects.filter(pk=managed(actor, Fee.objects.visible_to(actor), fee_id).pk).locked(), pk=fee_id)


def _add_version(fee: Fee, charging: Charging, effective_on: date, now: datetime) -> FeeVersion:
    values = asdict(_of_kind(fee, charging))
    if values.get(own := further(charging.cycle)) is not None:
        raise Invalid({own: [_("This is the billing cycle of the fee: its price is the amount above.")]})
    version = FeeVersion(fee=fee, effective_on=effective_on, made_at=now, **values)
    write(version)
    return version


def _of_kind(fee: Fee, charging: Charging) -> Charging:
    """As a version of this fee has it: a reseller fee is never credited, and no name is the fee's."""
    credited = charging.credits_suspension and fee.kind == Fee.Kind.ACCOUNT
    return replace(charging, public_name=charging.public_name.strip() or fee.name, credits_suspension=credited)


def _told(fee: Fee, version: FeeVersion) -> dict[str, Any]:
    """As an event keeps it: amounts are texts."""
    charging = asdict(Charging.of(version))
    facts = {name: plain(value) if isinstance(value, Decimal) else value for name, value in charging.items()}
    return {"name": fee.name, "effective_on": version.effective_on.isoformat(), **facts}
