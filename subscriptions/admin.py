"""Subscriptions for operators: to look at. Whatever changes them is an operation, in console and API."""

from django.contrib import admin

from catalog.admin import ReadOnlyInline
from subscriptions.models import Grant, Holding, Subscription, UsageEvent
from tenants.admin import ReadOnly


class HoldingInline(ReadOnlyInline):
    model = Holding
    fields = readonly_fields = ("resource", "basis", "allocated", "sold", "used", "remaining", "used_at")


@admin.register(Subscription)
class SubscriptionAdmin(ReadOnly):
    list_display = ("pk", "name", "tenant", "package", "quantity", "state")
    list_select_related = ("tenant", "package")
    list_filter = ("state",)
    search_fields = ("name", "=tenant__id")
    inlines = (HoldingInline,)


@admin.register(Grant)
class GrantAdmin(ReadOnly):
    list_display = ("pk", "subscription", "resource", "kind", "amount", "made_at")
    list_select_related = ("subscription", "resource")


@admin.register(UsageEvent)
class UsageEventAdmin(ReadOnly):
    list_display = ("event_id", "subscription", "resource", "quantity", "at", "received_at")
    list_select_related = ("subscription", "resource")
    show_full_result_count = False
