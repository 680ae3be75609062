"""Who can be sold to, and what a sale grants."""

from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from resellerhub.web.shells import shell_url
from resellerhub.web.tables import (
    Column,
    NumberColumn,
    Table,
)


class BuyerTable(Table):
    """Whom to sell to: a name leads to the form."""

    name = Column(verbose_name=_("Organisation"), order_by=("by_name",))
    id = Column(verbose_name=_("ID"), accessor="pk")
    kind = Column(verbose_name=_("Kind"))
    owner = Column(verbose_name=_("Tenant owner"), accessor="owner_email")
    seller = Column(verbose_name=_("Seller"), accessor="seller_name")

    def render_name(self, value: str, record: Any) -> SafeString:
        url = shell_url(self.request, "subscription_create")
        return format_html('<a href="{}?tenant={}">{}</a>', url, record.pk, value)

    def value_name(self, value: str) -> str:
        return value


class GrantedTable(Table):
    """What a sale grants, and what its seller has left to sell of it."""

    resource = Column(verbose_name=_("Resource"), accessor="resource__name")
    granted = NumberColumn(verbose_name=_("Granted"), accessor="amount")
    unit = Column(verbose_name=_("Unit"), accessor="resource__unit")
    before = NumberColumn(verbose_name=_("Left to sell"), accessor="remaining_before")
    after = NumberColumn(verbose_name=_("Left afterwards"), accessor="remaining_after")
