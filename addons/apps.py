from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AddonsConfig(AppConfig):
    name = "addons"
    verbose_name = _("Add-ons")

    def ready(self) -> None:
        from addons import uses
        from addons.event_words import CODES, FACTS, THINGS, WORDS, references
        from addons.levels import held_beside
        from addons.models import AddOn
        from addons.selectors.add_ons import add_ons_of_fee, linked_fees
        from addons.selectors.priced import add_ons_sold
        from addons.selectors.sales import sale_events
        from addons.services import lifecycle
        from addons.services.continuing import hand_over, renew, sell_elsewhere
        from addons.services.ending import due_with_subscription, end_with_subscription
        from addons.verify import sales
        from addons.views import elsewhere
        from catalog import hooks as catalog_hooks
        from resellerhub.kernel import verify
        from resellerhub.web import navigation, search
        from resellerhub.web.navigation import NavItem
        from subscriptions import hooks
        from subscriptions.event_words import line
        from tenants import detail_parts, event_values, event_words
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
        catalog_hooks.LINKED.append(linked_fees)
        catalog_hooks.NAMING.append(add_ons_of_fee)
        catalog_hooks.SOLD_AT.append(uses.is_sold_at)
        catalog_hooks.USED_BY += [uses.add_ons_using, uses.sales_using, uses.copies_using]
        catalog_hooks.SOLD.append(add_ons_sold)
        catalog_hooks.ADD_ONS.append(event_values.visible(AddOn))
        tenant_hooks.ACTIVE.append(lifecycle.active_sales)
        tenant_hooks.CONVERTING.append(lifecycle.keeps_its_kind)
        tenant_hooks.FOLLOWING.append(lifecycle.following)
        hooks.CLOSING.append(end_with_subscription)
        hooks.MOVED.append(hand_over)
        hooks.BESIDE.append(held_beside)
        hooks.ENDING.append(due_with_subscription)
        hooks.RENEWED.append(renew)
        hooks.ELSEWHERE.append(sell_elsewhere)
        hooks.EVENTS.append(sale_events)
        hooks.SECTIONS += [elsewhere.subscription_section, elsewhere.one_off_section]
        detail_parts.register(tabs=elsewhere.tenant_tabs)
        event_words.register(WORDS, FACTS, THINGS)
        event_values.register(references(), CODES, {"add_on.lines": line})
