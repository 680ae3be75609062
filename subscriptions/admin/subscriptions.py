"""Subscriptions for operators: to look at. What changes them are operations, here too, and their events."""

from typing import Any

from django.contrib import admin
from django.db.models import Prefetch
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from catalog.admin.types import OF_TYPE
from resellerhub.kernel.money import plain
from resellerhub.web.tables import lines
from subscriptions.models import Grant, Holding, Phase, PhaseFee, PlannedChange, Subscription, UsageEvent
from subscriptions.naming import called
from subscriptions.services.life.standing import resume_subscription, suspend_subscription
from subscriptions.services.life.steps.ending import Keep
from subscriptions.services.life.steps.taking import take_step
from tenants.admin_services import NOBODY, Operated, ReadOnly, ReadOnlyInline, in_scope

PLANNED = ("kind", "on", "version_id", "quantity", "unit_price", "state", "made_at", "settled_at")


class HoldingInline(ReadOnlyInline):
    model = Holding
    fields = readonly_fields = ("resource", "basis", "allocated", "sold", "used", "remaining", "used_at")


class PhaseInline(ReadOnlyInline):
    """What was held when, and what was owed for it."""

    model = Phase
    fields = readonly_fields = ("starts_on", "ends_on", "version_id", "quantity", "state", "owed", "made_at")

    def get_queryset(self, request: HttpRequest) -> Any:
        rows = super().get_queryset(request).order_by("-starts_on", "-pk")
        fees = in_scope(request, PhaseFee.objects.order_by("pk"))
        return rows.prefetch_related(Prefetch("fees", fees, to_attr="fees_seen"))

    @admin.display(description=_("fees of a phase"))
    def owed(self, phase: Any) -> str:
        seen = phase.fees_seen
        shown = (
            (fee.get_stream_display(), plain(fee.unit_price), fee.currency, fee.get_cycle_display()) for fee in seen
        )
        return lines("{}: {} {} {}", shown)


class PlannedInline(ReadOnlyInline):
    model = PlannedChange
    fields = readonly_fields = PLANNED


@admin.register(Subscription)
class SubscriptionAdmin(Operated):
    """A name that its holder's seller hides from the operator's house is a number here as well."""

    list_display = ("pk", "title", "tenant", "package", "service_instance", "quantity", "state", "started_on")
    list_select_related = ("tenant", "package", "service_instance")
    list_filter = ("state", OF_TYPE, ("service_instance", admin.RelatedOnlyFieldListFilter))
    search_fields = ("package__name", "=id", "=tenant__id", "=seller__id")
    exclude = ("name",)
    readonly_fields = ("title",)
    inlines = (HoldingInline, PhaseInline, PlannedInline)
    actions = ("suspend", "resume")
    permission = "subscription.edit"

    def get_queryset(self, request: HttpRequest) -> Any:
        rows = super().get_queryset(request)
        return rows.annotate(seen_name=called(getattr(request, "actor", None) or NOBODY))

    @admin.display(description=_("name"))
    def title(self, row: Any) -> str:
        return str(row.seen_name)

    @admin.action(description=_("Suspend them"), permissions=["edit"])
    def suspend(self, request: HttpRequest, rows: Any) -> None:
        self.each(
            request,
            rows,
            lambda actor, row, now: suspend_subscription(actor=actor, subscription_id=row.pk, now=now),
        )

    @admin.action(description=_("Resume them"), permissions=["edit"])
    def resume(self, request: HttpRequest, rows: Any) -> None:
        self.each(
            request,
            rows,
            lambda actor, row, now: resume_subscription(actor=actor, subscription_id=row.pk, now=now),
        )


@admin.register(PlannedChange)
class PlannedChangeAdmin(Operated):
    """What is agreed for a day to come; taking it back is an operation on the subscription."""

    list_display = ("pk", "subscription_id", "tenant", *PLANNED[:-2])
    list_select_related = ("tenant",)
    list_filter = ("kind", "state")
    search_fields = ("=id", "=subscription__id", "=tenant__id")
    date_hierarchy = "on"
    fields = readonly_fields = ("subscription_id", "tenant", *PLANNED)
    actions = ("withdraw",)
    permission = "subscription.edit"

    @admin.action(description=_("Take them back"), permissions=["edit"])
    def withdraw(self, request: HttpRequest, rows: Any) -> None:
        """The subscription goes on as it is."""
        self.each(
            request,
            rows,
            lambda actor, row, now: take_step(actor=actor, subscription_id=row.subscription_id, step=Keep(), now=now),
        )


@admin.register(Grant)
class GrantAdmin(ReadOnly):
    list_display = ("pk", "subscription_id", "resource", "kind", "amount", "made_at")
    list_select_related = ("resource",)
    list_filter = ("kind",)
    search_fields = ("=subscription__id", "resource__name")
    fields = ("subscription_id", "resource", "kind", "source_id", "amount", "made_at", "request_id")
    readonly_fields = fields


@admin.register(UsageEvent)
class UsageEventAdmin(ReadOnly):
    list_display = ("event_id", "subscription_id", "resource", "quantity", "at", "received_at")
    list_select_related = ("resource",)
    search_fields = ("=event_id", "=subscription__id")
    fields = ("event_id", "subscription_id", "resource", "quantity", "at", "received_at")
    readonly_fields = fields
    show_full_result_count = False
