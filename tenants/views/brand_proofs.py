"""Proof of a brand's domain and of the address that its mails come from."""

from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from resellerhub.kernel.refusals import NotFound
from resellerhub.web.forms import FormPage, OperationForm, answer_click, answer_form
from resellerhub.web.pages import page
from resellerhub.web.request import PageRequest
from resellerhub.web.shells import shell_url
from tenants.forms.branding import CodeForm
from tenants.models import Branding
from tenants.services.branding import own_brand
from tenants.services.proofs import ask_sender, confirm_sender, record_name, verify_domain


@page("settings.edit")
def branding_domain(request: PageRequest) -> HttpResponseBase:
    """Shows the record that proves the domain, and looks for it."""
    brand = own_brand(request.actor)
    if brand is None or not brand.domain:
        raise NotFound()
    form = OperationForm(request.POST or None)
    back = shell_url(request, "branding")
    record = [(_("Name"), record_name(brand)), (_("Type"), "TXT"), (_("Value"), brand.domain_token)]
    return answer_form(
        request,
        FormPage(
            form=form,
            title=_("Verify %(domain)s") % {"domain": brand.domain},
            intro=_("Set this record in the DNS of your domain, then check it here. It can go again afterwards."),
            submit=_("Check now"),
            cancel_url=back,
            parent="branding",
            template="tenants/brand_domain.html",
            context={"record": record},
        ),
        lambda _values: verify_domain(actor=request.actor, now=timezone.now()),
        lambda done: _("%(domain)s is verified: your portal opens there.") % {"domain": done.domain},
    )


@page("settings.edit")
def branding_sender(request: PageRequest) -> HttpResponseBase:
    """Takes the code that came to the address."""
    brand = _with_sender(request)
    form = CodeForm(request.POST or None)
    back = shell_url(request, "branding")
    return answer_form(
        request,
        FormPage(
            form=form,
            title=_("Verify %(email)s") % {"email": brand.sender_email},
            intro=_("A code is sent to this address. Whoever reads it there enters it here, or passes it on."),
            submit=_("Verify"),
            cancel_url=back,
            parent="branding",
            template="tenants/brand_sender.html",
            context={"asked_at": brand.sender_code_sent_at if brand.sender_code else None},
        ),
        lambda values: confirm_sender(actor=request.actor, code=values["code"], now=timezone.now()),
        lambda done: _("%(email)s is verified: your mails come from there.") % {"email": done.sender_email},
    )


@require_POST
@page("settings.edit")
def branding_sender_ask(request: PageRequest) -> HttpResponseBase:
    brand = _with_sender(request)
    return answer_click(
        request,
        lambda: ask_sender(actor=request.actor, now=timezone.now()),
        _("A code is on its way to %(email)s.") % {"email": brand.sender_email},
        shell_url(request, "branding_sender"),
    )


def _with_sender(request: PageRequest) -> Branding:
    brand = own_brand(request.actor)
    if brand is None or not brand.sender_email:
        raise NotFound()
    return brand
