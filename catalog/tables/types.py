"""What the lists of service types, resources and instances show."""

from django.utils.translation import gettext_lazy as _

from resellerhub.web.tables import Column, LinkColumn, NumberColumn, Table, YesNoColumn


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
