"""What the demo's commission resellers may offer, what customers may order themselves, and the first orders."""

from collections.abc import Sequence

from catalog.models import Package
from resellerhub.demo.catalogue import RETAIL
from resellerhub.demo.logins import administrator
from resellerhub.demo.sellers import Seller, Stage
from subscriptions.models import Listing
from subscriptions.services.ordering.listings import Conditions, create_listing
from subscriptions.services.ordering.offerings import set_offerings
from subscriptions.services.ordering.orders import place_order, reject_order

LISTED = (("Exchange Start", True), ("Mail LIGHT", False), ("Mail STANDARD", True))
"""Packages that can be ordered, and whether the seller looks at each order first."""
TEXTS = {
    "Exchange Start": "Postfächer mit Kalender und Kontakten für kleine Teams.",
    "Mail LIGHT": "E-Mail für den Anfang, sofort verfügbar.",
    "Mail STANDARD": "E-Mail mit mehr Speicher und Verteilern.",
}


def choose_offerings(stage: Stage, sellers: Sequence[Seller]) -> None:
    """Commission resellers offer what the provider sells to customers."""
    packages = [stage.catalogue.packages[recipe.name].pk for recipe in RETAIL]
    for seller in sellers[1:]:
        if not seller.is_prepaid:
            set_offerings(actor=stage.provider, reseller_id=seller.id, package_ids=packages, now=stage.now)


def open_self_service(stage: Stage, sellers: Sequence[Seller]) -> int:
    """The provider and the first reseller let their customers order; how many orders there are."""
    count = 0
    for seller in sellers[:2]:
        entries = [_list(stage, seller, name, approval) for name, approval in LISTED]
        if seller.customers:
            count += _order(stage, seller, entries)
    return count


def _list(stage: Stage, seller: Seller, name: str, needs_approval: bool) -> Listing:
    package: Package = stage.catalogue.packages[name]
    instance = next(one for one in stage.catalogue.instances.values() if one.service_type_id == package.service_type_id)
    terms = Conditions(instance.pk, needs_approval, TEXTS[name])
    return create_listing(actor=seller.actor, package_id=package.pk, conditions=terms, now=stage.now)


def _order(stage: Stage, seller: Seller, entries: Sequence[Listing]) -> int:
    """By the customer who can log in: one waits, one was rejected."""
    customer = administrator(seller.customers[0])
    place_order(actor=customer, listing_id=entries[0].pk, note="Bitte ab nächster Woche.", now=stage.now)
    second = place_order(actor=customer, listing_id=entries[2].pk, quantity=40, now=stage.now)
    comment = "Bitte melden Sie sich: Für diese Menge gibt es einen besseren Tarif."
    reject_order(actor=seller.actor, order_id=second.pk, comment=comment, now=stage.now)
    return 2
