"""Which code runs which kind of job: named in the settings, so that the kernel imports nobody."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from django.conf import settings
from django.utils.module_loading import import_string

from resellerhub.kernel.models import Job

RunChunk: TypeAlias = Callable[[Job, list[int]], None]
"""Works on these items, which are pending and locked, inside the caller's transaction, and sets the state of each."""


@dataclass(frozen=True, slots=True)
class Kind:
    """`JOB_KINDS["bulk_sale"]` is the dotted path of a RunChunk, or a dict with these keys (`run` as a path)."""

    run: str
    page: str = ""
    """URL name, inside the shells, of the page that tells more than the general one; takes the job's id."""
    permission: str = "job.view"
    """Who may cancel it or run the failed targets again."""
    starts: str = ""
    """What starting it takes besides: whoever runs the failed targets again has to have it, too."""
    cancelled: str = ""
    """The dotted path of what else ends when it is cancelled, given the job: targets that wait for a day, for one."""

    def run_chunk(self) -> RunChunk:
        run: RunChunk = import_string(self.run)
        return run

    def end_rest(self, job: Job) -> None:
        if self.cancelled:
            import_string(self.cancelled)(job)


def kind(name: str) -> Kind:
    entry = settings.JOB_KINDS[name]
    return Kind(run=entry) if isinstance(entry, str) else Kind(**entry)
