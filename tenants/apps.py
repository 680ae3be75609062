from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TenantsConfig(AppConfig):
    name = "tenants"
    verbose_name = _("Tenants")

    def ready(self) -> None:
        from resellerhub.kernel import verify
        from resellerhub.web import dashboard, navigation, search
        from resellerhub.web.navigation import NavItem
        from tenants import detail_parts, hooks
        from tenants.services.obstacles import tenants_beneath
        from tenants.verify import tree
        from tenants.views import closing, overview

        verify.register("tenants.tree", tree)
        hooks.ACTIVE.append(tenants_beneath)
        detail_parts.register(actions=closing.actions)
        navigation.register(
            NavItem(_("Resellers"), "resellers", "reseller.view", "store"),
            NavItem(_("Customers"), "customers", "customer.view", "users"),
            NavItem(_("Event log"), "events", "event.view", "history"),
            NavItem(_("Team"), "team", "user.manage", "user"),
        )
        navigation.register(NavItem(_("API keys"), "api_keys", "api_key.manage"), under="developers")
        dashboard.register(counters=overview.counters, panels=overview.panels)
        search.register(
            search.Source(_("Resellers"), "reseller.view", "resellers", "reseller", overview.find_resellers)
        )
        search.register(
            search.Source(_("Customers"), "customer.view", "customers", "customer", overview.find_customers)
        )
