"""What tax is charged from which day on, said by the provider for its house; who charges none, by each for itself."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from invoicing.models import SmallBusiness, TaxRate
from invoicing.rating.taxes import Category
from invoicing.standard_rates import STANDARD_RATES
from resellerhub.kernel.money import plain
from resellerhub.kernel.operation import operation, refusing
from resellerhub.kernel.periods import too_far
from resellerhub.kernel.refusals import Busy, Invalid, Refusal, found
from tenants.actor import Actor
from tenants.roles import Kind
from tenants.services.checks import countries

PLACES = 3


class NobodyIsBilled(Refusal):
    code, status = "nobody-is-billed", 403
    message = gettext_lazy("Only who makes out bills says how they are taxed.")


@operation
def set_tax_rate(
    *,
    actor: Actor,
    country: str,
    percent: Decimal,
    effective_on: date,
    category: str = Category.STANDARD.value,
    now: datetime,
) -> TaxRate:
    """What is charged in a country from a day on, for the whole house; said again for the same day it is corrected.

    A day that is past is taken: what is not issued yet is taxed by it, what is issued stays.
    """
    actor.require_provider("settings.edit")
    if errors := _wrong(country, percent, effective_on, category):
        raise Invalid(errors)
    values = {"category": category, "percent": percent}
    there = TaxRate.objects.visible_to(actor).locked().filter(country=country, effective_on=effective_on).first()
    if there is None:
        row = TaxRate(provider_id=actor.provider_id, country=country, effective_on=effective_on, made_at=now, **values)
        with refusing({"tax_rate_once": Busy()}):
            row.save(force_insert=True)
        actor.record("tax_rate.set", row, at=now, **_told(row))
        return row
    if (there.category, there.percent) != (category, percent):
        before = _told(there)
        there.category, there.percent, there.made_at = category, percent, now
        there.save(update_fields=["category", "percent", "made_at"])
        actor.record("tax_rate.set", there, at=now, before=before, **_told(there))
    return there


@operation
def withdraw_tax_rate(*, actor: Actor, tax_rate_id: int, now: datetime) -> None:
    """Said by mistake: what was in force before it goes on. The log keeps it."""
    actor.require_provider("settings.edit")
    row = found(TaxRate.objects.visible_to(actor).locked(), pk=tax_rate_id)
    actor.record("tax_rate.withdrawn", row, at=now, before=_told(row))
    row.delete()


@operation
def adopt_standard_rates(*, actor: Actor, now: datetime) -> int:
    """The standard rates of the European Union for every country of which no rate is known; how many those were."""
    actor.require_provider("settings.edit")
    known = set(TaxRate.objects.visible_to(actor).values_list("country", flat=True))
    missing = [country for country in STANDARD_RATES if country not in known]
    for country in missing:
        since, percent = STANDARD_RATES[country]
        set_tax_rate(actor=actor, country=country, percent=percent, effective_on=since, now=now)
    return len(missing)


@operation
def set_small_business(*, actor: Actor, is_small: bool, effective_on: date, now: datetime) -> SmallBusiness:
    """From which day on the actor's tenant charges no tax as a small business, or charges it again; said again for the
    same day it is corrected. Refused: `NobodyIsBilled` to a customer."""
    actor.require("settings.edit")
    if actor.kind == Kind.CUSTOMER:
        raise NobodyIsBilled()
    if why := too_far(effective_on):
        raise Invalid({"effective_on": why})
    rows = SmallBusiness.objects.filter(tenant=actor.tenant_id)
    had = rows.filter(effective_on__lte=effective_on).order_by("-effective_on").first()
    row = rows.locked().filter(effective_on=effective_on).first()
    if row is None:
        row = SmallBusiness(
            provider_id=actor.provider_id,
            tenant_id=actor.tenant_id,
            effective_on=effective_on,
            is_small=is_small,
            made_at=now,
        )
        with refusing({"small_business_once": Busy()}):
            row.save(force_insert=True)
    elif row.is_small != is_small:
        row.is_small, row.made_at = is_small, now
        row.save(update_fields=["is_small", "made_at"])
    else:
        return row
    before = {"is_small": bool(had and had.is_small)}
    actor.record(
        "small_business.set", row, at=now, before=before, is_small=is_small, effective_on=effective_on.isoformat()
    )
    return row


def _told(row: TaxRate) -> dict[str, Any]:
    return {
        "country": row.country,
        "category": row.category,
        "percent": plain(row.percent),
        "effective_on": row.effective_on.isoformat(),
    }


def _wrong(country: str, percent: Decimal, effective_on: date, category: str) -> dict[str, list[str]]:
    errors = {}
    if country not in countries():
        errors["country"] = [_("This is not known.")]
    if not percent.is_finite() or not 0 <= percent <= 100 or -int(percent.as_tuple().exponent) > PLACES:
        errors["percent"] = [_("A rate is between 0 and 100 percent, with at most 3 digits behind the point.")]
    elif (category == Category.STANDARD) != (percent > 0):
        errors["percent"] = [_("What is taxed has a rate above 0, everything else the rate 0.")]
    if category not in dict(TaxRate._meta.get_field("category").flatchoices):
        errors["category"] = [_("This is not known.")]
    if why := too_far(effective_on):
        errors["effective_on"] = why
    return errors
