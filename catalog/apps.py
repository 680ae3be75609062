from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CatalogConfig(AppConfig):
    name = "catalog"
    verbose_name = _("Catalogue")

    def ready(self) -> None:
        from catalog.event_words import CODES, FACTS, THINGS, WORDS, references
        from catalog.views import packages
        from resellerhub.web import navigation, search
        from resellerhub.web.navigation import NavItem
        from tenants import event_values, event_words

        event_words.register(WORDS, FACTS, THINGS)
        event_values.register(references(), CODES)
        navigation.register(
            NavItem(_("Packages"), "packages", "catalog.view"),
            NavItem(_("Service types"), "service_types", "catalog.view"),
            shells=("console",),
            under="catalogue",
        )
        search.register(search.Source(_("Packages"), "catalog.view", "packages", "package", packages.find_packages))
        navigation.register(NavItem(_("Plans"), "packages", "catalog.view", "box"), shells=("portal",))
