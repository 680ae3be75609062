"""Fees with what they say on a day."""

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, F, OuterRef, Prefetch, QuerySet, Subquery

from catalog.models import Fee, FeeVersion, Package, PackageVersion
from tenants.models import ResellerTerms, ResellerType, Tenant
from tenants.naming import maker_name
from tenants.roles import Kind as TenantKind

if TYPE_CHECKING:
    from tenants.actor import Actor


def fees(actor: "Actor", on: date) -> QuerySet[Fee]:
    """With the name of who manages each, and what it charges on a day: `amount` per `cycle`, `billed` when."""
    standing = FeeVersion.objects.filter(fee=OuterRef("pk"), effective_on__lte=on).newest_first()
    said = {name: Subquery(standing.values(name)[:1]) for name in ("amount", "cycle", "billed", "public_name")}
    return _managed(actor).annotate(**said)


def fees_in_force(actor: "Actor", on: date) -> QuerySet[Fee]:
    """With the same name, and `current` as the version of that day."""
    versions = FeeVersion.objects.in_force(on).annotate(fee_currency=F("fee__currency"))
    return _managed(actor).prefetch_related(Prefetch("versions", versions, to_attr="in_force"))


def fees_for(actor: "Actor", kind: str, manager_id: int, on: date) -> QuerySet[Fee]:
    """What a package of this manager may be given: fees of its own and of those above. A reseller chooses as reseller
    fee only its own: what it owes is set from above."""
    rows = fees(actor, on).filter(kind=kind).order_by("name", "pk")
    if kind == Fee.Kind.RESELLER and actor.kind != TenantKind.PROVIDER:
        return rows.filter(tenant=actor.tenant_id)
    return rows.filter(tenant__in=Tenant.objects.get(pk=manager_id).ancestors)


def linked_fees(actor: "Actor") -> QuerySet[Any]:
    """The ids of the reseller fees of packages in sight: a prepaid reseller that may sell the package owes the fee."""
    buys = ResellerTerms.objects.filter(pk=actor.tenant_id, type=ResellerType.PREPAID)
    seen = Package.objects.visible_to(actor)
    versions = PackageVersion.objects.filter(Exists(buys), package__in=seen, reseller_fee__isnull=False)
    return versions.order_by().values("reseller_fee")


def _managed(actor: "Actor") -> QuerySet[Fee]:
    """With the name of who manages each."""
    rows = Fee.objects.visible_to(actor).select_related("tenant")
    return rows.annotate(manager_name=maker_name(actor, "tenant"))
