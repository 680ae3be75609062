from django.apps import AppConfig
from django.contrib.admin import apps as admin
from django.utils.translation import gettext_lazy as _


class AdminConfig(admin.AdminConfig):
    default = False
    default_site = "tenants.admin_site.AdminSite"


class TenantsConfig(AppConfig):
    name = "tenants"
    verbose_name = _("Tenants")

    def ready(self) -> None:
        from resellerhub.kernel import refusals, verify
        from resellerhub.rest import idempotency
        from resellerhub.web import dashboard, navigation, search
        from resellerhub.web.navigation import NavItem
        from tenants import detail_parts, hooks, permission_words, reseller_parts
        from tenants.selectors import hidden_since
        from tenants.services import support_phases
        from tenants.services.belongings import coming_along
        from tenants.services.limits import remove_all_mailboxes
        from tenants.services.obstacles import tenants_beneath
        from tenants.verify import mailboxes as mailbox_counters
        from tenants.verify import support as support_over_time
        from tenants.verify import tree
        from tenants.views import (
            accounts,
            closing,
            conversion,
            events,
            mailboxes,
            members,
            moves,
            overview,
            status,
            support,
            visibility,
        )

        idempotency.withhold(hidden_since)
        refusals.explain_permissions(permission_words.explain)
        verify.register("tenants.tree", tree)
        verify.register("tenants.mailboxes", mailbox_counters)
        hooks.ACTIVE.append(tenants_beneath)
        hooks.CLOSING_TENANT.append(remove_all_mailboxes)
        hooks.CLOSING_TENANT.append(support_phases.end_support)
        hooks.CONVERTED.append(support_phases.begin_anew)
        hooks.MOVED.append(support_phases.support_elsewhere)
        verify.register("tenants.support", support_over_time)
        hooks.FOLLOWING.append(coming_along)
        detail_parts.register(actions=accounts.actions, sections=accounts.sections, tabs=mailboxes.tabs)
        detail_parts.register(actions=visibility.actions)
        detail_parts.register(sections=status.sections)
        detail_parts.register(sections=support.sections)
        detail_parts.register(actions=moves.actions)
        detail_parts.register(actions=conversion.actions)
        detail_parts.register(actions=closing.actions)
        detail_parts.register(tabs=members.users_tab)
        detail_parts.register(tabs=events.events_tab)
        reseller_parts.register()
        navigation.register(
            NavItem(_("Resellers"), "resellers", "reseller.view", "store"),
            NavItem(_("Invitations"), "invitations", "reseller.invite", "send"),
            NavItem(_("Customers"), "customers", "customer.view", "users"),
            NavItem(_("Mails"), "mails", "mail.view", "inbox"),
            NavItem(_("Event log"), "events", "event.view", "history"),
            NavItem(_("Team"), "team", "user.manage", "user"),
        )
        navigation.register(
            NavItem(_("Mailboxes"), "mailboxes", "subscription.view", "inbox", kinds=("customer",)), shells=("portal",)
        )
        navigation.register(
            NavItem(_("Support levels"), "support_levels", "settings.edit", kinds=("provider", "reseller")),
            under="settings",
        )
        navigation.register(
            NavItem(_("Branding"), "branding", "settings.edit", kinds=("provider", "reseller")),
            NavItem(_("Mail templates"), "mail_templates", "settings.edit", kinds=("provider", "reseller")),
            under="settings",
        )
        navigation.register(NavItem(_("API keys"), "api_keys", "api_key.manage"), under="developers")
        navigation.register(
            NavItem(_("Roles"), "roles", "user.manage"),
            NavItem(_("Logins as somebody else"), "visits", "event.view"),
            under="settings",
        )
        navigation.register(
            NavItem(_("Customer visibility"), "customer_visibility", "settings.edit", kinds=("reseller",)),
            shells=("portal",),
            under="settings",
        )
        dashboard.register(counters=overview.counters, panels=overview.panels)
        search.register(
            search.Source(_("Resellers"), "reseller.view", "resellers", "reseller", overview.find_resellers)
        )
        search.register(
            search.Source(_("Customers"), "customer.view", "customers", "customer", overview.find_customers)
        )
        search.register(search.Source(_("Users"), "user.manage", "team", "user", overview.find_users))
