"""Support levels: what they cost and whether they can be chosen, decided by the provider."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from resellerhub.kernel.operation import operation
from resellerhub.kernel.refusals import Forbidden, Invalid, found
from resellerhub.kernel.text import has_forbidden, is_blank
from tenants.actor import Actor
from tenants.models import SupportLevel
from tenants.services import checks

MOST = Decimal(10) ** 12
PLACES = 6


@operation
def change_support_level(
    *,
    actor: Actor,
    support_level_id: int,
    name: str,
    monthly_fee: Decimal,
    currency: str,
    is_active: bool,
    now: datetime,
) -> SupportLevel:
    """What a level is called and costs from now on; one that cannot be chosen stays with those who have it."""
    actor.require("settings.edit")
    if not actor.is_provider:
        raise Forbidden(permission="settings.edit", actor=actor)
    level = found(SupportLevel.objects.filter(provider_id=actor.provider_id).locked(), pk=support_level_id)
    fields = {"name": name.strip(), "monthly_fee": monthly_fee, "currency": currency, "is_active": is_active}
    _check(name, monthly_fee, currency)
    before = {field: getattr(level, field) for field, value in fields.items() if getattr(level, field) != value}
    if before:
        for field in before:
            setattr(level, field, fields[field])
        level.save(update_fields=list(before))
        facts = {"level": level.code} | {field: told(fields[field]) for field in before}
        actor.record("support_level.changed", level, at=now, before={k: told(v) for k, v in before.items()}, **facts)
    return level


def told(value: Any) -> Any:
    """As an event keeps it: an amount is a text."""
    return f"{value.normalize():f}" if isinstance(value, Decimal) else value


def _check(name: str, fee: Decimal, currency: str) -> None:
    errors = {}
    if is_blank(name) or has_forbidden(name) or len(name.strip()) > 60:
        errors["name"] = [_("A name has 1 to 60 characters.")]
    if not fee.is_finite() or not 0 <= fee < MOST or -int(fee.as_tuple().exponent or 0) > PLACES:
        errors["monthly_fee"] = [_("A fee is an amount from 0, with at most 6 digits behind the point.")]
    if currency not in checks.currencies():
        errors["currency"] = [_("This is not known.")]
    if errors:
        raise Invalid(errors)
