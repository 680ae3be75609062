"""Taxes over REST."""

from rest_framework import serializers

from invoicing.models.taxes import AT_HOME, VatCheck
from resellerhub.rest.serializers import Id, In, Out


class TaxRateIn(In):
    country = serializers.RegexField(r"^[A-Z]{2}$", max_length=2, help_text="ISO 3166-1 alpha-2.")
    percent = serializers.DecimalField(max_digits=6, decimal_places=3, min_value=0, max_value=100)
    category = serializers.ChoiceField(
        choices=AT_HOME, required=False, default="S", help_text="Of UNTDID 5305; everything but S has the rate 0."
    )
    effective_on = serializers.DateField()


class TaxRateOut(Out):
    id = Id()
    country = serializers.CharField()
    percent = serializers.DecimalField(max_digits=6, decimal_places=3)
    category = serializers.ChoiceField(choices=AT_HOME)
    effective_on = serializers.DateField()
    made_at = serializers.DateTimeField()


class AdoptedOut(Out):
    countries = serializers.IntegerField(help_text="For so many a rate was added.")


class SmallBusinessIn(In):
    is_small = serializers.BooleanField(help_text="Charges no VAT, as a small business.")
    effective_on = serializers.DateField()


class SmallBusinessOut(Out):
    id = Id()
    is_small = serializers.BooleanField()
    effective_on = serializers.DateField()


class VatCheckOut(Out):
    id = Id()
    tenant = Id(source="tenant_id")
    vat_id = serializers.CharField()
    state = serializers.ChoiceField(choices=VatCheck.State.choices)
    asked_at = serializers.DateTimeField(allow_null=True)
    answered_at = serializers.DateTimeField(allow_null=True)
    retry_at = serializers.DateTimeField(allow_null=True, help_text="When it is asked again, without an answer.")
    problem = serializers.CharField(help_text="Why there was no answer, as a code.")
    consultation = serializers.CharField(help_text="The number under which the answer is kept where it was asked.")
