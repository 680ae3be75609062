"""Providers: the houses. Made by whoever operates the installation, so without an actor."""

from datetime import datetime
from decimal import Decimal

from resellerhub.kernel.periods import day_of
from tenants.actor import Actor
from tenants.models import (
    Profile,
    ProviderSettings,
    ResellerType,
    ResellerTypeSetting,
    SupportLevel,
    SupportPrice,
    Tenant,
)
from tenants.roles import Kind, Role
from tenants.services.people import Person, admit
from tenants.services.tree import tree_operation

SUPPORT_LEVELS = ("reseller", "Reseller"), ("silver", "Silver"), ("gold", "Gold"), ("platinum", "Platinum")
"""What a new provider begins with: only the first is the reseller's own support. The fees are the provider's to set."""


@tree_operation
def create_provider(
    *,
    name: str,
    now: datetime,
    administrator: Person | None = None,
    currency: str = "EUR",
    language: str = "en",
    over_quota_basis: str = ProviderSettings.Basis.SOLD,
    oversell_default: bool = False,
) -> Tenant:
    """A provider with its settings and its first administrator."""
    provider = Tenant(kind=Kind.PROVIDER, created_at=now)
    provider.save()
    email = administrator.email if administrator else ""
    Profile.objects.create(tenant=provider, provider=provider, name=name, owner_email=email, language=language)
    ProviderSettings.objects.create(
        tenant=provider,
        provider=provider,
        currency=currency,
        language=language,
        over_quota_basis=over_quota_basis,
        oversell_default=oversell_default,
    )
    ResellerTypeSetting.objects.bulk_create(
        ResellerTypeSetting(provider=provider, type=reseller_type) for reseller_type in ResellerType.values
    )
    levels = SupportLevel.objects.bulk_create(
        SupportLevel(provider=provider, code=code, name=level, position=place, provider_supports=place > 0)
        for place, (code, level) in enumerate(SUPPORT_LEVELS)
    )
    SupportPrice.objects.bulk_create(
        SupportPrice(
            provider=provider,
            tenant=provider,
            level=level,
            effective_on=day_of(now),
            amount=Decimal(0),
            currency=currency,
            made_at=now,
        )
        for level in levels
    )
    if administrator:
        admit(tenant=provider, person=administrator, role=Role.ADMINISTRATOR, now=now)
    Actor.system(provider.pk, "").record("provider.created", provider, at=now)
    return provider
