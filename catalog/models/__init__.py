"""The tables of the catalogue; Django looks for them here."""

from catalog.models.fees import Fee, FeeVersion
from catalog.models.packages import Package, PackageResource, PackageVersion
from catalog.models.prices import PriceList, PriceListHolder, PriceRule
from catalog.models.types import CODE, COUNT_MAX, ProvidedQuerySet, Resource, ServiceInstance, ServiceType

__all__ = [
    "CODE",
    "COUNT_MAX",
    "Fee",
    "FeeVersion",
    "Package",
    "PackageResource",
    "PackageVersion",
    "PriceList",
    "PriceListHolder",
    "PriceRule",
    "ProvidedQuerySet",
    "Resource",
    "ServiceInstance",
    "ServiceType",
]
