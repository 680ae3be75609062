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
from tenants.models import Branding
from tenants.serializers.branding import BrandingIn, BrandingOut, CodeIn
from tenants.services.branding import change_branding, own_brand, remove_branding
from tenants.services.proofs import ask_sender, confirm_sender, record_name, verify_domain


@dataclass(frozen=True)
class Shown:
    brand: Brand
    row: Branding | None
    """The actor's own, in which what is claimed stands beside what is proven; inherited is what is proven alone."""

    @classmethod
    def to(cls, actor: Any) -> "Shown":
        return cls(brand_for(actor.tenant_id), own_brand(actor))

    @property
    def own(self) -> bool:
        return self.row is not None

    @property
    def domain(self) -> str:
        return (self.row.domain if self.row else self.brand.domain) or ""

    @property
    def domain_verified(self) -> bool:
        return bool(self.brand.domain)

    @property
    def domain_record(self) -> dict[str, str] | None:
        if self.row is None or not self.row.is_domain_open:
            return None
        return {"name": record_name(self.row), "type": "TXT", "value": self.row.domain_token}

    @property
    def sender_email(self) -> str:
        return self.row.sender_email if self.row else self.brand.sender_email

    @property
    def sender_verified(self) -> bool:
        return bool(self.brand.sender_email)


class BrandingApi(Api):
    """How your house looks to those beneath it."""

    singular, permission, out = "branding", "settings.edit", BrandingOut

    def show(self, request: Any) -> Response:
        self.let_look()
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

    @operation_endpoint(output=BrandingOut, permission="settings.edit", idempotency="own")
    def prove_domain(self, call: Call) -> Shown:
        """Look for the record that proves your domain. Verified already, nothing is looked for.

        Refused: `nothing-to-prove`, `checked-just-now` (429), `domain-not-proven`; a domain that somebody else has
        proven meanwhile (422).
        """
        verify_domain(actor=call.actor, now=call.now)
        return Shown.to(call.actor)

    @operation_endpoint(output=BrandingOut, permission="settings.edit")
    def ask_for_code(self, call: Call) -> Shown:
        """Send a code to your sender's address. Refused: `nothing-to-prove`, `too-many-mails` (429)."""
        ask_sender(actor=call.actor, now=call.now)
        return Shown.to(call.actor)

    @operation_endpoint(input=CodeIn, output=BrandingOut, permission="settings.edit")
    def prove_sender(self, call: Call) -> Shown:
        """Prove your sender's address with the code that came there.

        Refused: `nothing-to-prove`, `wrong-code` (422).
        """
        confirm_sender(actor=call.actor, code=call.values["code"], now=call.now)
        return Shown.to(call.actor)


urls = [
    path("branding/verify-domain", BrandingApi.as_view({"post": "prove_domain"}), name="branding_verify_domain"),
    path("branding/send-code", BrandingApi.as_view({"post": "ask_for_code"}), name="branding_send_code"),
    path("branding/verify-sender", BrandingApi.as_view({"post": "prove_sender"}), name="branding_verify_sender"),
    path("branding", BrandingApi.as_view({"get": "show", "patch": "change", "delete": "remove"}), name="branding"),
]
