"""How the targets of a job can end, in words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.dateparse import parse_date
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from resellerhub.kernel.models import JobItem
from resellerhub.web import formats
from resellerhub.web.statuses import status

DONE, FAILED, PENDING = JobItem.State.DONE, JobItem.State.FAILED, JobItem.State.PENDING
SENTENCES: Mapping[str, Any] = {
    "cancelled": _("It was cancelled before its turn came."),
    "worker_died": _("The worker died over this target several times."),
    "too_slow": _("The database took too long over this target."),
    "forgotten": _("It was not decided; the log of the worker says more."),
    "error": _("An unforeseen error; the log of the worker says more."),
}
"""What stops a target of any job."""


@dataclass(frozen=True, kw_only=True)
class Outcomes:
    """The words of one kind of job. `labels` are short, for counts and filters, in the order in which outcomes are
    decided; `sentences` say why, with the facts that decided it; `calm` are no trouble: so it was meant."""

    done: str
    labels: Mapping[str, Any]
    sentences: Mapping[str, Any] = field(default_factory=dict)
    calm: frozenset[str] = frozenset()

    @property
    def choices(self) -> list[tuple[str, Any]]:
        """What a list of targets is filtered by."""
        return [*self.labels.items(), *((state.value, state.label) for state in (FAILED, PENDING))]

    def of(self, state: str, reason: str) -> str:
        """What a target ended as: its reason where that has a word of its own, else the state that it is in."""
        return self.done if state == DONE else reason if reason in self.labels else state

    def label(self, outcome: str) -> str:
        return str(self.labels.get(outcome) or outcome.replace("_", " ").capitalize())

    def ended(self, state: str, reason: str) -> str:
        """In a word or two."""
        outcome = self.of(state, reason)
        return self.label(outcome) if outcome in self.labels else str(JobItem.State(state).label)

    def status(self, state: str, reason: str) -> SafeString:
        """The dot and the word."""
        return status(state, self.ended(state, reason), tone="calm" if reason in self.calm else "")

    def why(self, state: str, reason: str, facts: Mapping[str, Any] | None) -> str:
        """Of a target of the job, as a sentence; empty where the word says it all."""
        return self.sentence(reason or self.of(state, reason), facts)

    def sentence(self, outcome: str, facts: Mapping[str, Any] | None = None) -> str:
        """Why, with the numbers and the day that decided it."""
        words = str(self.sentences.get(outcome) or SENTENCES.get(outcome, ""))
        shown = {name: _shown(name, value) for name, value in (facts or {}).items()}
        try:
            return words % shown if "%(" in words else words
        except KeyError:
            return self.label(outcome)


def _shown(name: str, value: Any) -> Any:
    if name == "on":
        return formats.day(parse_date(value)) if isinstance(value, str) else formats.day(value)
    if isinstance(value, int):
        return formats.number(value)
    return "∞" if value is None else value
