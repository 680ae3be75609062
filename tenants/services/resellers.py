"""Resellers: made with their profile, their terms and their first administrator."""

from datetime import datetime
from uuid import UUID

from tenants.actor import Actor
from tenants.models import ProviderSettings, ResellerTerms, ResellerType, Tenant
from tenants.roles import Kind, Role
from tenants.services.details import Details, describe, made_before
from tenants.services.people import Person, admit
from tenants.services.tree import plant, seller_in_scope, tree_operation


@tree_operation
def create_reseller(
    *,
    actor: Actor,
    seller_id: int,
    details: Details,
    reseller_type: str = ResellerType.PREPAID,
    may_oversell: bool | None = None,
    administrator: Person | None = None,
    request_id: UUID | None = None,
    now: datetime,
) -> Tenant:
    """A reseller beneath the provider or another reseller; oversell unsaid is what the provider's settings say.

    Repeating a request id repeats nothing.
    """
    actor.require("reseller.create")
    details.check()
    seller = seller_in_scope(actor, seller_id)
    if earlier := made_before(seller, Kind.RESELLER, details, request_id):
        return earlier
    if may_oversell is None:
        may_oversell = ProviderSettings.objects.get(pk=seller.house_id).oversell_default
    (reseller,) = plant(seller, Kind.RESELLER, now)
    provider_id = reseller.house_id
    describe(reseller, details, request_id)
    ResellerTerms.objects.create(
        tenant=reseller, provider_id=provider_id, type=ResellerType(reseller_type), may_oversell=may_oversell
    )
    if administrator:
        admit(tenant=reseller, person=administrator, role=Role.ADMINISTRATOR, now=now, field="administrator_email")
    actor.record(
        "reseller.created",
        reseller,
        at=now,
        type=reseller_type,
        may_oversell=may_oversell,
        seller=seller.pk,
    )
    return reseller
