"""What happens in the catalogue, in the words of the reader."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from catalog.models import Package, Resource, ServiceType
from tenants.event_values import visible

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

FACTS: dict[str, Any] = {
    "code": _("Code"),
    "unit": _("Unit"),
    "group": _("Group"),
    "position": _("Position"),
    "metering": _("Metering"),
    "is_active": _("Active"),
    "is_shared": _("Shared with resellers"),
    "audience": _("Audience"),
    "description": _("Description"),
    "service_type": _("Service type"),
    "resource": _("Resource"),
    "package": _("Package"),
    "packages": _("Packages"),
    "package.limits": _("Limits"),
}

THINGS = {
    "servicetype": _("Service type"),
    "resource": _("Resource"),
    "serviceinstance": _("Service instance"),
    "package": _("Package"),
}

CODES = {"metering": dict(Resource.Metering.choices), "package.audience": dict(Package.Audience.choices)}


def references() -> dict[str, Any]:
    """What stands in events by its id."""
    resources = (visible(Resource), _("Resource %(id)s"))
    packages = (visible(Package), _("Package %(id)s"))
    return {
        "service_type": (visible(ServiceType), _("Service type %(id)s")),
        "resource": resources,
        "package": packages,
        "packages": packages,
        "package.limits": resources,
    }
