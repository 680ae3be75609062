"""Pools, with what moved in them, for operators: bought and changed by the operations of the pages."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from catalog.admin.types import OF_TYPE
from resellerhub.web.forms import OperationForm
from subscriptions.forms.pools import PoolEditForm, PurchaseForm, StockForm
from subscriptions.models import Pool, PoolAssignment, PoolSupply, SeatEntry
from subscriptions.selectors.pools import services_for_stock, stock_holders
from subscriptions.services.pools.editing import change_pool
from subscriptions.services.pools.expiry import Expiry
from subscriptions.services.pools.purchasing import purchase_pool
from subscriptions.services.pools.resolving import return_pool
from subscriptions.services.pools.supplying import end_supply
from tenants.admin_services import Operated, ReadOnly, ReadOnlyInline, ThroughServices


class AssignmentInline(ReadOnlyInline):
    model = PoolAssignment
    fields = readonly_fields = ("tenant", "seats", "made_at")


class EntryInline(ReadOnlyInline):
    model = SeatEntry
    fk_name = "pool"
    fields = readonly_fields = ("made_at", "kind", "seats", "by_seats", "by_pending", "by_allocated", "by_assigned")


@admin.register(Pool)
class PoolAdmin(ThroughServices):
    """A new one is a purchase. What counts is counted by the database from the movements."""

    list_display = ("pk", "name", "service_type", "tenant", "grantor", "unit", "seats", "free", "state", "ends_at")
    list_select_related = ("service_type", "tenant", "grantor")
    list_filter = ("state", "unit", "source", "payment_type", OF_TYPE)
    search_fields = ("name", "=id", "=tenant__id", "=grantor__id", "service_type__name")
    inlines = (AssignmentInline, EntryInline)
    actions = ("take_back", "expire")
    permission = "pool.edit"
    show_full_result_count = False

    def form_for(self, request: Any, row: Any, data: Any) -> OperationForm:
        if row is None:
            actor = request.actor
            return PurchaseForm(data, holders=stock_holders(actor), services=services_for_stock(actor))
        return StockForm(data, pool=row) if row.parent_id is None else PoolEditForm(data, pool=row)

    def operation(self, request: Any, row: Any, form: Any) -> Any:
        now, actor, values = timezone.now(), request.actor, form.cleaned_data
        if row is None:
            return purchase_pool(actor=actor, tenant_id=values["holder"].pk, purchase=form.purchase, now=now)
        more = {"renewal": form.renewal} if row.parent_id is None else {"payment_type": values["payment_type"]}
        return change_pool(actor=actor, pool_id=row.pk, seats=values["seats"], expiry=form.expiry, now=now, **more)

    @admin.action(description=_("Return to pool"), permissions=["edit"])
    def take_back(self, request: HttpRequest, rows: Any) -> None:
        """What waits for acceptance."""
        self.each(request, rows, lambda actor, row, now: return_pool(actor=actor, pool_id=row.pk, now=now))

    @admin.action(description=_("Expire now"), permissions=["edit"])
    def expire(self, request: HttpRequest, rows: Any) -> None:
        """With all that was given of them."""
        end = Expiry("now")
        self.each(request, rows, lambda actor, row, now: change_pool(actor=actor, pool_id=row.pk, expiry=end, now=now))


@admin.register(PoolAssignment)
class PoolAssignmentAdmin(ReadOnly):
    list_display = ("pk", "pool", "tenant", "seats", "made_at")
    list_select_related = ("pool", "tenant")
    search_fields = ("=id", "=pool__id", "=tenant__id", "pool__name")
    show_full_result_count = False


@admin.register(SeatEntry)
class SeatEntryAdmin(ReadOnly):
    """The ledger."""

    list_display = ("pk", "made_at", "pool", "kind", "seats", "by_seats", "by_pending", "by_allocated", "by_assigned")
    list_select_related = ("pool",)
    list_filter = ("kind",)
    search_fields = ("=id", "=pool__id")
    show_full_result_count = False


@admin.register(PoolSupply)
class PoolSupplyAdmin(Operated):
    list_display = ("pk", "grantor", "tenant", "made_at", "ended_at")
    list_select_related = ("grantor", "tenant")
    search_fields = ("=id", "=grantor__id", "=tenant__id")
    actions = ("end",)
    permission = "reseller.map"

    @admin.action(description=_("End them"), permissions=["edit"])
    def end(self, request: HttpRequest, rows: Any) -> None:
        """What was given stays."""
        self.each(request, rows, lambda actor, row, now: end_supply(actor=actor, supply_id=row.pk, now=now))
