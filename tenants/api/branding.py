"""White label over REST."""

from dataclasses import dataclass
from typing import Any

from django.urls import path
from rest_framework.response import Response

from resellerhub.rest.endpoints import Call, operation_endpoint
from resellerhub.rest.filters import refuse_unknown
from resellerhub.rest.views import Api
from resellerhub.web.brands import Brand
from tenants.brands import brand_for
from tenants.serializers.branding import BrandingIn, BrandingOut
from tenants.services.branding import change_branding, remove_branding


@dataclass(frozen=True)
class Shown:
    brand: Brand
    own: bool

    @classmethod
    def to(cls, actor: Any) -> "Shown":
        brand = brand_for(actor.tenant_id)
        return cls(brand, brand.owner_id == actor.tenant_id)


class BrandingApi(Api):
    """How your house looks to those beneath it."""

    singular, permission, out = "branding", "settings.edit", BrandingOut

    def show(self, request: Any) -> Response:
        self.actor.require(self.permission)
        refuse_unknown(request.query_params, set())
        return Response(BrandingOut(Shown.to(self.actor)).data)

    @operation_endpoint(input=BrandingIn, output=BrandingOut, permission="settings.edit", method="patch")
    def change(self, call: Call) -> Shown:
        """Change your branding, or begin one.

        A colour on which white text cannot be read is refused, with what was measured.
        """
        fields = {name: value for name, value in call.values.items() if name != "logo"}
        logo = (call.values["logo"] or b"") if "logo" in call.values else None
        change_branding(actor=call.actor, fields=fields, logo=logo, now=call.now)
        return Shown.to(call.actor)

    @operation_endpoint(permission="settings.edit", method="delete")
    def remove(self, call: Call) -> None:
        """Go back to what those above you show."""
        remove_branding(actor=call.actor, now=call.now)


urls = [
    path("branding", BrandingApi.as_view({"get": "show", "patch": "change", "delete": "remove"}), name="branding"),
]
