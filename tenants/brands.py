"""Whose brand is shown: the nearest tenant's at or above the reader that has one, as a whole."""

from typing import Any
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.db.models import BooleanField, F, Func, QuerySet, Subquery

from resellerhub.web.brands import DEFAULT, Brand
from tenants.models import Branding, Tenant


class IsIn(Func):
    """`id = ANY (array)`, the array being a subquery."""

    template = "(%(expressions)s::bigint[]))"
    arg_joiner = " = ANY ("
    output_field = BooleanField()


def brand_for(tenant_id: int) -> Brand:
    """Of who belongs to this tenant."""
    row = chain(tenant_id).first()
    return brand(row) if row else DEFAULT


def inherited(tenant_id: int) -> Brand:
    """What the tenant has without a brand of its own."""
    row = chain(tenant_id).exclude(tenant_id=tenant_id).first()
    return brand(row) if row else DEFAULT


def brand_at(host: str) -> Brand | None:
    """Of who asks at this host, before anybody has logged in: a domain that is only claimed shows nobody's."""
    row = without_logo().filter(verified_domain=host).first()
    return brand(row) if row else None


def chain(tenant_id: int) -> "QuerySet[Branding]":
    """The brands at or above a tenant, the nearest first."""
    ancestors: Any = Subquery(Tenant.objects.filter(pk=tenant_id).values("ancestors"))
    depth = Func(F("tenant__ancestors"), function="cardinality")
    return without_logo().filter(IsIn(F("tenant_id"), ancestors)).order_by(depth.desc())


def without_logo() -> "QuerySet[Branding]":
    return Branding.objects.defer("logo")


def brand(row: Branding) -> Brand:
    """As it is shown and used: what is claimed and not proven is left out, and the installation's own stands in. Never
    an ancestor's: it would tell who is above."""
    return Brand(
        product=row.product_name,
        colour=row.colour,
        logo=row.logo_digest,
        sender_name=row.sender_name,
        sender_email=row.verified_sender,
        support_email=row.support_email,
        footer=row.footer,
        domain=row.verified_domain or "",
        owner_id=row.pk,
    )


def address_of(brand: Brand, path: str) -> str:
    """A link for outside: at the brand's own domain if it has one, with the scheme and port of the installation."""
    base = urlsplit(settings.BASE_URL)
    host = f"{brand.domain}:{base.port}" if brand.domain and base.port else brand.domain
    return str(urlunsplit((base.scheme, host or base.netloc, path, "", "")))
