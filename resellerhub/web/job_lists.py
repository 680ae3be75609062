"""The page of a job whose targets have a list of their own: how far it is, how they ended, each of them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

from django.db.models import Count
from django.http import HttpResponse
from django.http.response import HttpResponseBase

from resellerhub.kernel.models import Job, JobItem
from resellerhub.web.details import Counter
from resellerhub.web.forms import OperationForm
from resellerhub.web.lists import ListPage, render_list
from resellerhub.web.outcomes import Outcomes
from resellerhub.web.pages import render_page
from resellerhub.web.request import PageRequest

PROGRESS = "job-progress"
"""The part of the page that asks for itself while the job runs."""
ORDER = (JobItem.State.DONE, JobItem.State.SKIPPED, JobItem.State.FAILED, JobItem.State.PENDING)
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


def outcome_counters(job: Job, url: str, words: Outcomes) -> list[Counter]:
    """How many targets ended in which way, each a link to them; together they are the targets."""
    rows = JobItem.objects.filter(job=job).values_list("state", "reason").annotate(number=Count("pk")).order_by()
    counts = {(JobItem.State.DONE.value, words.done): 0}
    for state, reason, number in rows:
        key = (state, words.of(state, reason))
        counts[key] = counts.get(key, 0) + number
    return [
        Counter(words.ended(state, outcome), number, f"{url}?outcome={outcome}", tone=TONES.get(state, ""))
        for (state, outcome), number in sorted(counts.items(), key=lambda pair: (ORDER.index(pair[0][0]), pair[0][1]))
    ]


def render_job(request: PageRequest, page: ListPage, shown: JobPage) -> HttpResponseBase:
    """The list of targets beneath the progress. Asks for itself while the job runs."""
    context = {**page.context, "job_page": shown, "job": shown.job, "url": shown.url, "counters": shown.counters}
    response = render_list(request, replace(page, template="job.html", context=context))
    if request.htmx and request.htmx.target == PROGRESS and not shown.job.is_live:
        response["HX-Refresh"] = "true"  # the end is here: show it everywhere on the page
    return response


def render_preview(
    request: PageRequest,
    template: str,
    *,
    form: OperationForm,
    counts: Mapping[str, int],
    words: Outcomes,
    would: str,
    bad: Collection[str] = (),
    **context: Any,
) -> HttpResponse:
    """What a job would do. The request id is new with each preview, so that each can be started, and only once.

    `would` says how many would be done; of the other outcomes those are counted that occur.
    """
    counters = [
        Counter(
            would if outcome == words.done else words.label(outcome),
            number,
            tone="good" if outcome == words.done else "bad" if outcome in bad else "",
        )
        for outcome, number in counts.items()
        if number or outcome == words.done
    ]
    hidden = [bound.as_hidden() for bound in form if bound.name != "request_id"]
    shown: dict[str, Any] = {
        "form": form,
        "counters": counters,
        "done": counts[words.done],
        "hidden": hidden,
        "request_id": uuid4(),
    }
    return render_page(request, template, **shown, **context)
