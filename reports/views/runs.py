"""Reports that a worker writes: asked for, listed, fetched."""

from types import SimpleNamespace
from typing import Any, cast

from django.http import FileResponse, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from reports.files import file_of
from reports.filters import ReportRunFilter
from reports.forms import ReportRunForm
from reports.kinds import kind_of
from reports.models import ReportRun
from reports.refusals import FileWithdrawn, MakerGone
from reports.selectors import WITHDRAWN
from reports.selectors import report_runs as runs_of
from reports.services.runs import start_report_run
from reports.tables import ReportRunTable, state_of
from reports.views.places import home
from resellerhub.kernel.refusals import found
from resellerhub.web import preferences
from resellerhub.web.details import DetailPage, Section, Tab, render_detail
from resellerhub.web.filters import Filters
from resellerhub.web.forms import FormPage, operate, render_form
from resellerhub.web.lists import Action, Empty, ListPage, render_list
from resellerhub.web.outcomes import SENTENCES
from resellerhub.web.pages import page
from resellerhub.web.request import PageRequest
from resellerhub.web.shells import shell_url

REASONS = {
    WITHDRAWN: FileWithdrawn.message,
    "maker_gone": MakerGone.message,
    "too_many_documents": gettext_lazy("A ZIP cannot hold so many documents: choose fewer, or take CSV."),
    "too_many_rows": gettext_lazy("A spreadsheet cannot hold so many rows: take CSV."),
}
UNFORESEEN = SENTENCES["error"]


@page("report.run")
def report_runs(request: PageRequest) -> HttpResponseBase:
    return render_list(
        request,
        ListPage(
            key="report_runs",
            title=_("Report runs"),
            queryset=runs_of(request.actor),
            table_class=ReportRunTable,
            filterset_class=ReportRunFilter,
            order=("-pk",),
            parent=home(request, "report_runs"),
            actions=[Action(_("New report run"), shell_url(request, "report_run_create"), "plus", "report.run")],
            empty=Empty(
                _("No report was written yet"),
                _("A large report is written by a worker, and fetched here when it is ready."),
                Action(_("New report run"), shell_url(request, "report_run_create"), "plus", "report.run"),
            ),
        ),
    )


@page("report.run")
def report_run_create(request: PageRequest) -> HttpResponse:
    """The filters are those of the report's page, from which one comes here."""
    form = ReportRunForm(request.POST or None, initial={"query": request.GET.urlencode()})
    asked = form.asked
    report = ReportRun.Report.DOCUMENTS if asked.get("report") == "documents" else ReportRun.Report.OVER_USAGE
    kind = kind_of(report)
    form.offer(kind.formats)
    filters = kind.filters(asked, request)
    if not filters.is_valid():
        form.refuse_filters()
    else:
        given = {name: str(asked[name]) for name in filters.form.fields if asked.get(name)}
        run = operate(
            request,
            form,
            lambda values: start_report_run(
                actor=request.actor,
                report=report.value,
                file_format=values["format"],
                filters=given,
                columns=preferences.load(request.actor, kind.columns) if kind.columns else (),
                language=get_language() or "en",
                request_id=form.request_uuid,
                now=timezone.now(),
            ),
        )
        if run is not None:
            return redirect(shell_url(request, "report_run", run.pk))
    return render_form(
        request,
        FormPage(
            form=form,
            title=_("Write in the background"),
            submit=_("Start"),
            cancel_url=f"{shell_url(request, kind.page)}?{asked.urlencode()}",
            parent=home(request, "report_runs"),
            intro=kind.intro,
            template="reports/report_run_form.html",
            context={"filter_words": _words(request, report, asked)},
        ),
    )


@page("report.run")
def report_run(request: PageRequest, run_id: int) -> HttpResponse:
    run: Any = found(runs_of(request.actor), pk=run_id)
    file, job = shell_url(request, "report_run_file", run.pk), shell_url(request, "job", run.job_id)
    state, label = state_of(run)
    response = render_detail(
        request,
        DetailPage(
            title=run.get_report_display(),
            reference=run.pk,
            state=state,
            state_label=label,
            parent=home(request, "report_runs"),
            actions=[Action(_("Job"), job, "jobs", "job.view")]
            + ([Action(_("Download"), file, "download")] if run.file and not run.reason else []),
            tabs=[Tab("overview", _("Overview"), lambda: [_facts(request, run)])],
            template="reports/report_run.html",
            context={"job": run.job, "url": shell_url(request, "report_run", run.pk)},
        ),
    )
    if request.htmx and not run.job.is_live:
        response["HX-Refresh"] = "true"  # the file can be fetched now
    return response


@page("report.run")
def report_run_file(request: PageRequest, run_id: int) -> FileResponse:
    return file_of(found(runs_of(request.actor), pk=run_id))


def _facts(request: PageRequest, run: Any) -> Section:
    query = QueryDict(mutable=True)
    query.update(run.filters)
    facts = [
        (_("Format"), run.get_format_display()),
        (_("Filters"), _words(request, run.report, query) or _("None")),
        (_("Rows"), run.rows),
        (_("Started by"), run.user.get_full_name() if run.user else ""),
        (_("Started"), run.created_at),
        (_("Finished"), run.job.finished_at),
    ]
    if run.reason:
        facts.append((_("Reason"), REASONS.get(run.reason, UNFORESEEN)))
    return Section(facts=facts)


def _words(request: PageRequest, report: str, query: QueryDict) -> str:
    """The filters as the chips of the page say them."""
    asked = SimpleNamespace(GET=query, actor=request.actor)
    kind = kind_of(report)
    filters = Filters(cast(HttpRequest, asked), kind.filterset, kind.rows(request.actor), None)
    return ", ".join(f"{chip.label}: {chip.value}" for chip in filters.chips)
