from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CatalogConfig(AppConfig):
    name = "catalog"
    verbose_name = _("Catalogue")

    def ready(self) -> None:
        from catalog import hooks
        from catalog.event_words import CODES, FACTS, THINGS, WORDS, references
        from catalog.price_hooks import closed, left
        from catalog.selectors.fees import linked_fees
        from catalog.selectors.uses import packages_using
        from catalog.services.prices import let_go
        from catalog.views import packages
        from catalog.views.price_holders import list_sections
        from resellerhub.web import navigation, search
        from resellerhub.web.navigation import NavItem
        from tenants import detail_parts, event_values, event_words
        from tenants import hooks as lives

        detail_parts.register(sections=list_sections)
        lives.MOVED.append(left)
        lives.CLOSING_TENANT.append(closed)
        lives.CONVERTED.append(let_go)
        hooks.LINKED.append(linked_fees)
        hooks.USED_BY.append(packages_using)
        event_words.register(WORDS, FACTS, THINGS)
        event_values.register(references(), CODES)
        navigation.register(
            NavItem(_("Packages"), "packages", "catalog.view"),
            NavItem(_("Fees"), "fees", "catalog.view"),
            NavItem(_("Price lists"), "price_lists", "catalog.view"),
            NavItem(_("Service types"), "service_types", "catalog.view"),
            shells=("console",),
            under="catalogue",
        )
        navigation.register(
            NavItem(_("Plans"), "packages", "catalog.view"),
            NavItem(_("Fees"), "fees", "catalog.view"),
            NavItem(_("Price lists"), "price_lists", "catalog.view"),
            shells=("portal",),
            under="catalogue",
        )
        search.register(search.Source(_("Packages"), "catalog.view", "packages", "package", packages.find_packages))
