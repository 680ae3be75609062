"""A customer becomes a reseller, or a reseller a customer: the same tenant, with its history."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from resellerhub.kernel.principal import demand
from resellerhub.kernel.refusals import Forbidden, NotFound, found
from tenants import hooks
from tenants.actor import Actor
from tenants.models import (
    Invitation,
    ManagedCustomer,
    Mapping,
    Membership,
    ProviderSettings,
    ResellerTerms,
    TariffLimit,
    Tenant,
)
from tenants.naming import is_readable
from tenants.roles import ROLES, Kind, Role
from tenants.services.members import must_hold
from tenants.services.obstacles import CannotConvert, mailboxes_of, tenants_beneath
from tenants.services.settings import require_type
from tenants.services.tree import lock_branches, must_be_open, tree_operation

PERMISSIONS = {
    Kind.RESELLER: ("customer.edit", "reseller.create"),
    Kind.CUSTOMER: ("reseller.delete", "customer.create"),
}
"""What it takes to make one of this kind of the other."""


@dataclass(frozen=True, slots=True)
class Conversion:
    """What it would mean: the roles that change, with how many have them, and what stands in the way."""

    kind: str
    roles: Sequence[tuple[str, str, int]]
    blocked: Sequence[hooks.Parts]


@tree_operation
def convert_tenant(*, actor: Actor, tenant_id: int, reseller_type: str = "", now: datetime) -> Tenant:
    """Make a reseller of a customer, with this type, or a customer of a reseller. Name, users, events and whatever is
    closed stay as they are; roles that the other kind lacks become "read only".

    Whoever works there, or is invited, gets the rights of a reseller's: nobody gives them who has them not. Refused:
    `CannotConvert` with the list of what is in the way, `TypeUnavailable`, `TenantClosed`.
    """
    tenant: Tenant = lock_branches(actor, tenant_id)[tenant_id]
    kind = _require(actor, tenant)
    if kind == Kind.RESELLER:
        require_type(tenant.house_id, reseller_type)
    found(Tenant.objects.visible_to(actor).locked(), pk=tenant.pk)
    conversion = preview_conversion(actor, tenant)
    if conversion.blocked:
        raise CannotConvert(conversion.blocked)
    Tenant.objects.filter(pk=tenant.pk).update(kind=kind, hides_customers_at=None)
    tenant.refresh_from_db()
    become = _become_reseller if kind == Kind.RESELLER else _become_customer
    before, after = become(tenant, reseller_type, now)
    for role, other, _count in conversion.roles:
        Membership.objects.filter(tenant=tenant, role=role).update(role=other)
    _map_invitations(tenant)
    for take_part in hooks.CONVERTED:
        take_part(actor, tenant, now)
    facts = {name: value for name, value in after.items() if value}
    if conversion.roles:
        facts["roles"] = [f"{role} → {other}: {count}" for role, other, count in conversion.roles]
    was = Kind.CUSTOMER if kind == Kind.RESELLER else Kind.RESELLER
    before["tenant_kind"], facts["tenant_kind"] = was.value, kind.value
    actor.record(f"{was.value}.converted", tenant, at=now, before=before, **facts)
    return tenant


def preview_conversion(actor: Actor, tenant: Tenant) -> Conversion:
    """What follows, without doing it, refused as that is. The tenant is in the actor's scope."""
    kind = _require(actor, tenant, looking=True)
    if kind == Kind.RESELLER and not actor.suspended:  # who is may still look
        must_hold(actor, kind, *_roles_there(tenant))
    held = Counter(Membership.objects.filter(tenant=tenant).order_by().values_list("role", flat=True))
    roles = [(role, Role.READ_ONLY.value, count) for role, count in sorted(held.items()) if role not in ROLES[kind]]
    own = tenants_beneath(actor, tenant, closed=True) if kind == Kind.CUSTOMER else [mailboxes_of(actor, tenant)]
    parts = [*own, *(part for look in hooks.CONVERTING for part in look(actor, tenant, kind))]
    return Conversion(kind, roles, [part for part in parts if part.count])


def may_convert(actor: Actor, tenant: Tenant) -> bool:
    """Whether nobody there would get what the actor may not give."""
    try:
        if tenant.kind == Kind.CUSTOMER:
            must_hold(actor, Kind.RESELLER, *_roles_there(tenant))
    except Forbidden:
        return False
    return True


def _require(actor: Actor, tenant: Tenant, *, looking: bool = False) -> Kind:
    """The kind that it would be of."""
    kind = Kind.RESELLER if tenant.kind == Kind.CUSTOMER else Kind.CUSTOMER
    if tenant.pk == actor.tenant_id or tenant.kind == Kind.PROVIDER or not is_readable(actor, tenant):
        raise NotFound()  # names of resellers are never hidden
    demand(actor, "&".join(PERMISSIONS[kind]), looking=looking)
    must_be_open(tenant)
    return kind


def _become_reseller(tenant: Tenant, reseller_type: str, now: datetime) -> tuple[dict[str, Any], dict[str, Any]]:
    """Its account name stays its login; limits of mailboxes are a customer's."""
    may_oversell = ProviderSettings.objects.get(pk=tenant.house_id).oversell_default
    ResellerTerms.objects.create(
        tenant=tenant, provider_id=tenant.house_id, type=reseller_type, may_oversell=may_oversell
    )
    assignments = ManagedCustomer.objects.filter(tenant=tenant).delete()[0]
    limits = dict(TariffLimit.objects.filter(tenant=tenant, maximum__gt=0).values_list("tariff", "maximum"))
    TariffLimit.objects.filter(tenant=tenant).delete()
    return limits, {"type": reseller_type, "may_oversell": may_oversell, "assignments": assignments}


def _become_customer(tenant: Tenant, _type: str, now: datetime) -> tuple[dict[str, Any], dict[str, Any]]:
    """Its terms and its mapping end; links by which others would have signed up beneath it are dead."""
    terms = ResellerTerms.objects.get(pk=tenant.pk)
    before = {"type": terms.type, "may_oversell": terms.may_oversell, "is_large": terms.is_large}
    terms.delete()
    Mapping.objects.filter(pk=tenant.pk).delete()
    links = Invitation.objects.filter(tenant=tenant, into=None, accepted_at=None, revoked_at=None)
    return before, {"invitations": links.update(revoked_at=now)}


def _roles_there(tenant: Tenant) -> set[str]:
    """Of those who work there, and of those who are invited."""
    waiting = Invitation.objects.unanswered().filter(into=tenant)
    held = Membership.objects.filter(tenant=tenant)
    return {*held.values_list("role", flat=True), *waiting.values_list("role", flat=True)}


def _map_invitations(tenant: Tenant) -> None:
    """Who is invited into it gets a role that it has."""
    waiting = Invitation.objects.filter(into=tenant, accepted_at=None, revoked_at=None)
    waiting.exclude(role__in=[role for role in Role.values if role in ROLES[tenant.kind]]).update(role=Role.READ_ONLY)
