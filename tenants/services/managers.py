"""Which customers an account manager looks after: handed over, taken away, handed on, many at once."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from resellerhub.kernel.operation import operation
from resellerhub.kernel.refusals import NotFound, Refusal, found
from tenants.actor import Actor
from tenants.models import Event, ManagedCustomer, Membership, Tenant
from tenants.naming import refuse_insight
from tenants.roles import Role
from tenants.services.tree import must_be_open

BATCH = 2_000


class SameManager(Refusal):
    code, message, status = "same-manager", _("Choose another account manager."), 422


class NotBeneath(Refusal):
    code, status = "not-beneath", 422
    message = _("{count} of these customers do not buy from the organisation of this account manager.")


class NotColleagues(Refusal):
    code, message, status = "not-colleagues", _("Both must work for the same organisation."), 422


@operation
def assign_customers(*, actor: Actor, membership_id: int, customer_ids: Sequence[int], now: datetime) -> int:
    """Let an account manager look after these customers, too; how many are new to it. Repeating it changes nothing.

    All or nothing: refused where one of them is not beneath the manager's organisation.
    """
    actor.require("user.manage")
    manager = _manager(actor, membership_id)
    refuse_insight(actor, manager.tenant)
    asked = set(customer_ids)
    seen = Tenant.objects.visible_to(actor).customers().exclude(status=Tenant.Status.CLOSED)
    customers = {row.pk: row for row in seen.filter(pk__in=asked)}
    if asked - set(customers):
        raise NotFound()
    if strangers := [row for row in customers.values() if manager.tenant_id not in row.ancestors]:
        raise NotBeneath(field="to", count=len(strangers))
    has = ManagedCustomer.objects.filter(membership=manager, tenant_id__in=asked).values_list("tenant_id", flat=True)
    fresh = [customers[pk] for pk in sorted(asked - set(has))]
    ManagedCustomer.objects.bulk_create(
        (ManagedCustomer(membership=manager, tenant=row, provider_id=manager.provider_id) for row in fresh),
        batch_size=BATCH,
    )
    _note(actor, "customer.handed", fresh, now, user_id=manager.user_id)
    return len(fresh)


@operation
def release_customers(*, actor: Actor, membership_id: int, customer_ids: Sequence[int], now: datetime) -> int:
    """Take customers away from an account manager; how many it looked after. Others are passed over."""
    actor.require("user.manage")
    manager = _manager(actor, membership_id)
    rows = ManagedCustomer.objects.filter(membership=manager, tenant_id__in=customer_ids)
    taken = list(Tenant.objects.filter(pk__in=rows.values("tenant_id")).order_by("pk"))
    rows.delete()
    _note(actor, "customer.taken_back", taken, now, user_id=manager.user_id)
    return len(taken)


@operation
def hand_on_customers(*, actor: Actor, membership_id: int, to_id: int, now: datetime) -> int:
    """Give all customers of one account manager to another of the same organisation; how many these are."""
    actor.require("user.manage")
    locked = {row.pk: row for row in _managers(actor).filter(pk__in=[membership_id, to_id])}
    if {membership_id, to_id} - set(locked):
        raise NotFound()
    must_be_open(locked[membership_id].tenant)
    refuse_insight(actor, locked[to_id].tenant)
    if membership_id == to_id:
        raise SameManager(field="to")
    before, after = locked[membership_id], locked[to_id]
    if before.tenant_id != after.tenant_id:
        raise NotColleagues(field="to")
    rows = ManagedCustomer.objects.filter(membership=before)
    handed = list(Tenant.objects.filter(pk__in=rows.values("tenant_id")).order_by("pk"))
    both = ManagedCustomer.objects.filter(membership=after).values("tenant_id")
    rows.exclude(tenant_id__in=both).update(membership=after)
    rows.delete()
    _note(actor, "customer.handed", handed, now, before={"user_id": before.user_id}, user_id=after.user_id)
    return len(handed)


def _managers(actor: Actor) -> QuerySet[Membership]:
    managers = Membership.objects.visible_to(actor).filter(role=Role.ACCOUNT_MANAGER)
    return managers.select_related("tenant").locked()


def _manager(actor: Actor, membership_id: int) -> Membership:
    manager = found(_managers(actor), pk=membership_id)
    must_be_open(manager.tenant)
    return manager


def _note(
    actor: Actor,
    kind: str,
    customers: Sequence[Tenant],
    now: datetime,
    *,
    before: dict[str, int] | None = None,
    user_id: int,
) -> None:
    """One event for each customer, in few statements."""
    facts = {"user_id": user_id}
    events = (actor.event(kind, row, at=now, before=before, facts=facts) for row in customers)
    Event.objects.bulk_create(events, batch_size=BATCH)
