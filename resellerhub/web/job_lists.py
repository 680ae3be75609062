"""The page of a job whose targets have a list of their own: how far it is, how they ended, each of them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.http.response import HttpResponseBase

from resellerhub.kernel.models import Job, JobItem
from resellerhub.web.details import Counter
from resellerhub.web.lists import ListPage, render_list
from resellerhub.web.request import PageRequest

PROGRESS = "job-progress"
"""The part of the page that asks for itself while the job runs."""
TONES = {JobItem.State.DONE.value: "good", JobItem.State.FAILED.value: "bad"}


@dataclass(frozen=True, kw_only=True)
class JobPage:
    """`url` is the page itself, `heading` names its targets, `nothing` is said where none of them matches; `asked` is
    what the job was asked for, `notice` what has to be known besides, with where to read more."""

    job: Job
    url: str
    counters: Sequence[Counter]
    asked: Sequence[tuple[Any, Any]]
    heading: Any
    nothing: Any
    reference: Any = ""
    notice: Any = ""
    notice_url: str = ""
    notice_link: Any = ""


def render_job(request: PageRequest, page: ListPage, shown: JobPage) -> HttpResponseBase:
    """The list of targets beneath the progress. Asks for itself while the job runs."""
    context = {**page.context, "job_page": shown, "job": shown.job, "url": shown.url, "counters": shown.counters}
    response = render_list(request, replace(page, template="job.html", context=context))
    if request.htmx and request.htmx.target == PROGRESS and not shown.job.is_live:
        response["HX-Refresh"] = "true"  # the end is here: show it everywhere on the page
    return response
