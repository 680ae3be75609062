"""What companies, mapping and registrations add to pages, navigation, dashboard and log."""

from django.utils.translation import gettext_lazy as _


def register() -> None:
    """Called when the app is ready."""
    from resellerhub.web import dashboard, navigation
    from resellerhub.web.navigation import NavItem
    from tenants import detail_parts, event_words, reseller_words
    from tenants.views import company, entry, mapping, registrations

    event_words.register(reseller_words.WORDS, reseller_words.FACTS)
    detail_parts.register(sections=entry.sections)
    detail_parts.register(actions=company.actions, sections=company.sections)
    detail_parts.register(actions=mapping.actions, sections=mapping.sections)
    navigation.register(NavItem(_("Registrations"), "registrations", "reseller.view", "inbox"), shells=("console",))
    dashboard.register(counters=registrations.counters)
    navigation.register(NavItem(_("Company"), "own_company", "company.edit"), under="settings")
