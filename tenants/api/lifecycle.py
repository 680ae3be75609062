"""The end of a tenant, its other kind, its other seller: over REST."""

from typing import Any

from django.db.models import QuerySet

from resellerhub.kernel.refusals import found
from resellerhub.rest.endpoints import Call, operation_endpoint
from resellerhub.rest.views import ReadApi, api_paths
from tenants import selectors
from tenants.models import Tenant
from tenants.serializers.lifecycle import CloseIn, FollowingOut, MoveIn, ToCustomerIn, ToResellerIn
from tenants.serializers.tenants import CustomerOut, ResellerOut
from tenants.services.closing import close_tenant
from tenants.services.conversion import convert_tenant
from tenants.services.moves import move_tenant, preview_move


class ResellerLifecycleApi(ReadApi):
    """What becomes of a reseller."""

    singular, permission, out = "reseller", "reseller.view", ResellerOut
    reads = ()

    def rows(self, actor: Any) -> QuerySet[Tenant]:
        return selectors.resellers(actor)

    @operation_endpoint(input=CloseIn, output=ResellerOut, detail=True, path="close", permission="reseller.delete")
    def close(self, call: Call) -> Tenant:
        """Delete a reseller: it is closed for good, and its history stays.

        Refused: another confirmation than `Yes` (422); while tenants beneath it, subscriptions or add-ons are active,
        `still-active` (409) with `active`, the list of them; `already-closed` (409).
        """
        return _close(self, call)

    @operation_endpoint(
        input=ToCustomerIn, output=CustomerOut, detail=True, path="convert", permission="reseller.delete"
    )
    def convert(self, call: Call) -> Tenant:
        """Make a customer of a reseller: its terms and mapping end, roles that a customer lacks become "read only".

        Refused: `cannot-convert` (409) with `active`, while anything stands beneath it, closed or not, or it has
        subscriptions, plans or add-ons of its own.
        """
        row = found(self.rows(call.actor), pk=call.pk)
        convert_tenant(actor=call.actor, tenant_id=row.pk, now=call.now)
        return found(selectors.customers(call.actor), pk=row.pk)

    @operation_endpoint(input=MoveIn, output=ResellerOut, detail=True, path="move", permission="reseller.move")
    def move(self, call: Call) -> Tenant:
        """Put a reseller, with all beneath it, under another seller that you see.

        Refused: `invalid-move` beneath itself, `cannot-follow` (409) with `active`, what could not come along.
        """
        return _move(self, call)

    @operation_endpoint(input=MoveIn, output=FollowingOut, detail=True, path="move/preview", permission="reseller.move")
    def preview_move(self, call: Call) -> dict[str, Any]:
        """What a move would take along, and what would be in its way."""
        return _preview(self, call)


class CustomerLifecycleApi(ReadApi):
    """What becomes of a customer."""

    singular, permission, out = "customer", "customer.view", CustomerOut
    reads = ()

    def rows(self, actor: Any) -> QuerySet[Tenant]:
        return selectors.customers(actor)

    @operation_endpoint(input=CloseIn, output=CustomerOut, detail=True, path="close", permission="customer.delete")
    def close(self, call: Call) -> Tenant:
        """Delete a customer: its subscriptions, add-ons and mailboxes end with it, all or nothing.

        Refused: another confirmation than `Yes` (422); `already-closed` (409).
        """
        return _close(self, call)

    @operation_endpoint(input=ToResellerIn, output=ResellerOut, detail=True, path="convert", permission="customer.edit")
    def convert(self, call: Call) -> Tenant:
        """Make a reseller of a customer, with this type; it needs the right to create resellers, too.

        Refused: `cannot-convert` (409) with `active`, while it has open subscriptions or mailboxes; a type that the
        provider does not take.
        """
        row = found(self.rows(call.actor), pk=call.pk)
        convert_tenant(actor=call.actor, tenant_id=row.pk, reseller_type=call.values["type"], now=call.now)
        return found(selectors.resellers(call.actor), pk=row.pk)

    @operation_endpoint(input=MoveIn, output=CustomerOut, detail=True, path="move", permission="customer.move")
    def move(self, call: Call) -> Tenant:
        """Put a customer under another seller that you see; its open subscriptions follow.

        Refused: `cannot-follow` (409) with `active`, what could not come along.
        """
        return _move(self, call)

    @operation_endpoint(input=MoveIn, output=FollowingOut, detail=True, path="move/preview", permission="customer.move")
    def preview_move(self, call: Call) -> dict[str, Any]:
        """What a move would take along, and what would be in its way."""
        return _preview(self, call)


def _move(view: ReadApi, call: Call) -> Tenant:
    row = found(view.rows(call.actor), pk=call.pk)
    move_tenant(actor=call.actor, tenant_id=row.pk, seller_id=call.values["seller"], now=call.now)
    moved: Tenant = found(view.rows(call.actor), pk=row.pk)
    return moved


def _preview(view: ReadApi, call: Call) -> dict[str, Any]:
    row = found(view.rows(call.actor), pk=call.pk)
    seller = found(selectors.sellers(call.actor), pk=call.values["seller"])
    following = preview_move(call.actor, row, seller)
    return {"along": following.along, "blocked": following.blocked, "is_possible": not following.blocked}


def _close(view: ReadApi, call: Call) -> Tenant:
    row = found(view.rows(call.actor), pk=call.pk)
    close_tenant(actor=call.actor, tenant_id=row.pk, confirmation=call.values["confirmation"], now=call.now)
    closed: Tenant = found(view.rows(call.actor), pk=row.pk)
    return closed


urls = [*api_paths("resellers", ResellerLifecycleApi), *api_paths("customers", CustomerLifecycleApi)]
