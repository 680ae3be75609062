"""What happens in the catalogue, in the words of the reader."""

from django.utils.translation import gettext_lazy as _

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
}

FACTS = {
    "effective_on": _("Effective from"),
    "reseller_fee": _("Reseller fee (ID)"),
    "account_fee": _("Account fee (ID)"),
    "audience": _("For"),
    "is_shared": _("Share with resellers"),
    "fee_kind": _("Kind of fee"),
    "applies_more_than_once": _("May be applied more than once"),
    "public_name": _("Name for end users"),
    "amount": _("Amount"),
    "currency": _("Currency"),
    "cycle": _("Billing cycle"),
    "billed": _("Billed"),
    "activation_amount": _("Activation fee"),
    "prorates_first": _("Prorate the first period"),
    "prorates_last": _("Prorate the last period"),
    "minimum_months": _("Minimum term in months"),
    "cancellation_amount": _("Early cancellation fee"),
    "credits_suspension": _("Credit suspended days"),
}
