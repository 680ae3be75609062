"""Mailboxes and mailing lists of a customer: a tab on its page, and a page of its own for the customer itself."""

from collections.abc import Sequence
from typing import Any

from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from resellerhub.kernel.refusals import found
from resellerhub.web.details import Section, Tab
from resellerhub.web.forms import FormPage, OperationForm, answer_form
from resellerhub.web.lists import Action, Empty, ListPage, render_list
from resellerhub.web.pages import page
from resellerhub.web.request import PageRequest
from resellerhub.web.shells import shell_url
from tenants import selectors
from tenants.filters.accounts import MailboxFilter
from tenants.forms.accounts import MailboxForm
from tenants.models import Tariff, Tenant
from tenants.naming import is_readable
from tenants.roles import Kind
from tenants.services.limits import create_mailbox, remove_mailbox, standing
from tenants.tables.accounts import MailboxTable

LATEST = 100


@page("subscription.view")
def mailboxes(request: PageRequest) -> HttpResponseBase:
    """The customer's own."""
    mine = _customer(request, request.actor.tenant_id)
    create = Action(_("New mailbox"), shell_url(request, "mailbox_create", mine.pk), "plus", "mailbox.manage")
    return render_list(
        request,
        ListPage(
            key="mailboxes",
            title=_("Mailboxes"),
            intro=_room(mine),
            queryset=selectors.mailboxes(request.actor).filter(tenant=mine),
            table_class=_table(request),
            filterset_class=MailboxFilter,
            order=("address",),
            actions=[create],
            empty=Empty(_("No mailboxes yet"), _("Each counts towards the limit of its tariff."), create),
        ),
    )


@page("mailbox.manage")
def mailbox_create(request: PageRequest, pk: int) -> HttpResponseBase:
    customer = _customer(request, pk)
    form = MailboxForm(request.POST or None, tariffs=[(tariff, str(Tariff(tariff).label)) for tariff in Tariff.values])
    return answer_form(
        request,
        FormPage(
            form=form,
            title=_("New mailbox"),
            intro=_room(customer),
            submit=_("Create mailbox"),
            cancel_url=_back(request, customer),
            parent=_parent(request, customer),
        ),
        lambda values: create_mailbox(
            actor=request.actor, customer_id=pk, **values, request_id=form.request_uuid, now=timezone.now()
        ),
        lambda made: _("%(address)s was created.") % {"address": made.address},
    )


@page("mailbox.manage")
def mailbox_remove(request: PageRequest, pk: int) -> HttpResponseBase:
    """Asks first."""
    mailbox = found(selectors.mailboxes(request.actor).select_related("tenant"), pk=pk)
    form = OperationForm(request.POST or None)
    back = _back(request, mailbox.tenant)
    return answer_form(
        request,
        FormPage(
            form=form,
            title=_("Remove %(address)s") % {"address": mailbox.address},
            intro=_("It can no longer be used, and its place becomes free."),
            submit=_("Remove"),
            cancel_url=back,
            parent=_parent(request, mailbox.tenant),
            danger=True,
        ),
        lambda _values: remove_mailbox(actor=request.actor, mailbox_id=pk, now=timezone.now()),
        _("%(address)s was removed.") % {"address": mailbox.address},
    )


def tabs(request: PageRequest, tenant: Tenant) -> Sequence[Tab]:
    """On the page of a customer, for whoever may read its names: addresses tell who it is."""
    if tenant.kind != Kind.CUSTOMER or not is_readable(request.actor, tenant):
        return []
    rows = selectors.mailboxes(request.actor).filter(tenant=tenant)

    def sections() -> list[Section]:
        new = Action(_("New mailbox"), shell_url(request, "mailbox_create", tenant.pk), "plus")
        may = request.actor.can("mailbox.manage") and tenant.status == Tenant.Status.ACTIVE
        table = _table(request)(list(rows.order_by("address")[:LATEST]))
        return [
            Section(title=_("Mailboxes"), table=table, action=new if may else None, empty=Empty(_("No mailboxes yet")))
        ]

    return [Tab("mailboxes", _("Mailboxes"), sections, count=rows.count())]


def _customer(request: PageRequest, pk: int) -> Tenant:
    """In scope, and not hidden: a customer itself, or whoever stands above it."""
    rows = Tenant.objects.visible_to(request.actor).customers().filter(veil__lte=request.actor.depth)
    customer: Tenant = found(rows, pk=pk)
    return customer


def _table(request: PageRequest) -> Any:
    """Without the column of actions where nothing may be removed."""
    if request.actor.can("mailbox.manage"):
        return MailboxTable
    return type("MailboxTable", (MailboxTable,), {"remove": None})


def _room(customer: Tenant) -> str:
    """How many of each are in use."""
    part = _("%(tariff)s: %(used)s of %(maximum)s")
    limits = standing(customer).items()
    return " · ".join(
        part % {"tariff": Tariff(tariff).label, "used": row.used, "maximum": row.maximum} for tariff, row in limits
    )


def _back(request: PageRequest, customer: Tenant) -> str:
    if customer.pk == request.actor.tenant_id:
        return shell_url(request, "mailboxes")
    return f"{shell_url(request, 'customer', customer.pk)}?tab=mailboxes"


def _parent(request: PageRequest, customer: Tenant) -> str:
    return "mailboxes" if customer.pk == request.actor.tenant_id else "customers"
