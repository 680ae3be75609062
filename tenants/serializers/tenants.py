"""Resellers and customers over REST."""

from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from resellerhub.rest.serializers import Id, In, Out
from tenants import selectors
from tenants.actor import Actor
from tenants.models import ResellerType, Tenant
from tenants.serializers.accounts import AccountIn
from tenants.serializers.company import CompanyIn, SignaturesIn, SoldCompanyIn, SoldCompanyOut
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


class AskedAdministratorIn(AdministratorIn):
    invite = serializers.BooleanField(
        required=False, default=False, help_text="Send a mail with a link instead of setting a password."
    )


class ResellerIn(TenantIn):
    administrator = AskedAdministratorIn(required=False, default=None, allow_null=True)
    type = serializers.ChoiceField(choices=ResellerType.choices)
    may_oversell = serializers.BooleanField(
        required=False, default=None, allow_null=True, help_text="Left out, as the provider's settings say."
    )
    is_large = serializers.BooleanField(
        required=False, default=False, help_text="A large account reseller; the provider alone makes one."
    )
    signatures = SignaturesIn(required=False, default=dict)


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


class ResellerChangeIn(SoldCompanyIn):
    """Terms, company and signatures. What is left out stays."""

    may_oversell = serializers.BooleanField(required=False)
    is_large = serializers.BooleanField(required=False, help_text="The provider's alone to say.")
    signatures = SignaturesIn(required=False)


class CustomerOut(TenantOut):
    """Where a reseller hides the names of its customers from you, the name is "Customer" and the id, and what else
    tells who it is stays empty."""

    named = serializers.BooleanField(help_text="False where the names are hidden from you.")
    account_name = serializers.CharField(help_text="Empty where there is none, or names are hidden.")
    support_level = serializers.CharField(help_text="By its name; empty without an account.")


class MapIn(In):
    owner_email = serializers.EmailField(max_length=254, help_text="One that is known of the reseller.")
    organisation = serializers.CharField(max_length=200)


class MappingOut(Out):
    owner_email = serializers.CharField()
    organisation = serializers.CharField()
    mapped_at = serializers.DateTimeField()


class ResellerOut(TenantOut, SoldCompanyOut):
    type = serializers.ChoiceField(choices=ResellerType.choices, source="terms.type")
    may_oversell = serializers.BooleanField(source="terms.may_oversell")
    is_large = serializers.BooleanField(source="terms.is_large")
    customers = serializers.IntegerField(source="customer_count", help_text="How many it sells to directly.")
    is_mapped = serializers.BooleanField(help_text="Only a mapped reseller can be given pools.")
    mapping = MappingOut(default=None, allow_null=True, help_text="Null until it is mapped.")
    customers_visible = serializers.BooleanField(help_text="Whether you may read the names of its customers.")


def details_of(values: dict[str, Any], actor: Actor) -> Details:
    """What was given; language, currency and time zone else as in the actor's house."""
    given = {name: values[name] for name in Details.__dataclass_fields__ if name in values}
    return Details(**selectors.house(actor) | given)


def administrator_of(values: dict[str, Any], actor: Actor) -> Person | None:
    given, language = values["administrator"], details_of(values, actor).language
    return Person(given["email"], given["name"], given["password"], language) if given else None


def first_user(values: dict[str, Any], actor: Actor) -> dict[str, Any]:
    """Of a reseller: somebody with a login, or an address that is invited."""
    given = values["administrator"]
    if given and given["invite"]:
        return {"invited": given["email"]}
    return {"administrator": administrator_of(values, actor)}
