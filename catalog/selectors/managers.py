"""Who manages what is sold, and may change it."""

from typing import TYPE_CHECKING, TypeVar

from django.db.models import QuerySet

from catalog.models import Fee, Package, PriceList
from catalog.refusals import ManagedByAnother
from resellerhub.kernel.refusals import found
from tenants.models import Tenant
from tenants.naming import seller_name
from tenants.roles import Kind

if TYPE_CHECKING:
    from tenants.actor import Actor

Row = TypeVar("Row", Fee, Package, PriceList)


def managed(actor: "Actor", rows: QuerySet[Row], pk: int) -> Row:
    """One of the rows in sight, to be changed: what may only be looked at is refused."""
    row = found(rows, pk=pk)
    if not actor.manages(row.tenant_id):
        raise ManagedByAnother(name=row.name)
    return row


def managers(actor: "Actor") -> QuerySet[Tenant] | None:
    """The resellers of a provider; None for who manages all that it makes itself."""
    if not actor.is_provider:
        return None
    rows = Tenant.objects.visible_to(actor).filter(kind=Kind.RESELLER).select_related("profile")
    open_ones: QuerySet[Tenant] = rows.exclude(status=Tenant.Status.CLOSED).order_by(seller_name(""), "pk")
    return open_ones
