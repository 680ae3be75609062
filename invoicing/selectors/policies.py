"""How an issuer bills on a day."""

from collections.abc import Sequence
from datetime import date

from invoicing.models import BillingPolicy


def policy_of(issuer_id: int, on: date) -> BillingPolicy:
    """What counts on a day; where nothing was said yet, the defaults: a version that is not written."""
    said = BillingPolicy.objects.filter(tenant=issuer_id).in_force(on)
    return said or BillingPolicy(tenant_id=issuer_id, effective_on=on)


def by_which(versions: Sequence[BillingPolicy], began_on: date, until: date) -> BillingPolicy | None:
    """That of these, newest first, by which what began on a day is counted: the one that counted then. What is older
    than the first counts by the first, once that is in force; None: by the defaults."""
    said = [row for row in versions if row.effective_on <= until]
    return next((row for row in said if row.effective_on <= began_on), said[-1] if said else None)
