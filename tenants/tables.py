"""What the lists of tenants show, and what can be exported of them."""

from typing import Any, ClassVar

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from resellerhub.web.shells import shell_link
from resellerhub.web.statuses import status
from resellerhub.web.tables import Column, LinkColumn, MomentColumn, NumberColumn, StatusColumn, Table, YesNoColumn
from tenants.event_words import changes, doer, word
from tenants.models import Event


class TenantTable(Table):
    name = LinkColumn("customer", verbose_name=_("Organisation"), accessor="profile__name")
    id = Column(verbose_name=_("ID"), accessor="pk")
    owner = Column(verbose_name=_("Tenant owner"), accessor="profile__owner_email")
    seller = Column(verbose_name=_("Seller"), accessor="seller_name")
    city = Column(verbose_name=_("City"), accessor="profile__city")
    country = Column(verbose_name=_("Country"), accessor="profile__country")
    status = StatusColumn(verbose_name=_("Status"))
    created = MomentColumn(verbose_name=_("Created"), accessor="created_at")


class CustomerTable(TenantTable):
    default_columns = ("name", "owner", "seller", "status", "created")


class ResellerTable(TenantTable):
    name = LinkColumn("reseller", verbose_name=_("Organisation"), accessor="profile__name")
    type = Column(verbose_name=_("Type"), accessor="terms__type")
    oversell = YesNoColumn(verbose_name=_("May oversell"), accessor="terms__may_oversell")
    customers = NumberColumn(verbose_name=_("Customers"), accessor="customer_count")

    default_columns = ("name", "owner", "type", "seller", "customers", "status")

    class Meta:
        sequence = ("name", "id", "owner", "type", "oversell", "seller", "customers", "...")

    def render_type(self, record: Any) -> str:
        return str(record.terms.get_type_display())


class UserTable(Table):
    email = Column(verbose_name=_("E-mail"), accessor="user__email")
    name = Column(verbose_name=_("Name"), accessor="user__name")
    role = Column(verbose_name=_("Role"))
    active = YesNoColumn(verbose_name=_("Active"), accessor="user__is_active")
    last_login = MomentColumn(verbose_name=_("Last login"), accessor="user__last_login")
    since = MomentColumn(verbose_name=_("Since"), accessor="created_at")


class ApiKeyTable(Table):
    name = Column(verbose_name=_("Name"))
    prefix = Column(verbose_name=_("Begins with"))
    owner = Column(verbose_name=_("Owner"), accessor="user__email")
    scopes = Column(verbose_name=_("Scopes"), orderable=False)
    networks = Column(verbose_name=_("Allowed addresses"), accessor="allowed_networks", orderable=False)
    status = Column(verbose_name=_("Status"), accessor="state", orderable=False)
    created = MomentColumn(verbose_name=_("Created"), accessor="created_at")
    expires = MomentColumn(verbose_name=_("Expires"), accessor="expires_at")
    last_used = MomentColumn(verbose_name=_("Last used"), accessor="last_used_at")
    revoke = Column(verbose_name=_("Action"), accessor="pk", orderable=False, exclude_from_export=True)

    default_columns = ("name", "prefix", "scopes", "status", "last_used", "revoke")
    states: ClassVar[dict[str, Any]] = {"active": _("Active"), "expired": _("Expired"), "revoked": _("Revoked")}

    def render_scopes(self, value: list[str]) -> str:
        return ", ".join(value)

    def render_networks(self, value: list[str]) -> str:
        return ", ".join(value)

    def render_status(self, value: str) -> SafeString:
        return status(value, self.states[value])

    def value_status(self, value: str) -> str:
        return value

    def render_revoke(self, record: Any) -> SafeString | str:
        url = None if record.revoked_at else shell_link(self.request, "api_key_revoke", record.pk)
        return format_html('<a href="{}">{}</a>', url, _("Revoke")) if url else ""


class EventTable(Table):
    at = MomentColumn(verbose_name=_("When"))
    kind = LinkColumn("event", verbose_name=_("What"))
    tenant = Column(verbose_name=_("For whom"), accessor="tenant__profile__name")
    subject = Column(verbose_name=_("Object"), accessor="subject_id")
    change = Column(verbose_name=_("Change"), accessor="after", orderable=False)
    who = Column(verbose_name=_("Who"), empty_values=(None,))
    request = Column(verbose_name=_("Request"), accessor="request_id")

    default_columns = ("at", "kind", "tenant", "change", "who")

    def render_kind(self, value: str, record: Event) -> SafeString | str:
        url = shell_link(self.request, "event", record.pk)
        return format_html('<a href="{}">{}</a>', url, word(value)) if url else word(value)

    def value_kind(self, value: str) -> str:
        return value

    def render_subject(self, record: Event) -> str:
        return f"{record.subject_type} {record.subject_id}"

    def render_change(self, record: Event) -> str:
        return "; ".join(
            f"{name}: {old} → {new}" if old else f"{name}: {new}"
            for name, old, new in changes(record.before, record.after)
        )

    def render_who(self, value: str, record: Event) -> str:
        return doer(value, record.user_name)
