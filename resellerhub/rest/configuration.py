"""How the libraries under the API are set up; the settings of the project take it from here."""

from typing import Any


def rest_framework(*, rate: str, proxies: int) -> dict[str, Any]:
    return {
        "DEFAULT_AUTHENTICATION_CLASSES": ["tenants.authentication.ApiKeyAuthentication"],
        "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
        "DEFAULT_RENDERER_CLASSES": ["resellerhub.rest.renderers.JsonRenderer"],
        "DEFAULT_PARSER_CLASSES": ["resellerhub.rest.parsers.StrictJsonParser"],
        "DEFAULT_PAGINATION_CLASS": "resellerhub.rest.pagination.CursorPage",
        "DEFAULT_FILTER_BACKENDS": ["resellerhub.rest.filters.ListFilter"],
        "DEFAULT_THROTTLE_CLASSES": ["resellerhub.rest.throttling.PrincipalThrottle"],
        "DEFAULT_THROTTLE_RATES": {"principal": rate},
        "DEFAULT_SCHEMA_CLASS": "resellerhub.rest.schema.Schema",
        "EXCEPTION_HANDLER": "resellerhub.rest.problems.handle",
        "UNAUTHENTICATED_USER": None,
        "NUM_PROXIES": proxies,
    }


SPECTACULAR: dict[str, Any] = {
    "TITLE": "ResellerHub API",
    "VERSION": "1.0.0",
    "DESCRIPTION": "Sell through resellers: tenants, catalogue, subscriptions, usage, add-ons, bulk sales and reports.",
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_AUTHENTICATION": [],
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "POSTPROCESSING_HOOKS": ["resellerhub.rest.sharing.share"],  # without that of enums: "state" differs in every shape
    "COMPONENT_SPLIT_REQUEST": True,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
}
