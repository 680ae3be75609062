"""Support levels: what they are called and whether they can be chosen, decided by the provider; what they cost, by
each seller for those who buy from it."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from resellerhub.kernel import money
from resellerhub.kernel.money import AMOUNT_MAX, plain
from resellerhub.kernel.operation import operation
from resellerhub.kernel.periods import day_of, too_far
from resellerhub.kernel.refusals import Forbidden, Invalid, Refusal, found
from resellerhub.kernel.text import has_forbidden, is_blank
from tenants.actor import Actor
from tenants.models import SupportLevel, SupportPrice, Tenant
from tenants.roles import Kind
from tenants.support_prices import issuer_of, priced

PLACES = 6


class NotYourPrice(Refusal):
    code, status = "not-your-price", 403
    message = gettext_lazy("Your customers are billed by who sells to you, at that one's price.")


@operation
def change_support_level(
    *,
    actor: Actor,
    support_level_id: int,
    name: str,
    monthly_fee: Decimal,
    currency: str,
    is_active: bool,
    effective_on: date | None = None,
    now: datetime,
) -> SupportLevel:
    """What a level is called, and what it costs from a day on, today if none is said, also for those who have it. One
    that cannot be chosen stays with those who have it."""
    actor.require("settings.edit")
    if not actor.is_provider:
        raise Forbidden(permission="settings.edit", actor=actor)
    level: SupportLevel = found(
        SupportLevel.objects.filter(provider_id=actor.provider_id).locked(), pk=support_level_id
    )
    day = effective_on or day_of(now)
    errors = _wrong_price(monthly_fee, currency, day, now)
    if is_blank(name) or has_forbidden(name) or len(name.strip()) > 60:
        errors["name"] = [_("A name has 1 to 60 characters.")]
    if errors:
        raise Invalid(errors)
    fields: dict[str, Any] = {"name": name.strip(), "is_active": is_active}
    before = {field: getattr(level, field) for field, value in fields.items() if getattr(level, field) != value}
    after = {field: fields[field] for field in before}
    for field in before:
        setattr(level, field, fields[field])
    if before:
        level.save(update_fields=list(before))
    had, asked = _ask(actor, level, monthly_fee, currency, day, now)
    before, after = before | had, after | asked
    if after:
        actor.record("support_level.changed", level, at=now, before=before, level=level.code, **after)
    return priced(_own(actor), day_of(now)).get(pk=level.pk)


@operation
def set_support_price(
    *,
    actor: Actor,
    support_level_id: int,
    amount: Decimal,
    currency: str,
    effective_on: date | None = None,
    now: datetime,
) -> SupportLevel:
    """What the actor's tenant asks a month of those who buy from it, from a day on, today if none is said; also of
    those who have the level. What is past stays. What a reseller pays itself is not its to say.

    Refused: `NotYourPrice` to a commission reseller.
    """
    actor.require("settings.edit")
    seller = _own(actor)
    if seller.kind == Kind.CUSTOMER or issuer_of(seller) != seller.pk:
        raise NotYourPrice()
    level: SupportLevel = found(
        SupportLevel.objects.filter(provider_id=actor.provider_id).locked(), pk=support_level_id
    )
    day = effective_on or day_of(now)
    if errors := _wrong_price(amount, currency, day, now):
        raise Invalid(errors)
    before, after = _ask(actor, level, amount, currency, day, now)
    if after:
        actor.record(
            "support_level.priced", level, at=now, tenant_id=seller.pk, before=before, level=level.code, **after
        )
    return priced(seller, day_of(now), cost_of=seller).get(pk=level.pk)


def told(value: Any) -> Any:
    """As an event keeps it: an amount is a text."""
    return plain(value) if isinstance(value, Decimal) else value


def _own(actor: Actor) -> Tenant:
    own: Tenant = Tenant.objects.get(pk=actor.tenant_id)
    return own


def _ask(
    actor: Actor, level: SupportLevel, amount: Decimal, currency: str, day: date, now: datetime
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The price that would have counted on the day and the one that does; nothing where they are the same."""
    own = SupportPrice.objects.filter(tenant=actor.tenant_id, level=level)
    had = own.in_force(day).first()
    if had is not None and (had.amount, had.currency) == (amount, currency):
        return {}, {}
    SupportPrice.objects.create(
        provider_id=actor.provider_id,
        tenant_id=actor.tenant_id,
        level=level,
        effective_on=day,
        amount=amount,
        currency=currency,
        made_at=now,
    )
    before = {"monthly_fee": told(had.amount), "currency": had.currency} if had else {}
    later = {"effective_on": day.isoformat()} if day > day_of(now) else {}
    return before, {"monthly_fee": told(amount), "currency": currency, **later}


def _wrong_price(amount: Decimal, currency: str, day: date, now: datetime) -> dict[str, list[str]]:
    errors = {}
    if not amount.is_finite() or not 0 <= amount < AMOUNT_MAX or -int(amount.as_tuple().exponent or 0) > PLACES:
        errors["monthly_fee"] = [_("A fee is an amount from 0, with at most 6 digits behind the point.")]
    if currency not in money.currencies():
        errors["currency"] = [_("This is not known.")]
    if day < day_of(now):
        errors["effective_on"] = [_("What was owed stays owed: a fee counts from today on, or later.")]
    elif why := too_far(day):
        errors["effective_on"] = why
    return errors
