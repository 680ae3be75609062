"""Company data and signatures over REST."""

from typing import Any

from django.conf import settings
from rest_framework import serializers

from resellerhub.rest.serializers import Id, In, Out
from tenants.models import Tenant
from tenants.roles import Kind
from tenants.services.company import shown_iban, signatures_of


def text(most: int, note: str = "") -> serializers.CharField:
    return serializers.CharField(max_length=most, required=False, allow_blank=True, help_text=note or None)


def code() -> serializers.RegexField:
    note = "ISO 3166-1 alpha-2."
    return serializers.RegexField(r"^([A-Z]{2})?$", max_length=2, required=False, allow_blank=True, help_text=note)


def mail() -> serializers.EmailField:
    return serializers.EmailField(max_length=254, required=False, allow_blank=True)


class OwnCompanyIn(In):
    """What a company may say of itself."""

    name = serializers.CharField(max_length=200, required=False)
    owner_email = mail()
    contact_name = text(200)
    phone = text(50)
    street = text(200)
    postal_code = text(20)
    city = text(100)
    country = code()
    language = serializers.ChoiceField(choices=settings.LANGUAGES, required=False)
    time_zone = serializers.CharField(max_length=50, required=False, help_text="Such as Europe/Berlin.")
    legal_name = text(200)
    vat_id = text(40, "With its country, such as DE136695976.")
    iban = text(50)
    billing_same = serializers.BooleanField(required=False, help_text="Invoices go to the main address.")
    billing_name = text(200)
    billing_email = mail()
    billing_street = text(200)
    billing_postal_code = text(20)
    billing_city = text(100)
    billing_country = code()


class SoldCompanyIn(OwnCompanyIn):
    """And what its seller says of it."""

    currency = serializers.CharField(max_length=3, required=False, help_text="ISO 4217.")
    payment_days = serializers.IntegerField(min_value=0, max_value=365, required=False)
    memo = text(5000, "Seen by the seller only.")


class CompanyIn(SoldCompanyIn):
    """A new company. What is left out is what the provider's settings say, or nothing."""

    name = serializers.CharField(max_length=200)


class SignaturesIn(In):
    """How departments sign. What is left out stays, an empty one goes."""

    sales = text(2000)
    support = text(2000)
    billing = text(2000)
    technical = text(2000)
    management = text(2000)


class SignaturesOut(Out):
    """How departments sign; empty where they do not."""

    sales = serializers.CharField(default="")
    support = serializers.CharField(default="")
    billing = serializers.CharField(default="")
    technical = serializers.CharField(default="")
    management = serializers.CharField(default="")


class CompanyChangeIn(OwnCompanyIn):
    """What is left out stays."""

    signatures = SignaturesIn(required=False)


class CompanyOut(Out):
    """Your own company."""

    id = Id(source="tenant_id")
    kind = serializers.ChoiceField(choices=Kind.choices, source="tenant.kind")
    name = serializers.CharField()
    owner_email = serializers.CharField()
    contact_name = serializers.CharField()
    phone = serializers.CharField()
    street = serializers.CharField()
    postal_code = serializers.CharField()
    city = serializers.CharField()
    country = serializers.CharField()
    language = serializers.CharField()
    time_zone = serializers.CharField()
    legal_name = serializers.CharField()
    vat_id = serializers.CharField()
    currency = serializers.CharField()
    payment_days = serializers.IntegerField()
    iban = serializers.CharField()
    billing_same = serializers.BooleanField()
    billing_name = serializers.CharField()
    billing_email = serializers.CharField()
    billing_street = serializers.CharField()
    billing_postal_code = serializers.CharField()
    billing_city = serializers.CharField()
    billing_country = serializers.CharField()
    signatures = SignaturesOut()

    def to_representation(self, profile: Any) -> Any:
        profile.signatures = signatures_of(profile.pk)
        return super().to_representation(profile)


class SoldCompanyOut(Out):
    """Of a reseller, beside its address: of a row of the tenant, with its profile."""

    time_zone = serializers.CharField(source="profile.time_zone")
    legal_name = serializers.CharField(source="profile.legal_name")
    vat_id = serializers.CharField(source="profile.vat_id")
    currency = serializers.CharField(source="profile.currency")
    payment_days = serializers.IntegerField(source="profile.payment_days")
    iban = serializers.SerializerMethodField(help_text="Masked for everybody who may not change it.")
    billing_same = serializers.BooleanField(source="profile.billing_same")
    billing_name = serializers.CharField(source="profile.billing_name")
    billing_email = serializers.CharField(source="profile.billing_email")
    billing_street = serializers.CharField(source="profile.billing_street")
    billing_postal_code = serializers.CharField(source="profile.billing_postal_code")
    billing_city = serializers.CharField(source="profile.billing_city")
    billing_country = serializers.CharField(source="profile.billing_country")
    memo = serializers.SerializerMethodField(help_text="Null to everybody but the seller.")

    def get_iban(self, tenant: Tenant) -> str:
        return shown_iban(self.context["view"].actor, tenant, tenant.profile.iban)

    def get_memo(self, tenant: Tenant) -> str | None:
        actor: Any = self.context["view"].actor
        return str(tenant.profile.memo) if tenant.seller_id == actor.tenant_id else None
