"""What may be offered and ordered, and new terms for what is sold, for operators: to look at, and a few operations."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from catalog.admin.types import OF_TYPE
from subscriptions.models import Listing, Offering, Order, Push
from subscriptions.services.ordering.orders import approve_order
from subscriptions.services.pushes.starting import cancel_push
from tenants.admin_services import Operated, ReadOnly, ReadOnlyInline

ORDERED = ("tenant", "seller", "package", "quantity", "unit_price", "currency", "cycle", "state", "made_at")


class OrderInline(ReadOnlyInline):
    model = Order
    fields = readonly_fields = ("tenant", "quantity", "unit_price", "currency", "state", "made_at")


@admin.register(Offering)
class OfferingAdmin(ReadOnly):
    """What commission resellers may offer."""

    list_display = ("pk", "tenant", "package", "made_at")
    list_select_related = ("tenant", "package")
    list_filter = ("package__audience",)
    search_fields = ("=id", "=tenant__id", "package__name")


@admin.register(Listing)
class ListingAdmin(ReadOnly):
    list_display = (
        "pk",
        "package",
        "tenant",
        "service_instance",
        "unit_price",
        "currency",
        "needs_approval",
        "is_active",
    )
    list_select_related = ("package", "tenant", "service_instance")
    list_filter = ("is_active", "needs_approval", OF_TYPE)
    search_fields = ("=id", "=tenant__id", "package__name")
    inlines = (OrderInline,)


@admin.register(Order)
class OrderAdmin(Operated):
    """Without what was written: a message may name who is hidden from the operator's house."""

    list_display = ("pk", *ORDERED)
    list_select_related = ("tenant", "seller", "package")
    list_filter = ("state",)
    search_fields = ("=id", "=tenant__id", "=seller__id", "=subscription__id", "package__name")
    fields = readonly_fields = (*ORDERED, "version_id", "service_instance", "subscription_id", "decided_at")
    actions = ("approve",)
    permission = "subscription.create"
    show_full_result_count = False

    @admin.action(description=_("Approve them"), permissions=["edit"])
    def approve(self, request: HttpRequest, rows: Any) -> None:
        """Each is sold, at the price of the order."""
        self.each(request, rows, lambda actor, row, now: approve_order(actor=actor, order_id=row.pk, now=now))


@admin.register(Push)
class PushAdmin(Operated):
    list_display = ("pk", "package", "provider", "tenant", "limits", "prices", "effective_on", "next_on", "created_at")
    list_select_related = ("package", "provider", "tenant")
    list_filter = ("limits", "prices")
    search_fields = ("package__name", "=id", "=tenant__id")
    actions = ("stop",)
    permission = "subscription.edit"

    @admin.action(description=_("Stop them"), permissions=["edit"])
    def stop(self, request: HttpRequest, rows: Any) -> None:
        """What has changed stays changed."""
        self.each(request, rows, lambda actor, row, now: cancel_push(actor=actor, push_id=row.pk, now=now))
