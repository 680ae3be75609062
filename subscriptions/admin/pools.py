"""Pools, with what moved in them, for operators: bought, given, assigned and changed by the operations of the pages.

Nobody accepts or declines here: that is said by the reseller itself.
"""

from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from catalog.admin.types import OF_TYPE
from resellerhub.kernel.refusals import found
from resellerhub.kernel.text import id_in
from resellerhub.web.forms import OperationForm
from subscriptions.forms.pools import AssignForm, AssignmentForm, GiveOneForm, PoolEditForm, PurchaseForm, StockForm
from subscriptions.models import Pool, PoolAssignment, PoolSupply, SeatEntry
from subscriptions.models.pools import STATUSES
from subscriptions.pool_words import end_shown
from subscriptions.selectors.pools import buyers, services_for_stock, stock_holders, takers_by_name, with_numbers
from subscriptions.services.pools.assigning import assign_seats, change_assignment
from subscriptions.services.pools.editing import change_pool
from subscriptions.services.pools.expiry import Expiry
from subscriptions.services.pools.giving import give_pools
from subscriptions.services.pools.purchasing import purchase_pool
from subscriptions.services.pools.resolving import return_pool
from subscriptions.services.pools.supplying import end_supply
from tenants.admin_services import Operated, ReadOnly, ReadOnlyInline, ThroughServices
from tenants.mapped import RECEIVING


class AssignmentInline(ReadOnlyInline):
    model = PoolAssignment
    fields = readonly_fields = ("tenant", "seats", "made_at")


class EntryInline(ReadOnlyInline):
    model = SeatEntry
    fk_name = "pool"
    fields = readonly_fields = ("made_at", "kind", "seats", "by_seats", "by_pending", "by_allocated", "by_assigned")


STATUS_WORDS = dict(STATUSES)
SHOWN = {
    "state": "status",
    "ends_at": "ends",
    "own_end": None,
    "free": "available",
    "pending": "waiting",
    "allocated": "given_on",
}
"""What stands in place of a field: as it is at the moment, by the last day."""


class ByStatus(admin.SimpleListFilter):
    """What has ended is not active, whatever its row says."""

    title, parameter_name = _("Status"), "status"

    def lookups(self, request: Any, model_admin: Any) -> Any:
        return STATUSES

    def queryset(self, request: Any, queryset: Any) -> Any:
        return queryset.filter(status=self.value()) if self.value() in STATUS_WORDS else queryset


def pool_asked_for(request: Any) -> Any:
    """That of the address."""
    return found(Pool.objects.visible_to(request.actor), pk=id_in(request.GET.get("pool", "")))


@admin.register(Pool)
class PoolAdmin(ThroughServices):
    """A new one is a purchase, or with `?pool=` given of that one. What counts is counted by the database from the
    movements."""

    list_display = ("pk", "name", "service_type", "tenant", "grantor", "unit", "seats", "available", "status", "ends")
    list_select_related = ("service_type", "tenant", "grantor")
    list_filter = (ByStatus, "unit", "source", "payment_type", OF_TYPE)
    search_fields = ("name", "=id", "=tenant__id", "=grantor__id", "service_type__name")
    inlines = (AssignmentInline, EntryInline)
    actions = ("give", "assign", "take_back", "expire")
    permission = "pool.edit"
    carries_id = True
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> Any:
        return with_numbers(super().get_queryset(request), timezone.now())

    @admin.display(description=_("Available"))
    def available(self, row: Any) -> int:
        return int(row.available)

    @admin.display(description=_("Pending"))
    def waiting(self, row: Any) -> int:
        return int(row.waiting)

    @admin.display(description=_("Allocated"))
    def given_on(self, row: Any) -> int:
        return int(row.given_on)

    @admin.display(description=_("Status"))
    def status(self, row: Any) -> Any:
        return STATUS_WORDS[row.status]

    @admin.display(description=_("Expires"), ordering="ends_at")
    def ends(self, row: Any) -> str:
        return end_shown(row.ends_at)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        shown = (SHOWN.get(name, name) for name in super().get_readonly_fields(request, obj))
        return [name for name in shown if name]

    def form_for(self, request: Any, row: Any, data: Any) -> OperationForm:
        actor = request.actor
        if row is not None:
            return StockForm(data, pool=row) if row.parent_id is None else PoolEditForm(data, pool=row)
        if "pool" in request.GET:
            pool = pool_asked_for(request)
            return GiveOneForm(data, takers=takers_by_name(actor).filter(RECEIVING), pool=pool)
        return PurchaseForm(data, holders=stock_holders(actor), services=services_for_stock(actor))

    def operation(self, request: Any, row: Any, form: Any) -> Any:
        now, actor, values = timezone.now(), request.actor, form.cleaned_data
        if row is not None:
            more = {"renewal": form.renewal} if row.parent_id is None else {"payment_type": values["payment_type"]}
            asked = {"seats": values["seats"], "expiry": form.changed_expiry, **more}
            return change_pool(actor=actor, pool_id=row.pk, now=now, **asked)
        if "pool" in request.GET:
            takers, wanted = [taker.pk for taker in values["resellers"]], [form.wanted_of(pool_asked_for(request).pk)]
            return give_pools(actor=actor, reseller_ids=takers, wanted=wanted, request_id=form.request_uuid, now=now)[0]
        asked = {"tenant_id": values["holder"].pk, "purchase": form.purchase, "request_id": form.request_uuid}
        return purchase_pool(actor=actor, **asked, now=now)

    @admin.action(description=_("Give to resellers"), permissions=["edit"])
    def give(self, request: HttpRequest, rows: Any) -> HttpResponse | None:
        return self._of_one(request, rows, "pool")

    @admin.action(description=_("Assign to a customer"), permissions=["edit"])
    def assign(self, request: HttpRequest, rows: Any) -> HttpResponse | None:
        return self._of_one(request, rows, "poolassignment")

    def _of_one(self, request: HttpRequest, rows: Any, made: str) -> HttpResponse | None:
        """The form that makes something of the pool that was chosen."""
        chosen = list(rows.order_by("pk")[:2])
        if len(chosen) != 1:
            self.message_user(request, gettext("Choose one pool."), messages.ERROR)
            return None
        return redirect(f"{reverse(f'admin:subscriptions_{made}_add')}?{urlencode({'pool': chosen[0].pk})}")

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
class PoolAssignmentAdmin(ThroughServices):
    """New ones are of the pool that the address names: the list of pools leads here."""

    list_display = ("pk", "pool", "tenant", "seats", "made_at")
    list_select_related = ("pool", "tenant")
    search_fields = ("=id", "=pool__id", "=tenant__id", "pool__name")
    actions = ("release",)
    permission = "pool.assign"
    carries_id = True
    show_full_result_count = False

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        if "pool" in request.GET:
            return super().add_view(request, form_url, extra_context)
        self.message_user(request, gettext("Choose one pool."), messages.INFO)
        return redirect(reverse("admin:subscriptions_pool_changelist"))

    def form_for(self, request: Any, row: Any, data: Any) -> OperationForm:
        if row is not None:
            return AssignmentForm(data, hand=row)
        pool = pool_asked_for(request)
        return AssignForm(data, customers=buyers(request.actor, pool), pool=pool)

    def operation(self, request: Any, row: Any, form: Any) -> Any:
        now, actor, values = timezone.now(), request.actor, form.cleaned_data
        if row is not None:
            return change_assignment(actor=actor, assignment_id=row.pk, seats=values["seats"], now=now)
        customer, pool = values["customer"], pool_asked_for(request)
        asked = {"pool_id": pool.pk, "customer_id": customer.pk, "seats": values["seats"]}
        return assign_seats(actor=actor, **asked, request_id=form.request_uuid, now=now)

    @admin.action(description=_("Release"), permissions=["edit"])
    def release(self, request: HttpRequest, rows: Any) -> None:
        """All seats of each go back."""
        self.each(
            request,
            rows,
            lambda actor, row, now: change_assignment(actor=actor, assignment_id=row.pk, seats=0, now=now),
        )


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
