"""What the lists of mailboxes and support levels show."""

from typing import Any

from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from resellerhub.web.shells import shell_url
from resellerhub.web.statuses import status
from resellerhub.web.tables import Column, DateColumn, MomentColumn, MoneyColumn, Table, YesNoColumn
from tenants.support_prices import is_below_cost


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
    """A name leads to the form that the reader may use: of the level, or of its price."""

    name = Column(verbose_name=gettext_lazy("Name"))
    fee = MoneyColumn(verbose_name=gettext_lazy("Monthly fee"), accessor="monthly_fee")
    cost = MoneyColumn(verbose_name=gettext_lazy("What you pay"), accessor="cost", currency="cost_currency")
    warning = Column(verbose_name=gettext_lazy("Note"), accessor="pk", orderable=False)
    supports = YesNoColumn(verbose_name=gettext_lazy("The provider supports"), accessor="provider_supports")
    active = YesNoColumn(verbose_name=gettext_lazy("Can be chosen"), accessor="is_active")

    def render_name(self, value: str, record: Any) -> str:
        page = "support_level_edit" if self.request.actor.is_provider else "support_level_price"
        return format_html('<a href="{}">{}</a>', shell_url(self.request, page, record.pk), value)

    def render_warning(self, record: Any) -> Any:
        return status("over", _("Below cost")) if is_below_cost(record) else "–"

    def value_warning(self, record: Any) -> str:
        return _("Below cost") if is_below_cost(record) else ""

    def value_name(self, value: str) -> str:
        return value


class SupportTable(Table):
    """Support of one customer over time."""

    starts_on = DateColumn(verbose_name=gettext_lazy("From"))
    ends_on = DateColumn(verbose_name=gettext_lazy("Until"))
    level = Column(verbose_name=gettext_lazy("Support level"), accessor="name")
    amount = MoneyColumn(verbose_name=gettext_lazy("Monthly fee"))
    who = Column(verbose_name=gettext_lazy("Who pays"), accessor="payer_id")

    def render_who(self, record: Any) -> str:
        mine = self.request.actor.tenant_id
        if record.payer_id == mine:
            return _("You")
        return _("The customer") if record.is_price else _("The reseller")
