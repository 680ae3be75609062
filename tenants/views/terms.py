"""The terms of a reseller, changed by its seller."""

from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from resellerhub.kernel.refusals import found
from resellerhub.web.forms import FormPage, answer_form
from resellerhub.web.pages import page
from resellerhub.web.request import PageRequest
from resellerhub.web.shells import shell_url
from tenants import selectors
from tenants.forms.tenants import TermsForm
from tenants.naming import name_of_seller
from tenants.services.resellers import NotItsSeller, change_terms
from tenants.services.tree import must_be_open


@page("reseller.edit")
def reseller_terms(request: PageRequest, pk: int) -> HttpResponseBase:
    reseller = found(selectors.resellers(request.actor), pk=pk)
    if reseller.seller_id != request.actor.tenant_id:
        raise NotItsSeller()
    must_be_open(reseller)
    shown = {"may_oversell": reseller.terms.may_oversell, "is_large": reseller.terms.is_large}
    form = TermsForm(request.POST or None, by_provider=request.actor.is_provider, initial=shown)
    url, name = shell_url(request, "reseller", pk), name_of_seller(reseller)
    return answer_form(
        request,
        FormPage(
            form=form,
            title=_("Terms of %(name)s") % {"name": name},
            intro=_("They count from the next sale on. What was sold already stays sold."),
            submit=_("Save"),
            cancel_url=url,
            parent="resellers",
        ),
        lambda values: change_terms(actor=request.actor, reseller_id=pk, now=timezone.now(), **values),
        _("The terms of %(name)s were saved.") % {"name": name},
    )
