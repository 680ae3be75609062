"""Billing runs, and what they have for whom."""

from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from invoicing.models import BillingRun, RunPayer
from resellerhub.web.statuses import status
from resellerhub.web.tables import (
    Column,
    DateColumn,
    LinkColumn,
    MomentColumn,
    MoneyColumn,
    NumberColumn,
    SentenceColumn,
    StatusColumn,
    Table,
)

LABELS = dict(RunPayer.Doubt.choices)


class MonthColumn(LinkColumn):
    def render(self, value: date, record: Any, table: Any) -> Any:
        return super().render(date_format(value, "F Y"), record, table)

    def value(self, value: date) -> str:
        return f"{value:%Y-%m}"


class BillingRunTable(Table):
    month = MonthColumn("billing_run", verbose_name=_("Month"))
    id = Column(verbose_name=_("ID"), accessor="pk")
    issuer_name = Column(verbose_name=_("Issuer"))
    until = DateColumn(verbose_name=_("Due until"))
    state = StatusColumn(verbose_name=_("Status"))
    made_at = MomentColumn(verbose_name=_("Made"))

    def render_state(self, value: str) -> SafeString:
        return status(value, BillingRun.State(value).label)


class RunPayerTable(Table):
    payer_name = LinkColumn("invoice", key="document", verbose_name=_("Payer"))
    payer_id = NumberColumn(verbose_name=_("Payer ID"))
    charges = NumberColumn(verbose_name=_("Charges"))
    expected = MoneyColumn(verbose_name=_("Expected, net"))
    before = MoneyColumn(verbose_name=_("Last time"))
    difference = MoneyColumn(verbose_name=_("Difference"))
    billed = MoneyColumn(verbose_name=_("Billed, net"))
    warnings = SentenceColumn(verbose_name=_("Warnings"), orderable=False)

    default_columns = ("payer_name", "charges", "expected", "before", "difference", "billed", "warnings")

    def render_warnings(self, record: RunPayer) -> str:
        return " ".join(str(LABELS[warning]) for warning in record.warnings) or "–"

    def value_warnings(self, record: RunPayer) -> str:
        return ", ".join(record.warnings)
