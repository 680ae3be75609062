"""Packages as things whose prices a list of their seller makes."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext as _

from catalog.hooks import Asked, Sold
from catalog.models import Package, PackageVersion
from subscriptions.owing import line_of
from subscriptions.selectors.offers import is_prepaid, sellable
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
