"""The lists of mails and of their templates."""

from typing import Any

from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from resellerhub.web.formats import yes_no
from resellerhub.web.shells import shell_url
from resellerhub.web.statuses import status
from resellerhub.web.tables import Column, LinkColumn, MomentColumn, NumberColumn, StatusColumn, Table
from tenants import mail_kinds


class MailTable(Table):
    written = MomentColumn(verbose_name=gettext_lazy("Written"), accessor="created_at")
    mail = LinkColumn("mail", verbose_name=gettext_lazy("Mail"), accessor="kind")
    to = Column(verbose_name=gettext_lazy("To"), accessor="seen_to")
    subject = Column(verbose_name=gettext_lazy("Subject"), accessor="seen_subject")
    sender = Column(verbose_name=gettext_lazy("In the name of"), accessor="tenant__profile__name")
    status = StatusColumn(verbose_name=gettext_lazy("Status"), accessor="state")
    attempts = NumberColumn(verbose_name=gettext_lazy("Attempts"))
    sent = MomentColumn(verbose_name=gettext_lazy("Sent"), accessor="sent_at")
    error = Column(verbose_name=gettext_lazy("Error"), accessor="seen_error")

    default_columns = ("written", "mail", "to", "subject", "status", "sent")

    def render_mail(self, value: str, record: Any) -> SafeString:
        url = shell_url(self.request, "mail", record.pk)
        return format_html('<a href="{}">{}</a>', url, mail_kinds.label_of(value))

    def value_mail(self, value: str) -> str:
        return value


class TemplateTable(Table):
    mail = Column(verbose_name=gettext_lazy("Mail"), accessor="kind__label")
    language = Column(verbose_name=gettext_lazy("Language"))
    subject = Column(verbose_name=gettext_lazy("Subject"), orderable=False)
    words = Column(verbose_name=gettext_lazy("Wording"), accessor="origin")
    status = Column(verbose_name=gettext_lazy("Status"), accessor="is_on", empty_values=(None,))

    def render_mail(self, value: Any, record: Any) -> SafeString:
        query = urlencode({"mail": record.kind.key, "language": record.code})
        url = f"{shell_url(self.request, 'mail_template')}?{query}"
        return format_html('<a href="{}">{}</a>', url, value)

    def value_mail(self, record: Any) -> str:
        return str(record.kind.key)

    def render_status(self, value: bool) -> SafeString:
        return status("active" if value else "off", _("Sent") if value else _("Switched off"))

    def value_status(self, value: bool) -> str:
        return yes_no(value)
