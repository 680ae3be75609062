"""What changes a subscription: a page for each step of its life."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext_lazy

from catalog.models import Package
from resellerhub.web.pages import page
from resellerhub.web.request import PageRequest
from subscriptions.forms import life as forms
from subscriptions.models import Subscription
from subscriptions.selectors.offers import offered_packages
from subscriptions.selectors.subscriptions import subscriptions
from subscriptions.services.life.steps.ending import Keep
from subscriptions.services.life.steps.standing import Resume, Suspend
from subscriptions.services.life.steps.terms import Renew, may_end_earlier
from subscriptions.views.life import StepPage, render_step
from tenants.models import Tenant
from tenants.roles import Kind
from tenants.selectors import directory

EDIT = "subscription.edit"


@page(EDIT)
def subscription_change(request: PageRequest, pk: int) -> HttpResponse:
    return render_step(request, pk, QUANTITY)


@page(EDIT)
def subscription_package(request: PageRequest, pk: int) -> HttpResponse:
    return render_step(request, pk, PACKAGE)


@page(EDIT)
def subscription_cancel(request: PageRequest, pk: int) -> HttpResponse:
    return render_step(request, pk, CANCEL)


@page(EDIT)
def subscription_renewal(request: PageRequest, pk: int) -> HttpResponse:
    return render_step(request, pk, RENEWAL)


@page(EDIT)
def subscription_renew(request: PageRequest, pk: int) -> HttpResponse:
    return render_step(request, pk, RENEW)


@page(EDIT)
def subscription_co_term(request: PageRequest, pk: int) -> HttpResponse:
    return render_step(request, pk, CO_TERM)


@page(EDIT)
def subscription_move(request: PageRequest, pk: int) -> HttpResponse:
    return render_step(request, pk, MOVE)


@page(EDIT)
def subscription_suspend(request: PageRequest, pk: int) -> HttpResponse:
    return render_step(request, pk, SUSPEND)


@page(EDIT)
def subscription_resume(request: PageRequest, pk: int) -> HttpResponse:
    return render_step(request, pk, RESUME)


@page(EDIT)
def subscription_keep(request: PageRequest, pk: int) -> HttpResponse:
    return render_step(request, pk, KEEP)


def _packages(request: PageRequest, row: Subscription) -> Any:
    """Of the same service, that its seller may sell; and the one that it has, of which there may be a newer version."""
    offered = offered_packages(request.actor, row.seller, row.tenant.kind).filter(service_type=row.service_type_id)
    own = Package.objects.visible_to(request.actor).filter(pk=row.package_id).values("pk")
    return Package.objects.filter(
        pk__in=[*offered.values_list("pk", flat=True), *own.values_list("pk", flat=True)]
    ).order_by("name", "pk")


def _others(request: PageRequest, row: Subscription) -> Any:
    """Of the same holder; the earlier ones, too, where it may end earlier."""
    open_ones = subscriptions(request.actor).filter(tenant=row.tenant_id, state__in=("active", "suspended"))
    if not may_end_earlier(row):
        open_ones = open_ones.filter(renews_on__gte=row.renews_on)
    return open_ones.exclude(pk=row.pk).order_by("renews_on", "pk")


def _customers(request: PageRequest, row: Subscription) -> Any:
    siblings = directory(request.actor).filter(kind=Kind.CUSTOMER, status=Tenant.Status.ACTIVE, sold_by=row.seller_id)
    return siblings.exclude(pk=row.tenant_id).order_by("by_name", "pk")


QUANTITY = StepPage(
    form=lambda _request, row, data: forms.QuantityForm(data, initial={"quantity": row.quantity}),
    title=gettext_lazy("Change quantity of %(name)s"),
    submit=gettext_lazy("Change quantity"),
    done=gettext_lazy("The quantity of %(name)s is changed."),
    can_wait=True,
    intro=gettext_lazy("What is added ends with the term that runs and is charged by days."),
    is_priced=True,
)
PACKAGE = StepPage(
    form=lambda request, row, data: forms.PackageForm(
        data, packages=_packages(request, row), initial={"package": row.package_id, "quantity": row.quantity}
    ),
    title=gettext_lazy("Change package of %(name)s"),
    submit=gettext_lazy("Change package"),
    done=gettext_lazy("The package of %(name)s is changed."),
    can_wait=True,
    intro=gettext_lazy("Choose the package it has for its newest version."),
    is_priced=True,
)
CANCEL = StepPage(
    form=lambda _request, _row, data: forms.CancelForm(data),
    title=gettext_lazy("Cancel %(name)s"),
    submit=gettext_lazy("Cancel subscription"),
    done=gettext_lazy("%(name)s is cancelled."),
    can_wait=True,
    intro=gettext_lazy("It ends for good, and what it was allocated goes back to where it was drawn from."),
    danger=True,
)
RENEWAL = StepPage(
    form=lambda _request, row, data: forms.RenewalForm(data, initial={"renews": row.renews}),
    title=gettext_lazy("Renewal of %(name)s"),
    submit=gettext_lazy("Save"),
    done=gettext_lazy("The renewal of %(name)s is changed."),
)
RENEW = StepPage(
    form=lambda _request, _row, data: forms.RenewForm(data),
    title=gettext_lazy("Renew %(name)s early"),
    submit=gettext_lazy("Renew"),
    done=gettext_lazy("%(name)s is renewed."),
    intro=gettext_lazy("Another term follows the one that runs, for the price that was agreed."),
    at_once=Renew(),
)
CO_TERM = StepPage(
    form=lambda request, row, data: forms.CoTermForm(data, others=_others(request, row)),
    title=gettext_lazy("End %(name)s together with another"),
    submit=gettext_lazy("End together"),
    done=gettext_lazy("The term of %(name)s is changed."),
    intro=gettext_lazy("From then on both renew on the same day. What is added is charged as its periods begin."),
)
MOVE = StepPage(
    form=lambda request, row, data: forms.MoveForm(data, customers=_customers(request, row)),
    title=gettext_lazy("Move %(name)s to another customer"),
    submit=gettext_lazy("Move"),
    done=gettext_lazy("The subscription has a new holder."),
    intro=gettext_lazy(
        "Its add-ons and what is planned go along, at the price that was agreed. What was stays with the old holder."
    ),
)
SUSPEND = StepPage(
    form=lambda _request, _row, data: forms.SuspendForm(data),
    title=gettext_lazy("Suspend %(name)s"),
    submit=gettext_lazy("Suspend"),
    done=gettext_lazy("%(name)s is suspended."),
    intro=gettext_lazy("Its holder keeps what is allocated; nothing is added until it is resumed."),
    danger=True,
    at_once=Suspend(),
)
RESUME = StepPage(
    form=lambda _request, _row, data: forms.ResumeForm(data),
    title=gettext_lazy("Resume %(name)s"),
    submit=gettext_lazy("Resume"),
    done=gettext_lazy("%(name)s is active."),
    intro=gettext_lazy("Where suspended days are credited, they are charged again from today on."),
    at_once=Resume(),
)
KEEP = StepPage(
    form=lambda _request, _row, data: forms.KeepForm(data),
    title=gettext_lazy("Withdraw what is planned for %(name)s"),
    submit=gettext_lazy("Withdraw"),
    done=gettext_lazy("%(name)s stays as it is."),
    intro=gettext_lazy("Then nothing changes on the day for which it was planned."),
    at_once=Keep(),
)
