"""Mails and their templates over REST."""

from typing import Any

from django.db.models import QuerySet
from django.urls import path
from rest_framework.response import Response

from resellerhub.kernel.refusals import found
from resellerhub.rest.endpoints import Call, operation_endpoint
from resellerhub.rest.filters import refuse_unknown
from resellerhub.rest.views import Api, ReadApi, api_paths
from tenants import letters, mail_kinds, outbox
from tenants.filters.mails import MailFilter
from tenants.models import Tenant
from tenants.serializers.mails import (
    MailOut,
    TemplateIn,
    TemplateKeyIn,
    TemplateOut,
    TemplatePreviewIn,
    TemplatePreviewOut,
    TemplatesOut,
)
from tenants.services.mail_templates import Wording, check, known, restore_template, save_template, wording, wordings
from tenants.services.mails import resend_mail


class MailApi(ReadApi):
    """The outbox: what was written in your name and in that of those beneath you."""

    singular, permission, out = "mail", "mail.view", MailOut
    filterset_class = MailFilter

    def rows(self, actor: Any) -> QuerySet[Any]:
        return outbox.mails(actor)

    @operation_endpoint(output=MailOut, detail=True, path="resend", permission="mail.view&customer.edit")
    def resend(self, call: Call) -> Any:
        """Send a failed mail again."""
        mail = resend_mail(actor=call.actor, mail_id=call.pk, now=call.now)
        return found(outbox.mails(call.actor), pk=mail.pk)


class MailTemplateApi(Api):
    """How mails are worded in your name and in that of those beneath you."""

    singular, plural, permission, out = "mail_template", "mail_templates", "settings.edit", TemplatesOut

    def show(self, request: Any) -> Response:
        self.let_look()
        refuse_unknown(request.query_params, set())
        rows = wordings(self.actor.tenant_id, list(mail_kinds.KINDS.values()))
        return Response(TemplatesOut({"results": rows}, context=self.get_serializer_context()).data)

    @operation_endpoint(input=TemplateIn, output=TemplateOut, permission="settings.edit")
    def change(self, call: Call) -> Wording:
        """Word a mail yourself, or switch it off.

        A placeholder that the mail does not have is refused.
        """
        save_template(actor=call.actor, now=call.now, **call.values)
        return self.words(call)

    @operation_endpoint(input=TemplateKeyIn, output=TemplateOut, permission="settings.edit", path="restore")
    def restore(self, call: Call) -> Wording:
        """Go back to the words that count without your own."""
        restore_template(actor=call.actor, now=call.now, **call.values)
        return self.words(call)

    @operation_endpoint(input=TemplatePreviewIn, output=TemplatePreviewOut, permission="settings.edit", path="preview")
    def preview(self, call: Call) -> dict[str, str]:
        """What a mail would say, with the values of a sample; nothing is saved."""
        values = call.values
        kind = known(values["kind"], values["language"])
        check(kind, values["subject"], values["body"])
        tenant = Tenant.objects.select_related("profile").get(pk=call.actor.tenant_id)
        texts = {"subject": values["subject"], "body": values["body"]}
        subject, text = letters.preview(tenant, kind, values["language"], **texts)
        return {"subject": subject, "text": text}

    def words(self, call: Call) -> Wording:
        kind = known(call.values["kind"], call.values["language"])
        return wording(call.actor.tenant_id, kind, call.values["language"])


urls = [
    *api_paths("mails", MailApi),
    path("mail-templates", MailTemplateApi.as_view({"get": "show", "post": "change"}), name="mail_templates"),
    path("mail-templates/restore", MailTemplateApi.as_view({"post": "restore"}), name="mail_template_restore"),
    path("mail-templates/preview", MailTemplateApi.as_view({"post": "preview"}), name="mail_template_preview"),
]
