"""Who may manage what a provider makes."""

from typing import TYPE_CHECKING

from django.db.models import QuerySet

from tenants.models import Tenant
from tenants.naming import seller_name
from tenants.roles import Kind

if TYPE_CHECKING:
    from tenants.actor import Actor


def managers(actor: "Actor") -> QuerySet[Tenant] | None:
    """The resellers of a provider; None for who manages all that it makes itself."""
    if not actor.is_provider:
        return None
    rows = Tenant.objects.visible_to(actor).filter(kind=Kind.RESELLER).select_related("profile")
    found: QuerySet[Tenant] = rows.exclude(status=Tenant.Status.CLOSED).order_by(seller_name(""), "pk")
    return found
