"""Add-ons as things whose prices a list of their seller makes."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext as _

from addons.models import AddOn, AddOnVersion
from addons.owing import linked
from catalog.hooks import Asked, Sold
from subscriptions.owing import line_of
from subscriptions.selectors.offers import is_prepaid
from subscriptions.selectors.priced import owed_for
from tenants.roles import Kind

if TYPE_CHECKING:
    from tenants.actor import Actor


def add_ons_sold(actor: "Actor", asked: Asked) -> Iterable[Sold]:
    """What the seller can sell to the buyer, and what else the buyer owes it a reseller fee for, with what stands
    beside the rules. As many statements however many. A commission reseller buys nothing."""
    seller, buyer = asked.seller, asked.buyer
    if buyer.kind == Kind.RESELLER and buyer.pk and not is_prepaid(buyer.pk):
        return
    shared = Q(tenant__in=seller.ancestors, is_shared=True)
    seen = AddOn.objects.visible_to(actor)
    sold = seen.filter(Q(tenant=seller.pk) | shared).active().order_by().values("pk")
    beneath = owed_for(asked, seen).values("pk")
    rows = AddOnVersion.objects.filter(Q(add_on__in=sold) | Q(add_on__in=beneath)).in_force(asked.on)
    versions = linked(rows, asked.on)
    line = line_of(seller, versions, [buyer], asked.on)
    for version in versions:
        has_fees = bool(version.account_fee_id or version.reseller_fees)
        for owed in line.asked_of(buyer, version):
            yield Sold(
                owed.about or version.about(owed.cycle),
                version.add_on.name,
                owed.currency if has_fees else "",
                owed.stated,
                owed.cost,
                owed.recommended,
                _("Add-on"),
                owed.cost_once,
                owed.issuer_id,
            )
