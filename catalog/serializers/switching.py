"""Many packages, fees or add-ons at once, over REST."""

from rest_framework import serializers

from resellerhub.rest.serializers import Id, Ids, In, Out


class ManySwitchedIn(In):
    ids = Ids(allow_empty=False)
    preview = serializers.BooleanField(default=False, help_text="Only say what would come of each.")


class OutcomeOut(Out):
    id = Id(source="row.pk")
    name = serializers.CharField(source="row.name")
    outcome = serializers.ChoiceField(choices=("changed", "unchanged", "refused"), source="state")
    code = serializers.CharField(help_text="Why it is refused; empty where it is not.")
    detail = serializers.CharField(help_text="The same in words.")
