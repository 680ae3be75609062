"""Imports over REST."""

from rest_framework import serializers

from resellerhub.rest.serializers import FormIn, Id, Out, UploadField


class ImportIn(FormIn):
    file = UploadField(help_text="CSV or XLSX with the headings of the template, at most 10,000 rows and 10 MB.")
    seller = Id(required=False, help_text="Beneath whom all of them stand; left out, your own tenant.")
    dry_run = serializers.BooleanField(required=False, default=False, help_text="Check the file and save nothing.")


class ImportOut(Out):
    rows = serializers.IntegerField()
    saved = serializers.BooleanField()
    ids = serializers.ListField(child=Id(), help_text="What was made, in the order of the file.")
