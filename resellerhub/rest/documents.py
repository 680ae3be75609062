"""The OpenAPI document and the two pages that show it, with nothing loaded from elsewhere."""

import functools
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.views import View
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.views import SpectacularRedocView, SpectacularSwaggerSplitView

from resellerhub.rest.renderers import dump


@functools.cache
def document() -> bytes:
    """Made once per process: it says the same to everybody."""
    with translation.override("en"):
        generator: Any = SchemaGenerator
        return dump(generator().get_schema(request=None, public=True))


class Document(View):
    def get(self, request: HttpRequest) -> HttpResponse:
        return HttpResponse(document(), content_type="application/json")


class Swagger(SpectacularSwaggerSplitView):
    """Its script is a request of its own: our CSP allows no script in a page."""


class Redoc(SpectacularRedocView):
    """The same document to read."""
