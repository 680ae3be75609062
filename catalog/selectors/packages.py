"""Packages with what they grant and cost on a day, as far as the asking actor may see it."""

from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Prefetch, Q, QuerySet

from catalog import hooks
from catalog.models import Fee, Package, PackageResource, PackageVersion
from catalog.selectors.fees import fees_in_force
from tenants.naming import maker_name

if TYPE_CHECKING:
    from tenants.actor import Actor


def packages(actor: "Actor") -> QuerySet[Package]:
    """With service type and the name of who manages it."""
    rows = Package.objects.visible_to(actor).select_related("service_type", "tenant")
    return rows.annotate(owner_name=maker_name(actor, "tenant"))


def listed(actor: "Actor", rows: QuerySet[Package]) -> QuerySet[Package]:
    """Of the packages in sight those that are of use to the actor."""
    for condition in hooks.LISTED:
        rows = rows.filter(condition(actor))
    return rows


def packages_in_force(actor: "Actor", on: date) -> QuerySet[Package]:
    """The same, `current` being the version of that day with its limits and its fees."""
    versions = with_content(actor, PackageVersion.objects.in_force(on), on)
    return packages(actor).prefetch_related(Prefetch("versions", versions, to_attr="in_force"))


def package_versions(actor: "Actor", package: Package, on: date) -> QuerySet[PackageVersion]:
    """All that a package said and will say, the newest first."""
    return with_content(actor, package.versions.newest_first(), on)


def with_content(actor: "Actor", rows: QuerySet[PackageVersion], on: date) -> QuerySet[PackageVersion]:
    """With limits, and with the fees that the actor may see: of another it learns nothing, not even its id."""
    limits = PackageResource.objects.select_related("resource").order_by("resource__position", "resource_id")
    return rows.prefetch_related(
        Prefetch("limits", limits),
        Prefetch("reseller_fee", fees_in_force(actor, on)),
        Prefetch("account_fee", fees_in_force(actor, on)),
    )


def packages_of_fee(fee: Fee, on: date) -> QuerySet[Package]:
    """The packages that name the fee on a day, or will; in anybody's sight."""
    versions = PackageVersion.objects.standing(on).filter(Q(reseller_fee=fee) | Q(account_fee=fee))
    return Package.objects.filter(pk__in=versions.values("package")).order_by("pk")
