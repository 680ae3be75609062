"""What a provider decides about over-usage for its whole house."""

from datetime import datetime

from resellerhub.kernel.operation import operation
from resellerhub.kernel.refusals import Forbidden, found
from subscriptions.models import Holding
from tenants.actor import Actor
from tenants.models import ProviderSettings, Tenant


@operation
def set_over_quota_basis(*, actor: Actor, basis: str, now: datetime) -> ProviderSettings:
    """Count what resellers sold, or what they use, as utilised; the rows of all resellers are counted anew at once."""
    actor.require("settings.edit")
    if not actor.is_provider:
        raise Forbidden(permission="settings.edit")
    settings = found(ProviderSettings.objects.visible_to(actor).locked(), pk=actor.provider_id)
    before, after = settings.over_quota_basis, ProviderSettings.Basis(basis).value
    if before != after:
        settings.over_quota_basis = after
        settings.save(update_fields=["over_quota_basis"])
        resellers = Tenant.objects.filter(provider_id=actor.provider_id).resellers().order_by()
        Holding.objects.filter(provider_id=actor.provider_id, tenant__in=resellers).update(basis=after)
        actor.record("settings.changed", settings, at=now, before={"over_quota_basis": before}, over_quota_basis=after)
    return settings
