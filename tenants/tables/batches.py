"""The rows of a batch of invitations and how each ended."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from resellerhub.web.statuses import status
from resellerhub.web.tables import Column, LinkColumn, NumberColumn, Table
from tenants.batch_rows import outcome_label, outcome_of


class BatchRowTable(Table):
    line = NumberColumn(verbose_name=_("Line"))
    email = LinkColumn("invitation", key="result_id", verbose_name=_("E-mail"))
    organisation = Column(verbose_name=_("Organisation"))
    outcome = Column(verbose_name=_("Outcome"), accessor="state", order_by=("state", "reason"))

    def render_line(self, value: int) -> str:
        return str(value)  # as editors write it and sentences name it

    def render_outcome(self, record: Any) -> Any:
        return status(record.state, outcome_label(outcome_of(record)))

    def value_outcome(self, record: Any) -> str:
        return outcome_of(record)
