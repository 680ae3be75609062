"""Resellers and customers over REST."""

from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from resellerhub.rest.serializers import Id, In, Out
from tenants import selectors
from tenants.actor import Actor
from tenants.models import ResellerType, Tenant
from tenants.serializers.accounts import AccountIn
from tenants.services.details import Details
from tenants.services.people import Person


class AdministratorIn(In):
    email = serializers.EmailField(max_length=254)
    name = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)
    password = serializers.CharField(
        max_length=128,
        required=False,
        default=None,
        trim_whitespace=False,
        validators=[validate_password],
        help_text="Without one nobody can log in until it is set.",
    )


class CompanyIn(In):
    """What is said of a company. What is left out is what the provider's settings say, or nothing."""

    name = serializers.CharField(max_length=200)
    owner_email = serializers.EmailField(max_length=254, required=False, allow_blank=True)
    contact_name = serializers.CharField(max_length=200, required=False, allow_blank=True)
    phone = serializers.CharField(max_length=50, required=False, allow_blank=True)
    street = serializers.CharField(max_length=200, required=False, allow_blank=True)
    postal_code = serializers.CharField(max_length=20, required=False, allow_blank=True)
    city = serializers.CharField(max_length=100, required=False, allow_blank=True)
    country = serializers.RegexField(
        r"^([A-Z]{2})?$", max_length=2, required=False, allow_blank=True, help_text="ISO 3166-1 alpha-2."
    )
    language = serializers.ChoiceField(choices=settings.LANGUAGES, required=False)
    time_zone = serializers.CharField(max_length=50, required=False, help_text="Such as Europe/Berlin.")
    legal_name = serializers.CharField(max_length=200, required=False, allow_blank=True)
    vat_id = serializers.CharField(
        max_length=40, required=False, allow_blank=True, help_text="With its country, such as DE136695976."
    )
    currency = serializers.CharField(max_length=3, required=False, help_text="ISO 4217.")
    payment_days = serializers.IntegerField(min_value=0, max_value=365, required=False)
    iban = serializers.CharField(max_length=50, required=False, allow_blank=True)
    billing_same = serializers.BooleanField(required=False, help_text="Invoices go to the main address.")
    billing_name = serializers.CharField(max_length=200, required=False, allow_blank=True)
    billing_email = serializers.EmailField(max_length=254, required=False, allow_blank=True)
    billing_street = serializers.CharField(max_length=200, required=False, allow_blank=True)
    billing_postal_code = serializers.CharField(max_length=20, required=False, allow_blank=True)
    billing_city = serializers.CharField(max_length=100, required=False, allow_blank=True)
    billing_country = serializers.RegexField(
        r"^([A-Z]{2})?$", max_length=2, required=False, allow_blank=True, help_text="ISO 3166-1 alpha-2."
    )
    memo = serializers.CharField(
        max_length=5000, required=False, allow_blank=True, help_text="Seen by the seller only."
    )


class TenantIn(CompanyIn):
    """A company, beneath whom it stands, and its first administrator."""

    seller = Id(required=False, help_text="The provider or reseller above it; left out, your own tenant.")
    administrator = AdministratorIn(required=False, default=None, allow_null=True)


class CustomerIn(TenantIn):
    account = AccountIn(required=False, default=None, allow_null=True, help_text="In place of an administrator.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["account"] and attrs["administrator"]:
            raise serializers.ValidationError({"administrator": _("The account has a login of its own.")})
        return attrs


class ResellerIn(TenantIn):
    type = serializers.ChoiceField(choices=ResellerType.choices)
    may_oversell = serializers.BooleanField(
        required=False, default=None, allow_null=True, help_text="Left out, as the provider's settings say."
    )


class SuspendIn(In):
    reason = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)


class TenantOut(Out):
    id = Id()
    seller = Id(source="seller_id")
    seller_name = serializers.CharField()
    name = serializers.CharField()
    owner_email = serializers.CharField()
    contact_name = serializers.CharField()
    phone = serializers.CharField()
    street = serializers.CharField()
    postal_code = serializers.CharField()
    city = serializers.CharField()
    country = serializers.CharField()
    language = serializers.CharField()
    status = serializers.ChoiceField(choices=Tenant.Status.choices)
    created_at = serializers.DateTimeField()


class TermsIn(In):
    may_oversell = serializers.BooleanField(required=False)


class CustomerOut(TenantOut):
    """Where a reseller hides the names of its customers from you, the name is "Customer" and the id, and what else
    tells who it is stays empty."""

    named = serializers.BooleanField(help_text="False where the names are hidden from you.")
    account_name = serializers.CharField(help_text="Empty where there is none, or names are hidden.")
    support_level = serializers.CharField(help_text="By its name; empty without an account.")


class ResellerOut(TenantOut):
    type = serializers.ChoiceField(choices=ResellerType.choices, source="terms.type")
    may_oversell = serializers.BooleanField(source="terms.may_oversell")
    customers = serializers.IntegerField(source="customer_count", help_text="How many it sells to directly.")
    customers_visible = serializers.BooleanField(help_text="Whether you may read the names of its customers.")


def details_of(values: dict[str, Any], actor: Actor) -> Details:
    """What was given; language, currency and time zone else as in the actor's house."""
    given = {name: values[name] for name in Details.__dataclass_fields__ if name in values}
    return Details(**selectors.house(actor) | given)


def administrator_of(values: dict[str, Any], actor: Actor) -> Person | None:
    given, language = values["administrator"], details_of(values, actor).language
    return Person(given["email"], given["name"], given["password"], language) if given else None
