"""What happens to billing runs, in the words of the reader."""

from typing import Any

from django.utils.translation import gettext_lazy as _

WORDS = {
    "billing_run.started": _("Billing run counted"),
    "billing_run.recounted": _("Billing run counted again"),
    "billing_run.approved": _("Billing run approved"),
    "billing_run.cancelled": _("Billing run cancelled"),
    "billing_run.issued": _("Documents of a billing run issued"),
}
FACTS: dict[str, Any] = {"until": _("Due until")}
THINGS = {"billingrun": _("Billing run")}
