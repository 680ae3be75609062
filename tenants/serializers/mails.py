"""Mails and their templates over REST."""

from typing import Any

from django.conf import settings
from rest_framework import serializers

from resellerhub.rest.serializers import Id, In, Out
from tenants.models import Mail


class MailOut(Out):
    id = Id()
    kind = serializers.CharField()
    language = serializers.CharField()
    tenant = Id(source="tenant_id", help_text="In whose name it is sent.")
    about = Id(source="about_id", allow_null=True, help_text="To whom the recipient belongs.")
    to = serializers.CharField(source="seen_to", help_text="Empty where the name of the customer is hidden.")
    subject = serializers.CharField(source="seen_subject")
    body = serializers.CharField(source="seen_body", help_text="As sent, without secret links.")
    state = serializers.ChoiceField(choices=Mail.State.choices)
    attempts = serializers.IntegerField()
    error = serializers.CharField(source="seen_error")
    created_at = serializers.DateTimeField()
    sent_at = serializers.DateTimeField(allow_null=True)


class TemplateKeyIn(In):
    kind = serializers.CharField(max_length=60)
    language = serializers.ChoiceField(choices=settings.LANGUAGES)


class TemplatePreviewIn(TemplateKeyIn):
    subject = serializers.CharField(max_length=200)
    body = serializers.CharField(max_length=20_000)


class TemplateIn(TemplatePreviewIn):
    is_on = serializers.BooleanField(required=False, default=True)


class TemplateOut(Out):
    """The words that count for the tenant."""

    kind = serializers.CharField(source="kind.key")
    language = serializers.CharField()
    subject = serializers.CharField()
    body = serializers.CharField()
    is_on = serializers.BooleanField()
    origin = serializers.SerializerMethodField(help_text="own, inherited or usual.")
    placeholders = serializers.SerializerMethodField()

    def get_origin(self, words: Any) -> str:
        if words.tenant_id is None:
            return "usual"
        return "own" if words.tenant_id == self.context["view"].actor.tenant_id else "inherited"

    def get_placeholders(self, words: Any) -> list[str]:
        return list(words.kind.placeholders)


class TemplatesOut(Out):
    results = TemplateOut(many=True)


class TemplatePreviewOut(Out):
    subject = serializers.CharField()
    text = serializers.CharField()
