"""API keys over REST."""

from rest_framework import serializers

from resellerhub.rest.serializers import Id, In, Out


class ApiKeyIn(In):
    name = serializers.CharField(max_length=100)
    scopes = serializers.ListField(
        child=serializers.CharField(max_length=40),
        min_length=1,
        max_length=60,
        help_text='Permissions; "read" for all that looks, "*" for all.',
    )
    allowed_networks = serializers.ListField(
        child=serializers.CharField(max_length=43), required=False, default=list, max_length=50
    )
    expires_at = serializers.DateTimeField(required=False, default=None, allow_null=True)


class ApiKeyOut(Out):
    id = Id()
    name = serializers.CharField()
    prefix = serializers.CharField()
    user = Id(source="user_id")
    scopes = serializers.ListField(child=serializers.CharField())
    allowed_networks = serializers.ListField(child=serializers.CharField())
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField(allow_null=True)
    last_used_at = serializers.DateTimeField(allow_null=True)
    revoked_at = serializers.DateTimeField(allow_null=True)


class NewApiKeyOut(ApiKeyOut):
    key = serializers.CharField(help_text="Shown now and never again.")
