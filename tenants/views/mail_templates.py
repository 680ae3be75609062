"""How mails are worded."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from resellerhub.kernel.refusals import Invalid
from resellerhub.web.forms import FormPage, operate, render_form
from resellerhub.web.lists import Empty, ListPage, render_list
from resellerhub.web.pages import page
from resellerhub.web.request import PageRequest
from resellerhub.web.shells import shell_url
from tenants import letters, mail_kinds
from tenants.actor import Actor
from tenants.forms.mails import TemplateForm
from tenants.mail_kinds import MailKind
from tenants.models import Tenant
from tenants.services.mail_templates import (
    Wording,
    check,
    known,
    restore_template,
    save_template,
    wording,
    wordings,
)
from tenants.tables.mails import TemplateTable


@dataclass(frozen=True)
class Row:
    """A wording in the list."""

    kind: MailKind
    code: str
    language: str
    subject: str
    is_on: bool
    origin: str

    @classmethod
    def of(cls, words: Wording, actor: Actor) -> "Row":
        origin = origin_of(words, actor)
        language = str(dict(settings.LANGUAGES)[words.language])
        return cls(words.kind, words.language, language, words.subject, words.is_on, origin)


def origin_of(words: Wording, actor: Actor) -> str:
    if words.tenant_id is None:
        return _("Usual")
    return _("Own") if words.tenant_id == actor.tenant_id else _("Inherited")


@page("settings.edit")
def mail_templates(request: PageRequest) -> HttpResponseBase:
    rows = wordings(request.actor.tenant_id, list(mail_kinds.KINDS.values()))
    return render_list(
        request,
        ListPage(
            key="mail_templates",
            title=_("Mail templates"),
            intro=_("How mails in your name, and in that of those beneath you, are worded."),
            queryset=[Row.of(words, request.actor) for words in rows],
            table_class=TemplateTable,
            empty=Empty(_("No mails yet")),
        ),
    )


@page("settings.edit")
def mail_template(request: PageRequest) -> HttpResponseBase:
    """The kind and the language stand in the query: they are no ids."""
    key, language = request.GET.get("mail", ""), request.GET.get("language", "")
    kind = known(key, language)
    words = wording(request.actor.tenant_id, kind, language)
    initial: dict[str, Any] = {"subject": words.subject, "body": words.body, "is_on": words.is_on}
    form = TemplateForm(
        request.POST or None, is_essential=kind.is_essential, placeholders=kind.placeholders, initial=initial
    )
    previewing = "preview" in request.POST
    saved = None if previewing else operate(request, form, lambda values: save(request.actor, key, language, values))
    back = shell_url(request, "mail_templates")
    if saved is not None:
        messages.success(request, _("The template is saved."))
        return redirect(back)
    name = {"mail": kind.label, "language": dict(settings.LANGUAGES)[language]}
    shown = {field: request.POST.get(field, initial[field])[:20_000] for field in ("subject", "body")}
    return render_form(
        request,
        FormPage(
            form=form,
            title=_("%(mail)s, %(language)s") % name,
            submit=_("Save"),
            cancel_url=back,
            parent="mail_templates",
            template="tenants/mail_template.html",
            context={
                "is_own": words.tenant_id == request.actor.tenant_id,
                "preview": preview(request.actor, kind, language, shown),
            },
        ),
    )


@require_POST
@page("settings.edit")
def mail_template_restore(request: PageRequest) -> HttpResponseBase:
    key, language = request.GET.get("mail", ""), request.GET.get("language", "")
    restore_template(actor=request.actor, kind=key, language=language, now=timezone.now())
    messages.success(request, _("Your own words are gone."))
    return redirect(f"{shell_url(request, 'mail_template')}?{request.GET.urlencode()}")


def save(actor: Actor, kind: str, language: str, values: dict[str, Any]) -> object:
    return save_template(actor=actor, kind=kind, language=language, now=timezone.now(), **values)


def preview(actor: Actor, kind: MailKind, language: str, texts: dict[str, str]) -> dict[str, Any]:
    """What the mail would say, or why it cannot be sent like this."""
    try:
        check(kind, texts["subject"], texts["body"])
    except Invalid as refusal:
        return {"errors": [sentence for sentences in refusal.errors.values() for sentence in sentences]}
    tenant = Tenant.objects.select_related("profile").get(pk=actor.tenant_id)
    subject, text = letters.preview(tenant, kind, language, **texts)
    return {"subject": subject, "text": text}
