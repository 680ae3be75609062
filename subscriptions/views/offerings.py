"""What commission resellers may offer: on their pages, the form, and what they see of it themselves."""

from collections.abc import Sequence
from typing import Any

from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.models import Package
from resellerhub.kernel.refusals import found
from resellerhub.web.details import Section, Tab
from resellerhub.web.forms import FormPage, answer_form
from resellerhub.web.lists import Action, Empty, ListPage, render_list
from resellerhub.web.pages import page
from resellerhub.web.request import PageRequest
from resellerhub.web.shells import shell_url
from subscriptions.forms.orders import OfferingsForm
from subscriptions.models import Offering
from subscriptions.selectors.offers import is_prepaid, offerable
from subscriptions.selectors.orders import offerings
from subscriptions.services.ordering.offerings import NoOfferings, OwnOffering, set_offerings
from subscriptions.tables.ordering import OfferingTable
from tenants.models import Tenant
from tenants.naming import name_of_seller
from tenants.roles import Kind

SHOWN = 25


@page("reseller.edit")
def reseller_offerings(request: PageRequest, pk: int) -> HttpResponseBase:
    rows = Tenant.objects.visible_to(request.actor).resellers().select_related("profile")
    reseller: Tenant = found(rows, pk=pk)
    if reseller.pk == request.actor.tenant_id:
        raise OwnOffering()
    if is_prepaid(reseller.pk):
        raise NoOfferings()
    had = Offering.objects.filter(tenant=reseller).order_by().values("package")
    choices = Package.objects.filter(pk__in=offerable(reseller).order_by().values("pk")) | Package.objects.filter(
        pk__in=had
    )
    form = OfferingsForm(
        request.POST or None,
        packages=choices.select_related("service_type").order_by("name", "pk"),
        initial={"packages": [row["package"] for row in had]},
    )
    back = f"{shell_url(request, 'reseller', pk)}?tab=offerings"
    name = name_of_seller(reseller)
    return answer_form(
        request,
        FormPage(
            form=form,
            title=_("What %(name)s may offer") % {"name": name},
            intro=_(
                "From the next sale on it sells these packages and no others; what is sold stays. Its customers are"
                " billed by who sells to it."
            ),
            submit=_("Save"),
            cancel_url=back,
            parent="resellers",
        ),
        lambda values: set_offerings(
            actor=request.actor,
            reseller_id=pk,
            package_ids=[package.pk for package in values["packages"]],
            now=timezone.now(),
        ),
        _("What %(name)s may offer is saved.") % {"name": name},
    )


@page("catalog.view")
def own_offering(request: PageRequest) -> HttpResponseBase:
    """A commission reseller's own."""
    mine: Tenant = found(Tenant.objects.resellers(), pk=request.actor.tenant_id)
    return render_list(
        request,
        ListPage(
            key="own_offering",
            title=_("My offering"),
            queryset=offerings(request.actor, mine),
            table_class=OfferingTable,
            order=("name",),
            intro=_("What you may offer to those who buy from you, as whoever sells to you chose."),
            empty=_nothing(),
        ),
    )


def tabs(request: PageRequest, tenant: Tenant) -> Sequence[Tab]:
    """On the page of a commission reseller: a prepaid one sells what it subscribed to."""
    if tenant.kind != Kind.RESELLER or not request.actor.can("catalog.view") or is_prepaid(tenant.pk):
        return []
    rows = offerings(request.actor, tenant)

    def sections() -> list[Section]:
        url = shell_url(request, "reseller_offerings", tenant.pk)
        may = request.actor.can("reseller.edit") and not tenant.is_closed
        return [
            Section(
                title=_("What it may offer"),
                table=OfferingTable(list(rows)),
                action=Action(_("Choose packages"), url, "edit") if may else None,
                empty=Empty(_("It may offer nothing yet"), _("Choose the packages that this reseller may sell.")),
            )
        ]

    return [Tab("offerings", _("Service offering"), sections, count=rows.count())]


def panels(request: PageRequest) -> Sequence[Section]:
    """For the dashboard of a commission reseller."""
    actor: Any = request.actor
    if actor.kind != Kind.RESELLER or not actor.can("catalog.view") or is_prepaid(actor.tenant_id):
        return []
    rows = offerings(actor, Tenant.objects.get(pk=actor.tenant_id))
    table = OfferingTable(list(rows[:SHOWN]))
    table.show_only(["name", "audience", "service_type"])
    url = shell_url(request, "own_offering")
    return [Section(title=_("My offering"), table=table, action=Action(_("All of them"), url), empty=_nothing())]


def _nothing() -> Empty:
    return Empty(_("You may offer nothing yet"), _("Whoever sells to you chooses what you may offer."))
