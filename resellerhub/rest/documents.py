"""The OpenAPI document and the two pages that show it, with nothing loaded from elsewhere."""

import functools
from typing import Any

from csp.constants import SELF, UNSAFE_INLINE
from csp.decorators import csp_update
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.decorators import method_decorator
from django.views import View
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.views import SpectacularRedocView, SpectacularSwaggerSplitView

from resellerhub.rest.renderers import dump

OWN_STYLES = csp_update({"style-src": [SELF, UNSAFE_INLINE]})
"""Both programs write their styles into the page; their scripts are files, and stay so."""


@functools.cache
def document() -> dict[str, Any]:
    """Made once per process: but for its title it says the same to everybody."""
    generator: Any = SchemaGenerator
    with translation.override("en"):
        made: dict[str, Any] = generator().get_schema(request=None, public=True)
    return made


class Document(View):
    def get(self, request: HttpRequest) -> HttpResponse:
        made, brand = document(), request.brand  # type: ignore[attr-defined]
        info = {**made["info"], "title": f"{brand.product} API"}
        return HttpResponse(dump({**made, "info": info}), content_type="application/json")


@method_decorator(OWN_STYLES, name="dispatch")
class Swagger(SpectacularSwaggerSplitView):
    """Its script is a request of its own: our CSP allows no script in a page."""

    template_name = "rest/swagger.html"


@method_decorator(OWN_STYLES, name="dispatch")
class Redoc(SpectacularRedocView):
    template_name = "rest/redoc.html"
