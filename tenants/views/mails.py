"""The outbox: what was written to whom, whether it was sent, and why not."""

from typing import Any

from django.conf import settings
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from resellerhub.kernel.refusals import found
from resellerhub.web.details import DetailPage, Section, Tab, render_detail
from resellerhub.web.forms import answer_click
from resellerhub.web.lists import Action, Empty, ListPage, render_list
from resellerhub.web.pages import page
from resellerhub.web.request import PageRequest
from resellerhub.web.shells import shell_url
from tenants import mail_kinds, outbox
from tenants.filters.mails import MailFilter
from tenants.models import Mail
from tenants.services.mails import resend_mail
from tenants.tables.mails import MailTable


@page("mail.view")
def mails(request: PageRequest) -> HttpResponseBase:
    return render_list(
        request,
        ListPage(
            key="mails",
            title=_("Mails"),
            queryset=outbox.mails(request.actor),
            table_class=MailTable,
            filterset_class=MailFilter,
            order=("-written",),
            actions=[Action(_("Mail templates"), shell_url(request, "mail_templates"), "edit", "settings.edit")],
            empty=Empty(_("No mails yet"), _("What is written to your partners and customers stands here.")),
        ),
    )


@page("mail.view")
def mail(request: PageRequest, pk: int) -> HttpResponseBase:
    row = found(outbox.mails(request.actor), pk=pk)
    again = Action(_("Send again"), shell_url(request, "mail_resend", pk), "refresh", "customer.edit", post=True)
    facts = [
        (_("To"), row.seen_to),
        (_("In the name of"), row.tenant.profile.name),
        (_("Language"), dict(settings.LANGUAGES).get(row.language, row.language)),
        (_("Written"), row.created_at),
        (_("Sent"), row.sent_at),
        (_("Attempts"), row.attempts),
        (_("Error"), row.seen_error),
    ]

    def sections() -> list[Section]:
        text = {
            "subject": row.seen_subject,
            "body": row.seen_body,
            "real": outbox.as_sent(request.actor, row),
            "nothing": _nothing(row),
        }
        return [Section(facts=facts), Section(title=_("Text"), template="tenants/mail.html", context=text)]

    return render_detail(
        request,
        DetailPage(
            title=mail_kinds.label_of(row.kind),
            reference=row.pk,
            state=row.state,
            state_label=row.get_state_display(),
            parent="mails",
            actions=[again] if row.state == Mail.State.FAILED else [],
            tabs=[Tab("overview", _("Overview"), sections)],
        ),
    )


def _nothing(row: Any) -> str:
    """Why no text is shown, in keeping with the status."""
    if not row.named:
        return _("To whom it went and what it says is hidden, as the name of the customer is.")
    if row.state == Mail.State.OFF:
        return _("This mail is switched off: nothing was sent.")
    if row.state == Mail.State.FAILED:
        return _("It could not be sent.")
    return _("Nothing was sent yet.")


@require_POST
@page("mail.view&customer.edit")
def mail_resend(request: PageRequest, pk: int) -> HttpResponseBase:
    return answer_click(
        request,
        lambda: resend_mail(actor=request.actor, mail_id=pk, now=timezone.now()),
        _("The mail is on its way again."),
        shell_url(request, "mail", pk),
    )
