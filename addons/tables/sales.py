"""Columns of the lists of sales, on the page and in their exports."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from addons.models import AddOnSale
from resellerhub.web import formats
from resellerhub.web.tables import (
    Column,
    LinkColumn,
    MomentColumn,
    MoneyColumn,
    NumberColumn,
    StatusColumn,
    Table,
    lines,
)


class GrantsColumn(Column):
    """What a sale raised: resources with their amounts, a line each."""

    def render(self, value: Any) -> str:
        return lines("{}: {}", ((each["name"], formats.number(each["amount"])) for each in value)) or "–"

    def value(self, value: Any) -> Any:
        return ", ".join(f"{each['name']}: {each['amount']}" for each in value)


class PriceColumn(MoneyColumn):
    """A price with the cycle in which it is due."""

    def render(self, value: Any, record: Any) -> str:
        return f"{super().render(value, record)} {record.get_cycle_display()}"


class SubscriptionColumn(LinkColumn):
    """The subscription of a sale, as far as its name may be read."""

    def __init__(self, **options: Any) -> None:
        named = {"accessor": "title", "key": "subscription_id", "verbose_name": gettext_lazy("Subscription")}
        super().__init__("subscription", **named | options)


class SaleTable(Table):
    """Sales of one add-on."""

    subscription = SubscriptionColumn()
    holder = Column(accessor="tenant_name", verbose_name=gettext_lazy("Holder"))
    quantity = NumberColumn(verbose_name=gettext_lazy("Quantity"))
    granted = GrantsColumn(verbose_name=gettext_lazy("Granted"), orderable=False)
    unit_price = PriceColumn(verbose_name=gettext_lazy("Unit price"))
    state = StatusColumn(accessor="state", verbose_name=gettext_lazy("Status"))
    sold_at = MomentColumn(verbose_name=gettext_lazy("Sold"))


class TenantSaleTable(Table):
    """Sales to one tenant, on whichever subscription."""

    add_on = LinkColumn("add_on", accessor="add_on__name", key="add_on_id", verbose_name=gettext_lazy("Add-on"))
    subscription = SubscriptionColumn()
    quantity = NumberColumn(verbose_name=gettext_lazy("Quantity"))
    granted = GrantsColumn(verbose_name=gettext_lazy("Granted"))
    unit_price = PriceColumn(verbose_name=gettext_lazy("Unit price"))
    state = StatusColumn(verbose_name=gettext_lazy("Status"))
    sold_at = MomentColumn(verbose_name=gettext_lazy("Sold"))


class HeldSaleTable(Table):
    """Sales on one subscription."""

    add_on = LinkColumn("add_on", accessor="add_on__name", key="add_on_id", verbose_name=gettext_lazy("Add-on"))
    quantity = NumberColumn(verbose_name=gettext_lazy("Quantity"))
    granted = GrantsColumn(verbose_name=gettext_lazy("Granted"))
    unit_price = PriceColumn(verbose_name=gettext_lazy("Unit price"))
    state = StatusColumn(verbose_name=gettext_lazy("Status"))
    sold_at = MomentColumn(verbose_name=gettext_lazy("Sold"))
    cancel = LinkColumn("add_on_sale_cancel", empty_values=(), verbose_name=gettext_lazy("Action"))

    def render_cancel(self, record: Any, column: LinkColumn) -> Any:
        if record.state != AddOnSale.State.ACTIVE:
            return "–"
        return column.render(_("Cancel"), record, self)


class OwnSaleTable(HeldSaleTable):
    """For the holder itself, who cancels with its seller."""

    class Meta:
        exclude = ("cancel",)
