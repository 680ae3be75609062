"""What happens to taxes, in the words of the reader."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from invoicing.models.taxes import AT_HOME, VatCheck

WORDS = {
    "tax_rate.set": _("Tax rate said"),
    "tax_rate.withdrawn": _("Tax rate withdrawn"),
    "small_business.set": _("Small business or not"),
    "vat_id.check_asked": _("Check of the VAT ID asked for"),
    "vat_id.checked": _("VAT ID checked"),
}

FACTS: dict[str, Any] = {
    "tax_rate.category": _("Kind"),
    "percent": _("Percent"),
    "is_small": _("Charges no VAT, as a small business"),
    "vat_id.state": _("Answer"),
    "consultation": _("Consultation number"),
}

THINGS = {
    "taxrate": _("Tax rate"),
    "smallbusiness": _("Small business"),
    "vatcheck": _("Check of a VAT ID"),
}

CODES: dict[str, Any] = {"tax_rate.category": dict(AT_HOME), "vat_id.state": dict(VatCheck.State.choices)}
