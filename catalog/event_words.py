"""What happens in the catalogue, in the words of the reader."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from catalog.models import Fee, FeeVersion, Package, PriceList, PriceRule, Resource, ServiceType
from tenants.event_values import tenants, visible

WORDS = {
    "service_type.created": _("Service type created"),
    "service_type.changed": _("Service type changed"),
    "resource.created": _("Resource created"),
    "resource.changed": _("Resource changed"),
    "service_instance.created": _("Service instance created"),
    "service_instance.changed": _("Service instance changed"),
    "package.created": _("Package created"),
    "package.changed": _("Package changed"),
    "package.deactivated": _("Package withdrawn"),
    "fee.created": _("Fee created"),
    "fee.changed": _("Fee changed"),
    "fee.revised": _("What a fee charges changed"),
    "price_list.created": _("Price list created"),
    "price_list.changed": _("Price list changed"),
    "price_list.assigned": _("Price list assigned"),
    "price_list.unassigned": _("Price list taken away"),
    "price_list.priced": _("Price of a list changed"),
}

FACTS: dict[str, Any] = {
    "code": _("Code"),
    "unit": _("Unit"),
    "group": _("Group"),
    "position": _("Position"),
    "metering": _("Metering"),
    "is_active": _("Active"),
    "is_shared": _("Shared with resellers"),
    "audience": _("Audience"),
    "description": _("Description"),
    "service_type": _("Service type"),
    "resource": _("Resource"),
    "package": _("Package"),
    "packages": _("Packages"),
    "effective_on": _("Effective from"),
    "reseller_fee": _("Reseller fee"),
    "account_fee": _("Account fee"),
    "fee_kind": _("Kind of fee"),
    "applies_more_than_once": _("May be applied more than once"),
    "public_name": _("Name for end users"),
    "amount": _("Amount"),
    "currency": _("Currency"),
    "cycle": _("Billing cycle"),
    "amount_month": _("Amount per month"),
    "amount_quarter": _("Amount per quarter"),
    "amount_half_year": _("Amount per half-year"),
    "amount_year": _("Amount per year"),
    "billed": _("Billed"),
    "activation_amount": _("Activation fee"),
    "prorates_first": _("Prorate the first period"),
    "prorates_last": _("Prorate the last period"),
    "minimum_months": _("Minimum term in months"),
    "cancellation_amount": _("Early cancellation fee"),
    "cancellation_hours": _("Cancellation window in hours"),
    "credits_suspension": _("Credit suspended days"),
    "package.limits": _("Limits"),
    "package.overages": _("Hard quotas, overage"),
}

THINGS = {
    "servicetype": _("Service type"),
    "resource": _("Resource"),
    "serviceinstance": _("Service instance"),
    "package": _("Package"),
    "fee": _("Fee"),
    "pricelist": _("Price list"),
}

CODES = {
    "metering": dict(Resource.Metering.choices),
    "package.audience": dict(Package.Audience.choices),
    "fee_kind": dict(Fee.Kind.choices),
    "billed": dict(FeeVersion.Billed.choices),
    "price_list.audience": dict(PriceList.Audience.choices),
    "price_list.method": dict(PriceRule.Method.choices),
}


def references() -> dict[str, Any]:
    """What stands in events by its id."""
    resources = (visible(Resource), _("Resource %(id)s"))
    packages = (visible(Package), _("Package %(id)s"))
    fees = (visible(Fee), _("Fee %(id)s"))
    return {
        "service_type": (visible(ServiceType), _("Service type %(id)s")),
        "resource": resources,
        "package": packages,
        "packages": packages,
        "package.limits": resources,
        "package.overages": resources,
        "reseller_fee": fees,
        "account_fee": fees,
        "price_list.holders": (tenants, _("Buyer %(id)s")),
    }
