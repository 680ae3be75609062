"""Problems for what goes wrong before or after a view of the API: no route, a refused host, a crash."""

from collections.abc import Callable

import orjson
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from resellerhub.rest.problems import CODES, MEDIA_TYPE, body

PREFIX = "/api/"


class ProblemMiddleware:
    """Turns an error page into a problem where a program is listening."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if response.status_code < 400 or not request.path.startswith(PREFIX):
            return response
        if response.headers.get("Content-Type", "").startswith(MEDIA_TYPE) or not isinstance(response, HttpResponse):
            return response
        status = response.status_code
        details = {
            404: _("There is nothing here."),
            400: _("This request cannot be read."),
            413: _("The file is too large."),
        }
        detail = details.get(status, _("Something went wrong here. It was noted under this request's id."))
        problem = body(request, status, CODES.get(status, "error"), detail)
        response.content = orjson.dumps(problem)
        response["Content-Type"], response["Content-Length"] = MEDIA_TYPE, str(len(response.content))
        return response
