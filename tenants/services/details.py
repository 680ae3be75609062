"""What is to be known of a company when its tenant is made, and whether that was asked for already."""

from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from resellerhub.kernel.operation import refusing
from resellerhub.kernel.refusals import Busy, Invalid, RequestReused
from resellerhub.kernel.text import has_forbidden, is_blank
from tenants.models import Profile, Tenant


@dataclass(frozen=True)
class Details:
    name: str
    owner_email: str = ""
    contact_name: str = ""
    phone: str = ""
    street: str = ""
    postal_code: str = ""
    city: str = ""
    country: str = ""
    language: str = "en"

    def check(self) -> None:
        """A tenant without a name could not be found again."""
        if is_blank(self.name):
            raise Invalid({"name": [_("A name is needed.")]})
        if errors := {
            name: [_("This holds characters that nobody can see.")]
            for name, value in asdict(self).items()
            if has_forbidden(value)
        }:
            raise Invalid(errors)

    def values(self) -> dict[str, Any]:
        return asdict(self) | {"name": self.name.strip(), "owner_email": self.owner_email.strip().lower()}


def describe(tenant: Tenant, details: Details, request_id: UUID | None) -> None:
    """The profile of a new tenant. Where the same request is just making one elsewhere, the caller is to come back."""
    profile = Profile(tenant=tenant, provider_id=tenant.house_id, request_id=request_id, **details.values())
    if request_id is None:
        profile.save(force_insert=True)
        return
    with refusing({"tenants_profile_request": Busy()}):
        profile.save(force_insert=True)


def made_before(seller: Tenant, kind: str, details: Details, request_id: UUID | None) -> Tenant | None:
    """What this request made when it was sent before; with other values it is refused."""
    if request_id is None:
        return None
    made = Profile.objects.filter(provider_id=seller.house_id, request_id=request_id).select_related("tenant").first()
    if made is None:
        return None
    same = {name: getattr(made, name) for name in details.values()} == details.values()
    if not same or made.tenant.kind != kind or made.tenant.seller_id != seller.pk:
        raise RequestReused()
    tenant: Tenant = made.tenant
    return tenant
