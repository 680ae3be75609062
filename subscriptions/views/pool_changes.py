"""What changes a pool: bought, edited, accepted, declined, returned, assigned."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from resellerhub.kernel.refusals import found
from resellerhub.web.forms import ConfirmForm, FormPage, OperationForm, operate, render_form
from resellerhub.web.pages import page
from resellerhub.web.request import PageRequest
from resellerhub.web.shells import shell_url
from subscriptions.forms.pools import AssignForm, AssignmentForm, PoolEditForm, PurchaseForm, StockForm
from subscriptions.pool_refusals import NotLarge
from subscriptions.pool_units import amount
from subscriptions.pool_words import end_shown, why_not
from subscriptions.selectors import pools as selectors
from subscriptions.services.pools.assigning import assign_seats, change_assignment
from subscriptions.services.pools.editing import change_pool, edit_pool
from subscriptions.services.pools.purchasing import purchase_pool
from subscriptions.services.pools.resolving import accept_pool, decline_pool, return_pool


@page("pool.edit")
def pool_create(request: PageRequest) -> HttpResponseBase:
    actor = request.actor
    if not actor.is_provider and not selectors.is_large(actor.tenant_id):
        raise NotLarge()
    form = PurchaseForm(
        request.POST or None,
        holders=selectors.stock_holders(actor),
        services=selectors.services_for_stock(actor),
    )
    made = operate(
        request,
        form,
        lambda values: purchase_pool(
            actor=actor,
            tenant_id=values["holder"].pk,
            purchase=form.purchase,
            request_id=form.request_uuid,
            now=timezone.now(),
        ),
    )
    if made is not None:
        messages.success(request, _("%(name)s is in stock.") % {"name": made.name})
        return redirect(shell_url(request, "pool", made.pk))
    cancel = shell_url(request, "pools")
    title = _("New purchase")
    return render_form(request, FormPage(form=form, title=title, submit=title, cancel_url=cancel, parent="pools"))


def _row(request: PageRequest, pk: int) -> Any:
    return found(selectors.pools(request.actor, timezone.now()), pk=pk)


def _look(request: PageRequest, row: Any, name: str) -> None:
    """A page that would promise what is refused is not shown: whoever asks for it by its address reads why."""
    if request.method == "GET" and (refusal := why_not(row, request.actor, name)):
        raise refusal


def _form(
    request: PageRequest,
    row: Any,
    form: OperationForm,
    call: Callable[[dict[str, Any]], Any],
    done: str,
    **options: Any,
) -> HttpResponse:
    changed = operate(request, form, call)
    back = shell_url(request, "pool", row.pk)
    if changed is not None:
        messages.success(request, done % {"name": row.name})
        return redirect(back)
    return render_form(request, FormPage(form=form, cancel_url=back, parent="pools", **options))


@page("pool.edit")
def pool_edit(request: PageRequest, pk: int) -> HttpResponse:
    row = _row(request, pk)
    _look(request, row, "pool_edit")
    form = PoolEditForm(request.POST or None, pool=row)
    above = selectors.pools(request.actor, timezone.now()).filter(pk=row.parent_id).first()
    if above:
        above.ends_shown = end_shown(above.ends_at)
    return _form(
        request,
        row,
        form,
        lambda values: edit_pool(
            actor=request.actor,
            pool_id=row.pk,
            seats=values["seats"],
            payment_type=values["payment_type"],
            expiry=form.changed_expiry,
            now=timezone.now(),
        ),
        _("%(name)s was changed."),
        title=_("Edit %(name)s") % {"name": row.name},
        intro=_("Available in the pool it is from: %(free)s.") % {"free": amount(above.available, row.unit)}
        if above
        else "",
        submit=_("Save"),
        template="subscriptions/pool_edit.html",
        context={"pools": [above] if above else []},
    )


@page("pool.edit")
def pool_stock(request: PageRequest, pk: int) -> HttpResponse:
    row = _row(request, pk)
    _look(request, row, "pool_stock")
    form = StockForm(request.POST or None, pool=row)
    return _form(
        request,
        row,
        form,
        lambda values: change_pool(
            actor=request.actor,
            pool_id=row.pk,
            seats=values["seats"],
            expiry=form.changed_expiry,
            renewal=form.renewal,
            now=timezone.now(),
        ),
        _("%(name)s was changed."),
        title=_("Change or extend %(name)s") % {"name": row.name},
        intro=_("What was given with the same expiry follows at once, at any depth."),
        submit=_("Save"),
    )


@page("pool.edit")
def pool_return(request: PageRequest, pk: int) -> HttpResponse:
    row = _row(request, pk)
    _look(request, row, "pool_return")
    return _form(
        request,
        row,
        OperationForm(request.POST or None),
        lambda values: return_pool(actor=request.actor, pool_id=row.pk, now=timezone.now()),
        _("%(name)s was returned."),
        title=_("Return %(name)s to its pool") % {"name": row.name},
        intro=_("It was not accepted yet. Its seats go back to the pool they are from."),
        submit=_("Return to pool"),
        danger=True,
    )


@require_POST
@page("pool.edit")
def pool_accept(request: PageRequest, pk: int) -> HttpResponseBase:
    row = accept_pool(actor=request.actor, pool_id=pk, now=timezone.now())
    messages.success(request, _("%(name)s is yours: assign it to your customers.") % {"name": row.name})
    return redirect(shell_url(request, "pool", row.pk))


@page("pool.edit")
def pool_decline(request: PageRequest, pk: int) -> HttpResponse:
    row = _row(request, pk)
    _look(request, row, "pool_decline")
    return _form(
        request,
        row,
        ConfirmForm(request.POST or None),
        lambda values: decline_pool(actor=request.actor, pool_id=row.pk, now=timezone.now()),
        _("%(name)s was declined."),
        title=_("Decline %(name)s") % {"name": row.name},
        intro=_("Its seats go back to whoever offered them."),
        submit=_("Decline"),
        danger=True,
    )


@page("pool.assign")
def pool_assign(request: PageRequest, pk: int) -> HttpResponse:
    row = _row(request, pk)
    _look(request, row, "pool_assign")
    form = AssignForm(request.POST or None, customers=selectors.buyers(request.actor, row), pool=row)
    return _form(
        request,
        row,
        form,
        lambda values: assign_seats(
            actor=request.actor,
            pool_id=row.pk,
            customer_id=values["customer"].pk,
            seats=values["seats"],
            request_id=form.request_uuid,
            now=timezone.now(),
        ),
        _("Seats of %(name)s were assigned."),
        title=_("Assign %(name)s to a customer") % {"name": row.name},
        intro=_("Available: %(free)s.") % {"free": amount(row.available, row.unit)},
        submit=_("Assign"),
    )


@page("pool.assign")
def assignment_change(request: PageRequest, pk: int) -> HttpResponse:
    hand = found(selectors.assignments(request.actor, timezone.now()), pk=pk)
    above = selectors.pools(request.actor, timezone.now()).filter(pk=hand.pool_id).first()
    form = AssignmentForm(request.POST or None, hand=hand)
    return _form(
        request,
        hand.pool,
        form,
        lambda values: change_assignment(
            actor=request.actor, assignment_id=hand.pk, seats=values["seats"], now=timezone.now()
        ),
        _("The seats of a customer in %(name)s were changed."),
        title=_("Seats of %(customer)s in %(pool)s") % {"customer": hand.tenant_name, "pool": hand.pool.name},
        intro=_("Available besides: %(free)s.") % {"free": amount(above.available, hand.pool.unit)} if above else "",
        submit=_("Save"),
    )
