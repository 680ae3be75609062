"""What the lists of tenants show, and what can be exported of them."""

from typing import Any

from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from resellerhub.web.formats import yes_no
from resellerhub.web.shells import shell_link
from resellerhub.web.tables import Column, LinkColumn, MomentColumn, NumberColumn, StatusColumn, Table, YesNoColumn
from tenants.tables.types import TypeColumn


class VisibleColumn(Column):
    """Whether the names of a reseller's customers can be read, with the way to hide them."""

    empty_values = (None,)

    def value(self, value: Any) -> Any:
        return yes_no(value)

    def render(self, value: bool, record: Any, table: Any) -> Any:
        said = self.value(value)
        if not value or record.is_closed or not table.request.actor.can("reseller.edit"):
            return said
        url = shell_link(table.request, "reseller_hide_customers", record.pk)
        label = _("Hide the customers of %(name)s") % {"name": record.name}
        return format_html('{} · <a href="{}" aria-label="{}">{}</a>', said, url, label, _("Hide"))


class TenantTable(Table):
    name = LinkColumn("customer", verbose_name=_("Organisation"), order_by=("by_name",))
    id = Column(verbose_name=_("ID"), accessor="pk")
    owner = Column(verbose_name=_("Tenant owner"), accessor="owner_email")
    seller = Column(verbose_name=_("Seller"), accessor="seller_name")
    city = Column(verbose_name=_("City"))
    country = Column(verbose_name=_("Country"))
    status = StatusColumn(verbose_name=_("Status"))
    created = MomentColumn(verbose_name=_("Created"), accessor="created_at")


class CustomerTable(TenantTable):
    account = Column(verbose_name=_("Account name"), accessor="account_name", empty_values=("", None))
    support = Column(verbose_name=_("Support level"), accessor="support_level", empty_values=("", None))

    default_columns = ("name", "account", "owner", "seller", "status", "created")

    class Meta:
        sequence = ("name", "id", "account", "...")


class MappedColumn(Column):
    empty_values = (None,)

    def value(self, value: Any) -> str:
        return gettext("Mapped") if value else gettext("Unmapped")

    render = value


class ResellerTable(TenantTable):
    name = LinkColumn("reseller", verbose_name=_("Organisation"), order_by=("by_name",))
    type = TypeColumn(verbose_name=_("Type"), accessor="terms__type")
    oversell = YesNoColumn(verbose_name=_("May oversell"), accessor="terms__may_oversell")
    customers = NumberColumn(verbose_name=_("Customers"), accessor="customer_count")
    customers_visible = VisibleColumn(verbose_name=_("View customers"))
    mapping = MappedColumn(verbose_name=_("Mapping"), accessor="is_mapped")

    default_columns = ("name", "owner", "type", "seller", "customers", "status")

    class Meta:
        sequence = ("name", "id", "owner", "type", "oversell", "seller", "customers", "...")
