"""Packages over REST: the provider's, and the plans that resellers make from what they were granted."""

from dataclasses import replace
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from catalog import selectors
from catalog.filters import PackageFilter
from catalog.models import Package
from catalog.serializers import PackageChangeIn, PackageIn, PackageOut
from catalog.services.fees import today
from catalog.services.packages import Content, change_package, content_on, create_package, deactivate_package
from resellerhub.kernel.refusals import found
from resellerhub.rest.endpoints import Call, operation_endpoint
from resellerhub.rest.views import ReadApi
from subscriptions.services.plans import change_plan, create_plan


class PackageApi(ReadApi):
    """Base plans with the limit of each resource. One that a reseller made is a customer plan."""

    singular, permission, out = "package", "catalog.view", PackageOut
    filterset_class = PackageFilter
    ordering_fields = {"name": "name", "created_at": "created_at"}

    def rows(self, actor: Any) -> QuerySet[Package]:
        return selectors.packages_in_force(actor, today(timezone.now()))

    def shown(self, call: Call, package: Package) -> Package:
        return self.rows(call.actor).get(pk=package.pk)

    @operation_endpoint(input=PackageIn, output=PackageOut, status=201, permission="catalog.edit")
    def create(self, call: Call) -> Package:
        """Make a package of your own. A reseller's may only limit what its subscriptions grant: `not-granted`."""
        make = create_package if call.actor.is_provider else create_plan
        service_type_id = call.values.pop("service_type")
        made = make(
            actor=call.actor,
            service_type_id=service_type_id,
            now=call.now,
            content=Content(call.values.pop("limits")),
            **call.values,
        )
        return self.shown(call, made)

    @operation_endpoint(
        input=PackageChangeIn, output=PackageOut, detail=True, method="patch", permission="catalog.edit"
    )
    def change(self, call: Call) -> Package:
        """Change a package of your own; limits count for what is sold from then on."""
        row = found(self.rows(call.actor).filter(tenant=call.actor.tenant_id), pk=call.pk)
        values: dict[str, Any] = {
            "name": row.name,
            "is_shared": row.is_shared,
            "is_active": row.is_active,
        } | call.values
        values["content"] = content_on(row, today(call.now))
        if "limits" in values:
            values["content"] = replace(values["content"], limits=values.pop("limits"))
        change = change_package if call.actor.is_provider else change_plan
        return self.shown(call, change(actor=call.actor, package_id=row.pk, now=call.now, **values))

    @operation_endpoint(output=PackageOut, detail=True, path="deactivate", permission="catalog.edit")
    def deactivate(self, call: Call) -> Package:
        """Sell a package of your own no more; who holds it keeps it."""
        return self.shown(call, deactivate_package(actor=call.actor, package_id=call.pk, now=call.now))
