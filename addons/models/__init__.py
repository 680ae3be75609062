"""The tables of add-ons; Django looks for them here."""

from addons.models.add_ons import AddOn, AddOnPackage, AddOnResource, AddOnVersion
from addons.models.bulk import BulkPrice, BulkSale
from addons.models.oneoffs import AddOnOneOff
from addons.models.sales import AddOnSale, AddOnSaleCost

__all__ = [
    "AddOn",
    "AddOnOneOff",
    "AddOnPackage",
    "AddOnResource",
    "AddOnSale",
    "AddOnSaleCost",
    "AddOnVersion",
    "BulkPrice",
    "BulkSale",
]
