"""Suspend or resume many resellers or customers, over REST."""

from typing import Any

from rest_framework.exceptions import ValidationError

from resellerhub.kernel.models import Job
from resellerhub.kernel.refusals import NotFound
from resellerhub.rest.endpoints import Call, operation_endpoint
from resellerhub.rest.serializers import JobOut
from resellerhub.rest.views import Api, api_paths
from tenants import selectors
from tenants.filters.tenants import CustomerFilter, ResellerFilter
from tenants.models import Tenant
from tenants.roles import Kind
from tenants.serializers.switching import CustomersSuspendIn, ResellersResumeIn, ResellersSuspendIn, SwitchIn
from tenants.services.switching import start_switching

Status = Tenant.Status


class ResellersSwitchApi(Api):
    """Many resellers at once."""

    singular = "resellers"

    @operation_endpoint(input=ResellersSuspendIn, output=JobOut, status=202, path="suspend", permission="reseller.edit")
    def suspend(self, call: Call) -> Job:
        """Suspend many resellers: the ids given, or all whom a filter finds. `Location` is the job.

        Those that are not active are skipped, with their status as the reason. An id out of sight: 404.
        """
        return _start(call, Kind.RESELLER, Status.SUSPENDED)

    @operation_endpoint(input=ResellersResumeIn, output=JobOut, status=202, path="resume", permission="reseller.edit")
    def resume(self, call: Call) -> Job:
        """Resume many resellers: the ids given, or all whom a filter finds. `Location` is the job."""
        return _start(call, Kind.RESELLER, Status.ACTIVE)


class CustomersSwitchApi(Api):
    """Many customers at once."""

    singular = "customers"

    @operation_endpoint(input=CustomersSuspendIn, output=JobOut, status=202, path="suspend", permission="customer.edit")
    def suspend(self, call: Call) -> Job:
        """Suspend many customers: the ids given, or all whom a filter finds. `Location` is the job.

        Those that are not active are skipped, with their status as the reason. An id out of sight: 404.
        """
        return _start(call, Kind.CUSTOMER, Status.SUSPENDED)

    @operation_endpoint(input=SwitchIn, output=JobOut, status=202, path="resume", permission="customer.edit")
    def resume(self, call: Call) -> Job:
        """Resume many customers: the ids given, or all whom a filter finds. `Location` is the job."""
        return _start(call, Kind.CUSTOMER, Status.ACTIVE)


def _start(call: Call, kind: Kind, status: Status) -> Job:
    rows = selectors.resellers(call.actor) if kind == Kind.RESELLER else selectors.customers(call.actor)
    return start_switching(
        actor=call.actor,
        kind=kind.value,
        chosen=_chosen(call, kind, rows),
        status=status.value,
        reason=call.values.get("reason", ""),
        now=call.now,
    )


def _chosen(call: Call, kind: Kind, rows: Any) -> Any:
    if "ids" in call.values:
        asked = call.values["ids"]
        chosen = rows.filter(pk__in=asked)
        if chosen.count() < len(asked):
            raise NotFound(field="ids")
        return chosen
    given = dict(call.values["filter"])
    filter_class = ResellerFilter if kind == Kind.RESELLER else CustomerFilter
    filters = filter_class({"q": given.pop("search", ""), **given}, queryset=rows, request=call.request._request)
    if not filters.is_valid():
        raise ValidationError({"filter": filters.form.errors})
    return filters.qs


urls = [*api_paths("resellers", ResellersSwitchApi), *api_paths("customers", CustomersSwitchApi)]
