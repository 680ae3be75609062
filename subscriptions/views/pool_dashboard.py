"""Pools of one holder: on the page of a reseller, on a page of its own, and on its first page."""

from typing import Any
from urllib.parse import urlencode

from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from resellerhub.kernel.refusals import found
from resellerhub.web.details import Counter, DetailPage, Section, Tab, render_detail
from resellerhub.web.lists import Action, Empty
from resellerhub.web.pages import page
from resellerhub.web.request import PageRequest
from resellerhub.web.shells import shell_url
from subscriptions.models import Pool
from subscriptions.selectors import pool_numbers
from subscriptions.selectors import pools as selectors
from subscriptions.tables.pools import PoolCustomerTable, PoolTable
from subscriptions.views import supplies
from subscriptions.views.pool_trend import trends
from tenants.mapped import mapping_of, may_receive_pools

LATEST = 25


@page("pool.view")
def pool_holder(request: PageRequest, pk: int) -> HttpResponseBase:
    """The pools of one holder in sight, who need not be beneath the reader."""
    holder = found(selectors.seen_holders(request.actor), pk=pk)
    tab = Tab("overview", _("Overview"), lambda: holder_sections(request, holder))
    title = _("Pools of %(name)s") % {"name": holder.called}
    return render_detail(request, DetailPage(title=title, reference=holder.pk, parent="pools", tabs=[tab]))


def holder_sections(request: PageRequest, holder: Any) -> list[Section]:
    now = timezone.now()
    held = selectors.pools(request.actor, now).held_by(holder.pk)
    return [
        *numbers_sections(request, holder.pk),
        *given_sections(request, holder.pk),
        *trends(request, held),
        _pools(request, holder, held),
        _customers(request, holder),
        *supplies.sections(request, holder),
    ]


def numbers_sections(request: PageRequest, holder_id: int) -> list[Section]:
    """What one holds: each number with the list that shows it, and each unit by itself."""
    numbers = pool_numbers.numbers(request.actor, holder_id, timezone.now())

    def listed(name: str = "pools", **query: Any) -> str:
        return f"{shell_url(request, name)}?{urlencode({'holder': holder_id, **query})}"

    first = [
        Counter(_("Pools"), numbers.pools, listed(status="active")),
        Counter(_("Customers"), numbers.customers, listed("pool_customers")),
    ]
    sections = [_counted(_("Pools"), first)]
    for each in numbers.units:
        counters = [
            Counter(_("Total"), each.total, listed(unit=each.unit, status="active")),
            Counter(
                _("Allocated to customers"), each.allocated, listed("assignments", unit=each.unit, status="active")
            ),
            Counter(_("Pending acceptance"), each.pending, listed(unit=each.unit, status="pending")),
            Counter(_("Expiring in 30 days"), each.expiring, listed(unit=each.unit, expiring="true")),
        ]
        sections.append(_counted(Pool.Unit(each.unit).label, counters))
    return sections


def given_sections(request: PageRequest, holder_id: int) -> list[Section]:
    """What one gave: to how many resellers, and what of that is used; of a large account reseller from the first pool
    on."""
    told = pool_numbers.given(request.actor, holder_id, timezone.now())
    gave = told.resellers or any(each.pending for each in told.units)
    if not gave and not (told.units and selectors.is_large(holder_id)):
        return []

    def listed(**query: Any) -> str:
        return f"{shell_url(request, 'pools')}?{urlencode({'grantor': holder_id, **query})}"

    note = ngettext("with %(count)s pool", "with %(count)s pools", told.pools) % {"count": told.pools}
    resellers = Counter(_("Active resellers"), told.resellers, listed(status="active"), note=note)
    sections = [_counted(_("Given to resellers"), [resellers])]
    for each in told.units:
        counters = [
            Counter(_("Allocated"), each.allocated, listed(unit=each.unit, status="active")),
            Counter(_("Pending acceptance"), each.pending, listed(unit=each.unit, status="pending")),
            Counter(_("Available"), _percent(each.available_percent)),
            Counter(_("Unused by resellers"), _percent(each.unused_percent), listed(unit=each.unit, status="active")),
        ]
        title = _("Given to resellers: %(unit)s") % {"unit": Pool.Unit(each.unit).label}
        sections.append(_counted(title, counters))
    return sections


def _percent(value: int | None) -> str:
    return "–" if value is None else f"{value} %"


def _counted(title: Any, counters: list[Counter]) -> Section:
    return Section(title=title, template="components/counters.html", context={"counters": counters})


def _pools(request: PageRequest, holder: Any, held: Any) -> Section:
    actor = request.actor
    table = PoolTable(list(held.order_by("-pk")[:LATEST]))
    table.show_only(
        [
            "name",
            "id",
            "grantor",
            "payment_type",
            "unit",
            "seats",
            "available",
            "assigned",
            "status",
            "ends",
            "action",
        ]
    )
    takes = selectors.takers(actor).filter(pk=holder.pk).exists()
    may = takes and may_receive_pools(holder) and actor.can("pool.edit")
    add = Action(_("Add pool"), shell_url(request, "reseller_pool_add", holder.pk), "plus", "pool.edit")
    url = f"{shell_url(request, 'pools')}?{urlencode({'holder': holder.pk})}"
    return Section(
        title=_("Pools"),
        table=table,
        actions=[*([add] if may else []), Action(_("All of them"), url)],
        empty=Empty(
            _("No pools yet"),
            _("Pools are given to mapped resellers alone.") if takes and mapping_of(holder) is None else "",
        ),
    )


def _customers(request: PageRequest, holder: Any) -> Section:
    rows = selectors.pool_customers(request.actor, timezone.now())
    of_holder = rows.filter(parent=holder.pk) | rows.filter(parent=None, provider=holder.pk)
    url = f"{shell_url(request, 'pool_customers')}?{urlencode({'holder': holder.pk})}"
    return Section(
        title=_("Customers with pooled seats"),
        table=PoolCustomerTable(list(of_holder.order_by("shown_name", "pk")[:LATEST])),
        action=Action(_("All of them"), url),
        empty=Empty(_("No customer has seats of a pool yet")),
    )
