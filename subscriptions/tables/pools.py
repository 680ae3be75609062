"""What the lists of pools show, and what can be exported of them."""

from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from resellerhub.web import formats
from resellerhub.web.shells import shell_link
from resellerhub.web.statuses import status
from resellerhub.web.tables import Column, LinkColumn, MomentColumn, NumberColumn, StatusColumn, Table, lines
from subscriptions.models import Pool, SeatEntry
from subscriptions.models.pools import STATUSES
from subscriptions.pool_words import changes_of, end_shown
from subscriptions.services.pools.expiry import whole_day

STATUS_WORDS = dict(STATUSES)


class PoolStatusColumn(StatusColumn):
    """The status of the moment is no field of the model: its words are here."""

    def render(self, value: Any, record: Any, bound_column: Any) -> SafeString:
        return status(value, STATUS_WORDS[value])

    def value(self, value: Any) -> Any:
        return STATUS_WORDS[value]


CHANGES = {"pool_stock": _("Edit"), "pool_edit": _("Edit"), "pool_return": _("Return to pool")}
"""The pages of what may be done to a pool."""


class EndColumn(Column):
    """When a pool ends, by its last day."""

    css = "when"

    def render(self, value: Any) -> SafeString:
        return format_html('<time datetime="{}">{}</time>', value.isoformat(), end_shown(value))

    def value(self, value: Any) -> Any:
        return whole_day(value) or value


class ActionColumn(Column):
    """Stays in sight where the table is wider than the page: one link beneath the other."""

    css = "sticks"


class PoolTable(Table):
    name = LinkColumn("pool", verbose_name=_("Pool"))
    id = Column(verbose_name=_("ID"), accessor="pk")
    service = Column(verbose_name=_("Service"), accessor="service_type__name")
    holder = LinkColumn("pool_holder", key="tenant_id", verbose_name=_("Holder"), accessor="holder_name")
    grantor = Column(verbose_name=_("From"), accessor="grantor_name")
    source = Column(verbose_name=_("Source"))
    payment_type = Column(verbose_name=_("Payment type"))
    unit = Column(verbose_name=_("Unit"))
    seats = NumberColumn(verbose_name=_("Total"))
    available = NumberColumn(verbose_name=_("Available"))
    pending = NumberColumn(verbose_name=_("Pending acceptance"), accessor="waiting")
    allocated = NumberColumn(verbose_name=_("Allocated"), accessor="given_on")
    assigned = NumberColumn(verbose_name=_("Assigned"))
    status = PoolStatusColumn(verbose_name=_("Status"))
    ends = EndColumn(verbose_name=_("Expires"), accessor="ends_at")
    action = ActionColumn(
        verbose_name=_("Action"), accessor="pk", default="", orderable=False, exclude_from_export=True
    )

    default_columns = ("name", "service", "holder", "seats", "available", "assigned", "status", "ends", "action")

    def render_action(self, record: Any) -> Any:
        """What who gave it may do, or who bought it."""
        actor = getattr(self.request, "actor", None)
        if actor is None or not isinstance(record, Pool) or not actor.can("pool.edit"):
            return ""
        links = [(shell_link(self.request, name, record.pk), CHANGES[name]) for name in changes_of(record, actor)]
        return lines('<a href="{}">{}</a>', links)


class AssignmentTable(Table):
    customer = LinkColumn("customer", key="customer_seen", verbose_name=_("Organisation"), accessor="tenant_name")
    id = Column(verbose_name=_("ID"), accessor="tenant_id")
    pool = LinkColumn("pool", key="pool_id", verbose_name=_("Pool"), accessor="title")
    service = Column(verbose_name=_("Service"), accessor="pool__service_type__name")
    seats = NumberColumn(verbose_name=_("Number"))
    unit = Column(verbose_name=_("Unit"), accessor="pool__unit")
    status = PoolStatusColumn(verbose_name=_("Status"))
    ends = EndColumn(verbose_name=_("Expires"), accessor="pool__ends_at")
    since = MomentColumn(verbose_name=_("Since"), accessor="made_at")

    default_columns: tuple[str, ...] = ("customer", "pool", "service", "seats", "unit", "status", "ends")


class OfCustomerTable(Table):
    """For the customer itself: which service, how much, until when."""

    service = Column(verbose_name=_("Service"), accessor="pool__service_type__name")
    seats = NumberColumn(verbose_name=_("Number"))
    unit = Column(verbose_name=_("Unit"), accessor="pool__unit")
    status = PoolStatusColumn(verbose_name=_("Status"))
    ends = EndColumn(verbose_name=_("Expires"), accessor="pool__ends_at")
    since = MomentColumn(verbose_name=_("Since"), accessor="made_at")


class PoolCustomerTable(Table):
    """One row for each customer, with what it has of each unit: these are never summed."""

    customer = LinkColumn("customer", key="seen_pk", verbose_name=_("Organisation"), accessor="shown_name")
    id = Column(verbose_name=_("ID"), accessor="pk")
    pools = NumberColumn(verbose_name=_("Pools"), accessor="pool_count")
    seats = NumberColumn(verbose_name=Pool.Unit.SEATS.label)
    objects = NumberColumn(verbose_name=Pool.Unit.OBJECTS.label)
    capacity = NumberColumn(verbose_name=Pool.Unit.CAPACITY.label)
    ends = EndColumn(verbose_name=_("First to expire"), accessor="ends_at")

    default_columns = ("customer", "pools", "seats", "objects", "capacity", "ends")


class SupplyTable(Table):
    supplier = LinkColumn("reseller", key="grantor_id", verbose_name=_("Supplier"), accessor="supplier_name")
    since = MomentColumn(verbose_name=_("Since"), accessor="made_at")
    ended = MomentColumn(verbose_name=_("Ended"), accessor="ended_at")
    end = Column(verbose_name="", accessor="pk", orderable=False)

    def render_end(self, value: int, record: Any) -> Any:
        url = shell_link(self.request, "supply_end", value)
        return format_html('<a href="{}">{}</a>', url, _("End")) if url and record.ended_at is None else ""


class OwnAssignmentTable(AssignmentTable):
    """Of one pool, for who may change them: a number leads to its form."""

    class Meta:
        exclude = ("pool", "service")

    default_columns: tuple[str, ...] = ("customer", "id", "seats", "unit", "since")

    def render_seats(self, value: int, record: Any) -> Any:
        url = shell_link(self.request, "assignment_change", record.pk)
        return format_html('<a href="{}">{}</a>', url, formats.number(value)) if url else formats.number(value)


class ChangeColumn(NumberColumn):
    """By how much something changed."""

    def render(self, value: int) -> Any:
        return f"+{formats.number(value)}" if value > 0 else formats.number(value) if value else ""


GROWN = {
    SeatEntry.Kind.PURCHASE.value: (_("Increased"), _("Reduced")),
    SeatEntry.Kind.RECEIVED.value: (_("Increased"), _("Went back")),
    SeatEntry.Kind.ASSIGN.value: (_("Assigned"), _("Released")),
}
"""What moves more than once, in either direction."""


class MovementTable(Table):
    """By how much each movement changed the numbers of the pool, and who had to do with it."""

    at = MomentColumn(verbose_name=_("When"), accessor="made_at")
    kind = Column(verbose_name=_("What"))
    party = Column(verbose_name=_("With whom"), accessor="party")
    by_seats = ChangeColumn(verbose_name=_("Total"))
    by_pending = ChangeColumn(verbose_name=_("Pending acceptance"))
    by_allocated = ChangeColumn(verbose_name=_("Allocated"))
    by_assigned = ChangeColumn(verbose_name=_("Assigned"))

    def render_kind(self, value: Any, record: Any) -> Any:
        """With the first it began; what follows makes it larger or smaller."""
        if record.kind not in GROWN or record.is_first:
            return value
        return GROWN[record.kind][record.seats < 0]
