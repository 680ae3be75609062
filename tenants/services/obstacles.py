"""What stands in the way, as a refusal that lists it."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from resellerhub.kernel.refusals import Refusal
from tenants.actor import Actor
from tenants.hooks import LISTED, Part, Parts
from tenants.models import Mailbox, Tenant
from tenants.naming import is_readable, name_of
from tenants.roles import Kind


class InTheWay(Refusal):
    """`parts` are what a page lists with links; the API tells the same as `active`."""

    def __init__(self, parts: Iterable[Parts], **facts: Any) -> None:
        self.parts = [part for part in parts if part.count]
        super().__init__(
            what=", ".join(f"{part.label}: {part.count}" for part in self.parts),
            active=[{"type": one.page, "id": one.pk, "name": one.name} for part in self.parts for one in part.first],
            **facts,
        )


class StillActive(InTheWay):
    code, message = "still-active", _("It cannot be deleted while something is active. {what}.")


class CannotConvert(InTheWay):
    code, message = "cannot-convert", _("It cannot be converted as it is. {what}.")


class CannotFollow(InTheWay):
    code, message = "cannot-follow", _("It cannot move: not everything could follow. {what}.")


def tenants_beneath(actor: Actor, tenant: Tenant, *, closed: bool = False) -> list[Parts]:
    """Whoever it sells to directly, by name where the actor may read it."""
    rows = Tenant.objects.filter(parent_id=tenant.pk).select_related("profile").order_by("pk")
    if not closed:
        rows = rows.exclude(status=Tenant.Status.CLOSED)
    found = []
    for kind, label in ((Kind.RESELLER, _("Resellers")), (Kind.CUSTOMER, _("Customers"))):
        some = rows.filter(kind=kind)
        first = [Part(kind.value, row.pk, name_of(actor, row)) for row in some[:LISTED]]
        found.append(Parts(label, some.count(), first))
    return found


def mailboxes_of(actor: Actor, tenant: Tenant) -> Parts:
    """They are a customer's; whoever may not read its names is told how many alone."""
    rows = Mailbox.objects.filter(tenant=tenant, removed_at=None).order_by("pk")
    first = [Part("mailbox", row.pk, row.address) for row in rows[:LISTED]]
    return Parts(_("Mailboxes"), rows.count(), first if is_readable(actor, tenant) else [])
