"""The list of invitations."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from resellerhub.web.statuses import status
from resellerhub.web.tables import Column, LinkColumn, MomentColumn, NumberColumn, StatusColumn, Table
from tenants.models import Invitation
from tenants.roles import Role


def state_label(state: str) -> str:
    return str(Invitation.State(state).label)


def invited_as(row: Any) -> str:
    """A reseller, or a user in a role."""
    return str(Role(row.role).label) if row.role else _("Reseller")


class InvitationTable(Table):
    email = LinkColumn("invitation", verbose_name=gettext_lazy("E-mail"))
    organisation = Column(verbose_name=gettext_lazy("Organisation"), accessor="target")
    invited_as = Column(verbose_name=gettext_lazy("Invited as"), accessor="role", empty_values=(None,))
    by = Column(verbose_name=gettext_lazy("Invited by"), accessor="by_name")
    status = StatusColumn(verbose_name=gettext_lazy("Status"), accessor="state")
    invited = MomentColumn(verbose_name=gettext_lazy("Invited"), accessor="created_at")
    sent = MomentColumn(verbose_name=gettext_lazy("Last sent"), accessor="sent_at")
    times = NumberColumn(verbose_name=gettext_lazy("Times sent"), accessor="times_sent")
    expires = MomentColumn(verbose_name=gettext_lazy("Expires"), accessor="expires_at")
    accepted = MomentColumn(verbose_name=gettext_lazy("Accepted"), accessor="accepted_at")

    default_columns = ("email", "organisation", "invited_as", "status", "invited", "expires")

    def render_invited_as(self, record: Any) -> str:
        return invited_as(record)

    def render_status(self, value: str) -> Any:
        return status(value, state_label(value))

    def value_status(self, value: str) -> str:
        return value
