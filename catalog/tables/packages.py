"""What the lists of packages show, and what can be exported of them."""

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from catalog.models import PackageResource
from resellerhub.web import formats
from resellerhub.web.tables import (
    ChoiceColumn,
    Column,
    DateColumn,
    LinkColumn,
    MomentColumn,
    MoneyColumn,
    NumberColumn,
    Table,
    YesNoColumn,
    lines,
)


class PackageTable(Table):
    name = LinkColumn("package", verbose_name=_("Package"))
    id = Column(verbose_name=_("ID"), accessor="pk")
    service_type = Column(verbose_name=_("Service type"), accessor="service_type__name")
    audience = Column(verbose_name=_("For"))
    owner = Column(verbose_name=_("Managed by"), accessor="owner_name")
    shared = YesNoColumn(verbose_name=_("Shared with resellers"), accessor="is_shared")
    active = YesNoColumn(verbose_name=_("Active"), accessor="is_active")
    created = MomentColumn(verbose_name=_("Created"), accessor="created_at")

    default_columns = ("name", "service_type", "audience", "owner", "shared", "active")


class LimitTable(Table):
    resource = Column(verbose_name=_("Resource"), accessor="resource__name")
    group = Column(verbose_name=_("Group"), accessor="resource__group")
    limit = NumberColumn(verbose_name=_("Limit"))
    unit = Column(verbose_name=_("Unit"), accessor="resource__unit")
    quota = ChoiceColumn(PackageResource.Quota.choices, verbose_name=_("Quota"), orderable=False)
    overage = NumberColumn(verbose_name=_("Overage"))


class PairTable(Table):
    """The fees of a package that the reader may see, with what they charge today."""

    kind = Column(verbose_name=_("Kind"))
    name = LinkColumn("fee", verbose_name=_("Fee"))
    amount = MoneyColumn(verbose_name=_("Amount"), accessor="current__amount")
    cycle = Column(verbose_name=_("Billing cycle"), accessor="current__cycle")
    manager = Column(verbose_name=_("Managed by"), accessor="manager_name")


class PairVersionTable(Table):
    """From which day which pair of fees; what it grants is the offer's own."""

    effective = DateColumn(verbose_name=_("Effective from"), accessor="effective_on")
    reseller_fee = LinkColumn("fee", key="reseller_fee__pk", verbose_name=_("Reseller fee"))
    account_fee = LinkColumn("fee", key="account_fee__pk", verbose_name=_("Account fee"))
    made = MomentColumn(verbose_name=_("Made"), accessor="made_at")


class PackageVersionTable(PairVersionTable):
    limits = Column(verbose_name=_("Limits"), accessor="limits", orderable=False)

    class Meta:
        sequence = ("...", "limits", "made")

    def render_limits(self, value: Any) -> str:
        return lines("{}: {}", ((row.resource.name, _amount(row)) for row in value.all()))


def _amount(row: PackageResource) -> str:
    limit = formats.number(row.limit)
    if row.overage is None:
        return limit
    return gettext("%(limit)s, hard at %(ceiling)s") % {
        "limit": limit,
        "ceiling": formats.number(row.limit + row.overage),
    }
