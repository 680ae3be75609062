"""Providers: the houses. Made by whoever operates the installation, so without an actor."""

from datetime import datetime

from tenants.actor import Actor
from tenants.models import Profile, ProviderSettings, Tenant
from tenants.roles import Kind, Role
from tenants.services.people import Person, admit
from tenants.services.tree import tree_operation


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
    if administrator:
        admit(tenant=provider, person=administrator, role=Role.ADMINISTRATOR, now=now)
    Actor.system(provider.pk, "").record("provider.created", provider, at=now)
    return provider
