from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CatalogConfig(AppConfig):
    name = "catalog"
    verbose_name = _("Catalogue")

    def ready(self) -> None:
        from catalog.event_words import WORDS
        from resellerhub.web import navigation
        from resellerhub.web.navigation import NavItem
        from tenants import event_words

        event_words.register(WORDS)
        navigation.register(
            NavItem(_("Packages"), "packages", "catalog.view"),
            NavItem(_("Service types"), "service_types", "catalog.view"),
            shells=("console",),
            under="catalogue",
        )
        navigation.register(NavItem(_("Plans"), "packages", "catalog.view", "box"), shells=("portal",))
