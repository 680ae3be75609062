"""What the lists of subscriptions show, and what can be exported of them."""

from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from resellerhub.web.shells import shell_url
from resellerhub.web.tables import Column, DateColumn, LinkColumn, MomentColumn, NumberColumn, StatusColumn, Table


class SubscriptionTable(Table):
    name = LinkColumn("subscription", verbose_name=_("Subscription"), accessor="title")
    id = Column(verbose_name=_("ID"), accessor="pk")
    owner = Column(verbose_name=_("Owner"), accessor="tenant_name")
    package = Column(verbose_name=_("Package"), accessor="package__name")
    quantity = NumberColumn(verbose_name=_("Quantity"))
    service_type = Column(verbose_name=_("Service type"), accessor="service_type__name")
    instance = Column(verbose_name=_("Service instance"), accessor="service_instance__name")
    seller = Column(verbose_name=_("Seller"), accessor="seller_name")
    status = StatusColumn(verbose_name=_("Status"), accessor="state")
    started = DateColumn(verbose_name=_("Started"), accessor="started_on")
    closed = DateColumn(verbose_name=_("Closed"), accessor="closed_on")

    default_columns = ("name", "id", "owner", "package", "quantity", "seller", "status")


class HoldingTable(Table):
    resource = Column(verbose_name=_("Resource"), accessor="resource__name")
    allocated = NumberColumn(verbose_name=_("Allocated"))
    sold = NumberColumn(verbose_name=_("Sold"))
    used = NumberColumn(verbose_name=_("Used"))
    remaining = NumberColumn(verbose_name=_("Remaining"))
    unit = Column(verbose_name=_("Unit"), accessor="resource__unit")
    measured = MomentColumn(verbose_name=_("Measured"), accessor="used_at")


class GrantTable(Table):
    at = MomentColumn(verbose_name=_("When"), accessor="made_at")
    resource = Column(verbose_name=_("Resource"), accessor="resource__name")
    kind = Column(verbose_name=_("Granted by"))
    amount = NumberColumn(verbose_name=_("Amount"))


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
