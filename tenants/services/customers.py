"""Customers: one at a time, or many of one seller at once."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from tenants.actor import Actor
from tenants.models import Event, ManagedCustomer, Profile, Tenant
from tenants.roles import Kind, Role
from tenants.services.details import Details, describe, made_before
from tenants.services.people import Person, admit
from tenants.services.tree import plant, seller_in_scope, tree_operation


@tree_operation
def create_customer(
    *,
    actor: Actor,
    seller_id: int,
    details: Details,
    administrator: Person | None = None,
    request_id: UUID | None = None,
    now: datetime,
) -> Tenant:
    """A customer of the provider or of a reseller; one made by an account manager is its own to look after.

    Repeating a request id repeats nothing.
    """
    actor.require("customer.create")
    details.check()
    seller = seller_in_scope(actor, seller_id)
    if earlier := made_before(seller, Kind.CUSTOMER, details, request_id):
        return earlier
    (customer,) = plant(seller, Kind.CUSTOMER, now)
    describe(customer, details, request_id)
    if administrator:
        admit(tenant=customer, person=administrator, role=Role.ADMINISTRATOR, now=now, field="administrator_email")
    _look_after(actor, [customer])
    actor.record("customer.created", customer, at=now, seller=seller.pk)
    return customer


@tree_operation
def create_customers(*, actor: Actor, seller_id: int, customers: Sequence[Details], now: datetime) -> list[Tenant]:
    """Many customers of one seller, in the given order, at the cost of a few statements: one gap is opened for all."""
    actor.require("customer.create")
    for details in customers:
        details.check()
    seller = seller_in_scope(actor, seller_id)
    tenants = plant(seller, Kind.CUSTOMER, now, len(customers))
    pairs = list(zip(tenants, customers, strict=True))
    Profile.objects.bulk_create(
        Profile(tenant=tenant, provider_id=seller.house_id, **details.values()) for tenant, details in pairs
    )
    _look_after(actor, tenants)
    Event.objects.bulk_create(
        actor.event("customer.created", tenant, at=now, facts={"seller": seller.pk}) for tenant in tenants
    )
    return tenants


def _look_after(actor: Actor, customers: Sequence[Tenant]) -> None:
    if actor.managed is not None and actor.membership_id is not None:
        ManagedCustomer.objects.bulk_create(
            ManagedCustomer(membership_id=actor.membership_id, tenant=customer, provider_id=customer.house_id)
            for customer in customers
        )
