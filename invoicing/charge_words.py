"""What happens to charges and billing policies, in the words of the event log."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from invoicing.models import BillingPolicy

WORDS = {"charge.made": _("Charged by hand"), "billing_policy.set": _("Billing policy said")}

FACTS: dict[str, Any] = {
    "day_count": _("Days of a month"),
    "rounding": _("Rounding"),
    "anchoring": _("Periods begin"),
    "anchor_day": _("Day of the calendar"),
    "zone": _("Time zone"),
    "last_day_included": _("The last day of a period counts"),
    "change_day_is_old": _("The day of a change belongs to what was before"),
    "end_day_is_billed": _("The day on which something ends is charged"),
    "ahead": _("Periods billed ahead"),
    "changes": _("A change of the quantity shows"),
    "free_days": _("Free and suspended days"),
    "grace_days": _("Days before a draft is issued"),
    "run_day": _("Day of the month for billing runs"),
    "needs_second": _("Two approve a billing run"),
}

THINGS = {"charge": _("Charge"), "billingpolicy": _("Billing policy")}

CODES: dict[str, Any] = {
    "day_count": dict(BillingPolicy.DayCounts.choices),
    "rounding": dict(BillingPolicy.Roundings.choices),
    "anchoring": dict(BillingPolicy.Anchorings.choices),
    "changes": dict(BillingPolicy.ChangeLines.choices),
    "free_days": dict(BillingPolicy.FreeLines.choices),
}
