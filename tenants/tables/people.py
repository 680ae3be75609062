"""The lists of people and of API keys."""

from typing import Any, ClassVar

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from resellerhub.web.shells import shell_link
from resellerhub.web.statuses import status
from resellerhub.web.tables import Column, MomentColumn, Table, YesNoColumn


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
