"""Users over REST."""

from typing import Any

from django.contrib.auth.password_validation import validate_password
from rest_framework import serializers

from resellerhub.rest.serializers import Id, In, Out
from tenants.roles import Kind, Role


class UserIn(In):
    tenant = Id(required=False, help_text="Left out, your own tenant.")
    email = serializers.EmailField(max_length=254)
    name = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)
    role = serializers.ChoiceField(choices=Role.choices)
    password = serializers.CharField(
        max_length=128, required=False, default=None, trim_whitespace=False, validators=[validate_password]
    )


class UserOut(Out):
    id = Id(source="user_id")
    email = serializers.CharField(source="user.email")
    name = serializers.CharField(source="user.name")
    tenant = Id(source="tenant_id")
    role = serializers.ChoiceField(choices=Role.choices)
    active = serializers.BooleanField(source="user.is_active")
    last_login = serializers.DateTimeField(source="user.last_login", allow_null=True)
    created_at = serializers.DateTimeField()


class MeOut(Out):
    """Who asks, for whom, and what they may do."""

    user = Id(source="user_id", allow_null=True)
    name = serializers.CharField()
    tenant = Id(source="tenant_id")
    kind = serializers.ChoiceField(choices=Kind.choices)
    provider = Id(source="provider_id")
    role = serializers.CharField()
    permissions = serializers.SerializerMethodField()
    suspended = serializers.BooleanField()
    api_key = Id(source="api_key_id", allow_null=True)

    def get_permissions(self, actor: Any) -> list[str]:
        return sorted(actor.permissions)
