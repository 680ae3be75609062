"""Billing runs: the list, a new one, and the page of one from counting to issuing."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from invoicing.filters.runs import BillingRunFilter, RunPayerFilter
from invoicing.forms.runs import BillingRunForm
from invoicing.models import BillingRun
from invoicing.selectors import runs as selectors
from invoicing.selectors.runs import RunTotal
from invoicing.services import runs as services
from invoicing.tables.runs import BillingRunTable, RunPayerTable
from resellerhub.kernel.refusals import found
from resellerhub.web.details import Counter
from resellerhub.web.formats import moment, money
from resellerhub.web.forms import FormPage, OperationForm, answer_click, answer_form
from resellerhub.web.job_lists import JobPage, render_job
from resellerhub.web.lists import Action, Empty, ListPage, render_list
from resellerhub.web.pages import page
from resellerhub.web.request import PageRequest
from resellerhub.web.shells import shell_url

State = BillingRun.State


@page("invoice.view")
def billing_runs(request: PageRequest) -> HttpResponseBase:
    new = Action(_("New billing run"), shell_url(request, "billing_run_create"), "plus", "billing.run")
    return render_list(
        request,
        ListPage(
            key="billing_runs",
            title=_("Billing runs"),
            queryset=selectors.billing_runs(request.actor),
            table_class=BillingRunTable,
            filterset_class=BillingRunFilter,
            order=("-month", "-pk"),
            export_name="billing-runs",
            actions=[new],
            empty=Empty(
                _("No billing runs yet"),
                _("A billing run counts what is due, and makes the bills once it is approved."),
                new,
            ),
        ),
    )


@page("billing.run")
def billing_run_create(request: PageRequest) -> HttpResponse:
    today = timezone.localdate()
    form = BillingRunForm(request.POST or None, initial={"until": today.replace(day=1)})
    return answer_form(
        request,
        FormPage(
            form=form,
            title=_("New billing run"),
            submit=_("Count what there is to bill"),
            cancel_url=shell_url(request, "billing_runs"),
            parent="billing_runs",
        ),
        lambda values: services.start_run(
            actor=request.actor, **values, request_id=form.request_uuid, now=timezone.now()
        ),
        done=_("What there is to bill is being counted. Nothing is charged before it is approved."),
        to=lambda run: shell_url(request, "billing_run", run.pk),
    )


@page("invoice.view")
def billing_run(request: PageRequest, pk: int) -> HttpResponseBase:
    run: Any = found(selectors.billing_runs(request.actor), pk=pk)
    totals = selectors.run_totals(run)
    url = shell_url(request, "billing_run", run.pk)
    return render_job(
        request,
        ListPage(
            key="run_payers",
            title=_title(run),
            queryset=selectors.run_payers(request.actor, run),
            table_class=RunPayerTable,
            filterset_class=RunPayerFilter,
            order=("payer_name", "pk"),
            export_name=f"billing-run-{run.pk}",
            parent="billing_runs",
            actions=_actions(request, run),
            empty=Empty(_("Nothing to bill")),
        ),
        JobPage(
            job=run.issuing or run.job or run.counting,
            url=url,
            reference=run.pk,
            heading=_("Payers"),
            nothing=_("No payer matches."),
            counters=_counters(totals, url),
            asked=[*_asked(run), *_sums(totals)],
            notice=_notice(run),
        ),
    )


@page("billing.run")
def billing_run_approve(request: PageRequest, pk: int) -> HttpResponse:
    run: Any = found(selectors.billing_runs(request.actor), pk=pk)
    totals = selectors.run_totals(run)
    form = OperationForm(request.POST or None)
    return answer_form(
        request,
        FormPage(
            form=form,
            title=_("Approve: %(run)s") % {"run": _title(run)},
            intro=_("Charges and drafts are made of what is due then. Drafts can be changed until they are issued."),
            submit=_("Approve"),
            cancel_url=shell_url(request, "billing_run", run.pk),
            parent="billing_runs",
            template="invoicing/approve.html",
            context={"totals": _sums(totals), "doubtful": sum(row.doubtful for row in totals)},
        ),
        lambda values: services.approve_run(actor=request.actor, run_id=pk, now=timezone.now()),
        done=lambda made: _("It is being billed.") if made.job_id else _("Approved. Somebody else has to do so, too."),
    )


@require_POST
@page("billing.run")
def billing_run_recount(request: PageRequest, pk: int) -> HttpResponse:
    return _click(request, services.recount_run, pk, _("It is counted again."))


@require_POST
@page("billing.run")
def billing_run_cancel(request: PageRequest, pk: int) -> HttpResponse:
    return _click(request, services.cancel_run, pk, _("The billing run was cancelled. Nothing was charged."))


@require_POST
@page("billing.run")
def billing_run_continue(request: PageRequest, pk: int) -> HttpResponse:
    return _click(request, services.continue_run, pk, _("What is left is being billed."))


@require_POST
@page("invoice.edit")
def billing_run_issue(request: PageRequest, pk: int) -> HttpResponse:
    return _click(request, services.issue_run, pk, _("The drafts are being issued."))


@page("invoice.view")
def billing_run_of_job(request: PageRequest, job_id: int) -> HttpResponse:
    """From the page of jobs to the page that tells more."""
    return redirect(shell_url(request, "billing_run", selectors.run_of_job(request.actor, job_id).pk))


def _click(request: PageRequest, operation: Callable[..., BillingRun], pk: int, done: str) -> HttpResponse:
    call = partial(operation, actor=request.actor, run_id=pk, now=timezone.now())
    return answer_click(request, call, done, shell_url(request, "billing_run", pk))


def _actions(request: PageRequest, run: Any) -> list[Action]:
    """What can be done next; a run of somebody else is only looked at."""
    if run.issuer_id != request.actor.tenant_id:
        return []

    def action(label: str, name: str, permission: str = "billing.run", **options: Any) -> Action:
        return Action(label, shell_url(request, f"billing_run_{name}", run.pk), "", permission, **options)

    recount = action(_("Count again"), "recount", post=True)
    cancel = action(_("Cancel the run"), "cancel", post=True, danger=True)
    issue = action(_("Issue all drafts"), "issue", "invoice.edit", post=True, primary=True)
    failed = Action(
        _("All targets"), shell_url(request, "job_items", (run.issuing or run.job or run.counting).pk), "list"
    )
    left = [action(_("Bill what is left"), "continue", post=True)] if selectors.is_unfinished(run) else []
    by_state = {
        State.COUNTING: [cancel],
        State.UNCOUNTED: [recount, cancel],
        State.COUNTED: [action(_("Approve"), "approve", primary=True), recount, cancel],
        State.DRAFTED: [issue, *left],
    }
    return [*by_state.get(State(run.state), left), failed]


def _counters(totals: Sequence[RunTotal], url: str) -> list[Counter]:
    return [
        Counter(_("Payers"), sum(row.payers for row in totals), url),
        Counter(_("Charges"), sum(row.charges for row in totals), url),
        Counter(_("With a warning"), sum(row.doubtful for row in totals), f"{url}?warning=any"),
    ]


def _asked(run: Any) -> list[tuple[str, object]]:
    approvals = [f"{row.user.name or row.user.email}, {moment(row.at)}" for row in selectors.approvals(run)]
    return [
        (_("Status"), State(run.state).label),
        (_("Issuer"), run.issuer_name),
        (_("Due until"), run.until),
        (_("Approvals needed"), run.approvals_needed),
        (_("Approved by"), "; ".join(approvals) or "–"),
        (_("Made"), run.made_at),
    ]


def _notice(run: Any) -> str:
    notices = {
        State.UNCOUNTED: _("Not everything was counted: look at what failed, and count again."),
        State.COUNTED: _("Nothing is charged yet. Look at the warnings, then approve."),
        State.DRAFTED: _("Drafts can be changed. They are issued when the days of grace are over, or when you say so."),
    }
    return notices.get(State(run.state), "")


def _title(run: BillingRun) -> str:
    return _("Billing run: %(month)s") % {"month": date_format(run.month, "F Y")}


def _sums(totals: Sequence[RunTotal]) -> list[tuple[str, object]]:
    words = _("%(expected)s expected, %(before)s last time, %(difference)s difference, %(billed)s billed")
    return [
        (
            row.currency,
            words
            % {
                name: money(getattr(row, name), row.currency) for name in ("expected", "before", "difference", "billed")
            },
        )
        for row in totals
    ]
