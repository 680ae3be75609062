"""Packages as things whose prices a list of their seller makes."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext as _

from catalog.hooks import Asked, OwnPrice, Sold
from catalog.models import Package, PackageVersion
from subscriptions.owing import line_of
from subscriptions.selectors.offers import is_prepaid, sellable
from tenants.models import Tenant
from tenants.roles import Kind

if TYPE_CHECKING:
    from tenants.actor import Actor


def packages_sold(actor: "Actor", asked: Asked) -> Iterable[Sold]:
    """What the buyer can hold, and, of a reseller, what it can sell on and owes for each customer subscription; with
    what stands beside the rules, by each cycle in which it is offered. As many statements however many packages. A
    commission reseller buys nothing."""
    seller, buyer = asked.seller, asked.buyer
    if buyer.kind == Kind.RESELLER and buyer.pk and not is_prepaid(buyer.pk):
        return
    wanted = Q(audience=buyer.kind)
    if buyer.kind == Kind.RESELLER:
        wanted |= Q(is_shared=True)
    packages = sellable(seller).filter(wanted, pk__in=Package.objects.visible_to(actor).order_by().values("pk"))
    rows = PackageVersion.objects.filter(package__in=packages.order_by().values("pk")).in_force(asked.on)
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
            )


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
