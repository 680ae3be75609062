"""Resellers: made with their profile, their terms and their first administrator."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from resellerhub.kernel.operation import operation
from resellerhub.kernel.refusals import NotFound, Refusal, found
from tenants.actor import Actor
from tenants.models import ProviderSettings, ResellerTerms, ResellerType, Tenant
from tenants.roles import Kind, Role
from tenants.services.details import Details, describe, made_before
from tenants.services.people import Person, admit
from tenants.services.tree import plant, seller_in_scope, tree_operation


class NotItsSeller(Refusal):
    code, status = "not-its-seller", 403
    message = _("The terms of a reseller are changed by whoever sells to it.")


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


@operation
def change_terms(*, actor: Actor, reseller_id: int, may_oversell: bool, now: datetime) -> ResellerTerms:
    """Whether a reseller may sell more than it is allocated, from its next sale on; the same again changes nothing.

    Refused: `NotItsSeller` to everybody above who does not sell to it.
    """
    reseller: Tenant = found(Tenant.objects.visible_to(actor).resellers(), pk=reseller_id)
    if reseller.pk == actor.tenant_id:
        raise NotFound()
    actor.require("reseller.edit")
    terms: ResellerTerms = found(ResellerTerms.objects.locked(), pk=reseller.pk)
    if reseller.seller_id != actor.tenant_id:
        raise NotItsSeller()
    if (before := terms.may_oversell) != may_oversell:
        terms.may_oversell = may_oversell
        terms.save(update_fields=["may_oversell"])
        actor.record(
            "reseller.terms_changed", reseller, at=now, before={"may_oversell": before}, may_oversell=may_oversell
        )
    return terms
