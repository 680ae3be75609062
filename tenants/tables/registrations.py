"""The list of registrations."""

from django.utils.translation import gettext_lazy as _

from resellerhub.web.tables import Column, LinkColumn, MomentColumn, NumberColumn, StatusColumn, Table
from tenants.tables.types import TypeColumn


class RegistrationTable(Table):
    organisation = LinkColumn("registration", verbose_name=_("Organisation"))
    name = Column(verbose_name=_("Name"), accessor="contact_name")
    email = Column(verbose_name=_("E-mail"))
    type = TypeColumn(verbose_name=_("Type"), accessor="reseller_type")
    status = StatusColumn(verbose_name=_("Status"), accessor="state")
    asked = MomentColumn(verbose_name=_("Asked"), accessor="created_at")
    version = NumberColumn(verbose_name=_("Accepted version of the terms"), accessor="terms_version")
    decided = MomentColumn(verbose_name=_("Decided"), accessor="decided_at")
    reason = Column(verbose_name=_("Reason"))

    default_columns = ("organisation", "name", "email", "type", "status", "asked")
