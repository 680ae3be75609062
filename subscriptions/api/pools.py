"""Pools over REST."""

from typing import Any

from django.utils import timezone

from resellerhub.kernel.refusals import found
from resellerhub.rest.endpoints import Call, operation_endpoint
from resellerhub.rest.views import Api, ReadApi
from subscriptions.filters.pools import AssignmentFilter, PoolFilter
from subscriptions.models import Pool, PoolAssignment, PoolSupply
from subscriptions.selectors import pool_numbers
from subscriptions.selectors import pools as selectors
from subscriptions.serializers.pools import (
    AssignmentIn,
    AssignmentOut,
    NumbersOut,
    PointOut,
    PoolChangeIn,
    PoolOut,
    PoolsForManyIn,
    PoolsIn,
    PurchaseIn,
    SeatsIn,
    SupplierIn,
    SupplyOut,
)
from subscriptions.services.pools.assigning import assign_seats, change_assignment
from subscriptions.services.pools.editing import change_pool
from subscriptions.services.pools.giving import give_pools
from subscriptions.services.pools.purchasing import purchase_pool
from subscriptions.services.pools.resolving import accept_pool, decline_pool, return_pool
from subscriptions.services.pools.supplying import add_supplier, end_supply


def shown(call: Call, pool: Pool) -> Pool:
    """As the list shows it."""
    row: Pool = selectors.pools(call.actor, call.now).get(pk=pool.pk)
    return row


def given(call: Call, resellers: list[int]) -> list[Pool]:
    """As the list shows them."""
    wanted = [each["wanted"] for each in call.values["pools"]]
    made = give_pools(actor=call.actor, reseller_ids=resellers, wanted=wanted, request_id=call.request_id, now=call.now)
    return list(selectors.pools(call.actor, call.now).filter(pk__in=[row.pk for row in made]).order_by("pk"))


class PoolApi(ReadApi):
    """Pooled subscriptions: purchased ones, and what was given of them, with their seats."""

    singular, permission, out = "pool", "pool.view", PoolOut
    filterset_class = PoolFilter
    ordering_fields = {"name": "name", "seats": "seats", "ends_at": "ends_at"}

    def rows(self, actor: Any) -> Any:
        return selectors.pools(actor, timezone.now())

    @operation_endpoint(input=PurchaseIn, output=PoolOut, status=201, permission="pool.edit", idempotency="required")
    def create(self, call: Call) -> Pool:
        """Enter a purchase: seats to be given to resellers. For a provider or a large account reseller."""
        holder = call.values["holder"] or call.actor.tenant_id
        purchase = call.values["purchase"]
        made = purchase_pool(
            actor=call.actor, tenant_id=holder, purchase=purchase, request_id=call.request_id, now=call.now
        )
        return shown(call, made)

    @operation_endpoint(input=PoolChangeIn, output=PoolOut, detail=True, method="patch", permission="pool.edit")
    def change(self, call: Call) -> Pool:
        """Change seats, payment type, expiry or renewal. `expiry` with the mode `now` ends it, and all that was given.

        Refused: `pool-exhausted`, `pool-in-use` below what is used, `payment-type-kept` once a customer had a seat,
        `ends-after-parent`, `not-yours-to-give`.
        """
        return shown(call, change_pool(actor=call.actor, pool_id=call.pk, now=call.now, **call.values))

    @operation_endpoint(output=PoolOut, detail=True, path="accept", permission="pool.edit", idempotency="required")
    def accept(self, call: Call) -> Pool:
        """Accept a pool that was offered to you. Twice is once."""
        return shown(call, accept_pool(actor=call.actor, pool_id=call.pk, now=call.now))

    @operation_endpoint(output=PoolOut, detail=True, path="decline", permission="pool.edit", idempotency="required")
    def decline(self, call: Call) -> Pool:
        """Decline a pool that was offered to you: its seats go back."""
        return shown(call, decline_pool(actor=call.actor, pool_id=call.pk, now=call.now))

    @operation_endpoint(output=PoolOut, detail=True, path="return", permission="pool.edit", idempotency="required")
    def take_back(self, call: Call) -> Pool:
        """Return a pool that was not accepted yet to the pool it is from. Refused: `pool-resolved`."""
        return shown(call, return_pool(actor=call.actor, pool_id=call.pk, now=call.now))

    @operation_endpoint(output=[PointOut], detail=True, path="trend", method="get", permission="pool.view")
    def trend(self, call: Call) -> Any:
        """The pool on the first of each of six months."""
        pool = found(Pool.objects.visible_to(call.actor), pk=call.pk)
        return pool_numbers.trend([pool.pk], call.now)[pool.pk]

    @operation_endpoint(
        input=PoolsForManyIn,
        output=[PoolOut],
        status=201,
        path="give",
        permission="pool.edit",
        idempotency="required",
    )
    def give(self, call: Call) -> Any:
        """Offer the same pools to each of several mapped resellers, all of them or none.

        Refused: `not-mapped`, `not-supplied`, `pool-exhausted`, `pool-not-active`, `ends-after-parent`.
        """
        return given(call, call.values["resellers"])


class PoolAssignmentApi(ReadApi):
    """Which customers have how many seats of a pool."""

    singular, plural, permission, out = "pool_assignment", "pool_assignments", "pool.view", AssignmentOut
    reads = ("list",)

    def rows(self, actor: Any) -> Any:
        pool = found(Pool.objects.visible_to(actor), pk=self.kwargs["pool"])
        return selectors.assignments(actor, timezone.now()).filter(pool=pool)

    @operation_endpoint(
        input=AssignmentIn,
        output=AssignmentOut,
        status=201,
        permission="pool.assign",
        idempotency="required",
        location="assignment",
    )
    def assign(self, call: Call) -> PoolAssignment:
        """Hand so many more seats of a pool to a customer.

        Refused: `pool-exhausted`, `pool-not-active`, `holder-not-active`.
        """
        made = assign_seats(
            actor=call.actor,
            pool_id=call.kwargs["pool"],
            customer_id=call.values["customer"],
            seats=call.values["seats"],
            request_id=call.request_id,
            now=call.now,
        )
        row: PoolAssignment = selectors.assignments(call.actor, call.now).get(pk=made.pk)
        return row


class AssignmentApi(ReadApi):
    """Seats of pools that customers have; a customer sees its own."""

    singular, permission, out = "assignment", "subscription.view", AssignmentOut
    filterset_class = AssignmentFilter

    def rows(self, actor: Any) -> Any:
        return selectors.assignments(actor, timezone.now())

    @operation_endpoint(input=SeatsIn, output=AssignmentOut, detail=True, method="patch", permission="pool.assign")
    def change(self, call: Call) -> PoolAssignment:
        """Let the customer have so many seats from now on.

        Refused: `pool-exhausted`, `pool-not-active`, `not-yours-to-give`.
        """
        changed = change_assignment(actor=call.actor, assignment_id=call.pk, seats=call.values["seats"], now=call.now)
        row: PoolAssignment = selectors.assignments(call.actor, call.now).get(pk=changed.pk)
        return row

    @operation_endpoint(detail=True, path="release", permission="pool.assign", idempotency="required")
    def release(self, call: Call) -> None:
        """Take all seats back from a customer."""
        change_assignment(actor=call.actor, assignment_id=call.pk, seats=0, now=call.now)


class ResellerPoolsApi(ReadApi):
    """Pools that a reseller holds, as far as you see them: of a supplier, what it gave."""

    singular, plural, permission, out = "reseller_pool", "reseller_pools", "pool.view", PoolOut
    reads = ("list",)
    filterset_class = PoolFilter
    ordering_fields = PoolApi.ordering_fields

    def rows(self, actor: Any) -> Any:
        holder = found(selectors.seen_holders(actor), pk=self.kwargs["reseller"])
        return selectors.pools(actor, timezone.now()).held_by(holder.pk)

    @operation_endpoint(input=PoolsIn, output=[PoolOut], status=201, permission="pool.edit", idempotency="required")
    def give(self, call: Call) -> Any:
        """Offer pools to a mapped reseller, all of them or none. It can use them when it has accepted.

        Refused: `not-mapped`, `not-supplied`, `pool-exhausted`, `pool-not-active`, `ends-after-parent`.
        """
        return given(call, [call.kwargs["reseller"]])


class ResellerPoolApi(Api):
    """What a reseller holds of pools, in numbers, and who supplies it."""

    singular = "reseller"

    @operation_endpoint(output=NumbersOut, detail=True, path="dashboard", method="get", permission="pool.view")
    def dashboard(self, call: Call) -> Any:
        """What a reseller holds of pools and gave of them, as far as you see them: of a supplier, what it gave."""
        reseller = found(selectors.seen_holders(call.actor), pk=call.pk)
        held = pool_numbers.numbers(call.actor, reseller.pk, call.now)
        return {
            "pools": held.pools,
            "customers": held.customers,
            "units": held.units,
            "given": pool_numbers.given(call.actor, reseller.pk, call.now),
        }

    @operation_endpoint(
        input=SupplierIn,
        output=SupplyOut,
        status=201,
        detail=True,
        path="suppliers",
        permission="reseller.map",
        location="supply",
    )
    def supply(self, call: Call) -> PoolSupply:
        """Let a large account reseller give pools to this reseller, which is not beneath it; said again, nothing
        changes. For a provider's staff. Refused: `no-supplier`."""
        made = add_supplier(actor=call.actor, reseller_id=call.pk, supplier_id=call.values["supplier"], now=call.now)
        row: PoolSupply = selectors.supplies(call.actor).get(pk=made.pk)
        return row


class SupplyApi(ReadApi):
    """Who gives pools to resellers that are not beneath it; a reseller sees those that it gives or takes by."""

    singular, permission, out = "supply", "pool.view", SupplyOut

    def rows(self, actor: Any) -> Any:
        return selectors.supplies(actor)

    @operation_endpoint(output=SupplyOut, detail=True, path="end", permission="reseller.map")
    def end(self, call: Call) -> PoolSupply:
        """Nothing more can be given; what was given stays. Twice is once."""
        ended = end_supply(actor=call.actor, supply_id=call.pk, now=call.now)
        row: PoolSupply = selectors.supplies(call.actor).get(pk=ended.pk)
        return row
