"""How far a job is, in numbers and in words."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

OVER = {"done", "cancelled", "failed"}


@dataclass(frozen=True)
class Progress:
    percent: int
    is_over: bool
    words: str
    """For screen readers: changes only at each quarter, because every change is read out."""


def progress_of(job: Any) -> Progress:
    """Of anything with total, done, skipped, failed and state."""
    over = job.state in OVER
    finished = job.done + job.skipped + job.failed
    percent = 100 if over and finished >= job.total else finished * 100 // max(job.total, 1)
    quarter = percent // 25 * 25
    words = _("The job is at its end.") if over else _("%(percent)s percent done") % {"percent": quarter}
    return Progress(percent, over, words)
