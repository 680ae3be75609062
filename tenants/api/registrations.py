"""Registrations over REST."""

from typing import Any

from django.db.models import QuerySet

from resellerhub.rest.endpoints import Call, operation_endpoint
from resellerhub.rest.views import ReadApi, api_paths
from tenants.filters.registrations import RegistrationFilter
from tenants.models import Registration
from tenants.serializers.registrations import ApproveIn, RegistrationOut, RejectIn
from tenants.services.registrations import approve_registration, reject_registration


class RegistrationApi(ReadApi):
    """Requests to become a reseller; the provider's alone."""

    singular, permission, out = "registration", "reseller.view", RegistrationOut
    filterset_class = RegistrationFilter
    ordering_fields = {"created_at": "created_at"}

    def rows(self, actor: Any) -> QuerySet[Registration]:
        return Registration.objects.visible_to(actor)

    @operation_endpoint(
        input=ApproveIn, output=RegistrationOut, detail=True, path="approve", permission="reseller.create"
    )
    def approve(self, call: Call) -> Registration:
        """Make the reseller, and invite who asked by mail to administer it.

        Refused: `already-decided` (409), `type-unavailable` (422).
        """
        return approve_registration(
            actor=call.actor, registration_id=call.pk, reseller_type=call.values.get("type", ""), now=call.now
        )

    @operation_endpoint(
        input=RejectIn, output=RegistrationOut, detail=True, path="reject", permission="reseller.create"
    )
    def reject(self, call: Call) -> Registration:
        """Say no; the reason goes to who asked. Refused: `already-decided` (409)."""
        return reject_registration(
            actor=call.actor, registration_id=call.pk, reason=call.values["reason"], now=call.now
        )


urls = [*api_paths("registrations", RegistrationApi)]
