from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SubscriptionsConfig(AppConfig):
    name = "subscriptions"
    verbose_name = _("Subscriptions")

    def ready(self) -> None:
        _take_part()
        _tell()
        _show()


def _take_part() -> None:
    """In what happens to tenants and to the catalogue, and in what is verified each night."""
    from catalog.hooks import LISTED, OWN_PRICES, SOLD, USED_BY, WITHOUT_PLANS
    from resellerhub.kernel import verify
    from subscriptions.pool_verify import pools
    from subscriptions.selectors.offers import listed
    from subscriptions.selectors.pools import out_of_sight, without_mails_of_others
    from subscriptions.selectors.priced import own_prices, packages_sold
    from subscriptions.services.life import lifecycle
    from subscriptions.services.life.moving import following, take_along
    from subscriptions.services.life.with_holder import resume_with_holder, suspend_with_holder
    from subscriptions.services.pools import life as pool_life
    from subscriptions.services.selling.plans import without_plans
    from subscriptions.uses import subscriptions_using
    from subscriptions.verify import holdings, one_offs, phases, terms
    from subscriptions.views.pools_elsewhere import active_pools
    from tenants import hooks

    LISTED.append(listed)
    SOLD.append(packages_sold)
    OWN_PRICES.append(own_prices)
    USED_BY.append(subscriptions_using)
    WITHOUT_PLANS.append(without_plans)
    hooks.ACTIVE += [lifecycle.open_subscriptions, active_pools]
    hooks.CLOSING_TENANT += [pool_life.release_seats, lifecycle.withdraw_what_waits, lifecycle.close_what_is_held]
    hooks.CONVERTING += [lifecycle.waiting_orders, lifecycle.keeps_its_kind, pool_life.keeps_its_seats, active_pools]
    hooks.CONVERTED.append(pool_life.stays_over)
    hooks.FOLLOWING += [following, pool_life.seats_stay]
    hooks.SUSPENDED.append(suspend_with_holder)
    hooks.RESUMED.append(resume_with_holder)
    hooks.MOVED += [pool_life.moved_without_seats, lifecycle.ask_elsewhere, take_along]
    hooks.UNTOLD.append(out_of_sight)
    hooks.UNREAD.append(without_mails_of_others)
    verify.register("subscriptions.holdings", holdings)
    verify.register("subscriptions.phases", phases)
    verify.register("subscriptions.terms", terms)
    verify.register("subscriptions.one_offs", one_offs)
    verify.register("subscriptions.pools", pools)


def _tell() -> None:
    """Words of the event log, and mails."""
    from subscriptions import mail_kinds as mails
    from subscriptions import pool_words
    from subscriptions.event_words import CODES, FACTS, THINGS, WORDS, line, references
    from subscriptions.services.ordering.mails import KINDS
    from subscriptions.services.pools import notices
    from tenants import event_values, event_words, mail_kinds

    event_words.register(WORDS, FACTS, THINGS)
    event_words.register(pool_words.WORDS, pool_words.FACTS, pool_words.THINGS)
    event_values.register({}, pool_words.CODES)
    event_values.register(references(), CODES, {"subscription.lines": line, "subscription.to_come": line})
    mail_kinds.register(*KINDS, *mails.KINDS, *notices.KINDS)


def _show() -> None:
    """In navigation, dashboard, search, and on the pages of tenants."""
    from resellerhub.web import dashboard, navigation, search
    from resellerhub.web.navigation import NavItem
    from subscriptions.views import elsewhere, many_offerings, offerings, orders, pools_elsewhere
    from tenants import detail_parts, directory_actions, directory_columns
    from tenants.roles import Kind

    sellers = ("provider", "reseller")
    navigation.register(NavItem(_("Self-service"), "listings", "catalog.view", kinds=sellers), under="catalogue")
    navigation.register(
        NavItem(_("Services"), "services", "subscription.order", "box", kinds=("reseller", "customer")),
        shells=("portal",),
    )
    navigation.register(NavItem(_("Orders"), "orders", "subscription.view", "cart"))
    navigation.register(NavItem(_("New terms"), "pushes", "job.view"), under="catalogue")
    navigation.register(NavItem(_("Subscriptions"), "subscriptions", "subscription.view", "subscriptions"))
    navigation.register(NavItem(_("Pools"), "pools", "pool.view", "pools"))
    navigation.register(
        NavItem(_("Pooled seats"), "assignments", "subscription.view", "pools", kinds=("customer",)),
        shells=("portal",),
    )
    navigation.register(
        NavItem(_("Resellers"), "reseller_settings", "settings.edit"), shells=("console",), under="settings"
    )
    navigation.register(
        NavItem(_("Usage alerts"), "usage_alerts", "subscription.view", kinds=sellers), under="reports/usage"
    )
    navigation.register(
        NavItem(_("Usage alerts"), "usage_alert_settings", "settings.edit", kinds=sellers), under="settings"
    )
    dashboard.register(counters=orders.counters, panels=offerings.panels)
    dashboard.register(counters=elsewhere.counters, panels=pools_elsewhere.panels)
    detail_parts.register(tabs=offerings.tabs)
    detail_parts.register(counters=elsewhere.tenant_counters, tabs=elsewhere.tenant_tabs)
    detail_parts.register(tabs=pools_elsewhere.tabs)
    directory_actions.register(Kind.RESELLER, many_offerings.bulk_actions)
    directory_actions.register(Kind.RESELLER, pools_elsewhere.give_to_chosen)
    directory_columns.register(elsewhere.over_quota_column)
    directory_columns.register(pools_elsewhere.pools_column)
    search.register(
        search.Source(
            _("Subscriptions"), "subscription.view", "subscriptions", "subscription", elsewhere.find_subscriptions
        )
    )
    search.register(search.Source(_("Pools"), "pool.view", "pools", "pool", pools_elsewhere.find_pools))
