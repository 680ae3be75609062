"""What the lists of mailboxes and support levels show."""

from typing import Any

from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from resellerhub.web.shells import shell_url
from resellerhub.web.tables import Column, LinkColumn, MomentColumn, MoneyColumn, Table, YesNoColumn


class MailboxTable(Table):
    """The column of actions is left out where the reader may remove nothing."""

    address = Column(verbose_name=gettext_lazy("Address"))
    tariff = Column(verbose_name=gettext_lazy("Tariff"))
    created = MomentColumn(verbose_name=gettext_lazy("Created"), accessor="created_at")
    remove = Column(verbose_name=gettext_lazy("Action"), accessor="pk", orderable=False)

    def render_tariff(self, record: Any) -> str:
        return str(record.get_tariff_display())

    def render_remove(self, record: Any) -> str:
        url = shell_url(self.request, "mailbox_remove", record.pk)
        return format_html('<a href="{}">{}</a>', url, _("Remove %(address)s") % {"address": record.address})


class SupportLevelTable(Table):
    name = LinkColumn("support_level_edit", verbose_name=gettext_lazy("Name"))
    fee = MoneyColumn(verbose_name=gettext_lazy("Monthly fee"), accessor="monthly_fee")
    supports = YesNoColumn(verbose_name=gettext_lazy("The provider supports"), accessor="provider_supports")
    active = YesNoColumn(verbose_name=gettext_lazy("Can be chosen"), accessor="is_active")
