"""White label: the settings of a brand, and its picture and colours as files."""

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from resellerhub.web.forms import Fieldset, FormPage, OperationForm, answer_form
from resellerhub.web.pages import page
from resellerhub.web.request import PageRequest
from resellerhub.web.shells import shell_url
from tenants import brands, colours
from tenants.forms.branding import BrandingForm
from tenants.models import Branding
from tenants.services.branding import FIELDS, change_branding, own_brand, remove_branding

FOR_EVER = "public, max-age=31536000, immutable"
"""What is named by its own content never changes."""

LOOK = ["product_name", "logo", "remove_logo", "colour"]
MAILS = ["sender_name", "sender_email", "support_email", "footer"]


@page("settings.edit")
def branding(request: PageRequest) -> HttpResponseBase:
    brand = own_brand(request.actor)
    initial = {name: getattr(brand, name) or "" for name in FIELDS} if brand else {"colour": "#066fd1"}
    form = BrandingForm(request.POST or None, request.FILES or None, initial=initial)
    return answer_form(
        request,
        FormPage(
            form=form,
            title=_("Branding"),
            intro=_("How your portal and your mails look to those you sell to, and to yourselves."),
            submit=_("Save"),
            cancel_url=shell_url(request, "dashboard"),
            fieldsets=[
                Fieldset(_("Look"), LOOK),
                Fieldset(_("Address"), ["domain"]),
                Fieldset(_("Mails"), MAILS),
            ],
            template="tenants/branding.html",
            context={"own": brand, "without": brands.inherited(request.actor.tenant_id)},
        ),
        lambda _values: change_branding(
            actor=request.actor, fields=form.fields_of_brand, logo=form.picture, now=timezone.now()
        ),
        _("The branding is saved."),
        shell_url(request, "branding"),
    )


@page("settings.edit")
def branding_remove(request: PageRequest) -> HttpResponseBase:
    form = OperationForm(request.POST or None)
    product = brands.inherited(request.actor.tenant_id).product
    return answer_form(
        request,
        FormPage(
            form=form,
            title=_("Remove the branding"),
            intro=_("Your portal is then called %(product)s, and its domain is answered no longer.")
            % {"product": product},
            submit=_("Remove"),
            cancel_url=shell_url(request, "branding"),
            parent="branding",
            danger=True,
        ),
        lambda _values: remove_branding(actor=request.actor, now=timezone.now()),
        _("The branding is removed."),
    )


@require_safe
def brand_css(request: HttpRequest, colour: str) -> HttpResponse:
    """The colours of a brand: a file, because pages may hold no styles of their own."""
    return file(colours.css(f"#{colour}").encode(), "text/css; charset=utf-8")


@require_safe
def brand_logo(request: HttpRequest, digest: str) -> HttpResponse:
    """A logo by its digest: an address that names nobody."""
    found = Branding.objects.filter(logo_digest=digest).values_list("logo", flat=True).first()
    if not found:
        raise Http404
    return file(bytes(found), "image/png")


def file(content: bytes, content_type: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response["Cache-Control"] = FOR_EVER
    return response
