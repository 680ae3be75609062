"""What the reader's tenant can order, and the form of an order with its preview."""

from typing import Any

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from resellerhub.kernel.periods import day_of
from resellerhub.kernel.refusals import found
from resellerhub.web import formats
from resellerhub.web.details import Section
from resellerhub.web.forms import FormPage, operate, render_form
from resellerhub.web.lists import Action, Empty, ListPage, render_list
from resellerhub.web.pages import page
from resellerhub.web.request import PageRequest
from resellerhub.web.shells import shell_url
from subscriptions.filters.ordering import ServiceFilter
from subscriptions.forms.orders import OrderForm
from subscriptions.models import Order
from subscriptions.selectors.orders import public_name, tell_prices
from subscriptions.selectors.orders import services as orderable
from subscriptions.services.ordering.orderable import Preview, preview_order
from subscriptions.services.ordering.orders import place_order
from subscriptions.tables.columns import cycle_word
from subscriptions.tables.ordering import ServiceTable
from subscriptions.tables.quotes import lines_part
from subscriptions.views.listings import price_of


@page("subscription.view")
def services(request: PageRequest) -> HttpResponseBase:
    return render_list(
        request,
        ListPage(
            key="services",
            title=_("Services"),
            queryset=orderable(request.actor),
            table_class=ServiceTable,
            filterset_class=ServiceFilter,
            order=("name",),
            actions=[Action(_("Orders"), shell_url(request, "orders"), "inbox", "subscription.view")],
            intro=_("What you can order yourself. Prices are of one unit."),
            empty=Empty(_("Nothing can be ordered at the moment"), _("Ask your seller.")),
        ),
    )


@page("subscription.view")
def service(request: PageRequest, pk: int) -> HttpResponseBase:
    row: Any = found(orderable(request.actor), pk=pk)
    tell_prices(request.actor, [row], day_of(timezone.now()))
    form = OrderForm(request.POST or None, cycles=[owed.cycle for owed in row.asked_by])
    preview = order = None
    waiting = Order.objects.pending().filter(tenant=request.actor.tenant_id, listing=row.pk).first()
    if "preview" in request.POST:
        preview = operate(
            request,
            form,
            lambda values: preview_order(
                actor=request.actor,
                listing_id=pk,
                quantity=values["quantity"],
                cycle=values.get("cycle", ""),
                now=timezone.now(),
            ),
        )
    else:
        order = operate(
            request,
            form,
            lambda values: place_order(
                actor=request.actor, listing_id=pk, **values, request_id=form.request_uuid, now=timezone.now()
            ),
        )
    if order is not None:
        messages.success(request, _done(order))
        return redirect(shell_url(request, "order", order.pk))
    return render_form(
        request,
        FormPage(
            form=form,
            title=public_name(row),
            intro=row.text,
            submit=_("Order now"),
            cancel_url=shell_url(request, "services"),
            parent="services",
            template="subscriptions/order_form.html",
            context={
                "sections": _sections(request, row, preview),
                "waiting": waiting,
                "waiting_url": shell_url(request, "order", waiting.pk) if waiting else "",
                "may_order": request.actor.can("subscription.order") and waiting is None,
            },
        ),
    )


def _done(order: Order) -> str:
    if order.state == Order.State.APPROVED:
        return _("%(name)s is active.") % {"name": order.public_name}
    return _("Your order of %(name)s is on its way: your seller looks at it.") % {"name": order.public_name}


def _sections(request: PageRequest, row: Any, preview: Preview | None) -> list[Section]:
    """What one unit costs and grants; of so many, once that was asked for."""
    terms = row.asked.terms if row.asked else None
    price = ", ".join(price_of(owed) for owed in row.asked_by)
    facts: list[tuple[str, Any]] = [(_("Price of one unit"), price)]
    if terms and terms.activation_amount:
        facts.append((_("Activation fee"), formats.money(terms.activation_amount, row.asked.currency)))
    if terms and terms.minimum_months:
        facts.append((_("Minimum term in months"), terms.minimum_months))
    facts.append((_("Approval"), _("Your seller looks at it first") if row.needs_approval else _("Yours at once")))
    sections = [Section(title=_("The service"), facts=facts), _granted(row, 1, _("One unit grants"))]
    if preview is None:
        return sections
    total = formats.money(preview.total, preview.account.currency) if preview.total is not None else ""
    told = f"{total} {cycle_word(preview.account.cycle)}" if total else _("free of charge")
    so_many = [(_("Quantity"), formats.number(preview.quantity)), (_("Total"), told)]
    granted = _granted(row, preview.quantity, _("It grants"))
    first = {"part": lines_part(request, preview.lines, preview.first_total, label=_("First invoice"))}
    lines = Section(title=_("What is charged first"), template="subscriptions/lines.html", context=first)
    return [*sections, Section(title=_("Preview"), facts=so_many), lines, granted]


def _granted(row: Any, quantity: int, title: str) -> Section:
    limits = getattr(row, "limits", ())
    said = [
        (limit.resource.name, f"{formats.number(limit.limit * quantity)} {limit.resource.unit}".strip())
        for limit in limits
    ]
    return Section(title=title, facts=said)
