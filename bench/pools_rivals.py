"""What handing out seats is measured against: one plain statement, and a lock with objects."""

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

FLOOR = """
WITH taken AS (
    UPDATE subscriptions_pool SET assigned = assigned + 1, was_assigned = true WHERE id = %(pool)s AND free >= 1
    RETURNING id, provider_id),
hand AS (
    UPDATE subscriptions_poolassignment a SET seats = a.seats + 1 FROM taken
     WHERE a.pool_id = taken.id AND a.tenant_id = %(customer)s RETURNING a.id, a.pool_id, a.provider_id),
moved AS (
    INSERT INTO subscriptions_seatentry (provider_id, pool_id, assignment_id, kind, seats, by_seats, by_pending,
                                         by_allocated, by_assigned, request_id, made_at)
    SELECT provider_id, pool_id, id, 'assign', 1, 0, 0, 0, 1, %(request)s, %(now)s FROM hand)
INSERT INTO tenants_event (provider_id, tenant_id, kind, subject_type, subject_id, after, user_id, user_name,
                           user_tenant_id, request_id, at)
SELECT provider_id, %(customer)s, 'pool.seats_assigned', 'pool', pool_id, %(facts)s::jsonb, %(user)s, 'Bench',
       %(holder)s, 'bench', %(now)s FROM hand
"""


def stock(holder: Any, seats: int) -> Any:
    """A purchased pool."""
    from bench.market import NOW
    from catalog.models import ServiceType
    from subscriptions.services.pools.purchasing import Purchase, purchase_pool
    from tenants.actor import Actor
    from tenants.models import ResellerTerms

    ResellerTerms.objects.filter(pk=holder.pk).update(is_large=True)
    purchase = Purchase(
        service_type_id=ServiceType.objects.get().pk, name="Hot", unit="seats", seats=seats, source="direct",
        payment_type="yearly", ends_at=NOW + timedelta(days=365),
    )  # fmt: skip
    actor = Actor.system(holder.provider_id, "bench")
    return purchase_pool(actor=actor, tenant_id=holder.pk, purchase=purchase, now=NOW)


def floor(actor: Any, pool: int, customer: int) -> None:
    from django.db import connection

    from bench.market import NOW

    facts = json.dumps({"customer": customer, "seats": 1})
    values: dict[str, Any] = {"pool": pool, "customer": customer, "request": uuid4(), "now": NOW, "facts": facts}
    with connection.cursor() as cursor:
        cursor.execute(FLOOR, values | {"user": actor.user_id, "holder": actor.tenant_id})
        assert cursor.rowcount == 1


def naive(actor: Any, pool_id: int, customer_id: int) -> None:
    """What one writes first: lock the pool, look, count, write."""
    from django.db import transaction

    from bench.market import NOW
    from subscriptions.models import Pool, PoolAssignment, SeatEntry
    from tenants.models import Tenant

    with transaction.atomic():
        pool = Pool.objects.select_for_update().get(pk=pool_id)
        customer = Tenant.objects.get(pk=customer_id)
        assert customer.parent_id == pool.tenant_id
        assert pool.state == "active"
        assert pool.free >= 1
        hand, _made = PoolAssignment.objects.get_or_create(
            pool=pool, tenant=customer, defaults={"provider_id": pool.provider_id, "made_at": NOW}
        )
        hand.seats += 1
        hand.save()
        pool.assigned += 1
        pool.was_assigned = True
        pool.save()
        SeatEntry.objects.create(
            provider_id=pool.provider_id, pool=pool, assignment=hand, kind="assign", seats=1, by_assigned=1,
            request_id=uuid4(), made_at=NOW,
        )  # fmt: skip
        actor.record("pool.seats_assigned", pool, at=NOW, tenant_id=customer_id, customer=customer_id, seats=1)
