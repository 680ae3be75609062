"""Every long job has a page: the list of jobs, and what one of them does, has done and could not do."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from django_filters import CharFilter, ChoiceFilter, FilterSet

from resellerhub.kernel.jobs.control import cancel_job, retry_failed
from resellerhub.kernel.jobs.registry import kind
from resellerhub.kernel.models import Job, JobItem
from resellerhub.kernel.refusals import found
from resellerhub.web.details import DetailPage, Section, Tab, render_detail
from resellerhub.web.forms import answer_click
from resellerhub.web.lists import Action, Empty, ListPage, render_list
from resellerhub.web.outcomes import SENTENCES
from resellerhub.web.pages import page
from resellerhub.web.request import PageRequest
from resellerhub.web.shells import shell_link, shell_url
from resellerhub.web.tables import Column, LinkColumn, MomentColumn, NumberColumn, StatusColumn, Table

SHOWN_ITEMS = 100


class JobTable(Table):
    title = LinkColumn("job", verbose_name=gettext_lazy("Job"))
    state = StatusColumn(verbose_name=gettext_lazy("Status"))
    total = NumberColumn(verbose_name=gettext_lazy("Targets"))
    done = NumberColumn(verbose_name=gettext_lazy("Done"))
    skipped = NumberColumn(verbose_name=gettext_lazy("Skipped"))
    failed = NumberColumn(verbose_name=gettext_lazy("Failed"))
    created_at = MomentColumn(verbose_name=gettext_lazy("Created"))
    finished_at = MomentColumn(verbose_name=gettext_lazy("Finished"))


class ItemTable(Table):
    position = NumberColumn(verbose_name=gettext_lazy("No."))
    subject_id = Column(verbose_name=gettext_lazy("Target ID"))
    state = StatusColumn(verbose_name=gettext_lazy("Status"))
    reason = Column(verbose_name=gettext_lazy("Reason"))

    def render_reason(self, value: str) -> str:
        return str(SENTENCES.get(value, value))

    def value_reason(self, value: str) -> str:
        return value


class ItemFilter(FilterSet):
    state = ChoiceFilter(choices=JobItem.State.choices, label=gettext_lazy("Status"))
    reason = CharFilter(label=gettext_lazy("Reason"))


class JobFilter(FilterSet):
    q = CharFilter(field_name="title", lookup_expr="resembles")
    state = ChoiceFilter(choices=Job.State.choices, label=gettext_lazy("Status"))


@page("job.view")
def jobs(request: PageRequest) -> HttpResponseBase:
    return render_list(
        request,
        ListPage(
            key="jobs",
            title=_("Jobs"),
            queryset=Job.objects.visible_to(request.actor),
            table_class=JobTable,
            filterset_class=JobFilter,
            order=("-created_at",),
            export_name="jobs",
            empty=Empty(_("No jobs yet"), _("Bulk sales and reports run as jobs and can be followed here.")),
        ),
    )


@page("job.view")
def job(request: PageRequest, pk: int) -> HttpResponse:
    """Progress and outcomes; a kind of job with a page of its own is shown there."""
    shown = found(Job.objects.visible_to(request.actor), pk=pk)
    own_page = kind(shown.kind).page
    if own_page and (url := shell_link(request, own_page, shown.pk)):
        return redirect(url)
    response = render_detail(
        request,
        DetailPage(
            title=shown.title,
            reference=shown.pk,
            parent="jobs",
            actions=_actions(request, shown),
            tabs=[
                Tab("progress", _("Progress"), lambda: _progress(request, shown)),
                Tab("failed", _("Failed"), lambda: _outcome(shown, JobItem.State.FAILED), shown.failed),
                Tab("skipped", _("Skipped"), lambda: _outcome(shown, JobItem.State.SKIPPED), shown.skipped),
            ],
        ),
    )
    if request.htmx and not shown.is_live:
        response["HX-Refresh"] = "true"  # the buttons above the progress are others now
    return response


@page("job.view")
def job_items(request: PageRequest, pk: int) -> HttpResponseBase:
    """Every target of a job with what became of it; as a file, too."""
    shown = found(Job.objects.visible_to(request.actor), pk=pk)
    return render_list(
        request,
        ListPage(
            key="job_items",
            title=_("Targets: %(job)s") % {"job": shown.title},
            queryset=JobItem.objects.filter(job=shown),
            table_class=ItemTable,
            filterset_class=ItemFilter,
            order=("position",),
            parent="jobs",
            export_name=f"job-{shown.pk}",
            empty=Empty(_("No targets"), _("Nothing was chosen for this job.")),
        ),
    )


@require_POST
@page("job.view")
def job_cancel(request: PageRequest, pk: int) -> HttpResponse:
    return _control(request, cancel_job, pk, _("The job stops as soon as its present chunk is done."))


@require_POST
@page("job.view")
def job_retry(request: PageRequest, pk: int) -> HttpResponse:
    return _control(request, retry_failed, pk, _("The failed targets are tried again."))


def jobs_running(actor: Any) -> int:
    """For the top bar."""
    return Job.objects.visible_to(actor).live().count() if actor.can("job.view") else 0


def _control(request: PageRequest, operation: Any, pk: int, done: str) -> HttpResponse:
    url = shell_url(request, "job", pk)
    return answer_click(request, lambda: operation(actor=request.actor, job_id=pk, now=timezone.now()), done, url)


def _actions(request: PageRequest, shown: Job) -> list[Action]:
    permission = kind(shown.kind).permission
    actions = [Action(_("All targets"), shell_url(request, "job_items", shown.pk), "list")]
    if shown.is_live:
        url = shell_url(request, "job_cancel", shown.pk)
        actions.append(Action(_("Cancel the job"), url, "x", permission, post=True, danger=True))
    elif shown.failed:
        url = shell_url(request, "job_retry", shown.pk)
        if request.actor.can(kind(shown.kind).starts or permission):
            actions.append(Action(_("Retry the failed"), url, "refresh", permission, post=True))
    return actions


def _progress(request: PageRequest, shown: Job) -> list[Section]:
    moments = ((_("Created"), shown.created_at), (_("Started"), shown.started_at), (_("Finished"), shown.finished_at))
    url = shell_url(request, "job", shown.pk)
    return [
        Section(template="components/progress.html", context={"job": shown, "url": url}),
        Section(title=_("Times"), facts=[*moments, (_("Attempt"), shown.attempt), (_("Request"), shown.request_id)]),
    ]


def _outcome(shown: Job, state: str) -> list[Section]:
    items: QuerySet[JobItem] = JobItem.objects.filter(job=shown, state=state).order_by("position")
    return [Section(title=_("The first %(n)s") % {"n": SHOWN_ITEMS}, table=ItemTable(items[:SHOWN_ITEMS]))]
