"""The tables of invoicing; Django looks for them here."""

from invoicing.models.charges import Charge
from invoicing.models.marks import Mark
from invoicing.models.policies import BillingPolicy

__all__ = ["BillingPolicy", "Charge", "Mark"]
