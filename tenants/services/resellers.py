"""Resellers: made with their profile, their terms and their first administrator."""

from datetime import datetime

from tenants.actor import Actor
from tenants.models import Profile, ProviderSettings, ResellerTerms, ResellerType, Tenant
from tenants.roles import Kind, Role
from tenants.services.details import Details
from tenants.services.people import Person, admit
from tenants.services.tree import plant, seller_in_scope, tree_write


@tree_write
def create_reseller(
    *,
    actor: Actor,
    seller_id: int,
    details: Details,
    reseller_type: str = ResellerType.PREPAID,
    may_oversell: bool | None = None,
    administrator: Person | None = None,
    now: datetime,
) -> Tenant:
    """A reseller beneath the provider or another reseller; oversell unsaid is what the provider's settings say."""
    actor.require("reseller.create")
    details.check()
    seller = seller_in_scope(actor, seller_id)
    if may_oversell is None:
        may_oversell = ProviderSettings.objects.get(pk=seller.house_id).oversell_default
    reseller = plant(seller, Kind.RESELLER, now)
    provider_id = reseller.house_id
    Profile.objects.create(tenant=reseller, provider_id=provider_id, **details.values())
    ResellerTerms.objects.create(
        tenant=reseller, provider_id=provider_id, type=ResellerType(reseller_type), may_oversell=may_oversell
    )
    if administrator:
        admit(tenant=reseller, person=administrator, role=Role.ADMINISTRATOR, now=now)
    actor.record(
        "reseller.created",
        reseller,
        at=now,
        name=details.name,
        type=reseller_type,
        may_oversell=may_oversell,
        seller=seller.pk,
    )
    return reseller
