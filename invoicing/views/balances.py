"""What each payer owes: the list, the statement of one account, and the section on a payer's page."""

from collections.abc import Sequence
from typing import Any

from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from invoicing.filters.payments import BalanceFilter
from invoicing.selectors.accounts import balances as owed_by
from invoicing.selectors.accounts import open_documents, statement
from invoicing.tables.payments import KINDS, BalanceTable, OpenTable, StatementTable
from resellerhub.kernel.refusals import found
from resellerhub.web import formats
from resellerhub.web.details import Counter, DetailPage, Section, Tab, render_detail
from resellerhub.web.exports import csv_file
from resellerhub.web.lists import Action, Empty, ListPage, render_list
from resellerhub.web.pages import page
from resellerhub.web.request import PageRequest
from resellerhub.web.shells import shell_url
from tenants.models import Tenant

SHOWN = 200
"""So many lines of a statement are on its page, the last ones; its file has all."""


@page("invoice.view")
def balances(request: PageRequest) -> HttpResponseBase:
    return render_list(
        request,
        ListPage(
            key="balances",
            title=_("Balances"),
            intro=_("What each payer owes in each currency, after all that was billed, given back and paid."),
            queryset=owed_by(request.actor),
            table_class=BalanceTable,
            filterset_class=BalanceFilter,
            order=("-owed", "-id"),
            export_name="balances",
            empty=Empty(_("No balances yet"), _("They begin with the first invoice or payment.")),
        ),
    )


@page("invoice.view")
def balance(request: PageRequest, pk: int) -> HttpResponseBase:
    row: Any = found(owed_by(request.actor), pk=pk)
    said = {name: formats.money(getattr(row, name), row.currency) for name in ("owed", "billed", "paid", "unallocated")}
    file = Action(_("Statement as CSV"), shell_url(request, "balance_statement", pk), "download")
    new = Action(
        _("Record a payment"), f"{shell_url(request, 'payment_create')}?payer={row.payer_id}", "", "payment.edit"
    )
    is_own = row.issuer_id == request.actor.tenant_id
    return render_detail(
        request,
        DetailPage(
            title=_("Account of %(name)s in %(currency)s") % {"name": row.payer_name, "currency": row.currency},
            subtitle=_("with %(name)s") % {"name": row.issuer_name},
            reference=row.pk,
            parent="balances",
            actions=[file, new] if is_own else [file],
            counters=[
                Counter(_("Owed"), said["owed"]),
                Counter(_("Billed"), said["billed"]),
                Counter(_("Paid"), said["paid"]),
                Counter(_("Not allocated"), said["unallocated"]),
            ],
            tabs=[Tab("overview", _("Overview"), lambda: _sections(row))],
        ),
    )


@page("invoice.view")
def balance_statement(request: PageRequest, pk: int) -> HttpResponseBase:
    """All of it, as machines read it."""
    row: Any = found(owed_by(request.actor), pk=pk)
    headings = [_("Day"), _("Kind"), _("Number or reference"), _("Amount"), _("Owed"), _("Currency")]
    lines = (
        [entry.on, str(KINDS.get(entry.kind, entry.kind)), entry.name, entry.amount, entry.owed, row.currency]
        for entry in statement(row)
    )
    return csv_file([headings, *lines], f"statement-{row.pk}.csv")


def sections(request: PageRequest, tenant: Tenant) -> Sequence[Section]:
    """On the page of a reseller or customer: what it owes whom."""
    if not request.actor.sees("invoice.view"):
        return []
    rows = owed_by(request.actor).filter(payer=tenant.pk).order_by("currency", "pk")
    return [Section(title=_("Balance"), table=BalanceTable(rows))] if rows else []


def _sections(row: Any) -> list[Section]:
    lines = statement(row)
    title = _("Statement") if len(lines) <= SHOWN else _("Statement, the last %(count)s lines") % {"count": SHOWN}
    left = open_documents(row.issuer_id, [row.payer_id]).filter(currency=row.currency)
    return [
        Section(title=_("Open"), table=OpenTable(left), empty=Empty(_("Nothing is open"))),
        Section(title=title, table=StatementTable(lines[-SHOWN:])),
    ]
