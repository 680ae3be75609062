"""Catalogues, orders and offerings."""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from resellerhub.kernel.periods import day_of
from resellerhub.web.shells import shell_url
from resellerhub.web.tables import (
    Column,
    LinkColumn,
    MomentColumn,
    MoneyColumn,
    NumberColumn,
    StatusColumn,
    Table,
    YesNoColumn,
)
from subscriptions.selectors.orders import public_name, tell_prices
from subscriptions.tables.columns import cycle_word


class ListingTable(Table):
    """What can be ordered from the reader's own tenant."""

    package = LinkColumn("listing", verbose_name=_("Package"), accessor="package__name")
    audience = Column(verbose_name=_("For"), accessor="package__audience")
    service_type = Column(verbose_name=_("Service type"), accessor="service_type__name")
    instance = Column(verbose_name=_("Service instance"), accessor="service_instance__name")
    price = MoneyColumn(verbose_name=_("Price"), accessor="asked__amount", currency="asked__currency", orderable=False)
    cycle = Column(verbose_name=_("Billing cycle"), accessor="asked__cycle", orderable=False)
    approval = YesNoColumn(verbose_name=_("Needs approval"), accessor="needs_approval")
    active = YesNoColumn(verbose_name=_("Can be ordered"), accessor="is_active")
    text = Column(verbose_name=_("Description"))

    default_columns = ("package", "audience", "price", "cycle", "approval", "active")

    def learn(self, records: Sequence[Any]) -> None:
        tell_prices(self.request.actor, records, day_of(timezone.now()))

    def render_audience(self, record: Any) -> str:
        return str(record.package.get_audience_display())

    def render_cycle(self, value: str) -> str:
        return cycle_word(value)


class ServiceTable(Table):
    """What the reader's tenant can order, by the name for end users."""

    name = Column(verbose_name=_("Service"), accessor="package__name")
    text = Column(verbose_name=_("Description"))
    service_type = Column(verbose_name=_("Service type"), accessor="service_type__name")
    price = MoneyColumn(verbose_name=_("Price"), accessor="asked__amount", currency="asked__currency", orderable=False)
    cycle = Column(verbose_name=_("Billing cycle"), accessor="asked__cycle", orderable=False)
    approval = YesNoColumn(verbose_name=_("Needs approval"), accessor="needs_approval")

    stacks = True

    def learn(self, records: Sequence[Any]) -> None:
        tell_prices(self.request.actor, records, day_of(timezone.now()))

    def render_name(self, record: Any) -> SafeString:
        return format_html('<a href="{}">{}</a>', shell_url(self.request, "service", record.pk), public_name(record))

    def value_name(self, record: Any) -> str:
        return public_name(record)

    def render_cycle(self, value: str) -> str:
        return cycle_word(value)


class OrderTable(Table):
    number = LinkColumn("order", verbose_name=_("Order"), accessor="pk")
    who = Column(verbose_name=_("Ordered by"), accessor="tenant_name")
    service = Column(verbose_name=_("Service"), accessor="public_name")
    quantity = NumberColumn(verbose_name=_("Quantity"))
    price = MoneyColumn(verbose_name=_("Price"), accessor="unit_price")
    total = MoneyColumn(verbose_name=_("Total"))
    cycle = Column(verbose_name=_("Billing cycle"))
    status = StatusColumn(verbose_name=_("Status"), accessor="state")
    ordered = MomentColumn(verbose_name=_("Ordered"), accessor="made_at")
    decided = MomentColumn(verbose_name=_("Decided"), accessor="decided_at")
    seller = Column(verbose_name=_("Seller"), accessor="seller_name")
    comment = Column(verbose_name=_("Comment"), accessor="comment_shown")

    default_columns = ("number", "who", "service", "quantity", "total", "cycle", "status", "ordered")


class OfferingTable(Table):
    """What a commission reseller may offer."""

    name = LinkColumn("package", verbose_name=_("Package"), accessor="package__name", key="package_id")
    audience = Column(verbose_name=_("For"), accessor="package__audience")
    service_type = Column(verbose_name=_("Service type"), accessor="package__service_type__name")
    active = YesNoColumn(verbose_name=_("Active"), accessor="package__is_active")
    chosen = MomentColumn(verbose_name=_("Chosen"), accessor="made_at")

    def render_audience(self, record: Any) -> str:
        return str(record.package.get_audience_display())
