"""Your own company, and the signatures of resellers, over REST."""

from typing import Any

from django.urls import path
from rest_framework.response import Response

from resellerhub.kernel.refusals import found
from resellerhub.rest import etags
from resellerhub.rest.endpoints import Call, operation_endpoint
from resellerhub.rest.filters import refuse_unknown
from resellerhub.rest.views import Api
from tenants import selectors
from tenants.models import Profile, Tenant
from tenants.serializers.company import CompanyChangeIn, CompanyOut, SignaturesIn, SignaturesOut
from tenants.services.company import amend_company, change_signatures, signatures_of


class CompanyApi(Api):
    """What is known of your own company."""

    singular, permission, out = "company", "company.edit", CompanyOut

    def rows(self, actor: Any) -> Any:
        return Profile.objects.visible_to(actor).filter(pk=actor.tenant_id).select_related("tenant")

    def show(self, request: Any) -> Response:
        refuse_unknown(request.query_params, set())
        self.let_look()
        data = CompanyOut(found(self.rows(self.actor))).data
        return Response(data, headers={"ETag": etags.etag(data)})

    @operation_endpoint(input=CompanyChangeIn, output=CompanyOut, method="patch", permission="company.edit")
    def change(self, call: Call) -> Any:
        """Change what is named; the terms between you and your seller are your seller's to change.

        `If-Match` with the ETag of the read is honoured.
        """
        own, signatures = call.actor.tenant_id, call.values.pop("signatures", None)
        found(Tenant.objects.visible_to(call.actor).locked(), pk=own)
        etags.check(self, call.request, own)
        amend_company(actor=call.actor, tenant_id=own, values=call.values, signatures=signatures, now=call.now)
        return found(self.rows(call.actor))


class SignatureApi(Api):
    """How the departments of a reseller sign mails and documents."""

    singular, permission, out = "reseller_signatures", "reseller.view", SignaturesOut

    def show(self, request: Any, pk: int) -> Response:
        refuse_unknown(request.query_params, set())
        self.let_look()
        return Response(SignaturesOut(signatures_of(_reseller(self.actor, pk).pk)).data)

    @operation_endpoint(input=SignaturesIn, output=SignaturesOut, method="patch", permission="reseller.edit")
    def change(self, call: Call) -> dict[str, str]:
        """Change what is named; an empty signature goes. Refused: `not-its-seller` (403)."""
        reseller = _reseller(call.actor, call.pk)
        change_signatures(actor=call.actor, tenant_id=reseller.pk, signatures=call.values, now=call.now)
        return signatures_of(reseller.pk)


def _reseller(actor: Any, pk: int) -> Tenant:
    return found(selectors.resellers(actor), pk=pk)


urls = [
    path("company", CompanyApi.as_view({"get": "show", "patch": "change"}), name="company"),
    path(
        "resellers/<int:pk>/signatures",
        SignatureApi.as_view({"get": "show", "patch": "change"}),
        name="reseller_signatures",
    ),
]
