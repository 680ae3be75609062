"""What an e-invoice lacks, in words: `invoicing.papers.einvoice.lacking` names it for programs."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

SIDES = {"seller": gettext_lazy("of who sells"), "buyer": gettext_lazy("of who buys")}
FIELDS = {
    "name": gettext_lazy("Organisation"),
    "postal_code": gettext_lazy("Postal code"),
    "city": gettext_lazy("City"),
    "country": gettext_lazy("Country"),
    "contact.name": gettext_lazy("Contact person"),
    "contact.phone": gettext_lazy("Phone"),
    "contact.email": gettext_lazy("E-mail"),
    "electronic_address": gettext_lazy("E-mail for invoices"),
    "vat_id": gettext_lazy("VAT ID"),
    "account": gettext_lazy("IBAN"),
}
OTHERS = {
    "buyer_reference": gettext_lazy("Reference of the payer"),
    "payment.mandate": gettext_lazy("Mandate of the direct debit"),
    "payment.creditor": gettext_lazy("Creditor ID of the direct debit"),
}


def told(lacking: Iterable[str]) -> str:
    return ", ".join(_told(name) for name in lacking)


def _told(name: str) -> str:
    if name in OTHERS:
        return str(OTHERS[name])
    side, _point, field = name.partition(".")
    return _("%(field)s %(side)s") % {"field": FIELDS[field], "side": SIDES[side]}
