"""What can be written as a file in the background: the filters that it takes, and who writes it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import FilterSet

from invoicing.filters.documents import InvoiceFilter
from invoicing.selectors.documents import documents
from reports.filters import OverUsageFilter
from reports.models import ReportRun
from reports.writers import documents as document_files
from reports.writers import over_usage
from subscriptions.models import Holding
from tenants.actor import Actor


@dataclass(frozen=True, slots=True)
class Kind:
    """`page` is where one comes from, whose filters and columns these are; `write` says how many rows there were."""

    page: str
    columns: str
    filterset: type[FilterSet]
    rows: Callable[[Actor], QuerySet[Any]]
    formats: tuple[str, ...]
    write: Callable[[ReportRun, FilterSet, Actor, IO[bytes]], int]
    intro: Any

    def filters(self, asked: Any, request: Any) -> FilterSet:
        return self.filterset(asked, queryset=self.rows(request.actor), request=request)


KINDS = {
    ReportRun.Report.OVER_USAGE: Kind(
        page="over_usage",
        columns="over_usage",
        filterset=OverUsageFilter,
        rows=lambda actor: Holding.objects.none(),
        formats=(ReportRun.Format.CSV, ReportRun.Format.XLSX),
        write=over_usage.write,
        intro=_("A worker writes “Quota over usage” as a file, with these filters and your columns."),
    ),
    ReportRun.Report.DOCUMENTS: Kind(
        page="invoices",
        columns="",
        filterset=InvoiceFilter,
        rows=documents,
        formats=(ReportRun.Format.ZIP, ReportRun.Format.CSV),
        write=document_files.write,
        intro=_(
            "A worker writes what was issued and these filters find: as ZIP each document as PDF and, where it can be"
            " one, as e-invoice, with a table of all lines; as CSV that table alone."
        ),
    ),
}


def kind_of(report: str) -> Kind:
    return KINDS[ReportRun.Report(report)]
