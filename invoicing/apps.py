from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InvoicingConfig(AppConfig):
    name = "invoicing"
    verbose_name = _("Invoicing")

    def ready(self) -> None:
        from invoicing import charge_words, document_parts, payment_parts, run_words, tax_words, verify
        from invoicing.views import vat_checks
        from resellerhub.kernel.verify import register
        from resellerhub.web import navigation
        from resellerhub.web.navigation import NavItem
        from tenants import detail_parts, event_values, event_words

        document_parts.take_part()
        register("charges and facts", verify.charges)
        event_words.register(tax_words.WORDS, tax_words.FACTS, tax_words.THINGS)
        event_words.register(run_words.WORDS, run_words.FACTS, run_words.THINGS)
        event_words.register(charge_words.WORDS, charge_words.FACTS, charge_words.THINGS)
        event_values.register({}, tax_words.CODES)
        event_values.register({}, charge_words.CODES)
        detail_parts.register(actions=vat_checks.actions, sections=vat_checks.sections)
        navigation.register(
            NavItem(_("Billing policy"), "billing_policies", "settings.edit", kinds=("provider", "reseller")),
            NavItem(_("Tax rates"), "tax_rates", "settings.edit", kinds=("provider", "reseller")),
            under="settings",
        )
        navigation.register(
            NavItem(_("Charges"), "charges", "invoice.view"),
            NavItem(_("Billing runs"), "billing_runs", "invoice.view", kinds=("provider", "reseller")),
            under="invoicing",
        )
        payment_parts.take_part()
