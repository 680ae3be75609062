"""What support levels cost on a day: the price of who issues the bill, else the nearest one above."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Case, F, IntegerField, OuterRef, QuerySet, Subquery, Value, When

from tenants.models import ResellerTerms, ResellerType, SupportLevel, SupportPrice, Tenant


def issuers_of(seller: Tenant) -> list[int]:
    """Who bills the customers of a seller, and who bills that one: from it upwards, without commission resellers."""
    line = ResellerTerms.objects.filter(pk__in=seller.ancestors, type=ResellerType.COMMISSION)
    commission = set(line.order_by().values_list("pk", flat=True))
    return [pk for pk in reversed(seller.ancestors) if pk not in commission]


def issuer_of(seller: Tenant) -> int:
    """Who bills the customers of a seller: the nearest from it upwards that is no commission reseller."""
    return issuers_of(seller)[0]


def priced(seller: Tenant, on: date, *, cost_of: Tenant | None = None) -> QuerySet[SupportLevel]:
    """The levels of a house with what a customer of the seller pays a month, `monthly_fee` in `currency`; and `cost` in
    `cost_currency`, what `cost_of`, a reseller who bills it, pays itself."""
    rows = SupportLevel.objects.filter(provider_id=seller.house_id)
    rows = rows.annotate(**_price("monthly_fee", "currency", issuers_of(seller), on))
    if cost_of is not None and cost_of.seller_id is not None:
        biller, *above = issuers_of(cost_of)
        if biller == cost_of.pk:
            rows = rows.annotate(**_price("cost", "cost_currency", above, on))
    return rows


def is_below_cost(level: Any) -> bool:
    """Whether who asks the price of this level pays more for it; what is in two currencies is not compared."""
    cost = getattr(level, "cost", None)
    asked = level.monthly_fee
    return cost is not None and asked is not None and level.cost_currency == level.currency and asked < cost


def _price(amount: str, currency: str, issuers: Sequence[int], on: date) -> dict[str, Any]:
    """Of the first of these who asks one: whoever asks none of its own asks what it pays itself, and nobody learns what
    the level above pays."""
    places = [When(tenant=pk, then=Value(place)) for place, pk in enumerate(issuers)]
    asked = SupportPrice.objects.filter(level=OuterRef("pk"), tenant__in=issuers, effective_on__lte=on).order_by(
        Case(*places, output_field=IntegerField()), F("effective_on").desc(), "-pk"
    )
    return {amount: Subquery(asked.values("amount")[:1]), currency: Subquery(asked.values("currency")[:1])}
