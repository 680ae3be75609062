"""Bulk sales that were started: the list, the page of one with its targets, cancelling and trying again."""

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from addons.filters import BulkSaleFilter, BulkSaleTargetFilter
from addons.models import BulkSale
from addons.outcomes import NAMED, SALES, first_names, unreached_words
from addons.selectors import sales as selectors
from addons.tables.bulk_sales import BulkSaleTable, TargetTable, UnreachedTable
from resellerhub.kernel.jobs.control import cancel_job, retry_failed
from resellerhub.kernel.refusals import found
from resellerhub.web.formats import yes_no
from resellerhub.web.forms import answer_click, attempt
from resellerhub.web.job_lists import JobPage, outcome_counters, render_job
from resellerhub.web.lists import Action, Empty, ListPage, render_list
from resellerhub.web.pages import page
from resellerhub.web.request import PageRequest
from resellerhub.web.shells import shell_url
from tenants.actor import Actor
from tenants.naming import name_of_seller


def bulk_sale_of(request: PageRequest, **lookup: int) -> BulkSale:
    rows = BulkSale.objects.visible_to(request.actor)
    sale: BulkSale = found(
        rows.select_related("job", "add_on", "service_instance", "owner__profile", "tenant__profile"), **lookup
    )
    return sale


@page("job.view")
def bulk_sales(request: PageRequest) -> HttpResponseBase:
    actions = [
        Action(_("Sell to customers"), shell_url(request, "bulk_sale_to_customers"), "", "bulk_sale.run"),
        Action(_("Sell to resellers"), shell_url(request, "bulk_sale_to_resellers"), "", "bulk_sale.run", primary=True),
    ]
    return render_list(
        request,
        ListPage(
            key="bulk_sales",
            title=_("Bulk sales"),
            queryset=BulkSale.objects.visible_to(request.actor).select_related("job", "add_on", "tenant__profile"),
            table_class=BulkSaleTable,
            filterset_class=BulkSaleFilter,
            order=("-created_at",),
            export_name="bulk-sales",
            actions=actions,
            empty=Empty(
                _("No bulk sales yet"),
                _("One bulk sale sells an add-on on many subscriptions at once."),
                actions[-1],
            ),
        ),
    )


@page("job.view")
def bulk_sale(request: PageRequest, bulk_sale_id: int) -> HttpResponseBase:
    """How far it is, how its targets ended, and each of them. Asks for itself while it runs."""
    sale = bulk_sale_of(request, pk=bulk_sale_id)
    url = shell_url(request, "bulk_sale", sale.pk)
    missed = selectors.unreached(request.actor, sale)
    names = [reseller.name for reseller in missed[:NAMED]]
    return render_job(
        request,
        ListPage(
            key="bulk_sale_targets",
            title=_title(sale),
            queryset=selectors.targets(request.actor, sale),
            table_class=TargetTable,
            filterset_class=BulkSaleTargetFilter,
            order=("position",),
            export_name=f"bulk-sale-{sale.pk}",
            parent="bulk_sales",
            actions=actions(request, sale),
            empty=Empty(_("No targets")),
        ),
        JobPage(
            job=sale.job,
            url=url,
            reference=sale.pk,
            heading=_("Targets"),
            nothing=_("No target matches."),
            counters=outcome_counters(sale.job, url, SALES),
            asked=asked(request.actor, sale),
            notice=unreached_words(names, missed.count()) if names else "",
            notice_url=shell_url(request, "bulk_sale_unreached", sale.pk),
            notice_link=_("All of them"),
        ),
    )


def _title(sale: BulkSale) -> str:
    if sale.audience == BulkSale.Audience.RESELLERS:
        return _("%(add_on)s to resellers") % {"add_on": sale.add_on.name}
    return _("%(add_on)s to customers") % {"add_on": sale.add_on.name}


@page("job.view")
def bulk_sale_unreached(request: PageRequest, bulk_sale_id: int) -> HttpResponseBase:
    """Who was chosen and is no target."""
    sale = bulk_sale_of(request, pk=bulk_sale_id)
    return render_list(
        request,
        ListPage(
            key="bulk_sale_unreached",
            title=_("Chosen without a subscription"),
            queryset=selectors.unreached(request.actor, sale),
            table_class=UnreachedTable,
            order=("name",),
            export_name=f"bulk-sale-{sale.pk}-unreached",
            parent="bulk_sales",
            empty=Empty(_("Everybody who was chosen has a subscription of this service")),
        ),
    )


def asked(actor: Actor, sale: BulkSale) -> list[tuple[str, object]]:
    """What the bulk sale was asked for."""
    rows: list[tuple[str, object]] = [
        (_("Add-on"), sale.add_on.name),
        (_("Provider (service instance)"), sale.service_instance or _("All service instances")),
        (_("Quantity"), sale.quantity),
        (_("Sell only to over quota"), yes_no(sale.only_over_quota)),
        (_("Do not sell when already sold"), yes_no(sale.skip_already_sold)),
    ]
    if sale.audience == BulkSale.Audience.RESELLERS:
        rows.insert(0, (_("Resellers"), reseller_names(actor, sale)))
        rows.append((_("Create copy under reseller"), yes_no(sale.create_copy)))
    else:
        rows.insert(0, (_("Owner"), name_of_seller(sale.owner) if sale.owner else _("All")))
    return [*rows, (_("Sold by"), name_of_seller(sale.tenant)), (_("Started"), sale.created_at)]


def reseller_names(actor: Actor, sale: BulkSale) -> str:
    """Whom it was meant for: the first by name, and how many more."""
    names = sorted(selectors.seller_names(actor, sale.resellers).values())
    return first_names(names[:NAMED], len(sale.resellers))


def actions(request: PageRequest, sale: BulkSale) -> list[Action]:
    """Stop it while it runs; afterwards give what failed another try."""
    if not request.actor.manages(sale.tenant_id):
        return []
    if sale.job.is_live:
        if sale.job.cancel_asked_at:
            return []
        cancel = shell_url(request, "bulk_sale_cancel", sale.pk)
        return [Action(_("Cancel"), cancel, "", "bulk_sale.run", post=True, danger=True)]
    if sale.job.failed:
        retry = shell_url(request, "bulk_sale_retry", sale.pk)
        return [Action(_("Try the failed again"), retry, "", "bulk_sale.run", post=True)]
    return []


@require_POST
@page("bulk_sale.run")
def bulk_sale_cancel(request: PageRequest, bulk_sale_id: int) -> HttpResponse:
    sale = bulk_sale_of(request, pk=bulk_sale_id)
    return answer_click(
        request,
        lambda: cancel_job(actor=request.actor, job_id=sale.job_id, now=timezone.now()),
        _("It stops after the chunk at hand. What is sold stays sold."),
        shell_url(request, "bulk_sale", sale.pk),
    )


@require_POST
@page("bulk_sale.run")
def bulk_sale_retry(request: PageRequest, bulk_sale_id: int) -> HttpResponse:
    sale = bulk_sale_of(request, pk=bulk_sale_id)
    attempt(request, lambda: retry_failed(actor=request.actor, job_id=sale.job_id, now=timezone.now()))
    return redirect(shell_url(request, "bulk_sale", sale.pk))


@page("job.view")
def bulk_sale_of_job(request: PageRequest, job_id: int) -> HttpResponse:
    """From the page of jobs to the page that tells more."""
    return redirect(shell_url(request, "bulk_sale", bulk_sale_of(request, job_id=job_id).pk))
