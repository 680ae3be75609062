from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WebConfig(AppConfig):
    name = "resellerhub.web"
    label = "web"
    verbose_name = _("Pages")

    def ready(self) -> None:
        from resellerhub.web import navigation

        navigation.register(navigation.NavItem(_("Dashboard"), "dashboard", icon="dashboard"))
