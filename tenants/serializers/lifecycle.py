"""Delete, convert and move over REST."""

from rest_framework import serializers

from resellerhub.rest.serializers import Id, In, Out
from tenants.models import ResellerType


class CloseIn(In):
    confirmation = serializers.CharField(
        max_length=10, trim_whitespace=False, help_text="The word `Yes`, exactly so, in every language."
    )


class ToCustomerIn(In):
    """Nothing has to be said."""


class ToResellerIn(In):
    type = serializers.ChoiceField(choices=ResellerType.choices, help_text="One that the provider has enabled.")


class MoveIn(In):
    seller = Id(help_text="The provider or reseller that is to sell to it from now on.")


class PartOut(Out):
    type = serializers.CharField(source="page")
    id = Id(source="pk")
    name = serializers.CharField()
    note = serializers.CharField(help_text="In words, for people.")


class PartsOut(Out):
    what = serializers.CharField(source="label")
    count = serializers.IntegerField()
    first = PartOut(many=True, help_text="The first of them by name.")


class FollowingOut(Out):
    along = PartsOut(many=True, help_text="What comes along.")
    blocked = PartsOut(many=True, help_text="What is in the way: while there is any, the move is refused.")
    is_possible = serializers.BooleanField()
