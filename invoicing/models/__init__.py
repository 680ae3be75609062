"""The tables of invoicing; Django looks for them here."""

from invoicing.models.charges import Charge
from invoicing.models.documents import Document, FrozenPaper, Letterhead
from invoicing.models.lines import DocumentLine, DocumentTax
from invoicing.models.marks import Mark
from invoicing.models.payments import Allocation, Balance, Payment
from invoicing.models.policies import BillingPolicy
from invoicing.models.runs import BillingRun, RunApproval, RunPayer
from invoicing.models.series import DocumentKind, NumberSeries
from invoicing.models.taxes import SmallBusiness, TaxRate, VatCheck

__all__ = [
    "Allocation",
    "Balance",
    "BillingPolicy",
    "BillingRun",
    "Charge",
    "Document",
    "DocumentKind",
    "DocumentLine",
    "DocumentTax",
    "FrozenPaper",
    "Letterhead",
    "Mark",
    "NumberSeries",
    "Payment",
    "RunApproval",
    "RunPayer",
    "SmallBusiness",
    "TaxRate",
    "VatCheck",
]
