"""What the program refuses, in words that say why. Pages put them beside the form, the API makes problems of them."""

from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from resellerhub.kernel.languages import written

Row = TypeVar("Row", bound=models.Model)


class Refusal(Exception):
    """A rule said no. `message` is a template over `facts`; `field` names the input that is to blame."""

    code = "refused"
    message: Any = _("This is not possible.")
    status = 409

    def __init__(self, *, field: str | None = None, **facts: Any) -> None:
        self.field = field
        self.facts = facts
        super().__init__(self.code)

    @property
    def detail(self) -> str:
        return str(self.message).format(**self.facts)

    @property
    def errors(self) -> dict[str, list[str]]:
        return {self.field: [self.detail]} if self.field else {}

    def __str__(self) -> str:
        with override("en"):
            return f"{self.code}: {self.detail}"


class DatedRefusal(Refusal):
    """Days among its facts are ISO dates for programs, and in the sentence as its reader writes them."""

    def __init__(self, *, field: str | None = None, **facts: Any) -> None:
        self.days = {name: value for name, value in facts.items() if isinstance(value, date)}
        super().__init__(field=field, **facts | {name: day.isoformat() for name, day in self.days.items()})

    @property
    def detail(self) -> str:
        return str(self.message).format(**self.facts | {name: written(day) for name, day in self.days.items()})


class NotFound(Refusal):
    """Absent and out of sight are the same answer, so that nobody learns what exists elsewhere."""

    code, message, status = "not-found", _("There is nothing here."), 404


class Forbidden(Refusal):
    """`permission` is what `actor` lacks. What that is and who has it, the app that knows roles puts into words."""

    code, message, status = "forbidden", _("Your role does not allow this."), 403

    def __init__(self, *, permission: str = "", actor: Any = None, field: str | None = None, **facts: Any) -> None:
        lacking = {"permission": permission} if permission else {}
        super().__init__(field=field, **lacking, **facts)
        self.actor = actor

    @property
    def detail(self) -> str:
        told = [explain(self.facts["permission"], self.actor) for explain in _explain if "permission" in self.facts]
        return told[0] if told else super().detail


_explain: list[Callable[[str, Any], str]] = []


def explain_permissions(explain: Callable[[str, Any], str]) -> None:
    """Who says in words what somebody lacks who lacks a permission."""
    _explain[:] = [explain]


class Suspended(Forbidden):
    """The role would allow it; `seller` is who can end the suspension."""

    code = "suspended"
    message = _("Your organisation is suspended: it can look and export, but change nothing. Turn to {seller}.")


class RequestReused(Refusal):
    code, message, status = "request-reused", _("This request was already used with other values."), 422


class Busy(Refusal):
    code, message, status = (
        "busy",
        _("This is being changed by somebody else. Try again in {retry_after} seconds."),
        503,
    )

    def __init__(self, *, retry_after: int = 2, **facts: Any) -> None:
        super().__init__(retry_after=retry_after, **facts)


class Invalid(Refusal):
    """Values that cannot be taken, with a sentence for each field."""

    code, message, status = "invalid", _("Some values cannot be taken."), 422

    def __init__(self, errors: dict[str, list[str]]) -> None:
        super().__init__()
        self._errors = errors

    @property
    def errors(self) -> dict[str, list[str]]:
        return self._errors


def found(queryset: models.QuerySet[Row], **lookup: Any) -> Row:
    """The one row of what the actor may see; `NotFound` else."""
    row = next(iter(queryset.filter(**lookup)[:1]), None)
    if row is None:
        raise NotFound()
    return row
