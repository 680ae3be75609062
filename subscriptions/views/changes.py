"""What changes a subscription."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from resellerhub.kernel.refusals import found
from resellerhub.web.forms import ConfirmForm, FormPage, OperationForm, operate, render_form
from resellerhub.web.pages import page
from resellerhub.web.request import PageRequest
from resellerhub.web.shells import shell_url
from subscriptions.forms.subscriptions import QuantityForm, ReasonForm
from subscriptions.models import Subscription
from subscriptions.naming import title_of
from subscriptions.refusals import OwnSubscription
from subscriptions.selectors.subscriptions import subscriptions
from subscriptions.services.changing import change_quantity
from subscriptions.services.standing import close_subscription, resume_subscription, suspend_subscription


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
