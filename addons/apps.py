from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

EVENT_WORDS = {
    "add_on.created": _("Add-on created"),
    "add_on.changed": _("Add-on changed"),
    "add_on.associated": _("Packages of an add-on changed"),
    "add_on.activated": _("Add-on activated"),
    "add_on.deactivated": _("Add-on deactivated"),
    "add_on.copied": _("Add-on copied"),
    "add_on.sold": _("Add-on sold"),
    "add_on.cancelled": _("Sale of an add-on cancelled"),
    "bulk_sale.started": _("Bulk sale started"),
}


class AddonsConfig(AppConfig):
    name = "addons"
    verbose_name = _("Add-ons")

    def ready(self) -> None:
        from addons.services import lifecycle
        from addons.services.sales import end_with_subscription
        from addons.verify import sales
        from addons.views import elsewhere
        from resellerhub.kernel import verify
        from resellerhub.web import navigation, search
        from resellerhub.web.navigation import NavItem
        from subscriptions import hooks
        from tenants import detail_parts, event_words
        from tenants import hooks as tenant_hooks

        verify.register("addons.sales", sales)
        navigation.register(
            NavItem(_("All add-ons"), "add_ons", "add_on.view"),
            NavItem(_("Sell to resellers"), "bulk_sale_to_resellers", "bulk_sale.run"),
            NavItem(_("Sell to customers"), "bulk_sale_to_customers", "bulk_sale.run"),
            NavItem(_("Bulk sales"), "bulk_sales", "job.view"),
            under="add_ons",
        )
        search.register(search.Source(_("Add-ons"), "add_on.view", "add_ons", "add_on", elsewhere.find_add_ons))
        tenant_hooks.ACTIVE.append(lifecycle.active_sales)
        tenant_hooks.CONVERTING.append(lifecycle.keeps_its_kind)
        tenant_hooks.FOLLOWING.append(lifecycle.following)
        hooks.CLOSING.append(end_with_subscription)
        hooks.SECTIONS.append(elsewhere.subscription_section)
        detail_parts.register(tabs=elsewhere.tenant_tabs)
        event_words.register(EVENT_WORDS)
