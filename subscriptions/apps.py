from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SubscriptionsConfig(AppConfig):
    name = "subscriptions"
    verbose_name = _("Subscriptions")

    def ready(self) -> None:
        from catalog.hooks import SOLD, USED_BY, WITHOUT_PLANS
        from resellerhub.kernel import verify
        from resellerhub.web import dashboard, navigation, search
        from resellerhub.web.navigation import NavItem
        from subscriptions import mail_kinds as mails
        from subscriptions import order_parts, pool_parts
        from subscriptions.event_words import CODES, FACTS, THINGS, WORDS, references
        from subscriptions.selectors.priced import packages_sold
        from subscriptions.services.life.lifecycle import close_what_is_held, keeps_its_kind, open_subscriptions
        from subscriptions.services.life.moving import following, take_along
        from subscriptions.services.selling.plans import without_plans
        from subscriptions.uses import subscriptions_using
        from subscriptions.verify import holdings, one_offs, phases, terms
        from subscriptions.views import elsewhere
        from tenants import detail_parts, directory_columns, event_values, event_words, hooks, mail_kinds

        order_parts.register()
        pool_parts.register()
        SOLD.append(packages_sold)
        USED_BY.append(subscriptions_using)
        WITHOUT_PLANS.append(without_plans)
        hooks.ACTIVE.append(open_subscriptions)
        hooks.CLOSING_TENANT.append(close_what_is_held)
        hooks.CONVERTING.append(keeps_its_kind)
        hooks.FOLLOWING.append(following)
        hooks.MOVED.append(take_along)
        verify.register("subscriptions.holdings", holdings)
        verify.register("subscriptions.phases", phases)
        verify.register("subscriptions.terms", terms)
        verify.register("subscriptions.one_offs", one_offs)
        event_words.register(WORDS, FACTS, THINGS)
        event_values.register(references(), CODES)
        mail_kinds.register(*mails.KINDS)
        directory_columns.register(elsewhere.over_quota_column)
        navigation.register(NavItem(_("New terms"), "pushes", "job.view"), under="catalogue")
        navigation.register(NavItem(_("Subscriptions"), "subscriptions", "subscription.view", "subscriptions"))
        navigation.register(
            NavItem(_("Resellers"), "reseller_settings", "settings.edit"), shells=("console",), under="settings"
        )
        navigation.register(
            NavItem(_("Usage alerts"), "usage_alerts", "subscription.view", kinds=("provider", "reseller")),
            under="reports/usage",
        )
        navigation.register(
            NavItem(_("Usage alerts"), "usage_alert_settings", "settings.edit", kinds=("provider", "reseller")),
            under="settings",
        )
        dashboard.register(counters=elsewhere.counters)
        detail_parts.register(counters=elsewhere.tenant_counters, tabs=elsewhere.tenant_tabs)
        search.register(
            search.Source(
                _("Subscriptions"), "subscription.view", "subscriptions", "subscription", elsewhere.find_subscriptions
            )
        )
