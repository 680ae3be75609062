"""Shapes of a provider's settings in the API."""

from django.conf import settings
from rest_framework import serializers

from resellerhub.rest.serializers import In, Out
from tenants.models import ProviderSettings, ResellerType


class ResellerTypeIn(In):
    """What is left out stays."""

    type = serializers.ChoiceField(choices=ResellerType.choices)
    is_enabled = serializers.BooleanField(required=False)
    label = serializers.CharField(  # type: ignore[assignment]
        max_length=60, required=False, allow_blank=True, help_text="What it is called; empty: the usual word."
    )
    terms = serializers.CharField(
        max_length=20_000, required=False, allow_blank=True, help_text="Another text is another version."
    )


class ResellerTypeOut(Out):
    type = serializers.ChoiceField(choices=ResellerType.choices)
    is_enabled = serializers.BooleanField(help_text="Whether it can be chosen. Resellers of the type keep it.")
    label = serializers.CharField(help_text="Empty: the usual word.")  # type: ignore[assignment]
    terms = serializers.CharField()
    version = serializers.IntegerField(help_text="Of the terms.")


class ResellerSettingsIn(In):
    over_quota_basis = serializers.ChoiceField(choices=ProviderSettings.Basis.choices, required=False)
    oversell_default = serializers.BooleanField(required=False)
    takes_registrations = serializers.BooleanField(required=False)
    slug = serializers.RegexField(
        r"^([a-z0-9][a-z0-9-]{1,39})?$", required=False, allow_blank=True, help_text="Empty gives it up."
    )
    currency = serializers.CharField(max_length=3, required=False, help_text="ISO 4217.")
    language = serializers.ChoiceField(choices=settings.LANGUAGES, required=False)
    time_zone = serializers.CharField(max_length=50, required=False, help_text="Such as Europe/Berlin.")
    types = ResellerTypeIn(many=True, required=False)


class ResellerSettingsOut(Out):
    over_quota_basis = serializers.ChoiceField(
        choices=ProviderSettings.Basis.choices, help_text="What resellers utilise: what they sold, or what is used."
    )
    oversell_default = serializers.BooleanField(help_text="Whether new resellers may oversell, unless said otherwise.")
    takes_registrations = serializers.BooleanField(help_text="Whether resellers may register on the public page.")
    slug = serializers.CharField(allow_null=True, help_text="In the address of that page.")
    currency = serializers.CharField(help_text="What a new company begins with.")
    language = serializers.ChoiceField(choices=settings.LANGUAGES)
    time_zone = serializers.CharField(source="tenant.profile.time_zone")
    types = ResellerTypeOut(many=True, source="tenant.reseller_types.all")
