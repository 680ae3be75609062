"""Who reads the names of customers, over REST."""

from rest_framework import serializers

from resellerhub.rest.serializers import In, Out


class VisibilityIn(In):
    visible = serializers.BooleanField(help_text="Whether those above you may read the names of your customers.")


class VisibilityOut(Out):
    visible = serializers.SerializerMethodField(
        help_text="Whether those above you may read the names of your customers."
    )
    hidden_at = serializers.DateTimeField(
        source="hides_customers_at", allow_null=True, help_text="Since when they are hidden."
    )

    def get_visible(self, reseller: object) -> bool:
        return getattr(reseller, "hides_customers_at", None) is None
