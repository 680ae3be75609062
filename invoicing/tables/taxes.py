"""What the lists of tax rates show."""

from typing import Any

from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from resellerhub.web import formats
from resellerhub.web.shells import shell_url
from resellerhub.web.tables import Column, DateColumn, MomentColumn, Table, YesNoColumn


class TaxRateTable(Table):
    country = Column(verbose_name=gettext_lazy("Country"))
    category = Column(verbose_name=gettext_lazy("Kind"))
    percent = Column(verbose_name=gettext_lazy("Percent"))
    effective_on = DateColumn(verbose_name=gettext_lazy("Effective from"))
    made_at = MomentColumn(verbose_name=gettext_lazy("Made"))
    default_columns: tuple[str, ...] = ("country", "category", "percent", "effective_on")

    def render_country(self, value: str) -> str:
        return str(formats.countries().get(value, value))

    def render_category(self, record: Any) -> str:
        return str(record.get_category_display())

    def render_percent(self, value: Any) -> str:
        return f"{formats.number(value.normalize())} %"

    def value_percent(self, value: Any) -> Any:
        return value


class OwnTaxRateTable(TaxRateTable):
    """For those who may withdraw a rate."""

    withdraw = Column(verbose_name=gettext_lazy("Action"), accessor="pk", orderable=False)
    default_columns = (*TaxRateTable.default_columns, "withdraw")

    def render_withdraw(self, record: Any) -> str:
        name = formats.countries().get(record.country, record.country)
        said = _("Withdraw %(country)s from %(day)s") % {"country": name, "day": formats.day(record.effective_on)}
        return format_html('<a href="{}">{}</a>', shell_url(self.request, "tax_rate_withdraw", record.pk), said)

    def value_withdraw(self) -> str:
        return ""


class SmallBusinessTable(Table):
    effective_on = DateColumn(verbose_name=gettext_lazy("Effective from"))
    is_small = YesNoColumn(verbose_name=gettext_lazy("Charges no VAT, as a small business"))
