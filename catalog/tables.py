"""What the lists of the catalogue show, and what can be exported of them."""

from django.utils.translation import gettext_lazy as _

from resellerhub.web.tables import Column, LinkColumn, MomentColumn, NumberColumn, Table, YesNoColumn


class PackageTable(Table):
    name = LinkColumn("package", verbose_name=_("Package"))
    id = Column(verbose_name=_("ID"), accessor="pk")
    service_type = Column(verbose_name=_("Service type"), accessor="service_type__name")
    audience = Column(verbose_name=_("For"))
    owner = Column(verbose_name=_("Owner"), accessor="owner_name")
    shared = YesNoColumn(verbose_name=_("Shared with resellers"), accessor="is_shared")
    active = YesNoColumn(verbose_name=_("Active"), accessor="is_active")
    created = MomentColumn(verbose_name=_("Created"), accessor="created_at")

    default_columns = ("name", "service_type", "audience", "owner", "shared", "active")


class LimitTable(Table):
    resource = Column(verbose_name=_("Resource"), accessor="resource__name")
    group = Column(verbose_name=_("Group"), accessor="resource__group")
    limit = NumberColumn(verbose_name=_("Limit"))
    unit = Column(verbose_name=_("Unit"), accessor="resource__unit")


class ServiceTypeTable(Table):
    name = LinkColumn("service_type", verbose_name=_("Service type"))
    code = Column(verbose_name=_("Code"))
    resources = NumberColumn(verbose_name=_("Resources"), accessor="resource_count")
    instances = NumberColumn(verbose_name=_("Instances"), accessor="instance_count")
    active = YesNoColumn(verbose_name=_("Active"), accessor="is_active")


class ResourceTable(Table):
    name = LinkColumn("resource_edit", verbose_name=_("Resource"))
    code = Column(verbose_name=_("Code"))
    group = Column(verbose_name=_("Group"))
    unit = Column(verbose_name=_("Unit"))
    metering = Column(verbose_name=_("Metering"))


class ServiceInstanceTable(Table):
    name = LinkColumn("service_instance_edit", verbose_name=_("Instance"))
    active = YesNoColumn(verbose_name=_("Active"), accessor="is_active")
