"""Where documents take part: in what is verified each night, in the event log, in navigation and search."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from invoicing import document_verify, document_words
from invoicing.filters.documents import InvoiceFilter
from invoicing.selectors.documents import documents, drafts_untold, was_charged
from resellerhub.kernel import verify
from resellerhub.web import navigation, search
from resellerhub.web.navigation import NavItem
from resellerhub.web.search import Hit
from tenants import event_values, event_words, hooks

SELLERS = ("provider", "reseller")


def take_part() -> None:
    hooks.CHARGED.append(was_charged)
    hooks.UNTOLD.append(drafts_untold)
    verify.register("invoicing.series", document_verify.series)
    verify.register("invoicing.documents", document_verify.sums)
    verify.register("invoicing.charges", document_verify.charges)
    event_words.register(document_words.WORDS, document_words.FACTS, document_words.THINGS)
    event_values.register(document_words.references(), document_words.CODES)
    navigation.register(NavItem(_("Invoices"), "invoices", "invoice.view", kinds=SELLERS), under="invoicing")
    navigation.register(
        NavItem(_("Invoices"), "invoices", "invoice.view", "receipt", kinds=("customer",)), shells=("portal",)
    )
    navigation.register(NavItem(_("Number series"), "number_series", "settings.edit", kinds=SELLERS), under="settings")
    search.register(search.Source(_("Invoices"), "invoice.view", "invoices", "invoice", find_invoices))


def find_invoices(actor: Any, words: str, limit: int) -> list[Hit]:
    """By number, payer or amount."""
    rows: Any = InvoiceFilter({"q": words}, documents(actor)).qs.order_by("-issued_on", "-pk")[:limit]
    return [Hit(str(row), row.payer_name, row.pk, row.state, row.get_state_display()) for row in rows]
