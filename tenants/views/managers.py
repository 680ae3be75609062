"""Which customers an account manager looks after: on the manager's page, and from the list of customers."""

from typing import Any

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from resellerhub.kernel.refusals import found
from resellerhub.web.details import Section, Tab
from resellerhub.web.forms import FormPage, answer_form
from resellerhub.web.lists import Action, BulkAction, Empty, ListPage, render_list, selected_rows
from resellerhub.web.pages import page
from resellerhub.web.request import PageRequest
from resellerhub.web.shells import shell_url
from tenants import selectors
from tenants.filters.tenants import ManagedCustomerFilter
from tenants.forms.people import ManagerForm
from tenants.models import Membership
from tenants.services.managers import assign_customers, hand_on_customers, release_customers
from tenants.tables.people import ManagedTable
from tenants.views.directory import customers_page
from tenants.views.members import member_of, parent_of


@require_POST
@page("user.manage")
def customers_assign(request: PageRequest) -> HttpResponseBase:
    """From the list of customers: first asks to whom, with the selection kept, then assigns."""
    chosen = list(selected_rows(request, customers_page(request)).values_list("pk", flat=True))
    back = shell_url(request, "customers")
    if not chosen:
        messages.warning(request, _("Nothing was selected."))
        return redirect(back)
    form = ManagerForm(request.POST if "to" in request.POST else None, managers=selectors.managers(request.actor))
    kept = [(name, value) for name in ("selected", "all", "query") for value in request.POST.getlist(name)]
    title = ngettext("Assign %(count)d customer", "Assign %(count)d customers", len(chosen)) % {"count": len(chosen)}
    return answer_form(
        request,
        FormPage(
            form=form,
            title=title,
            intro=_("An account manager sees the assigned customers and no others."),
            submit=_("Assign"),
            cancel_url=back,
            parent="customers",
            template="tenants/assign.html",
            context={"kept": kept},
        ),
        lambda values: assign_customers(
            actor=request.actor, membership_id=values["to"].pk, customer_ids=chosen, now=timezone.now()
        ),
        _handed,
    )


@page("user.manage")
def user_customers(request: PageRequest, pk: int) -> HttpResponseBase:
    member = _manager(request, pk)
    return render_list(request, _managed_page(request, member))


@require_POST
@page("user.manage")
def user_customers_release(request: PageRequest, pk: int) -> HttpResponseBase:
    """Take the chosen customers away."""
    chosen = list(selected_rows(request, _managed_page(request, _manager(request, pk))).values_list("pk", flat=True))
    count = release_customers(actor=request.actor, membership_id=pk, customer_ids=chosen, now=timezone.now())
    words = ngettext("%(count)d customer was taken away.", "%(count)d customers were taken away.", count)
    messages.success(request, words % {"count": count})
    return redirect(shell_url(request, "user_customers", pk))


@page("user.manage")
def user_hand_on(request: PageRequest, pk: int) -> HttpResponseBase:
    """All customers of one account manager to another."""
    member = _manager(request, pk)
    others = selectors.managers(request.actor).filter(tenant_id=member.tenant_id).exclude(pk=pk)
    form = ManagerForm(request.POST or None, managers=others)
    url = shell_url(request, "user_customers", pk)
    return answer_form(
        request,
        FormPage(
            form=form,
            title=_("Hand on all customers of %(name)s") % {"name": member.user.get_full_name()},
            submit=_("Hand on"),
            cancel_url=url,
            parent=parent_of(request, member.tenant),
        ),
        lambda values: hand_on_customers(
            actor=request.actor, membership_id=pk, to_id=values["to"].pk, now=timezone.now()
        ),
        _handed,
    )


def managed_tab(request: PageRequest, member: Membership) -> Tab:
    """On the page of an account manager."""
    rows = selectors.managed_customers(request.actor, member.pk)
    action = Action(_("All customers"), shell_url(request, "user_customers", member.pk))
    empty = Empty(_("No customers yet"), _("Choose them in the list of customers."))
    section = Section(table=ManagedTable(rows[:25]), action=action, empty=empty)
    return Tab("customers", _("Customers"), lambda: [section], count=rows.count())


def _manager(request: PageRequest, pk: int) -> Membership:
    return found(selectors.managers(request.actor), pk=member_of(request, pk).pk)


def _managed_page(request: PageRequest, member: Membership) -> ListPage:
    release: dict[str, Any] = {"url": shell_url(request, "user_customers_release", member.pk), "icon": "x"}
    hand_on = Action(_("Hand on all"), shell_url(request, "user_hand_on", member.pk), "send", "user.manage")
    return ListPage(
        key="managed_customers",
        title=_("Customers of %(name)s") % {"name": member.user.get_full_name()},
        queryset=selectors.managed_customers(request.actor, member.pk),
        table_class=ManagedTable,
        filterset_class=ManagedCustomerFilter,
        order=("name",),
        actions=[hand_on],
        bulk_actions=[BulkAction(_("Take away"), permission="user.manage", **release)],
        parent=parent_of(request, member.tenant),
        empty=Empty(_("No customers yet"), _("Choose them in the list of customers.")),
    )


def _handed(count: int) -> str:
    words = ngettext("%(count)d customer was assigned.", "%(count)d customers were assigned.", count)
    return words % {"count": count}
