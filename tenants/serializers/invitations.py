"""Invitations over REST."""

from typing import Any

from django.conf import settings
from rest_framework import serializers

from resellerhub.rest.serializers import FormIn, Id, In, Out, UploadField
from tenants.models import Invitation, ResellerType, Tenant
from tenants.roles import Role

UNSAID = "Left out, it is the language of the company that is invited, or else of the one that will sell to it."


class SearchIn(In):
    email = serializers.EmailField(max_length=254)
    organisation = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)


class FoundOut(Out):
    id = Id()
    name = serializers.CharField(source="profile.name")
    owner_email = serializers.CharField(source="profile.owner_email")
    status = serializers.ChoiceField(choices=Tenant.Status.choices)
    is_large = serializers.BooleanField(source="terms.is_large", help_text="A large account reseller: not invited.")
    is_member = serializers.BooleanField(help_text="Its tenant owner has a login there already.")


class MatchOut(Out):
    """Found by the tenant owner's address, else by its domain and the organisation; nobody: invite the address."""

    found_by = serializers.ChoiceField(choices=["owner", "domain", ""], source="by")
    resellers = FoundOut(many=True)


class InvitationIn(In):
    """Either `reseller`, one that was found, or an address that is to sign up."""

    reseller = Id(required=False, help_text="Invite the tenant owner of this reseller as its administrator.")
    email = serializers.EmailField(max_length=254, required=False)
    organisation = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)
    seller = Id(required=False, help_text="Beneath whom; left out, your own tenant.")
    type = serializers.ChoiceField(
        choices=ResellerType.choices,
        required=False,
        source="reseller_type",
        help_text="Left out, the invited choose one.",
    )
    language = serializers.ChoiceField(choices=settings.LANGUAGES, required=False, help_text=UNSAID)

    def validate(self, values: dict[str, Any]) -> dict[str, Any]:
        if ("reseller" in values) == ("email" in values):
            raise serializers.ValidationError({"email": "Say either an address or a reseller."})
        return values


class MemberInvitationIn(In):
    tenant = Id(required=False, help_text="Left out, your own tenant.")
    email = serializers.EmailField(max_length=254)
    role = serializers.ChoiceField(choices=Role.choices)
    language = serializers.ChoiceField(choices=settings.LANGUAGES, required=False, help_text=UNSAID)


class InvitationOut(Out):
    id = Id()
    email = serializers.CharField()
    organisation = serializers.CharField(source="target")
    tenant = Id(source="tenant_id", help_text="Who invites.")
    into = Id(source="into_id", allow_null=True, help_text="What the invited becomes a user of; null: a new reseller.")
    role = serializers.CharField()
    type = serializers.CharField(source="reseller_type")
    language = serializers.CharField()
    status = serializers.ChoiceField(choices=Invitation.State.choices, source="state")
    created_at = serializers.DateTimeField()
    sent_at = serializers.DateTimeField(allow_null=True)
    times_sent = serializers.IntegerField()
    expires_at = serializers.DateTimeField()
    accepted_at = serializers.DateTimeField(allow_null=True)
    accepted_tenant = Id(source="accepted_tenant_id", allow_null=True)
    revoked_at = serializers.DateTimeField(allow_null=True)


class BatchRowIn(In):
    email = serializers.CharField(max_length=1000, allow_blank=True)
    organisation = serializers.CharField(max_length=1000, required=False, default="", allow_blank=True)


class BatchIn(FormIn):
    """Either `file`, in a form, or `rows`, as JSON."""

    file = UploadField(required=False, help_text="CSV or XLSX with the headings of the template.")
    rows = serializers.ListField(child=BatchRowIn(), required=False, max_length=10_000)
    seller = Id(required=False, help_text="Beneath whom; left out, your own tenant.")
    type = serializers.ChoiceField(choices=ResellerType.choices, required=False, source="reseller_type")
    language = serializers.ChoiceField(choices=settings.LANGUAGES, required=False, help_text=UNSAID)
    mail_unregistered = serializers.BooleanField(
        required=False, default=True, help_text="Off: who is no reseller here is told of and not written to."
    )

    def validate(self, values: dict[str, Any]) -> dict[str, Any]:
        if ("file" in values) == ("rows" in values):
            raise serializers.ValidationError({"file": "Send either a file or rows."})
        return values


class BatchOut(Out):
    id = Id()
    job = Id(source="job_id")
    seller = Id(source="seller_id")
    type = serializers.CharField(source="reseller_type")
    language = serializers.CharField()
    mail_unregistered = serializers.BooleanField(source="mails_unregistered")
    file_name = serializers.CharField()
    rows = serializers.IntegerField(source="job.total")
    created_at = serializers.DateTimeField()
