"""What happens to add-ons, in the words of the reader."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from addons.models import AddOn, AddOnSale, BulkSale
from catalog.models import Resource
from resellerhub.kernel.periods import Cycle
from tenants.event_values import visible

WORDS = {
    "add_on.created": _("Add-on created"),
    "add_on.changed": _("Add-on changed"),
    "add_on.associated": _("Packages of an add-on changed"),
    "add_on.activated": _("Add-on activated"),
    "add_on.deactivated": _("Add-on deactivated"),
    "add_on.copied": _("Add-on copied"),
    "add_on.sold": _("Add-on sold"),
    "add_on.cancelled": _("Sale of an add-on cancelled"),
    "add_on.handed_over": _("Add-on follows its subscription"),
    "add_on.moved": _("Add-on has another seller"),
    "add_on.repriced": _("Price of an add-on in a new term"),
    "add_on.cost_changed": _("Cost of an add-on in a new term"),
    "bulk_sale.started": _("Bulk sale started"),
}

FACTS: dict[str, Any] = {
    "add_on": _("Add-on"),
    "copied_from": _("Copy of"),
    "cycle": _("Billing cycle"),
    "reseller_price": _("Price for resellers"),
    "customer_price": _("Price for customers"),
    "unit_price": _("Unit price"),
    "granted": _("Granted"),
    "taken_back": _("Taken back"),
    "add_on.values": _("Resources"),
    "add_on.lines": _("Lines"),
    "add_on.total": _("In total"),
    "value": _("Value"),
    "minimum": _("Minimum"),
}

THINGS = {"addon": _("Add-on"), "addonsale": _("Sale of an add-on"), "bulksale": _("Bulk sale")}

CODES = {
    "cycle": dict(Cycle.choices),
    "add_on.state": dict(AddOnSale.State.choices),
    "bulk_sale.audience": dict(BulkSale.Audience.choices),
}


def references() -> dict[str, Any]:
    """What stands in events by its id."""
    add_ons = (visible(AddOn), _("Add-on %(id)s"))
    resources = (visible(Resource), _("Resource %(id)s"))
    amounts = dict.fromkeys(("granted", "taken_back", "add_on.values"), resources)
    return {"add_on": add_ons, "copied_from": add_ons, **amounts}
