"""New subscriptions: for whom, what, and at which price."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.words import sentence
from resellerhub.kernel.periods import Cycle
from resellerhub.kernel.refusals import found
from resellerhub.kernel.text import id_in
from resellerhub.web import formats
from resellerhub.web.forms import FormPage, operate, render_form
from resellerhub.web.lists import Empty, ListPage, render_list
from resellerhub.web.pages import page
from resellerhub.web.request import PageRequest
from resellerhub.web.shells import shell_url
from subscriptions.filters.buyers import BuyerFilter
from subscriptions.forms.selling import SellForm
from subscriptions.models import Subscription
from subscriptions.naming import title_of
from subscriptions.refusals import CommissionReseller
from subscriptions.selectors.offers import buyers, is_prepaid, offered_instances, offered_packages, sources
from subscriptions.services.selling.opening import preview_subscription, sell_subscription, subscribe_reseller
from subscriptions.services.selling.previewing import SalePreview
from subscriptions.tables.quotes import lines_part
from subscriptions.tables.selling import BuyerTable, GrantedTable
from tenants.models import Tenant
from tenants.naming import name_of, name_of_seller
from tenants.roles import Kind
from tenants.selectors import directory


@page("subscription.create")
def subscription_create(request: PageRequest) -> HttpResponseBase:
    """First for whom, then what."""
    asked = id_in(request.GET.get("tenant", ""))
    if asked is None:
        return _choose_buyer(request)
    holder = found(directory(request.actor), pk=asked)
    if holder.kind == Kind.RESELLER and not is_prepaid(holder.pk):
        raise CommissionReseller()
    return _sell(request, holder)


def _choose_buyer(request: PageRequest) -> HttpResponseBase:
    return render_list(
        request,
        ListPage(
            key="buyers",
            title=_("New subscription: for whom?"),
            queryset=buyers(request.actor),
            table_class=BuyerTable,
            filterset_class=BuyerFilter,
            order=("name",),
            parent="subscriptions",
            intro=_("Choose the reseller or customer who is to hold it. Commission resellers hold no subscriptions."),
            empty=Empty(_("Nobody to sell to"), _("Create a customer or a prepaid reseller first.")),
        ),
    )


def _sell(request: PageRequest, holder: Tenant) -> HttpResponse:
    seller: Tenant = Tenant.objects.select_related("profile").get(pk=holder.seller_id or 0)
    form = SellForm(
        request.POST or None,
        packages=offered_packages(request.actor, seller, holder.kind).order_by("name", "pk"),
        instances=offered_instances(request.actor, seller).order_by("name", "pk"),
        sources=sources(seller),
    )
    made = None if form.wants_preview else operate(request, form, lambda _values: _made(request, form, holder))
    if made is not None:
        done = _("%(name)s is active.") if made.state == made.State.ACTIVE else _("%(name)s is sold.")
        messages.success(request, done % {"name": title_of(request.actor, made)})
        return redirect(shell_url(request, "subscription", made.pk))
    said = _said(request, form, holder) if form.wants_preview else None
    return render_form(
        request,
        FormPage(
            form=form,
            title=_("New subscription for %(name)s") % {"name": name_of(request.actor, holder)},
            submit=_("Subscribe as reseller") if holder.kind == Kind.RESELLER else _("Sell subscription"),
            cancel_url=shell_url(request, holder.kind, holder.pk),
            parent="subscriptions",
            template="subscriptions/sell.html",
            context=_panel(request, said) if said else {"is_part": _is_part(request)},
        ),
    )


def _made(request: PageRequest, form: SellForm, holder: Tenant) -> Subscription:
    parts: dict[str, Any] = {"request_id": form.request_uuid, "now": timezone.now()}
    if holder.kind == Kind.RESELLER:
        return subscribe_reseller(actor=request.actor, reseller_id=holder.pk, offer=form.offer, **parts)
    return sell_subscription(actor=request.actor, customer_id=holder.pk, offer=form.offer, **parts)


def _said(request: PageRequest, form: SellForm, holder: Tenant) -> SalePreview | None:
    """What the form would come to, with its price filled in. None: it would be refused, and the form says why."""
    was_outdated = form.is_outdated
    said = operate(
        request,
        form,
        lambda _values: preview_subscription(
            actor=request.actor, tenant_id=holder.pk, offer=form.offer_to_preview, now=timezone.now()
        ),
    )
    if said is not None:
        form.fill_in(said)
    if _is_part(request):
        form.status = 200  # while somebody is still choosing, what is missing is no mistake
    elif was_outdated and "preview" not in request.POST:
        words = _("The price was for another package or billing cycle: look at it again, then sell.")
        messages.warning(request, words)
    return said


def _is_part(request: PageRequest) -> bool:
    return request.headers.get("HX-Request") == "true"


def _panel(request: PageRequest, said: SalePreview) -> dict[str, Any]:
    """What stands in the preview: money per unit, the reason for the list price, what is granted."""
    account, sells = said.account, said.seller.pk == request.actor.tenant_id
    cycle = str(Cycle(account.cycle).label)

    def money(amount: Any) -> str:
        return formats.money(amount, said.currency)

    whose = {"seller": name_of_seller(said.seller)}
    total = f"{money(said.total.amount)} {cycle}" if said.total else ""
    first = lines_part(request, said.lines, said.first_total.amount, said.cost_lines, _("First invoice"))
    later = _("From %(day)s on: %(total)s.") % {"day": formats.day(said.next_on), "total": total}
    facts = [
        (_("Recommended price"), account.recommended),
        (_("Price by the list"), said.listed.amount if said.listed.priced.rule else None),
        (_("Price of one unit"), account.amount),
        (_("Your cost") if sells else _("Cost of %(seller)s") % whose, account.cost),
        (_("Your margin") if sells else _("Margin of %(seller)s") % whose, account.margin),
        (_("You are paid"), None if sells else said.figures.income),
        (_("At least"), said.floor),
        (_("At most"), said.ceiling),
    ]
    table = GrantedTable(said.granted)
    table.request, table.orderable = request, False
    has_units = any(row.resource.unit for row in said.granted)
    table.show_only(["resource", "granted", *(["unit"] * has_units), *(["before", "after"] if said.source else [])])
    return {
        "said": said,
        "facts": [(label, f"{money(amount)} {cycle}", amount < 0) for label, amount in facts if amount is not None],
        "total": total,
        "reason": sentence(said.listed.priced.steps[-1], money, formats.number),
        "loss": money(-account.margin) if account.margin is not None and account.is_below_cost else "",
        "is_once": account.cost_once,
        "granted": table,
        "first": first | {"note": later if said.next_on else ""},
        "is_part": _is_part(request),
    }
