"""What is due once for a subscription."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from resellerhub.web.tables import Column, DateColumn, MoneyColumn, NumberColumn, Table


class OneOffTable(Table):
    """What and how much first: that is seen on a narrow screen, too."""

    what = Column(verbose_name=_("What"), accessor="kind")
    amount = MoneyColumn(verbose_name=_("Amount"), currency="currency")
    on = DateColumn(verbose_name=_("On"))
    quantity = NumberColumn(verbose_name=_("Quantity"))
    payer = Column(verbose_name=_("Who pays"), accessor="payer_name")

    def render_what(self, value: str, record: Any) -> str:
        return f"{value}: {record.public_name}"
