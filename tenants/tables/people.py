"""The lists of people and of API keys."""

from typing import Any, ClassVar

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from resellerhub.web.shells import shell_link
from resellerhub.web.statuses import status
from resellerhub.web.tables import Column, LinkColumn, MomentColumn, StatusColumn, Table, YesNoColumn
from tenants.event_words import support


class UserTable(Table):
    email = LinkColumn("user", verbose_name=_("E-mail"), accessor="user__email")
    name = Column(verbose_name=_("Name"), accessor="user__name")
    role = Column(verbose_name=_("Role"))
    active = YesNoColumn(verbose_name=_("Active"), accessor="user__is_active")
    last_login = MomentColumn(verbose_name=_("Last login"), accessor="user__last_login")
    since = MomentColumn(verbose_name=_("Since"), accessor="created_at")
    visit = Column(verbose_name=_("Action"), accessor="pk", orderable=False, exclude_from_export=True)

    default_columns = ("email", "name", "role", "active", "last_login", "since")

    def render_visit(self, record: Any) -> SafeString | str:
        actor = getattr(self.request, "actor", None)
        beneath = actor is not None and actor.can("user.visit") and record.tenant_id != actor.tenant_id
        may = beneath and record.user.is_active and not record.tenant.is_closed
        url = shell_link(self.request, "user_visit", record.pk) if may else None
        return format_html('<a href="{}">{}</a>', url, _("Log in as")) if url else "–"


class VisitTable(Table):
    started = MomentColumn(verbose_name=_("Began"), accessor="started_at")
    until = MomentColumn(verbose_name=_("Ended"), accessor="until", orderable=False)
    visitor = Column(verbose_name=_("Who"), accessor="who", empty_values=(None,), orderable=False)
    member = Column(verbose_name=_("As whom"), accessor="as_whom")
    tenant = Column(verbose_name=_("Organisation"), accessor="tenant_name")
    reason = Column(verbose_name=_("Reason"), accessor="why", orderable=False)

    def render_visitor(self, value: str) -> str:
        return value or support()

    def render_until(self, value: Any, record: Any) -> Any:
        return MomentColumn().render(value) if value else status("active", _("Goes on"))

    def value_until(self, value: Any) -> Any:
        return value

    def value_visitor(self, value: str) -> str:
        return value or support()


class ManagedTable(Table):
    name = LinkColumn("customer", verbose_name=_("Organisation"), accessor="name")
    seller = Column(verbose_name=_("Seller"), accessor="seller_name")
    status = StatusColumn(verbose_name=_("Status"))


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
