"""Whether those above a reseller read the names of the customers beneath it. Anybody above can close the curtain, and
only the reseller itself opens it again."""

from datetime import datetime
from typing import Any

from resellerhub.kernel.operation import operation
from resellerhub.kernel.refusals import NotFound
from tenants.actor import Actor
from tenants.models import Tenant
from tenants.roles import Kind
from tenants.services.inviting import end_from_above
from tenants.services.tree import lock_branches, must_be_open


@operation
def hide_customers(*, actor: Actor, reseller_id: int, now: datetime) -> Tenant:
    """From now on nobody above this reseller reads the names of the customers beneath it; again changes nothing.

    For the reseller itself, and for every tenant above it, which cannot undo it. Whom those above have invited into the
    branch does not come in any more.
    """
    actor.require("settings.edit" if reseller_id == actor.tenant_id else "reseller.edit")
    return _switch(actor, reseller_id, visible=False, now=now)


@operation
def show_customers(*, actor: Actor, now: datetime) -> Tenant:
    """Let those above read the names again, as far as no other reseller between hides them; again changes nothing."""
    actor.require("settings.edit")
    return _switch(actor, actor.tenant_id, visible=True, now=now)


def _switch(actor: Actor, reseller_id: int, *, visible: bool, now: datetime) -> Tenant:
    """The branch is locked: what moves meanwhile gets its veil from one state or the other."""
    reseller = lock_branches(actor, reseller_id)[reseller_id]
    if reseller.kind != Kind.RESELLER:
        raise NotFound()
    must_be_open(reseller)
    before = reseller.hides_customers_at is None
    if before == visible:
        return reseller
    Tenant.objects.filter(pk=reseller.pk).update(hides_customers_at=None if visible else now)
    reseller.refresh_from_db()
    verb = "shown" if visible else "hidden"
    facts: dict[str, Any] = {"customers_visible": visible}
    if not visible and (ended := end_from_above(reseller, now)):
        facts["invitations"] = ended
    actor.record(f"reseller.customers_{verb}", reseller, at=now, before={"customers_visible": before}, **facts)
    return reseller
