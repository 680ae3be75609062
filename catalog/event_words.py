"""What happens in the catalogue, in the words of the reader."""

from django.utils.translation import gettext_lazy as _

WORDS = {
    "service_type.created": _("Service type created"),
    "service_type.changed": _("Service type changed"),
    "resource.created": _("Resource created"),
    "resource.changed": _("Resource changed"),
    "service_instance.created": _("Service instance created"),
    "service_instance.changed": _("Service instance changed"),
    "package.created": _("Package created"),
    "package.changed": _("Package changed"),
    "package.deactivated": _("Package withdrawn"),
}
