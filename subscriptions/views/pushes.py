"""Pushes that were started: the list, the page of one with its targets, cancelling and trying again."""

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from resellerhub.kernel.jobs.control import retry_failed
from resellerhub.kernel.models import JobItem
from resellerhub.kernel.refusals import found
from resellerhub.web.formats import day, yes_no
from resellerhub.web.forms import answer_click, attempt
from resellerhub.web.job_lists import JobPage, outcome_counters, render_job
from resellerhub.web.lists import Action, Empty, ListPage, render_list
from resellerhub.web.pages import page
from resellerhub.web.request import PageRequest
from resellerhub.web.shells import shell_url
from subscriptions.filters.pushes import PushFilter, PushTargetFilter
from subscriptions.models import Push
from subscriptions.outcomes import PUSHED
from subscriptions.selectors.pushes import pushes as rows_of
from subscriptions.selectors.targets import named_targets
from subscriptions.services.pushes.decision import WAITING
from subscriptions.services.pushes.starting import cancel_push
from subscriptions.tables.pushes import PushTable, PushTargetTable
from tenants.models import Tenant
from tenants.naming import name_of_seller, seller_name

NAMED = 10


@page("job.view")
def pushes(request: PageRequest) -> HttpResponseBase:
    packages = Action(_("Packages"), shell_url(request, "packages"))
    return render_list(
        request,
        ListPage(
            key="pushes",
            title=_("New terms"),
            queryset=rows_of(request.actor),
            table_class=PushTable,
            filterset_class=PushFilter,
            order=("-created_at",),
            export_name="pushes",
            empty=Empty(
                _("No terms were pushed yet"),
                _("What is sold keeps its terms. From the page of a package new ones are pushed to what is sold."),
                packages,
            ),
        ),
    )


@page("job.view")
def push(request: PageRequest, pk: int) -> HttpResponseBase:
    row = found(rows_of(request.actor), pk=pk)
    url = shell_url(request, "push", row.pk)
    return render_job(
        request,
        ListPage(
            key="push_targets",
            title=_("New terms for %(package)s") % {"package": row.package.name},
            queryset=named_targets(request.actor, row.job_id),
            table_class=PushTargetTable,
            filterset_class=PushTargetFilter,
            order=("position",),
            export_name=f"push-{row.pk}",
            parent="pushes",
            actions=_actions(request, row),
            empty=Empty(_("No targets")),
        ),
        JobPage(
            job=row.job,
            url=url,
            reference=row.pk,
            heading=_("Targets"),
            nothing=_("No target matches."),
            counters=outcome_counters(row.job, url, PUSHED),
            asked=_asked(request, row),
        ),
    )


def _asked(request: PageRequest, row: Push) -> list[tuple[str, object]]:
    """What the push was asked for."""
    sellers = Tenant.objects.visible_to(request.actor).filter(pk__in=row.sellers).order_by(seller_name(""), "pk")
    names = list(sellers.values_list(seller_name(""), flat=True)[:NAMED])
    of_whom = ", ".join(names) + (" …" if len(row.sellers) > len(names) else "")
    version = _("From %(day)s (version %(id)s)") % {"day": day(row.version.effective_on), "id": row.version_id}
    when = day(row.effective_on) if row.effective_on else _("With the next billing period of each subscription")
    return [
        (_("Package"), row.package.name),
        (_("Version"), version),
        (_("Limits"), yes_no(row.limits)),
        (_("Prices"), yes_no(row.prices)),
        (_("From when"), when),
        (_("Only what these sold"), of_whom or _("All")),
        (_("Leave out prices that were set freely"), yes_no(row.keeps_own_prices)),
        (_("Next turn"), row.next_on),
        (_("Pushed by"), name_of_seller(row.tenant)),
        (_("Started"), row.created_at),
    ]


def _actions(request: PageRequest, row: Push) -> list[Action]:
    """Stop it while it runs or something waits; try again what failed."""
    package = Action(_("Package"), shell_url(request, "package", row.package_id), "", "catalog.view")
    if not request.actor.manages(row.tenant_id):
        return [package]
    actions = [package]
    waits = JobItem.objects.filter(job=row.job_id, state=JobItem.State.SKIPPED, reason=WAITING).exists()
    if (row.job.is_live and not row.job.cancel_asked_at) or waits:
        url = shell_url(request, "push_cancel", row.pk)
        actions.append(Action(_("Cancel"), url, "", "subscription.edit", post=True, danger=True))
    if row.job.failed and not row.job.is_live and request.actor.can("catalog.edit"):
        url = shell_url(request, "push_retry", row.pk)
        actions.append(Action(_("Try the failed again"), url, "", "subscription.edit", post=True))
    return actions


@require_POST
@page("subscription.edit")
def push_cancel(request: PageRequest, pk: int) -> HttpResponse:
    return answer_click(
        request,
        lambda: cancel_push(actor=request.actor, push_id=pk, now=timezone.now()),
        _("Nothing more changes. What has changed stays changed."),
        shell_url(request, "push", pk),
    )


@require_POST
@page("subscription.edit")
def push_retry(request: PageRequest, pk: int) -> HttpResponse:
    row = found(rows_of(request.actor), pk=pk)
    attempt(request, lambda: retry_failed(actor=request.actor, job_id=row.job_id, now=timezone.now()))
    return redirect(shell_url(request, "push", pk))


@page("job.view")
def push_of_job(request: PageRequest, job_id: int) -> HttpResponse:
    """From the page of jobs to the page that tells more."""
    return redirect(shell_url(request, "push", found(rows_of(request.actor), job=job_id).pk))
