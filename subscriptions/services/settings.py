"""What a provider decides about over-usage for its whole house."""

from datetime import datetime

from resellerhub.kernel.operation import operation
from subscriptions.models import Holding
from tenants.actor import Actor
from tenants.models import ProviderSettings, Tenant
from tenants.services.settings import set_oversell_default, settings_of


@operation
def set_over_quota_basis(*, actor: Actor, basis: str, now: datetime) -> ProviderSettings:
    """Count what resellers sold, or what they use, as utilised; the rows of all resellers are counted anew at once."""
    settings = settings_of(actor)
    before, after = settings.over_quota_basis, ProviderSettings.Basis(basis).value
    if before != after:
        settings.over_quota_basis = after
        settings.save(update_fields=["over_quota_basis"])
        resellers = Tenant.objects.filter(provider_id=actor.provider_id).resellers().order_by()
        Holding.objects.filter(provider_id=actor.provider_id, tenant__in=resellers).update(basis=after)
        actor.record("settings.changed", settings, at=now, before={"over_quota_basis": before}, over_quota_basis=after)
    return settings


@operation
def change_reseller_settings(
    *, actor: Actor, over_quota_basis: str | None = None, oversell_default: bool | None = None, now: datetime
) -> ProviderSettings:
    """Both at once; what is left out stays."""
    settings = settings_of(actor)
    if oversell_default is not None:
        settings = set_oversell_default(actor=actor, oversell_default=oversell_default, now=now)
    if over_quota_basis is not None:
        settings = set_over_quota_basis(actor=actor, basis=over_quota_basis, now=now)
    return settings
