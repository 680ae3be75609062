"""To whom a price list is assigned: many buyers of a list, and the list of one buyer on its own page."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from catalog.filters import HoldersFilter
from catalog.forms.prices import ListChoiceForm
from catalog.models import PriceList
from catalog.selectors import prices as selectors
from catalog.selectors.explaining import buyers_in_sight
from catalog.selectors.managers import managed
from catalog.services.prices import assign_price_list, unassign_price_list
from catalog.tables.prices import HolderTable
from resellerhub.kernel.refusals import NotFound, Refusal, found
from resellerhub.web.details import Section
from resellerhub.web.forms import FormPage, answer_form
from resellerhub.web.lists import Action, BulkAction, Empty, ListPage, render_list, selected_rows
from resellerhub.web.pages import page
from resellerhub.web.request import PageRequest
from resellerhub.web.shells import shell_link, shell_url
from tenants.models import Tenant


@page("catalog.edit")
def price_list_buyers(request: PageRequest, pk: int) -> HttpResponseBase:
    return render_list(request, _page(request, managed(request.actor, PriceList.objects.visible_to(request.actor), pk)))


@require_POST
@page("catalog.edit")
def price_list_assign(request: PageRequest, pk: int) -> HttpResponseBase:
    """To the chosen buyers."""
    count = _change(request, pk, assign_price_list)
    if count is not None:
        words = ngettext("Assigned to %(count)d buyer.", "Assigned to %(count)d buyers.", count)
        messages.success(request, words % {"count": count})
    return redirect(shell_url(request, "price_list_buyers", pk))


@require_POST
@page("catalog.edit")
def price_list_release(request: PageRequest, pk: int) -> HttpResponseBase:
    """Take it from the chosen buyers."""
    count = _change(request, pk, unassign_price_list)
    if count is not None:
        words = ngettext("Taken from %(count)d buyer.", "Taken from %(count)d buyers.", count)
        messages.success(request, words % {"count": count})
    return redirect(shell_url(request, "price_list_buyers", pk))


@page("catalog.edit")
def price_list_of(request: PageRequest, tenant_id: int) -> HttpResponse:
    """Which list one buyer holds."""
    buyer: Any = found(buyers_in_sight(request.actor), pk=tenant_id)
    if not _sells_to(request, buyer):
        raise NotFound()
    had = selectors.list_of(request.actor, buyer.pk)
    lists = PriceList.objects.visible_to(request.actor).filter(tenant=buyer.seller_id, audience=buyer.kind)
    form = ListChoiceForm(
        request.POST or None, lists=lists.filter(is_active=True).order_by("name", "pk"), initial={"price_list": had}
    )

    def change(values: dict[str, Any]) -> None:
        chosen: PriceList | None = values["price_list"]
        asked: dict[str, Any] = {"actor": request.actor, "tenant_ids": [buyer.pk], "now": timezone.now()}
        if chosen is not None:
            assign_price_list(price_list_id=chosen.pk, **asked)
        elif had is not None:
            unassign_price_list(price_list_id=had.pk, **asked)

    back = shell_url(request, buyer.kind, buyer.pk)
    return answer_form(
        request,
        FormPage(
            form=form,
            title=_("Price list of %(name)s") % {"name": buyer.name},
            intro=_("It counts for what is sold from now on. Who holds it does not see the list."),
            submit=_("Save"),
            cancel_url=back,
            parent=f"{buyer.kind}s",
        ),
        change,
        _("%(name)s was changed.") % {"name": buyer.name},
    )


def list_sections(request: PageRequest, tenant: Tenant) -> Sequence[Section]:
    """On the page of a reseller or customer, for who sells to it and above: which list it holds."""
    actor = request.actor
    if not actor.sees("catalog.view") or actor.kind == "customer" or tenant.pk == actor.tenant_id:
        return []
    held = selectors.list_of(actor, tenant.pk)
    actions = []
    if url := shell_link(request, "price_explain"):
        query = urlencode({"buyer": tenant.pk})
        actions.append(Action(_("Prices"), f"{url}?{query}", "", "catalog.view"))
    if _sells_to(request, tenant) and not tenant.is_closed:
        actions.append(Action(_("Change"), shell_url(request, "price_list_of", tenant.pk), "edit", "catalog.edit"))
    shown = held.name if held else _("None: the default list, else what the fees say")
    return [Section(title=_("Price list"), facts=[(_("Assigned"), shown)], actions=actions)]


def _sells_to(request: PageRequest, tenant: Tenant) -> bool:
    """A list is assigned by its seller, and by the provider in its place."""
    return bool(request.actor.is_provider or tenant.seller_id == request.actor.tenant_id)


def _page(request: PageRequest, row: PriceList) -> ListPage:
    return ListPage(
        key="price_list_buyers",
        title=_("Assign %(name)s") % {"name": row.name},
        queryset=selectors.buyers(request.actor, row),
        table_class=HolderTable,
        filterset_class=HoldersFilter,
        order=("name",),
        intro=_(
            "A buyer holds one price list at most: assigning another takes its place, for what is sold from now on."
        ),
        actions=[Action(_("Back to the price list"), shell_url(request, "price_list", row.pk))],
        bulk_actions=[
            BulkAction(_("Assign"), shell_url(request, "price_list_assign", row.pk), "plus", "catalog.edit"),
            BulkAction(_("Take away"), shell_url(request, "price_list_release", row.pk), "x", "catalog.edit"),
        ],
        parent="price_lists",
        empty=Empty(_("No buyers yet"), _("Those that you sell to appear here.")),
    )


def _change(request: PageRequest, pk: int, service: Any) -> int | None:
    """What is refused is said on the list."""
    row = managed(request.actor, PriceList.objects.visible_to(request.actor), pk)
    chosen = list(selected_rows(request, _page(request, row)).values_list("pk", flat=True))
    if not chosen:
        messages.warning(request, _("Nothing was selected."))
        return None
    try:
        count: int = service(actor=request.actor, price_list_id=row.pk, tenant_ids=chosen, now=timezone.now())
    except Refusal as refusal:
        messages.error(request, refusal.detail)
        return None
    return count
