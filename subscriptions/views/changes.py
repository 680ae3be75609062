"""New subscriptions, and what changes one."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from resellerhub.kernel.refusals import found
from resellerhub.kernel.text import id_in
from resellerhub.web.forms import ConfirmForm, FormPage, OperationForm, operate, render_form
from resellerhub.web.lists import Empty, ListPage, render_list
from resellerhub.web.pages import page
from resellerhub.web.request import PageRequest
from resellerhub.web.shells import shell_url
from subscriptions.filters import BuyerFilter
from subscriptions.forms.subscriptions import QuantityForm, ReasonForm, SubscriptionForm
from subscriptions.models import Subscription
from subscriptions.naming import title_of
from subscriptions.refusals import CommissionReseller, OwnSubscription
from subscriptions.selectors.offers import buyers, is_prepaid, offered_instances, offered_packages, sources
from subscriptions.selectors.subscriptions import subscriptions
from subscriptions.services.changing import change_quantity
from subscriptions.services.opening import sell_subscription, subscribe_reseller
from subscriptions.services.standing import close_subscription, resume_subscription, suspend_subscription
from subscriptions.tables import BuyerTable
from tenants.models import Tenant
from tenants.naming import name_of
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
    return _open(request, holder)


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


def _open(request: PageRequest, holder: Tenant) -> HttpResponse:
    seller: Tenant = Tenant.objects.get(pk=holder.seller_id or 0)
    form = SubscriptionForm(
        request.POST or None,
        packages=offered_packages(request.actor, seller, holder.kind).order_by("name", "pk"),
        instances=offered_instances(request.actor, seller).order_by("name", "pk"),
        sources=sources(seller),
    )

    def sell(values: dict[str, Any]) -> Subscription:
        parts = {"actor": request.actor, "offer": form.offer, "request_id": form.request_uuid, "now": timezone.now()}
        if holder.kind == Kind.RESELLER:
            return subscribe_reseller(reseller_id=holder.pk, **parts)
        return sell_subscription(customer_id=holder.pk, **parts)

    made = operate(request, form, sell)
    if made is not None:
        messages.success(request, _("%(name)s is active.") % {"name": title_of(request.actor, made)})
        return redirect(shell_url(request, "subscription", made.pk))
    what = _("Subscribe as reseller") if holder.kind == Kind.RESELLER else _("Sell subscription")
    return render_form(
        request,
        FormPage(
            form=form,
            title=_("New subscription for %(name)s") % {"name": name_of(request.actor, holder)},
            submit=what,
            cancel_url=shell_url(request, holder.kind, holder.pk),
            parent="subscriptions",
        ),
    )


def _mine_to_change(request: PageRequest, pk: int) -> Subscription:
    row = found(subscriptions(request.actor), pk=pk)
    if row.tenant_id == request.actor.tenant_id:
        raise OwnSubscription()
    return row


def _form(
    request: PageRequest, row: Subscription, form: OperationForm, call: Any, done: str, **options: Any
) -> HttpResponse:
    """Run an operation on a subscription with what the form says, and go back to its page."""
    changed = operate(
        request,
        form,
        lambda values: call(actor=request.actor, subscription_id=row.pk, now=timezone.now(), **_without_word(values)),
    )
    back = shell_url(request, "subscription", row.pk)
    if changed is not None:
        messages.success(request, done % {"name": title_of(request.actor, row)})
        return redirect(back)
    return render_form(request, FormPage(form=form, cancel_url=back, parent="subscriptions", **options))


def _without_word(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name != "confirm"}


@page("subscription.edit")
def subscription_change(request: PageRequest, pk: int) -> HttpResponse:
    row = _mine_to_change(request, pk)
    return _form(
        request,
        row,
        QuantityForm(request.POST or None, initial={"quantity": row.quantity}),
        change_quantity,
        _("The quantity of %(name)s is changed."),
        title=_("Change quantity of %(name)s") % {"name": title_of(request.actor, row)},
        intro=_("What it is allocated grows or shrinks at once, with the limits it was sold with."),
        submit=_("Change quantity"),
    )


@page("subscription.edit")
def subscription_suspend(request: PageRequest, pk: int) -> HttpResponse:
    row = _mine_to_change(request, pk)
    return _form(
        request,
        row,
        ReasonForm(request.POST or None),
        suspend_subscription,
        _("%(name)s is suspended."),
        title=_("Suspend %(name)s") % {"name": title_of(request.actor, row)},
        intro=_("Its holder keeps what is allocated; nothing is added until it is resumed."),
        submit=_("Suspend"),
        danger=True,
    )


@require_POST
@page("subscription.edit")
def subscription_resume(request: PageRequest, pk: int) -> HttpResponse:
    row = resume_subscription(actor=request.actor, subscription_id=pk, now=timezone.now())
    messages.success(request, _("%(name)s is active.") % {"name": title_of(request.actor, row)})
    return redirect(shell_url(request, "subscription", row.pk))


@page("subscription.edit")
def subscription_cancel(request: PageRequest, pk: int) -> HttpResponse:
    row = _mine_to_change(request, pk)
    return _form(
        request,
        row,
        ConfirmForm(request.POST or None),
        close_subscription,
        _("%(name)s is cancelled."),
        title=_("Cancel %(name)s") % {"name": title_of(request.actor, row)},
        intro=_("It ends for good, and what it was allocated goes back to where it was drawn from."),
        submit=_("Cancel subscription"),
        danger=True,
    )
