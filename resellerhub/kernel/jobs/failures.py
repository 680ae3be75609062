"""What goes wrong in a run: what passes by itself, and what is a target's own fault."""

from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import DatabaseError, InterfaceError, OperationalError

from resellerhub.kernel.models import JobItem
from resellerhub.kernel.refusals import Refusal
from resellerhub.kernel.sqlstates import (
    CONNECTION,
    INTERVENTION,
    RESOURCES,
    ROLLBACK,
    SYSTEM,
    SqlState,
    sql_state,
)

PASSING = (CONNECTION, ROLLBACK, RESOURCES, INTERVENTION, SYSTEM, SqlState.LOCK_TIMEOUT, SqlState.READ_ONLY)


def is_passing(error: BaseException) -> bool:
    """Nobody's fault: the same chunk will do a moment later. A statement that is too slow wants a smaller chunk."""
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    code = sql_state(error)
    return not code or (code != SqlState.CANCELLED and code.startswith(PASSING))


def cause(error: Exception) -> tuple[str, dict[str, Any]]:
    """The reason a target's page shows, and its facts; what is inside an unforeseen error stays in the log."""
    if isinstance(error, Refusal):
        encoder = DjangoJSONEncoder()
        plain = {
            key: value if isinstance(value, str | int | bool | None) else encoder.encode(value).strip('"')
            for key, value in error.facts.items()
        }
        return error.code.replace("-", "_"), plain
    if isinstance(error, DatabaseError) and sql_state(error) == SqlState.CANCELLED:
        return "too_slow", {}
    return "error", {"error": type(error).__name__}


def fail(ids: list[int], reason: str, facts: dict[str, Any] | None = None) -> None:
    JobItem.objects.filter(pk__in=ids, state=JobItem.State.PENDING).update(
        state=JobItem.State.FAILED, reason=reason[:60], facts=facts or None
    )
