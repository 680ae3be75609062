"""Events about companies, settings, mapping and registrations in the words of the reader."""

from typing import Any

from django.utils.translation import gettext_lazy as _

WORDS: dict[str, Any] = {
    "provider.company_changed": _("Company data changed"),
    "reseller.company_changed": _("Company data changed"),
    "customer.company_changed": _("Company data changed"),
    "provider.signatures_changed": _("Signatures changed"),
    "reseller.signatures_changed": _("Signatures changed"),
    "company.memo_changed": _("Memo changed"),
    "reseller_type.changed": _("Reseller type changed"),
    "reseller.mapped": _("Reseller mapped"),
    "registration.received": _("Registration received"),
    "registration.approved": _("Registration approved"),
    "registration.rejected": _("Registration rejected"),
}

FACTS: dict[str, Any] = {
    "owner_email": _("Tenant owner"),
    "contact_name": _("Contact person"),
    "phone": _("Phone"),
    "street": _("Street and number"),
    "postal_code": _("Postal code"),
    "city": _("City"),
    "country": _("Country"),
    "legal_name": _("Legal name"),
    "vat_id": _("VAT ID"),
    "iban": "IBAN",
    "currency": _("Currency"),
    "payment_days": _("Payment terms"),
    "billing_same": _("Invoices go to the main address"),
    "billing_name": _("Recipient of invoices"),
    "billing_email": _("E-mail for invoices"),
    "billing_street": _("Street and number (invoices)"),
    "billing_postal_code": _("Postal code (invoices)"),
    "billing_city": _("City (invoices)"),
    "billing_country": _("Country (invoices)"),
    "signature_sales": _("Signature of Sales"),
    "signature_support": _("Signature of Support"),
    "signature_billing": _("Signature of Billing"),
    "signature_technical": _("Signature of Technical"),
    "signature_management": _("Signature of Management"),
    "is_large": _("Large account reseller"),
    "is_enabled": _("Can be chosen"),
    "label": _("Label"),
    "terms": _("Terms"),
    "version": _("Version of the terms"),
    "terms_version": _("Accepted version of the terms"),
    "takes_registrations": _("Resellers may register"),
    "slug": _("Short name"),
    "oversell_default": _("New resellers may oversell"),
    "over_quota_basis": _("Over quota counts"),
    "reseller": _("Reseller"),
}
