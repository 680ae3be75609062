from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SubscriptionsConfig(AppConfig):
    name = "subscriptions"
    verbose_name = _("Subscriptions")

    def ready(self) -> None:
        from resellerhub.kernel import verify
        from resellerhub.web import dashboard, navigation, search
        from resellerhub.web.navigation import NavItem
        from subscriptions.event_words import WORDS
        from subscriptions.services.moving import refuse_to_leave_seller
        from subscriptions.verify import holdings
        from subscriptions.views import elsewhere
        from tenants import detail_parts, event_words, hooks

        hooks.MOVING.append(refuse_to_leave_seller)
        verify.register("subscriptions.holdings", holdings)
        event_words.register(WORDS)
        navigation.register(NavItem(_("Subscriptions"), "subscriptions", "subscription.view", "subscriptions"))
        navigation.register(
            NavItem(_("Over-usage"), "over_quota_settings", "settings.edit"), shells=("console",), under="settings"
        )
        dashboard.register(counters=elsewhere.counters)
        detail_parts.register(counters=elsewhere.tenant_counters, tabs=elsewhere.tenant_tabs)
        search.register(
            search.Source(
                _("Subscriptions"), "subscription.view", "subscriptions", "subscription", elsewhere.find_subscriptions
            )
        )
