"""Which hosts are answered: those of the installation, and every domain that a brand has."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest
from django.http.request import split_domain_port
from django.http.response import HttpResponseBase

from resellerhub.web.brands import DEFAULT, Brand
from tenants.brands import brand_at


class BrandMiddleware:
    """Sets `request.brand`, and `request.host_brand`: the one whose domain was asked, or None.

    A domain of nobody goes the usual way: Django refuses what is not in ALLOWED_HOSTS. Which domains there are is one
    look into a unique index; a cache would be no quicker and would have to be told of every change.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        host = request.headers.get("Host", "")
        brand = brand_of_host(split_domain_port(host)[0])
        request.host_brand, request.brand = brand, brand or DEFAULT  # type: ignore[attr-defined]
        if brand:
            request.get_host = lambda: host  # type: ignore[method-assign]
        return self.get_response(request)


def brand_of_host(domain: str) -> Brand | None:
    """Health is asked for while the database is away: then nobody has a domain."""
    if not domain or domain in own_hosts():
        return None
    try:
        return brand_at(domain)
    except DatabaseError:
        return None


def own_hosts() -> set[str]:
    """The names that the installation itself answers to; nobody can take one as a brand's domain."""
    named = {host.lower() for host in settings.ALLOWED_HOSTS if host != "*" and not host.startswith(".")}
    return named | {urlsplit(settings.BASE_URL).hostname or "", "localhost"}


def belongs_here(brand: Brand | None, ancestors: list[int]) -> bool:
    """At a brand's domain only who is at or beneath its owner is anybody; elsewhere everybody is."""
    return brand is None or brand.owner_id in ancestors
