"""Orders: the list, one of them, and the answers to it."""

from collections.abc import Sequence
from typing import Any

from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from resellerhub.kernel.refusals import Refusal, found
from resellerhub.web import formats
from resellerhub.web.details import Counter, DetailPage, Section, Tab, render_detail
from resellerhub.web.forms import FormPage, answer_click, answer_form
from resellerhub.web.lists import Action, Empty, ListPage, render_list
from resellerhub.web.pages import page
from resellerhub.web.request import PageRequest
from resellerhub.web.shells import shell_link, shell_url
from subscriptions.filters.ordering import OrderFilter
from subscriptions.forms.orders import ApproveForm, RejectForm
from subscriptions.models import Order
from subscriptions.selectors.offers import sources
from subscriptions.selectors.orders import events_about_order, waiting
from subscriptions.selectors.orders import orders as ordered
from subscriptions.services.ordering.orders import (
    OrderDecided,
    OwnOrder,
    approve_order,
    offer_of,
    reject_order,
    withdraw_order,
)
from subscriptions.services.selling.opening import preview_subscription
from subscriptions.tables.columns import cycle_word
from subscriptions.tables.ordering import OrderTable
from tenants.roles import Kind
from tenants.views.events import activity_in

PENDING = Order.State.PENDING


@page("subscription.view")
def orders(request: PageRequest) -> HttpResponseBase:
    actions = []
    if request.actor.kind != Kind.PROVIDER:
        actions.append(Action(_("Services"), shell_url(request, "services"), "box", "subscription.order"))
    return render_list(
        request,
        ListPage(
            key="orders",
            title=_("Orders"),
            queryset=ordered(request.actor),
            table_class=OrderTable,
            filterset_class=OrderFilter,
            order=("-number",),
            actions=actions,
            empty=Empty(_("No orders yet"), _("What is ordered by self-service stands here.")),
        ),
    )


@page("subscription.view")
def order(request: PageRequest, pk: int) -> HttpResponseBase:
    row: Any = found(ordered(request.actor), pk=pk)

    def sections() -> list[Section]:
        return [
            Section(title=_("Order"), facts=_facts(request, row), actions=_links(request, row)),
            *_hindrance(request, row),
            Section(title=_("Activity"), activity=activity_in(request, events_about_order(request.actor, row))),
        ]

    return render_detail(
        request,
        DetailPage(
            title=row.public_name,
            subtitle=row.tenant_name,
            reference=row.pk,
            state=row.state,
            state_label=row.get_state_display(),
            parent="orders",
            actions=_actions(request, row),
            tabs=[Tab("overview", _("Overview"), sections)],
        ),
    )


@page("subscription.create")
def order_approve(request: PageRequest, pk: int) -> HttpResponseBase:
    row = _to_decide(request, pk)
    held = sources(row.seller).filter(service_instance=row.service_instance_id)
    form = ApproveForm(request.POST or None, sources=held)

    def approve(values: Any) -> Order:
        source, comment = values.get("source"), _lines(values["comment"])
        source_id = source.pk if source else None
        return approve_order(actor=request.actor, order_id=pk, comment=comment, source_id=source_id, now=timezone.now())

    intro = _("%(service)s, %(quantity)s, for %(name)s. The price of the order holds: %(price)s.") % {
        "service": row.public_name,
        "quantity": formats.number(row.quantity),
        "name": row.tenant_name,
        "price": _price(row.unit_price, row),
    }
    title = _("Approve order %(id)s") % {"id": pk}
    return answer_form(
        request,
        _page(request, pk, form, title=title, intro=intro, submit=_("Approve")),
        approve,
        _("Order %(id)s is approved: the service is active.") % {"id": pk},
    )


@page("subscription.create")
def order_reject(request: PageRequest, pk: int) -> HttpResponseBase:
    _to_decide(request, pk)
    form = RejectForm(request.POST or None)
    return answer_form(
        request,
        _page(request, pk, form, title=_("Reject order %(id)s") % {"id": pk}, submit=_("Reject"), danger=True),
        lambda values: reject_order(
            actor=request.actor, order_id=pk, comment=_lines(values["comment"]), now=timezone.now()
        ),
        _("Order %(id)s was rejected.") % {"id": pk},
    )


@require_POST
@page("subscription.order")
def order_withdraw(request: PageRequest, pk: int) -> HttpResponseBase:
    return answer_click(
        request,
        lambda: withdraw_order(actor=request.actor, order_id=pk, now=timezone.now()),
        _("Your order was withdrawn."),
        shell_url(request, "order", pk),
    )


def counters(request: PageRequest) -> Sequence[Counter]:
    """For the dashboard of whoever can decide them: how many wait."""
    if not request.actor.can("subscription.create"):
        return []
    count = waiting(request.actor).count()
    url = f"{shell_url(request, 'orders')}?state=pending&seller={request.actor.tenant_id}"
    return [Counter(_("Orders waiting"), count, url, tone="warn")] if count else []


def _to_decide(request: PageRequest, pk: int) -> Any:
    row = found(ordered(request.actor), pk=pk)
    if row.tenant_id == request.actor.tenant_id:
        raise OwnOrder()
    if row.state != PENDING:
        raise OrderDecided()
    return row


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n")


def _page(request: PageRequest, pk: int, form: Any, **words: Any) -> FormPage:
    return FormPage(form=form, cancel_url=shell_url(request, "order", pk), parent="orders", **words)


def _actions(request: PageRequest, row: Order) -> list[Action]:
    if row.state != PENDING:
        return []
    if row.tenant_id == request.actor.tenant_id:
        url = shell_url(request, "order_withdraw", row.pk)
        return [Action(_("Withdraw"), url, "x", "subscription.order", post=True, danger=True)]
    approve, reject = (shell_url(request, f"order_{name}", row.pk) for name in ("approve", "reject"))
    return [
        Action(_("Approve"), approve, "check", "subscription.create", primary=True),
        Action(_("Reject"), reject, "x", "subscription.create", danger=True),
    ]


def _links(request: PageRequest, row: Order) -> list[Action]:
    if row.subscription is None:
        return []
    url = shell_link(request, "subscription", row.subscription.pk)
    return [Action(_("Open the subscription"), url)] if url else []


def _facts(request: PageRequest, row: Any) -> list[tuple[str, Any]]:
    return [
        (_("Ordered by"), row.tenant_name),
        (_("Seller"), row.seller_name),
        (_("Package"), row.package.name),
        (_("Service instance"), row.service_instance.name),
        (_("Quantity"), row.quantity),
        (_("Price of one unit"), _price(row.unit_price, row)),
        (_("Total"), _price(row.total, row)),
        (_("Message"), row.note_shown),
        (_("Ordered"), row.made_at),
        (_("Decided"), row.decided_at),
        (_("Comment"), row.comment_shown),
    ]


def _price(amount: Any, row: Any) -> str:
    if amount is None:
        return _("free of charge")
    return f"{formats.money(amount, row.currency)} {cycle_word(row.cycle)}"


def _hindrance(request: PageRequest, row: Any) -> list[Section]:
    """To who may decide it: what would be refused now, such as what remains. Who ordered learns nothing of it."""
    actor: Any = request.actor
    if row.state != PENDING or row.tenant_id == actor.tenant_id or not actor.can("subscription.create"):
        return []
    try:
        preview_subscription(actor=actor, tenant_id=row.tenant_id, offer=offer_of(row), now=timezone.now())
    except Refusal as refusal:
        return [Section(title=_("What speaks against it"), facts=[(_("Now"), refusal.detail)])]
    return []
