"""What several commission resellers may offer besides: chosen in their list, or on the page itself."""

from typing import Any

from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from resellerhub.web.forms import FormPage, answer_form
from resellerhub.web.lists import BulkAction, selected_rows
from resellerhub.web.pages import page
from resellerhub.web.request import PageRequest
from resellerhub.web.shells import shell_url
from subscriptions.forms.orders import ManyOfferingsForm
from subscriptions.selectors.offers import on_commission, sellable
from subscriptions.services.ordering.offerings import add_offerings
from tenants.models import Tenant
from tenants.naming import seller_name
from tenants.roles import Kind
from tenants.views.directory import resellers_page


def bulk_actions(request: PageRequest) -> list[BulkAction]:
    """Of the list of resellers."""
    return [BulkAction(_("Let them offer packages"), shell_url(request, "offerings_add"), "plus", "reseller.edit")]


@page("reseller.edit")
def offerings_add(request: PageRequest) -> HttpResponseBase:
    """From the list: the commission resellers among the chosen, and how many were left out."""
    resellers = on_commission(request.actor).order_by(seller_name(""), "pk")
    chosen: list[int] = []
    left_out = 0
    from_list = request.method == "POST" and "resellers" not in request.POST and "packages" not in request.POST
    if from_list:
        asked = set(selected_rows(request, resellers_page(request)).order_by().values_list("pk", flat=True))
        chosen = list(resellers.filter(pk__in=asked).values_list("pk", flat=True))
        left_out = len(asked) - len(chosen)
    own: Any = Tenant.objects.get(pk=request.actor.tenant_id)
    packages = sellable(own).filter(is_shared=True) if own.kind != Kind.CUSTOMER else sellable(own).none()
    form = ManyOfferingsForm(
        request.POST if request.method == "POST" and not from_list else None,
        resellers=resellers,
        packages=packages.order_by("name", "pk"),
        initial={"resellers": chosen},
    )
    back = shell_url(request, "resellers")
    return answer_form(
        request,
        FormPage(
            form=form,
            title=_("Let resellers offer packages"),
            intro=_intro(left_out),
            submit=_("Save"),
            cancel_url=back,
            parent="resellers",
        ),
        lambda values: add_offerings(
            actor=request.actor,
            reseller_ids=[reseller.pk for reseller in values["resellers"]],
            package_ids=[package.pk for package in values["packages"]],
            now=timezone.now(),
        ),
        lambda _done: _saved(len(form.cleaned_data["resellers"])),
    )


def _intro(left_out: int) -> str:
    first = _("From the next sale on they sell these packages besides what they may already. All of them, or none.")
    rest = ngettext(
        "%(n)d of the chosen is not on commission and is left out.",
        "%(n)d of the chosen are not on commission and are left out.",
        left_out,
    )
    return f"{first} {rest % {'n': left_out}}" if left_out else first


def _saved(count: int) -> str:
    words = ngettext("What %(n)d reseller may offer is saved.", "What %(n)d resellers may offer is saved.", count)
    return words % {"n": count}
