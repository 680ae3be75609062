from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TenantsConfig(AppConfig):
    name = "tenants"
    verbose_name = _("Tenants")

    def ready(self) -> None:
        from resellerhub.kernel import verify
        from tenants.verify import tree

        verify.register("tenants.tree", tree)
