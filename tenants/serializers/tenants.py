"""Resellers and customers over REST."""

from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from rest_framework import serializers

from resellerhub.rest.serializers import Id, In, Out
from tenants.models import ResellerType, Tenant
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


class TenantIn(In):
    """A company, beneath whom it stands, and its first administrator."""

    seller = Id(required=False, help_text="The provider or reseller above it; left out, your own tenant.")
    name = serializers.CharField(max_length=200)
    owner_email = serializers.EmailField(max_length=254, required=False, default="", allow_blank=True)
    contact_name = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)
    phone = serializers.CharField(max_length=50, required=False, default="", allow_blank=True)
    street = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)
    postal_code = serializers.CharField(max_length=20, required=False, default="", allow_blank=True)
    city = serializers.CharField(max_length=100, required=False, default="", allow_blank=True)
    country = serializers.RegexField(
        r"^([A-Z]{2})?$", max_length=2, required=False, default="", allow_blank=True, help_text="ISO 3166-1 alpha-2."
    )
    language = serializers.ChoiceField(choices=settings.LANGUAGES, required=False, default="en")
    administrator = AdministratorIn(required=False, default=None, allow_null=True)


class CustomerIn(TenantIn):
    pass


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
    name = serializers.CharField(source="profile.name")
    owner_email = serializers.CharField(source="profile.owner_email")
    contact_name = serializers.CharField(source="profile.contact_name")
    phone = serializers.CharField(source="profile.phone")
    street = serializers.CharField(source="profile.street")
    postal_code = serializers.CharField(source="profile.postal_code")
    city = serializers.CharField(source="profile.city")
    country = serializers.CharField(source="profile.country")
    language = serializers.CharField(source="profile.language")
    status = serializers.ChoiceField(choices=Tenant.Status.choices)
    created_at = serializers.DateTimeField()


class TermsIn(In):
    may_oversell = serializers.BooleanField(required=False)


class CustomerOut(TenantOut):
    pass


class ResellerOut(TenantOut):
    type = serializers.ChoiceField(choices=ResellerType.choices, source="terms.type")
    may_oversell = serializers.BooleanField(source="terms.may_oversell")
    customers = serializers.IntegerField(source="customer_count", help_text="How many it sells to directly.")


def details_of(values: dict[str, Any]) -> Details:
    return Details(**{name: values[name] for name in Details.__dataclass_fields__})


def administrator_of(values: dict[str, Any]) -> Person | None:
    given = values["administrator"]
    return Person(given["email"], given["name"], given["password"], values["language"]) if given else None
