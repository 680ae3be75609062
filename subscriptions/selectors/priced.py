"""Packages as things whose prices a list of their seller makes."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from catalog.hooks import Asked, OwnPrice, Sold
from catalog.models import Package, PackageVersion
from subscriptions.owing import line_of
from subscriptions.selectors.offers import is_prepaid, sellable
from tenants.models import Tenant
from tenants.models.scope import below
from tenants.roles import Kind

if TYPE_CHECKING:
    from tenants.actor import Actor


def packages_sold(actor: "Actor", asked: Asked) -> Iterable[Sold]:
    """What the buyer can hold, and, of a reseller, what it can sell on and owes for each customer subscription, its own
    plans among it that it owes a reseller fee for; with what stands beside the rules, by each cycle in which it is
    offered. As many statements however many packages. A commission reseller buys nothing."""
    seller, buyer = asked.seller, asked.buyer
    if buyer.kind == Kind.RESELLER and buyer.pk and not is_prepaid(buyer.pk):
        return
    wanted = Q(audience=buyer.kind)
    if buyer.kind == Kind.RESELLER:
        wanted |= Q(is_shared=True)
    seen = Package.objects.visible_to(actor)
    sold = sellable(seller).filter(wanted, pk__in=seen.order_by().values("pk")).order_by().values("pk")
    beneath = owed_for(asked, seen.filter(service_type__is_active=True)).values("pk")
    rows = PackageVersion.objects.filter(Q(package__in=sold) | Q(package__in=beneath)).in_force(asked.on)
    versions = list(rows.select_related("package", "reseller_fee", "account_fee"))
    line = line_of(seller, versions, [buyer], asked.on)
    for version in versions:
        package: Package = version.package
        for owed in line.asked_of(buyer, version):
            yield Sold(
                owed.about or version.about(owed.cycle),
                package.name,
                owed.currency if version.account_fee_id or version.reseller_fee_id else "",
                owed.stated,
                owed.cost,
                owed.recommended,
                _("For each customer subscription") if package.audience != buyer.kind else "",
                owed.cost_once,
                owed.issuer_id,
            )


def owed_for(asked: Asked, things: QuerySet[Any]) -> QuerySet[Any]:
    """Of these, what was made beneath the seller and names a reseller fee that is owed to it, or passed on by it: what
    the buyer owes for each that it sells, its list makes the price of, too."""
    seller, buyer = asked.seller, asked.buyer
    if buyer.kind != Kind.RESELLER:
        return things.none()
    made = things.filter(below([buyer.pk or seller.pk]), is_active=True).exclude(tenant=seller)
    return made.filter(versions__reseller_fee__tenant__in=seller.ancestors).order_by()


def own_prices(actor: "Actor", package_id: int, on: date) -> list[OwnPrice]:
    """What the actor, as a reseller, is charged for it itself; a commission reseller buys nothing."""
    if actor.kind != Kind.RESELLER or not is_prepaid(actor.tenant_id):
        return []
    versions = PackageVersion.objects.filter(package=package_id).in_force(on)
    buyer: Tenant = Tenant.objects.get(pk=actor.tenant_id)
    seller: Tenant = Tenant.objects.get(pk=buyer.seller_id)
    return [
        OwnPrice(owed.amount, owed.currency, owed.cycle, owed.is_once)
        for version in versions.select_related("package", "reseller_fee", "account_fee")
        for owed in line_of(seller, [version], [buyer], on).asked_of(buyer, version)
        if owed.amount is not None
    ]
