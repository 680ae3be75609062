"""Packages over REST: the provider's, and the plans that resellers make from what they were granted."""

from dataclasses import replace
from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from catalog.filters import PackageFilter
from catalog.models import Package, PackageVersion
from catalog.selectors import packages as selectors
from catalog.serializers.packages import PackageChangeIn, PackageIn, PackageOut, PackageVersionOut
from catalog.services.packages import Content, change_package, create_package, deactivate_package
from resellerhub.kernel.periods import day_of
from resellerhub.kernel.refusals import found
from resellerhub.rest.endpoints import Call, operation_endpoint
from resellerhub.rest.views import ReadApi
from subscriptions.services.selling.plans import change_plan, create_plan


class PackageApi(ReadApi):
    """Base plans with limits and a pair of fees. One that a reseller manages is a customer plan.

    The list of a commission reseller has what it may offer and what it manages, whatever else is shared above it.
    """

    singular, permission, out = "package", "catalog.view", PackageOut
    filterset_class = PackageFilter
    ordering_fields = {"name": "name", "created_at": "created_at"}

    def rows(self, actor: Any) -> QuerySet[Package]:
        rows = selectors.packages_in_force(actor, day_of(timezone.now()))
        return selectors.listed(actor, rows) if self.action == "list" else rows

    def shown(self, call: Call, package: Package) -> Package:
        return self.rows(call.actor).get(pk=package.pk)

    @operation_endpoint(input=PackageIn, output=PackageOut, status=201, permission="catalog.edit")
    def create(self, call: Call) -> Package:
        """Make a package of your own, or as a provider one that a reseller is to manage.

        A reseller makes plans once it holds an active subscription, `no-reseller-subscription`, and they may only limit
        what its subscriptions grant: `not-granted`. What it owes itself is not its to say:
        `reseller-fee-fixed`. A shared package needs an account fee that is shared: `share-with-resellers`.
        """
        values = call.values
        service_type_id, managed_by_id = values.pop("service_type"), values.pop("managed_by", call.actor.tenant_id)
        content = content_of(Content(), said_of(values))
        given = {"service_type_id": service_type_id, "content": content, **values}
        if not call.actor.is_provider and managed_by_id == call.actor.tenant_id:
            return self.shown(call, create_plan(actor=call.actor, now=call.now, **given))
        made = create_package(actor=call.actor, managed_by_id=managed_by_id, now=call.now, **given)
        return self.shown(call, made)

    @operation_endpoint(
        input=PackageChangeIn, output=PackageOut, detail=True, method="patch", permission="catalog.edit"
    )
    def change(self, call: Call) -> Package:
        """Change a package that you manage; limits and fees count for what is sold from `effective_on` on.

        Refused: `managed-by-another`, and to who manages it for a provider `reseller-fee-fixed`.
        """
        values = call.values
        said, change = said_of(values), change_package if call.actor.is_provider else change_plan
        row = change(
            actor=call.actor, package_id=call.pk, content=partial(content_of, said=said), now=call.now, **values
        )
        return self.shown(call, row)

    @operation_endpoint(output=PackageOut, detail=True, path="deactivate", permission="catalog.edit")
    def deactivate(self, call: Call) -> Package:
        """Sell a package of your own no more; who holds it keeps it."""
        return self.shown(call, deactivate_package(actor=call.actor, package_id=call.pk, now=call.now))


class PackageVersionApi(ReadApi):
    """What a package grants and costs, and from which day: the newest first. What is held keeps its version."""

    singular, plural, permission, out = "package_version", "package_versions", "catalog.view", PackageVersionOut
    reads = ("list",)
    ordering = ("-effective_on", "-pk")

    def rows(self, actor: Any) -> QuerySet[PackageVersion]:
        package = found(Package.objects.visible_to(actor), pk=self.kwargs["package"])
        return selectors.package_versions(actor, package, day_of(timezone.now()))


def said_of(values: dict[str, Any]) -> dict[str, Any]:
    """What of it is about what it grants and costs, taken out of `values`."""
    return {name: values.pop(name) for name in ("reseller_fee", "account_fee", "limits") if name in values}


def content_of(had: Content, said: dict[str, Any]) -> Content:
    """What it had, with what was said instead."""
    given = {f"{name}_id": said[name] for name in ("reseller_fee", "account_fee") if name in said}
    if limits := said.get("limits"):
        given["limits"] = {row["resource"]: row["limit"] for row in limits}
        given["overages"] = {row["resource"]: row.get("overage", 0) for row in limits if row["quota"] == "hard"}
    return replace(had, **given)
