"""The filters of documents, for page, export and API."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter, DateFromToRangeFilter, FilterSet
from django_filters.widgets import DateRangeWidget

from invoicing.models import Document, DocumentKind, NumberSeries
from invoicing.selectors.accounts import OVERDUE, PAID, STANDINGS
from resellerhub.web.filters import by_id
from tenants.filters.choices import CalledFilter, organisations_of, sellers_in_sight
from tenants.naming import matching

PAYMENTS = [("open", _("Open")), (OVERDUE, STANDINGS[OVERDUE]), (PAID, STANDINGS[PAID])]


def _range() -> DateRangeWidget:
    return DateRangeWidget(attrs={"type": "date"})


class DocumentFilter(FilterSet):
    q = CharFilter(method="search", label=_("Search"), max_length=200)
    state = ChoiceFilter(choices=Document.State.choices, label=_("Status"))
    payment = ChoiceFilter(method="by_payment", choices=PAYMENTS, label=_("Payment"))
    payer = CalledFilter(queryset=organisations_of, label=_("Payer"))
    issuer = CalledFilter(queryset=sellers_in_sight, label=_("Issuer"))
    issued = DateFromToRangeFilter(field_name="issued_on", label=_("Issued"), widget=_range())
    due = DateFromToRangeFilter(field_name="due_on", label=_("Due"), widget=_range())

    class Meta:
        model = Document
        fields: tuple[str, ...] = ()

    def by_payment(self, rows: QuerySet[Any], name: str, wanted: str) -> QuerySet[Any]:
        return rows.exclude(open=0) if wanted == "open" else rows.filter(standing=wanted)

    def search(self, rows: QuerySet[Any], name: str, words: str) -> QuerySet[Any]:
        """By number, payer, order number, an amount, or an id."""
        words = words.strip()
        found = Q(full_number__icontains=words) | Q(order_number__icontains=words, named=True) | by_id(words)
        if (amount := amount_in(words)) is not None:
            found |= Q(gross=amount) | Q(net=amount) | Q(payable=amount)
        return rows.filter(found | matching(words, tenant="payer"))


class InvoiceFilter(DocumentFilter):
    """Of all kinds, as the page lists them."""

    kind = ChoiceFilter(choices=DocumentKind.choices, label=_("Kind"))


class SeriesFilter(FilterSet):
    kind = ChoiceFilter(choices=DocumentKind.choices, label=_("Kind"))

    class Meta:
        model = NumberSeries
        fields: tuple[str, ...] = ()


def amount_in(words: str) -> Decimal | None:
    """An amount as people type one: 1,234.50 and 1.234,50 are the same; the last of the two marks is the decimal's."""
    text = words.replace(" ", "").replace("\u00a0", "").removesuffix("€")
    is_german = text.rfind(",") > text.rfind(".")
    text = text.replace(".", "").replace(",", ".") if is_german else text.replace(",", "")
    if not text.isascii() or not set(text) <= set("-.0123456789") or len(text) > 18:
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        return None
