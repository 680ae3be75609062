"""Resellers: made with their profile, their terms and their first administrator."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from resellerhub.kernel.operation import operation
from resellerhub.kernel.refusals import Invalid, NotFound, Refusal, found
from tenants.actor import Actor
from tenants.models import ProviderSettings, ResellerTerms, ResellerType, Tenant
from tenants.roles import Kind, Role
from tenants.services.company import amend_company, sign
from tenants.services.details import Details, describe, know_owner, made_before
from tenants.services.inviting import Offer, address, invite
from tenants.services.members import must_hold
from tenants.services.people import Person, admit
from tenants.services.settings import require_type
from tenants.services.tree import must_be_open, plant, seller_in_scope, tree_operation


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
    is_large: bool = False,
    signatures: Mapping[str, str] = {},
    administrator: Person | None = None,
    invited: str = "",
    request_id: UUID | None = None,
    now: datetime,
) -> Tenant:
    """A reseller beneath the provider or another reseller; oversell unsaid is what the provider's settings say.

    Repeating a request id repeats nothing. The administrator gets a login at once or, at the address `invited`, a
    mail: only who may all that an administrator may lets one in. A type that the provider switched off is refused; a
    large account reseller is made by the provider alone.
    """
    actor.require("reseller.create")
    if is_large:
        actor.require_provider("reseller.create")
    if administrator or invited:
        must_hold(actor, Kind.RESELLER, Role.ADMINISTRATOR)
    details.check()
    seller = seller_in_scope(actor, seller_id)
    if earlier := made_before(seller, Kind.RESELLER, details, request_id):
        return earlier
    require_type(seller.house_id, reseller_type)
    if may_oversell is None:
        may_oversell = ProviderSettings.objects.get(pk=seller.house_id).oversell_default
    (reseller,) = plant(seller, Kind.RESELLER, now)
    provider_id = reseller.house_id
    describe(reseller, details, request_id)
    ResellerTerms.objects.create(
        tenant=reseller,
        provider_id=provider_id,
        type=ResellerType(reseller_type),
        may_oversell=may_oversell,
        is_large=is_large,
    )
    sign(reseller, signatures)
    if administrator:
        admit(tenant=reseller, person=administrator, role=Role.ADMINISTRATOR, now=now, field="administrator_email")
    if invited:
        invite_administrator(actor, reseller, invited, details.language, now)
    actor.record(
        "reseller.created",
        reseller,
        at=now,
        type=reseller_type,
        may_oversell=may_oversell,
        is_large=is_large,
        seller=seller.pk,
    )
    return reseller


@operation
def change_reseller(
    *,
    actor: Actor,
    reseller_id: int,
    terms: Mapping[str, bool],
    company: Mapping[str, Any],
    signatures: Mapping[str, str] | None = None,
    now: datetime,
) -> None:
    """Terms, company and signatures at once, or nothing; what is left out stays."""
    actor.require("reseller.edit")
    reseller: Tenant = found(Tenant.objects.visible_to(actor).resellers().locked(), pk=reseller_id)
    if reseller.pk == actor.tenant_id:
        raise NotFound()
    if terms:
        stored = found(ResellerTerms.objects.all(), pk=reseller.pk)
        wanted = {"may_oversell": stored.may_oversell, **terms}
        change_terms(actor=actor, reseller_id=reseller.pk, now=now, **wanted)
    if company or signatures is not None:
        amend_company(actor=actor, tenant_id=reseller.pk, values=company, signatures=signatures, now=now)


def invite_administrator(actor: Actor, reseller: Tenant, email: str, language: str, now: datetime) -> None:
    """Ask somebody to become the first administrator and, if nobody is, the tenant owner; part of an operation that has
    made the reseller."""
    try:
        email = address(email)
    except Invalid as invalid:
        raise Invalid({"administrator_email": invalid.errors["email"]}) from invalid
    know_owner(reseller, email)
    invite(actor, Offer(reseller, email, language, into=reseller, role=Role.ADMINISTRATOR), None, now)


@operation
def change_terms(
    *, actor: Actor, reseller_id: int, may_oversell: bool, is_large: bool | None = None, now: datetime
) -> ResellerTerms:
    """Whether a reseller may sell more than it is allocated, from its next sale on; the same again changes nothing.

    Whether it is a large account reseller the provider alone says. Refused: `NotItsSeller` to everybody above who does
    not sell to it.
    """
    reseller: Tenant = found(Tenant.objects.visible_to(actor).resellers(), pk=reseller_id)
    if reseller.pk == actor.tenant_id:
        raise NotFound()
    actor.require("reseller.edit")
    terms: ResellerTerms = found(ResellerTerms.objects.locked(), pk=reseller.pk)
    if reseller.seller_id != actor.tenant_id:
        raise NotItsSeller()
    must_be_open(reseller)
    wanted = {"may_oversell": may_oversell}
    if is_large is not None and is_large != terms.is_large:
        actor.require_provider("reseller.edit")
        wanted["is_large"] = is_large
    before = {name: getattr(terms, name) for name in wanted if getattr(terms, name) != wanted[name]}
    if before:
        for name in before:
            setattr(terms, name, wanted[name])
        terms.save(update_fields=list(before))
        after = {name: wanted[name] for name in before}
        actor.record("reseller.terms_changed", reseller, at=now, tenant_id=reseller.pk, before=before, **after)
    return terms
