"""A reseller is found to be a known company: its tenant owner and its organisation. Only a mapped one gets pools."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from resellerhub.kernel.operation import operation, refusing
from resellerhub.kernel.refusals import Invalid, NotFound, Refusal, found
from resellerhub.kernel.text import has_forbidden
from tenants.actor import Actor
from tenants.mapped import owners
from tenants.models import Mapping, Profile, Tenant


class AlreadyMapped(Refusal):
    code, message = "already-mapped", gettext_lazy("This reseller is mapped already.")


class NotActive(Refusal):
    code, message = "not-active", gettext_lazy("Only an active reseller can be mapped.")


class UnknownOwner(Refusal):
    code, status = "unknown-owner", 422
    message = gettext_lazy("Only an address that is known of this reseller can be its tenant owner.")


@operation
def map_reseller(*, actor: Actor, reseller_id: int, owner_email: str, organisation: str, now: datetime) -> Mapping:
    """Say once who a reseller is: one of the addresses that are known of it, and the name of its organisation. From
    then on its company has this tenant owner.

    Refused: `AlreadyMapped`, of two at once one; `UnknownOwner`; `NotActive`.
    """
    actor.require("reseller.map")
    reseller: Tenant = found(Tenant.objects.visible_to(actor).resellers().locked(), pk=reseller_id)
    if reseller.pk == actor.tenant_id:
        raise NotFound()  # nobody decides over themselves
    if Mapping.objects.filter(pk=reseller.pk).exists():
        raise AlreadyMapped()
    if reseller.status != Tenant.Status.ACTIVE:
        raise NotActive()
    owner_email, organisation = owner_email.strip().lower(), organisation.strip()
    if owner_email not in dict(owners(reseller)):
        raise UnknownOwner(field="owner_email")
    mapping = Mapping(
        tenant=reseller,
        provider_id=reseller.house_id,
        owner_email=owner_email,
        organisation=organisation,
        mapped_at=now,
    )
    _check(mapping)
    with refusing({"tenants_mapping_pkey": AlreadyMapped()}):
        mapping.save(force_insert=True)
    Profile.objects.filter(pk=reseller.pk).update(owner_email=owner_email)
    actor.record("reseller.mapped", reseller, at=now, owner_email=owner_email, organisation=organisation)
    return mapping


def _check(mapping: Mapping) -> None:
    try:
        mapping.clean_fields(exclude=["tenant", "provider"])
    except ValidationError as error:
        raise Invalid(error.message_dict) from error
    if has_forbidden(mapping.organisation):
        raise Invalid({"organisation": [_("This holds characters that nobody can see.")]})
