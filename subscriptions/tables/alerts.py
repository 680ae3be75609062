"""What the lists of usage alerts show, and what can be exported of them."""

from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from resellerhub.web.statuses import status
from resellerhub.web.tables import Column, LinkColumn, MomentColumn, NumberColumn, Table


class UsageAlertTable(Table):
    """Rows of `selectors.alerts.crossings`."""

    subscription = LinkColumn("subscription", key="subscription_id", verbose_name=_("Subscription"), accessor="title")
    owner = Column(verbose_name=_("Owner"), accessor="holder_name")
    package = Column(verbose_name=_("Package"), accessor="package_name")
    resource = Column(verbose_name=_("Resource"), accessor="resource__name")
    threshold = Column(verbose_name=_("Threshold"), accessor="percent")
    value = NumberColumn(verbose_name=_("Utilised"))
    allocated = NumberColumn(verbose_name=_("Allocated"))
    ceiling = NumberColumn(verbose_name=_("Ceiling"))
    crossed = MomentColumn(verbose_name=_("Crossed"), accessor="crossed_at")
    cleared = MomentColumn(verbose_name=_("Ended"), accessor="cleared_at")
    state = Column(verbose_name=_("Status"), accessor="is_block", orderable=False)

    default_columns = ("subscription", "owner", "resource", "threshold", "value", "allocated", "crossed", "state")

    def render_threshold(self, record: Any) -> str:
        return gettext("Ceiling") if record.is_block else f"{record.percent} %"

    def value_threshold(self, record: Any) -> str:
        return self.render_threshold(record)

    def render_state(self, value: bool, record: Any) -> SafeString:
        if record.cleared_at:
            return status("cleared", _("Ended"))
        return status("blocked", _("Blocked"), "bad") if value else status("open", _("Reached"), "warn")

    def value_state(self, value: bool, record: Any) -> str:
        if record.cleared_at:
            return gettext("Ended")
        return gettext("Blocked") if value else gettext("Reached")
