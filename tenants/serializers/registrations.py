"""Registrations over REST."""

from rest_framework import serializers

from resellerhub.rest.serializers import Id, In, Out
from tenants.models import Registration, ResellerType


class ApproveIn(In):
    type = serializers.ChoiceField(
        choices=ResellerType.choices, required=False, help_text="Left out, the type that was asked for."
    )


class RejectIn(In):
    reason = serializers.CharField(max_length=500, help_text="It goes to who asked.")


class RegistrationOut(Out):
    id = Id()
    status = serializers.ChoiceField(choices=Registration.State.choices, source="state")
    organisation = serializers.CharField()
    contact_name = serializers.CharField()
    email = serializers.CharField()
    phone = serializers.CharField(source="details.phone")
    street = serializers.CharField(source="details.street")
    postal_code = serializers.CharField(source="details.postal_code")
    city = serializers.CharField(source="details.city")
    country = serializers.CharField(source="details.country")
    vat_id = serializers.CharField(source="details.vat_id")
    type = serializers.ChoiceField(choices=ResellerType.choices, source="reseller_type")
    message = serializers.CharField()
    language = serializers.CharField()
    terms_version = serializers.IntegerField(help_text="The version of the terms that was accepted.")
    terms_accepted_at = serializers.DateTimeField()
    created_at = serializers.DateTimeField()
    decided_at = serializers.DateTimeField(allow_null=True)
    reason = serializers.CharField()
    reseller = Id(source="reseller_id", allow_null=True)
