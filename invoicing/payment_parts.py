"""Where payments and balances take part: navigation, the page of a payer, the event log, `verify`."""

from django.utils.translation import gettext_lazy as _

from invoicing import account_verify, payment_words
from invoicing.views import balances
from resellerhub.kernel import verify
from resellerhub.web import navigation
from resellerhub.web.navigation import NavItem
from tenants import detail_parts, event_values, event_words


def take_part() -> None:
    verify.register("invoicing.balances", account_verify.balances)
    event_words.register(payment_words.WORDS, payment_words.FACTS, payment_words.THINGS)
    event_values.register({}, payment_words.CODES)
    event_values.AMOUNTS.add("payment.amount")
    detail_parts.register(sections=balances.sections)
    navigation.register(
        NavItem(_("Payments"), "payments", "invoice.view"),
        NavItem(_("Balances"), "balances", "invoice.view"),
        under="invoicing",
    )
