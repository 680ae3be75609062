"""Documents: the list, and one of them with what stands on it."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from invoicing.filters.documents import InvoiceFilter
from invoicing.models import Document, DocumentKind, DocumentTax
from invoicing.papers.files import Format, offered
from invoicing.selectors.accounts import STANDINGS
from invoicing.selectors.documents import documents, events_about, lines_of
from invoicing.selectors.papers import is_readable_to, paper_of
from invoicing.selectors.taxes import WAITS
from invoicing.tables.documents import InvoiceTable, LineTable, TaxTable
from resellerhub.kernel.refusals import found
from resellerhub.web import formats
from resellerhub.web.details import Counter, DetailPage, Section, Tab, render_detail
from resellerhub.web.lists import Action, Empty, ListPage, render_list
from resellerhub.web.pages import page
from resellerhub.web.request import PageRequest
from resellerhub.web.shells import shell_link, shell_url
from tenants.roles import Kind
from tenants.views.events import activity_in

SHOWN = 500
"""So many lines stand on the page; all of them on paper."""


@page("invoice.view")
def invoices(request: PageRequest) -> HttpResponseBase:
    packed = f"{shell_url(request, 'report_run_create')}?report=documents&{request.GET.urlencode()}"
    actions = [Action(_("Export documents"), packed, "download", "report.run")]
    if request.actor.kind != Kind.CUSTOMER:
        actions.append(Action(_("New invoice"), shell_url(request, "invoice_create"), "plus", "invoice.edit"))
    return render_list(
        request,
        ListPage(
            key="invoices",
            title=_("Invoices"),
            queryset=documents(request.actor),
            table_class=InvoiceTable,
            filterset_class=InvoiceFilter,
            order=("-issued", "-number"),
            actions=actions,
            export_name="invoices",
            empty=Empty(_("No invoices yet"), _("What is billed stands here, the newest first.")),
        ),
    )


@page("invoice.view")
def invoice(request: PageRequest, pk: int) -> HttpResponseBase:
    row: Any = found(documents(request.actor).select_related("corrects", "proforma"), pk=pk)

    def overview() -> list[Section]:
        return [
            Section(title=row.get_kind_display(), facts=_facts(row)),
            *_lines(request, row),
            Section(title=_("Tax"), table=TaxTable(_taxes(row))),
            Section(title=_("Totals"), facts=_totals(row)),
            *_related(request, row),
            Section(title=_("History"), activity=activity_in(request, events_about(request.actor, row))),
        ]

    return render_detail(
        request,
        DetailPage(
            title=str(row),
            subtitle=row.payer_name,
            reference=row.pk,
            state=row.standing,
            state_label=STANDINGS[row.standing],
            parent="invoices",
            actions=actions_of(request, row),
            counters=[
                Counter(_("Net"), formats.money(row.net, row.currency)),
                Counter(_("Tax"), formats.money(row.tax, row.currency)),
                Counter(_("To pay"), formats.money(row.payable, row.currency)),
                Counter(_("Open"), formats.money(row.open, row.currency)),
            ],
            tabs=[Tab("overview", _("Overview"), overview)],
        ),
    )


def actions_of(request: PageRequest, row: Any) -> list[Action]:
    """What its issuer can do next; and for all who see it, its files."""
    return [*_steps(request, row), *_files(request, row)]


def _files(request: PageRequest, row: Any) -> list[Action]:
    names = {
        "pdf": _("PDF"),
        "hybrid": _("PDF with e-invoice"),
        "xml": _("XML (XRechnung)"),
        "csv": _("CSV"),
        "excel": _("CSV for Excel"),
    }
    if not is_readable_to(request.actor, row):
        return []
    kinds = offered(paper_of(row))
    return [
        Action(label, shell_url(request, f"invoice_{kind}", row.pk), "download", minor=kind != Format.PDF)
        for kind, label in names.items()
        if kind in kinds
    ]


def _steps(request: PageRequest, row: Any) -> list[Action]:
    if not row.is_own:
        return []

    def to(name: str, label: str, icon: str, **options: Any) -> Action:
        return Action(label, shell_url(request, f"invoice_{name}", row.pk), icon, "invoice.edit", **options)

    if row.is_draft:
        return [
            to("issue", _("Issue"), "check", primary=True),
            to("edit", _("Edit"), "edit"),
            to("discard", _("Discard"), "x", post=True, danger=True),
        ]
    if row.state == Document.State.VOID:
        return []
    void = to("void", _("Make void"), "x", danger=True)
    if row.kind == DocumentKind.INVOICE:
        return [to("credit", _("Credit"), "refresh", primary=True), void]
    if row.kind == DocumentKind.PROFORMA:
        return [to("convert", _("Turn into an invoice"), "check", post=True, primary=True), void]
    return []


def _facts(row: Any) -> list[tuple[str, Any]]:
    facts = [
        (_("Number"), row.full_number),
        (_("Payer"), row.payer_name),
        (_("Issuer"), row.issuer_name),
        (_("Issued"), row.issued_on),
        (_("Due"), row.due_on),
        (_("Reference of the payer"), row.buyer_reference_shown),
        (_("Order number"), row.order_number_shown),
        (_("Reason"), row.reason_shown),
        (_("Note"), row.note_shown),
        (_("Void because"), row.void_reason_shown),
        (_("Waits for"), WAITS[row.waits] if row.waits else ""),
    ]
    return [(label, value) for label, value in facts if value]


def _lines(request: PageRequest, row: Any) -> Iterator[Section]:
    """Customer by customer, each with what it comes to."""
    lines = list(lines_of(request.actor, row).select_related("document")[: SHOWN + 1])
    for section_id, found_rows in groupby(lines[:SHOWN], key=lambda line: line.section_id):
        rows = list(found_rows)
        title: Any = _("Lines")
        if section_id is not None:
            total = formats.money(sum(line.amount for line in rows), row.currency)
            title = _("%(name)s: %(total)s") % {"name": rows[0].section_name, "total": total}
        yield Section(title=title, table=LineTable(rows))
    if len(lines) > SHOWN:
        left = row.lines.count() - SHOWN
        yield Section(facts=[(_("More lines"), _("%(count)s more stand on paper.") % {"count": formats.number(left)})])


def _taxes(row: Any) -> Any:
    return DocumentTax.objects.filter(document=row).select_related("document").order_by("-rate", "category")


def _totals(row: Any) -> list[tuple[str, Any]]:
    said = [
        (_("Net"), row.net),
        (_("Tax"), row.tax),
        (_("Total"), row.gross),
        (_("Paid beforehand"), row.prepaid or None),
        (_("Rounding"), row.rounding or None),
        (_("To pay"), row.payable),
    ]
    return [(label, formats.money(amount, row.currency)) for label, amount in said if amount is not None]


def _related(request: PageRequest, row: Any) -> Iterator[Section]:
    """What it corrects or comes of, and what corrects it or came of it: as far as the reader sees these."""
    ids = {row.corrects_id, row.proforma_id} - {None}
    seen = documents(request.actor)
    rows = [*seen.filter(pk__in=ids), *seen.filter(corrects=row.pk), *seen.filter(proforma=row.pk)]
    if rows:
        called = [str(each) if each.is_draft else f"{each.get_kind_display()} {each}" for each in rows]
        urls = [shell_link(request, "invoice", each.pk) for each in rows]
        links = [Action(name, url) for name, url in zip(called, urls, strict=True) if url]
        yield Section(title=_("Belongs to it"), actions=links)
