"""Columns of the lists of add-ons, on the page and in their exports."""

from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.tables.packages import PairVersionTable
from resellerhub.kernel.periods import Cycle
from resellerhub.web import formats
from resellerhub.web.statuses import status
from resellerhub.web.tables import (
    ChoiceColumn,
    Column,
    LinkColumn,
    MomentColumn,
    MoneyColumn,
    NumberColumn,
    Table,
    YesNoColumn,
    lines,
)


class SoldColumn(Column):
    """Whether an add-on is sold at present."""

    def render(self, value: bool) -> SafeString:
        return status("active" if value else "inactive", self.value(value))

    def value(self, value: Any) -> Any:
        return _("Active") if value else _("Inactive")


class CopiedColumn(YesNoColumn):
    """Whether an add-on is the copy of another."""

    def value(self, value: Any) -> Any:
        return value is not None


class AddOnTable(Table):
    name = LinkColumn("add_on", verbose_name=gettext_lazy("Name"))
    pk = NumberColumn(verbose_name=gettext_lazy("ID"))
    owner = Column(accessor="owner_name", verbose_name=gettext_lazy("Owner"))
    service_type = Column(accessor="service_type__name", verbose_name=gettext_lazy("Service type"))
    is_active = SoldColumn(verbose_name=gettext_lazy("Status"))
    reseller_price = MoneyColumn(verbose_name=gettext_lazy("Price for resellers"))
    customer_price = MoneyColumn(verbose_name=gettext_lazy("Price for customers"))
    cycle = ChoiceColumn(Cycle.choices, verbose_name=gettext_lazy("Billing cycle"))
    shared = YesNoColumn(accessor="is_shared", verbose_name=gettext_lazy("Shared with resellers"))
    copied = CopiedColumn(accessor="copied_from_id", empty_values=(), verbose_name=gettext_lazy("Copy"))
    created_at = MomentColumn(verbose_name=gettext_lazy("Created"))

    default_columns: tuple[str, ...] = (
        "name",
        "owner",
        "service_type",
        "is_active",
        "reseller_price",
        "customer_price",
        "cycle",
    )


class BoughtAddOnTable(AddOnTable):
    """For customers: what they pay, and not what it costs whoever sells to them."""

    default_columns = ("name", "service_type", "customer_price", "cycle")

    class Meta:
        exclude = ("owner", "reseller_price", "shared", "copied", "is_active")


class GrantTable(Table):
    """What one unit of an add-on grants."""

    resource = Column(accessor="resource__name", verbose_name=gettext_lazy("Resource"))
    value = NumberColumn(verbose_name=gettext_lazy("Value"))
    minimum = NumberColumn(verbose_name=gettext_lazy("Minimum per sale"), empty_values=(None, 0))

    def render_value(self, value: int, record: Any) -> str:
        return f"{formats.number(value)} {record.resource.unit}".strip()


class PackageTable(Table):
    name = LinkColumn("package", verbose_name=gettext_lazy("Package"))
    audience = Column(verbose_name=gettext_lazy("For"))
    owner = Column(accessor="owner_name", verbose_name=gettext_lazy("Owner"))


class CopyTable(Table):
    """Copies of an add-on under resellers."""

    name = LinkColumn("add_on", verbose_name=gettext_lazy("Name"))
    owner = Column(accessor="owner_name", verbose_name=gettext_lazy("Owner"))
    customer_price = MoneyColumn(verbose_name=gettext_lazy("Price for customers"))
    is_active = SoldColumn(verbose_name=gettext_lazy("Status"))


class VersionTable(PairVersionTable):
    values = Column(verbose_name=gettext_lazy("Resources"), accessor="resources", orderable=False)

    class Meta:
        sequence = ("...", "values", "made")

    def render_values(self, value: Any) -> str:
        return lines("{}: {}", ((row.resource.name, formats.number(row.value)) for row in value.all()))
