"""What the history of billing policies shows."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from resellerhub.web.tables import Column, DateColumn, MomentColumn, NumberColumn, Table, YesNoColumn


class ChoiceColumn(Column):
    """A field with choices, in their words; a file has the code."""

    def render(self, record: Any, bound_column: Any) -> str:
        return str(getattr(record, f"get_{bound_column.name}_display")())

    def value(self, value: Any) -> Any:
        return value


class BillingPolicyTable(Table):
    effective_on = DateColumn(verbose_name=_("Effective from"))
    anchoring = ChoiceColumn(verbose_name=_("Periods begin"))
    anchor_day = NumberColumn(verbose_name=_("Day of the calendar"))
    ahead = NumberColumn(verbose_name=_("Periods billed ahead"))
    day_count = ChoiceColumn(verbose_name=_("Days of a month"))
    rounding = ChoiceColumn(verbose_name=_("Rounding"))
    last_day_included = YesNoColumn(verbose_name=_("The last day of a period counts"))
    change_day_is_old = YesNoColumn(verbose_name=_("The day of a change belongs to what was before"))
    end_day_is_billed = YesNoColumn(verbose_name=_("The day on which something ends is charged"))
    changes = ChoiceColumn(verbose_name=_("A change of the quantity shows"))
    free_days = ChoiceColumn(verbose_name=_("Free and suspended days"))
    zone = Column(verbose_name=_("Time zone"))
    currency = Column(verbose_name=_("Currency"))
    grace_days = NumberColumn(verbose_name=_("Days before a draft is issued"))
    run_day = NumberColumn(verbose_name=_("Day of the month for billing runs"))
    needs_second = YesNoColumn(verbose_name=_("Two approve a billing run"))
    made_at = MomentColumn(verbose_name=_("Made"))

    default_columns = (
        "effective_on",
        "anchoring",
        "day_count",
        "rounding",
        "zone",
        "currency",
        "grace_days",
        "made_at",
    )
