"""A brand over REST."""

import base64
import binascii
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from resellerhub.rest.serializers import In, Out


class PictureField(serializers.CharField):
    """A picture in base64; nothing takes the one there is away."""

    def to_internal_value(self, data: Any) -> Any:
        try:
            return base64.b64decode(super().to_internal_value(data), validate=True)
        except (binascii.Error, ValueError) as error:
            raise serializers.ValidationError(_("This is not base64.")) from error


class BrandingIn(In):
    """What is left out stays as it is."""

    product_name = serializers.CharField(max_length=60, required=False)
    colour = serializers.CharField(max_length=7, required=False, help_text="#rrggbb, dark enough for white text.")
    logo = PictureField(
        required=False, allow_null=True, help_text="PNG, JPEG or WebP in base64, at most 700 kB; null removes it."
    )
    sender_name = serializers.CharField(max_length=100, required=False, allow_blank=True)
    sender_email = serializers.EmailField(required=False, allow_blank=True)
    support_email = serializers.EmailField(required=False, allow_blank=True)
    footer = serializers.CharField(max_length=300, required=False, allow_blank=True)
    domain = serializers.CharField(max_length=253, required=False, allow_blank=True)


class CodeIn(In):
    code = serializers.CharField(max_length=40, help_text="Out of the mail to the sender's address.")


class RecordOut(Out):
    """A record to set in the DNS."""

    name = serializers.CharField()
    type = serializers.CharField()
    value = serializers.CharField()


class BrandingOut(Out):
    """What is shown to the tenant and those beneath it, and whether that is the tenant's own."""

    own = serializers.BooleanField(help_text="False: inherited from above, or the product's own.")
    product_name = serializers.CharField(source="brand.product")
    colour = serializers.CharField(source="brand.colour")
    logo_url = serializers.CharField(source="brand.logo_url")
    sender_name = serializers.CharField(source="brand.sender_name")
    sender_email = serializers.CharField()
    sender_verified = serializers.BooleanField(help_text="Mails come from this address only if it is.")
    support_email = serializers.CharField(source="brand.support_email")
    footer = serializers.CharField(source="brand.footer")
    domain = serializers.CharField()
    domain_verified = serializers.BooleanField(help_text="The portal opens there, and mails link to it, only if it is.")
    domain_record = RecordOut(allow_null=True, help_text="What proves the domain; null where nothing is to be proven.")
