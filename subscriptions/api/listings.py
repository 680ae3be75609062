"""What can be ordered, over REST."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from resellerhub.kernel.periods import day_of
from resellerhub.kernel.refusals import found
from resellerhub.rest.endpoints import Call, operation_endpoint
from resellerhub.rest.views import ReadApi, api_paths
from subscriptions.filters.ordering import ListingFilter
from subscriptions.models import Listing
from subscriptions.selectors.orders import listings, tell_prices
from subscriptions.serializers.orders import ListingChangeIn, ListingIn, ListingOut, OrderPreviewIn, OrderPreviewOut
from subscriptions.services.ordering.listings import Conditions, change_listing, create_listing
from subscriptions.services.ordering.orderable import preview_order


class ListingApi(ReadApi):
    """What can be ordered from you, and what you can order from who sells to you, with the price."""

    singular, permission, out = "listing", "subscription.view", ListingOut
    filterset_class = ListingFilter
    ordering_fields = {"package_name": "package__name", "created_at": "created_at"}

    def rows(self, actor: Any) -> QuerySet[Listing]:
        return listings(actor)

    def paginate_queryset(self, queryset: Any) -> Any:
        rows = super().paginate_queryset(queryset)
        tell_prices(self.actor, rows or (), day_of(timezone.now()))
        return rows

    @operation_endpoint(input=ListingIn, output=ListingOut, status=201, permission="catalog.edit")
    def create(self, call: Call) -> Listing:
        """Let those who buy from you order a package that you sell.

        Refused: `not-sold`, `already-listed` (409), `price-out-of-bounds` (422).
        """
        conditions = conditions_of(None, call.values)
        made = create_listing(actor=call.actor, package_id=call.values["package"], conditions=conditions, now=call.now)
        return found(self.rows(call.actor), pk=made.pk)

    @operation_endpoint(
        input=ListingChangeIn, output=ListingOut, detail=True, method="patch", permission="catalog.edit"
    )
    def change(self, call: Call) -> Listing:
        """Change on which terms it can be ordered, from the next order on, or that it can be no more.

        Refused: `not-your-listing` (403).
        """
        row = found(self.rows(call.actor), pk=call.pk)
        conditions = conditions_of(row, call.values)
        change_listing(actor=call.actor, listing_id=row.pk, conditions=conditions, now=call.now)
        return found(self.rows(call.actor), pk=row.pk)

    @operation_endpoint(
        input=OrderPreviewIn, output=OrderPreviewOut, detail=True, path="preview", permission="subscription.order"
    )
    def preview(self, call: Call) -> dict[str, Any]:
        """What an order of this would cost, and what it would grant. Nothing is ordered."""
        preview = preview_order(actor=call.actor, listing_id=call.pk, now=call.now, **call.values)
        return {
            "quantity": preview.quantity,
            "amount": preview.account.amount,
            "total": preview.total,
            "currency": preview.account.currency,
            "cycle": preview.account.cycle,
            "lines": preview.lines,
            "first_total": preview.first_total,
            "resources": [
                {"resource": resource, "limit": limit * preview.quantity}
                for resource, limit in sorted(preview.limits.items())
            ],
        }


def conditions_of(row: Listing | None, values: dict[str, Any]) -> Conditions:
    """What it was, with what was given instead."""
    had = row or Listing(needs_approval=True, is_active=True)
    price = values.get("price")
    amount, currency = (price.amount, price.currency) if price else (None, "")
    if "price" not in values:
        amount, currency = had.unit_price, had.currency
    return Conditions(
        service_instance_id=values.get("service_instance", had.service_instance_id),
        needs_approval=values.get("needs_approval", had.needs_approval),
        text=values.get("description", had.text),
        unit_price=amount,
        currency=currency,
        cycle=values.get("cycle", had.cycle),
        is_active=values.get("is_active", had.is_active),
    )


urls = api_paths("listings", ListingApi)
