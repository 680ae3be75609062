"""What the lists of tenants show, and what can be exported of them."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from resellerhub.web.tables import Column, LinkColumn, MomentColumn, NumberColumn, StatusColumn, Table, YesNoColumn


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
    default_columns = ("name", "owner", "seller", "status", "created")


class ResellerTable(TenantTable):
    name = LinkColumn("reseller", verbose_name=_("Organisation"), order_by=("by_name",))
    type = Column(verbose_name=_("Type"), accessor="terms__type")
    oversell = YesNoColumn(verbose_name=_("May oversell"), accessor="terms__may_oversell")
    customers = NumberColumn(verbose_name=_("Customers"), accessor="customer_count")

    default_columns = ("name", "owner", "type", "seller", "customers", "status")

    class Meta:
        sequence = ("name", "id", "owner", "type", "oversell", "seller", "customers", "...")

    def render_type(self, record: Any) -> str:
        return str(record.terms.get_type_display())
