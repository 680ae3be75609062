"""Whose brand is shown: the nearest tenant's at or above the reader that has one, as a whole."""

from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.db.models import QuerySet

from resellerhub.web.brands import DEFAULT, Brand
from tenants.models import Branding, Tenant


def brand_for(tenant: Tenant) -> Brand:
    """Of who belongs to this tenant. A tenant that was just made has no ancestors in memory: they are read."""
    ancestors = list(tenant.ancestors) or Tenant.objects.values_list("ancestors", flat=True).get(pk=tenant.pk)
    rows = {row.pk: row for row in rows_without_logo().filter(tenant_id__in=ancestors)}
    nearest = next((rows[pk] for pk in reversed(ancestors) if pk in rows), None)
    return brand(nearest) if nearest else DEFAULT


def brand_at(host: str) -> Brand | None:
    """Of who asks at this host, before anybody has logged in."""
    row = rows_without_logo().filter(domain=host).first()
    return brand(row) if row else None


def rows_without_logo() -> "QuerySet[Branding]":
    return Branding.objects.defer("logo")


def brand(row: Branding) -> Brand:
    return Brand(
        product=row.product_name,
        colour=row.colour,
        logo=row.logo_digest,
        sender_name=row.sender_name,
        sender_email=row.sender_email,
        support_email=row.support_email,
        footer=row.footer,
        domain=row.domain or "",
        owner_id=row.pk,
    )


def address_of(brand: Brand, path: str) -> str:
    """A link for outside: at the brand's own domain if it has one, with the scheme and port of the installation."""
    base = urlsplit(settings.BASE_URL)
    host = f"{brand.domain}:{base.port}" if brand.domain and base.port else brand.domain
    return urlunsplit((base.scheme, host or base.netloc, path, "", ""))
