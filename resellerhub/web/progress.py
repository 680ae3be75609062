"""How far a job is, in numbers and in words."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from resellerhub.kernel.models import Job


@dataclass(frozen=True)
class Progress:
    percent: int
    is_over: bool
    words: str
    """For screen readers: changes only at each quarter, because every change is read out."""


def progress_of(job: Job) -> Progress:
    quarter = job.percent // 25 * 25
    words = _("%(percent)s percent done") % {"percent": quarter} if job.is_live else _("The job is at its end.")
    return Progress(job.percent, not job.is_live, words)
