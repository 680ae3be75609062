"""What a provider decides for its whole house."""

from datetime import datetime

from resellerhub.kernel.operation import operation
from resellerhub.kernel.refusals import found
from tenants.actor import Actor
from tenants.models import ProviderSettings


def settings_of(actor: Actor) -> ProviderSettings:
    """The provider's settings, locked: only its own staff may change them."""
    actor.require_provider("settings.edit")
    return found(ProviderSettings.objects.visible_to(actor).locked(), pk=actor.provider_id)


@operation
def set_oversell_default(*, actor: Actor, oversell_default: bool, now: datetime) -> ProviderSettings:
    """Whether a new reseller may oversell unless its creation says otherwise; those there are keep their terms."""
    settings = settings_of(actor)
    if (before := settings.oversell_default) != oversell_default:
        settings.oversell_default = oversell_default
        settings.save(update_fields=["oversell_default"])
        actor.record(
            "settings.changed", settings, at=now, before={"oversell_default": before}, oversell_default=oversell_default
        )
    return settings
