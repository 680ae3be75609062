"""What a provider decides about its resellers: here is what concerns their holdings, and all of it at once."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from resellerhub.kernel.operation import operation
from subscriptions.models import Holding
from subscriptions.services.usage.crossings import note_crossings_of_resellers
from tenants.actor import Actor
from tenants.models import ProviderSettings, Tenant
from tenants.services.settings import TypeChange, change_house, change_reseller_types, settings_of


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
        note_crossings_of_resellers(actor.provider_id, now)
        actor.record("settings.changed", settings, at=now, before={"over_quota_basis": before}, over_quota_basis=after)
    return settings


@operation
def change_reseller_settings(
    *,
    actor: Actor,
    over_quota_basis: str | None = None,
    types: Sequence[TypeChange] = (),
    now: datetime,
    **house: Any,
) -> ProviderSettings:
    """All at once, or none; what is left out stays. `house` is what `change_house` takes."""
    settings_of(actor)
    if over_quota_basis is not None:
        set_over_quota_basis(actor=actor, basis=over_quota_basis, now=now)
    if types:
        change_reseller_types(actor=actor, types=types, now=now)
    return change_house(actor=actor, now=now, **house)
