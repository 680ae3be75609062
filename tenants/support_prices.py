"""What support levels cost on a day: the price of who issues the bill, else the provider's."""

from datetime import date
from typing import Any

from django.db.models import Case, F, IntegerField, OuterRef, QuerySet, Subquery, Value, When

from tenants.models import ResellerTerms, ResellerType, SupportLevel, SupportPrice, Tenant


def issuer_of(seller: Tenant) -> int:
    """Who bills the customers of a seller: the nearest from it upwards that is no commission reseller."""
    line = ResellerTerms.objects.filter(pk__in=seller.ancestors, type=ResellerType.COMMISSION)
    commission = set(line.order_by().values_list("pk", flat=True))
    issuer: int = next(pk for pk in reversed(seller.ancestors) if pk not in commission)
    return issuer


def priced(seller: Tenant, on: date, *, cost_of: Tenant | None = None) -> QuerySet[SupportLevel]:
    """The levels of a house with what a customer of the seller pays a month, `monthly_fee` in `currency`; and `cost` in
    `cost_currency`, what `cost_of`, a reseller who bills it, pays itself."""
    rows = SupportLevel.objects.filter(provider_id=seller.house_id)
    rows = rows.annotate(**_price("monthly_fee", "currency", issuer_of(seller), seller.house_id, on))
    if cost_of is not None and cost_of.seller_id is not None and issuer_of(cost_of) == cost_of.pk:
        above = issuer_of(Tenant.objects.get(pk=cost_of.seller_id))
        rows = rows.annotate(**_price("cost", "cost_currency", above, seller.house_id, on))
    return rows


def _price(amount: str, currency: str, issuer_id: int, provider_id: int, on: date) -> dict[str, Any]:
    own = Case(When(tenant=issuer_id, then=Value(0)), default=Value(1), output_field=IntegerField())
    asked = SupportPrice.objects.filter(
        level=OuterRef("pk"), tenant__in=[issuer_id, provider_id], effective_on__lte=on
    ).order_by(own, F("effective_on").desc(), "-pk")
    return {amount: Subquery(asked.values("amount")[:1]), currency: Subquery(asked.values("currency")[:1])}
