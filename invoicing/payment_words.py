"""What happens to payments, in the words of the reader."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from invoicing.models import Payment

WORDS = {
    "payment.recorded": _("Payment recorded"),
    "payment.reversed": _("Payment reversed"),
    "payment.allocated": _("Payment allocated"),
    "payment.deallocated": _("Allocation of a payment taken back"),
}

FACTS: dict[str, Any] = {
    "payment.amount": _("Amount"),
    "received_on": _("Received"),
    "payment.method": _("Method"),
}

THINGS = {"payment": _("Payment")}

CODES: dict[str, Any] = {"payment.method": dict(Payment.Method.choices)}
