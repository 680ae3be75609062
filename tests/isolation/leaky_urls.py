"""All addresses, and some that give the provider away or break: so that what looks for leaks can be tried."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import include, path

from resellerhub import urls
from resellerhub.web.errors import error_page
from tests.isolation.test_white_label import CANARY


def said(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"<p>Powered by {CANARY}</p>")


def attached(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"seller": f"billing@{CANARY.lower()}.example"})


def sent_on(request: HttpRequest) -> HttpResponse:
    return redirect(f"https://{CANARY.lower()}.example/")


def product(request: HttpRequest) -> HttpResponse:
    return HttpResponse("<title>ResellerHub</title>")


def refused(request: HttpRequest) -> HttpResponse:
    return error_page(request, 403)


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("This is what error pages are for.")


LEAKS = [path(f"leak/{view.__name__}/", view, name=view.__name__) for view in (said, attached, sent_on, product)]
HARMLESS = [path("broken/", broken, name="broken"), path("refused/", refused, name="refused")]

urlpatterns = [
    path("portal/", include(LEAKS + HARMLESS)),
    path("api/v1/", include(LEAKS + HARMLESS)),
    *urls.urlpatterns,
]
handler400, handler403, handler404, handler500 = urls.handler400, urls.handler403, urls.handler404, urls.handler500
