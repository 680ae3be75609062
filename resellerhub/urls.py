"""Every address: the console, the portal, the API, and what operates them."""

from typing import NoReturn

from django.contrib import admin
from django.http import Http404, HttpRequest
from django.urls import include, path, re_path

from resellerhub.rest import health
from resellerhub.rest import urls as rest
from resellerhub.web import urls as web
from tenants import urls as tenants

APPS = ("tenants", "catalog", "subscriptions", "addons", "invoicing", "reports")


def shell(name: str) -> list:  # type: ignore[type-arg]
    """The lists `console`, `portal` or `api` of every app, and what every shell has."""
    from importlib import import_module

    return [route for app in APPS for route in getattr(import_module(f"{app}.urls"), name)]


CLOSED = r"^accounts/(signup|email|confirm-email|inactive|password/set|login/code|phone|3rdparty|social)/"
"""Pages of allauth for people who register and change their address on their own: here a login and its address come
with a membership, by services that write events."""


def closed(request: HttpRequest, *_args: object) -> NoReturn:
    raise Http404


urlpatterns = [
    re_path(CLOSED, closed),
    path("", include(web.urlpatterns)),
    path("", include(tenants.public)),
    path("accounts/", include("allauth.urls")),
    path("console/", include((shell("console") + web.shell, "console"), namespace="console")),
    path("portal/", include((shell("portal") + web.shell, "portal"), namespace="portal")),
    path("api/v1/", include((shell("api") + rest.urlpatterns, "api"), namespace="api")),
    path("admin/", admin.site.urls),
    path("", include(health.urlpatterns)),
]

handler400 = "resellerhub.web.errors.bad_request"
handler403 = "resellerhub.web.errors.permission_denied"
handler404 = "resellerhub.web.errors.not_found"
handler429 = "resellerhub.web.errors.too_many_requests"
handler500 = "resellerhub.web.errors.server_error"
