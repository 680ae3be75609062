"""Suspend and resume."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from resellerhub.kernel.operation import operation
from resellerhub.kernel.refusals import NotFound, Refusal, found
from tenants import hooks
from tenants.actor import Actor
from tenants.models import Membership, Profile, Tenant
from tenants.roles import Role
from tenants.services.flood import heard_enough
from tenants.services.mails import write_mail
from tenants.services.tree import lock_branches


class NotActive(Refusal):
    code, message = "not-active", _("Only an active tenant can be suspended.")


class NotSuspended(Refusal):
    code, message = "not-suspended", _("Only a suspended tenant can be resumed.")


@operation
def suspend_tenant(*, actor: Actor, tenant_id: int, reason: str = "", now: datetime) -> Tenant:
    """From now on its users can look and export but change nothing, and nothing is sold to it.

    It concerns this tenant alone: those beneath it work on, for they owe it nothing that it did not pay. Its users read
    the reason. What a customer holds is suspended with it.
    """
    return _switch(actor, tenant_id, Tenant.Status.ACTIVE, Tenant.Status.SUSPENDED, NotActive, now, {"reason": reason})


@operation
def resume_tenant(*, actor: Actor, tenant_id: int, now: datetime) -> Tenant:
    """Undo a suspension, with that of what was suspended by it."""
    return _switch(actor, tenant_id, Tenant.Status.SUSPENDED, Tenant.Status.ACTIVE, NotSuspended, now, {})


def _switch(
    actor: Actor, tenant_id: int, before: str, after: str, refusal: type[Refusal], now: datetime, facts: dict[str, Any]
) -> Tenant:
    lock_branches(actor, tenant_id)
    tenant: Tenant = found(Tenant.objects.visible_to(actor).locked(), pk=tenant_id)
    if tenant.pk == actor.tenant_id:
        raise NotFound()  # nobody decides over themselves; their seller does
    actor.require(f"{tenant.kind}.edit")
    if tenant.status != before:
        raise refusal()
    tenant.status = after
    tenant.save(update_fields=["status"])
    Profile.objects.filter(pk=tenant.pk).update(suspension_reason=facts.get("reason", ""))
    verb = "suspended" if after == Tenant.Status.SUSPENDED else "resumed"
    _tell(actor, tenant, f"tenant_{verb}", facts.get("reason", ""), now)
    take_along(actor, [tenant], after, facts.get("reason", ""), now)
    actor.record(f"{tenant.kind}.{verb}", tenant, at=now, before={"status": before}, status=after, **facts)
    return tenant


def take_along(actor: Actor, switched: Sequence[Tenant], status: str, reason: str, now: datetime) -> None:
    """What is suspended or resumed with these. The caller has locked their branches, and has told their people: mails
    are locked before subscriptions."""
    if status == Tenant.Status.SUSPENDED:
        for suspend in hooks.SUSPENDED:
            suspend(actor, switched, reason, now)
    else:
        for resume in hooks.RESUMED:
            resume(actor, switched, now)


def _tell(actor: Actor, tenant: Tenant, mail: str, reason: str, now: datetime) -> None:
    """To its administrators, in the name of whoever did it, where that may write to them."""
    sender, profile = Tenant.objects.get(pk=actor.tenant_id), Profile.objects.get(pk=tenant.pk)
    members = Membership.objects.filter(tenant=tenant, role=Role.ADMINISTRATOR, user__is_active=True)
    told = list(members.select_related("user").order_by("pk"))
    over = heard_enough([member.user.email for member in told], [tenant.pk], mail, now)
    for member in told:
        if (tenant.pk, member.user.email) in over:
            continue
        write_mail(
            kind=mail,
            to=member.user.email,
            sender=sender,
            about=tenant,
            language=member.user.language,
            facts={"organisation": profile.name, "reason": reason},
            now=now,
        )
