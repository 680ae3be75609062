"""Users over REST."""

from typing import Any

from django.contrib.auth.password_validation import validate_password
from rest_framework import serializers

from resellerhub.rest.serializers import Id, Ids, In, Out
from tenants.roles import Kind, Role


class UserIn(In):
    tenant = Id(required=False, help_text="Left out, your own tenant.")
    email = serializers.EmailField(max_length=254)
    name = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)
    role = serializers.ChoiceField(choices=Role.choices)
    customers = Ids(required=False, default=list, help_text="Whom an account manager looks after.")
    password = serializers.CharField(
        max_length=128, required=False, default=None, trim_whitespace=False, validators=[validate_password]
    )


class UserOut(Out):
    id = Id(help_text="Of somebody in one organisation: who works for two is there twice.")
    user = Id(source="user_id", help_text="Of the login.")
    email = serializers.CharField(source="user.email")
    name = serializers.CharField(source="user.name")
    tenant = Id(source="tenant_id")
    role = serializers.ChoiceField(choices=Role.choices)
    active = serializers.BooleanField(source="user.is_active")
    last_login = serializers.DateTimeField(source="user.last_login", allow_null=True)
    created_at = serializers.DateTimeField()


class RoleIn(In):
    role = serializers.ChoiceField(choices=Role.choices)


class CustomersIn(In):
    customers = Ids(min_length=1, max_length=10_000)


class HandOnIn(In):
    to = Id(help_text="Another account manager of the same organisation.")


class CountOut(Out):
    count = serializers.IntegerField(help_text="How many customers changed hands.")


class ManagedOut(Out):
    id = Id()
    name = serializers.CharField(help_text="Its number where the reseller hides the names of its customers.")


class VisitOut(Out):
    id = Id()
    tenant = Id(source="tenant_id")
    user = Id(source="member_id", help_text="As whom.")
    who = serializers.CharField(help_text="Empty where it was somebody above you.")
    reason = serializers.CharField(source="why", help_text="Empty where the names of the customer are hidden.")
    started_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField(help_text="At the latest.")
    ended_at = serializers.DateTimeField(source="until", allow_null=True)


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
