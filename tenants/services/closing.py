"""The end of a tenant: it is closed, and everything about it stays to be read."""

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from resellerhub.kernel.refusals import Invalid, NotFound, Refusal, found
from tenants import hooks
from tenants.actor import Actor
from tenants.models import ApiKey, Invitation, Membership, Tenant, User
from tenants.roles import Kind
from tenants.services.obstacles import StillActive, mailboxes_of
from tenants.services.sessions import end_sessions
from tenants.services.tree import lock_branches, tree_operation

CONFIRMATION = "Yes"
"""Typed exactly so, whatever the language."""


class AlreadyClosed(Refusal):
    code, message = "already-closed", gettext_lazy("This account is deleted already.")


@tree_operation
def close_tenant(*, actor: Actor, tenant_id: int, confirmation: str, now: datetime) -> Tenant:
    """Delete a reseller or a customer: nobody logs in for it, nothing is sold to it, its history stays.

    A reseller is refused while anything of it is active (`StillActive` lists what); of a customer everything open is
    ended with it. `AlreadyClosed` the second time: it is closed for good.
    """
    tenant: Tenant = lock_branches(actor, tenant_id)[tenant_id]
    if tenant.pk == actor.tenant_id:
        raise NotFound()  # nobody ends themselves; their seller does
    actor.require(f"{tenant.kind}.delete")
    if confirmation != CONFIRMATION:
        raise Invalid({"confirmation": [_("Type %(word)s exactly as it stands here.") % {"word": CONFIRMATION}]})
    tenant = found(Tenant.objects.visible_to(actor).locked(), pk=tenant_id)
    if tenant.status == Tenant.Status.CLOSED:
        raise AlreadyClosed()
    if parts := active_parts(actor, tenant):
        raise StillActive(parts)
    facts: dict[str, Any] = {}
    for take_part in hooks.CLOSING_TENANT:
        facts |= take_part(actor, tenant, now)
    before = tenant.status
    tenant.status, tenant.closed_at = Tenant.Status.CLOSED, now
    tenant.save(update_fields=["status", "closed_at"])
    facts |= _shut_out(tenant, now)
    actor.record(
        f"{tenant.kind}.closed", tenant, at=now, before={"status": before}, status=tenant.status.value, **facts
    )
    return tenant


def active_parts(actor: Actor, tenant: Tenant) -> list[hooks.Parts]:
    """What has to end before a reseller can be closed; a customer's ends with it."""
    if tenant.kind != Kind.RESELLER:
        return []
    return [part for look in hooks.ACTIVE for part in look(actor, tenant) if part.count]


def open_parts(actor: Actor, tenant: Tenant) -> list[hooks.Parts]:
    """The same things of a customer, and its mailboxes, which closing it ends: for the page that asks."""
    parts = [part for look in hooks.ACTIVE for part in look(actor, tenant)]
    return [part for part in [*parts, mailboxes_of(actor, tenant)] if part.count]


def _shut_out(tenant: Tenant, now: datetime) -> dict[str, int]:
    """Keys and links are dead; whoever worked nowhere else can log in no more, and is logged out."""
    keys = ApiKey.objects.filter(tenant=tenant, revoked_at=None).update(revoked_at=now)
    links = Invitation.objects.filter(accepted_at=None, revoked_at=None)
    revoked = links.filter(tenant=tenant).update(revoked_at=now) + links.filter(into=tenant).update(revoked_at=now)
    elsewhere = Membership.objects.filter(user=OuterRef("pk")).exclude(tenant__status=Tenant.Status.CLOSED)
    members = User.objects.filter(memberships__tenant=tenant, is_active=True)
    gone = list(members.exclude(Exists(elsewhere)).values_list("pk", flat=True))
    for user_id in gone:
        end_sessions(user_id)
    return {"logins": len(gone), "api_keys": keys, "invitations": revoked}
