"""The SQLSTATEs that decide what is done about an error of the database."""

from enum import StrEnum


class SqlState(StrEnum):
    OUT_OF_RANGE = "22003"
    READ_ONLY = "25006"
    """A server that fails over."""
    SERIALIZATION = "40001"
    DEADLOCK = "40P01"
    LOCK_TIMEOUT = "55P03"
    CANCELLED = "57014"
    """By statement_timeout."""


CONNECTION, ROLLBACK, RESOURCES, INTERVENTION, SYSTEM = "08", "40", "53", "57", "58"
"""Classes of them: their first two characters."""


def sql_state(error: BaseException) -> str:
    """Of an error that Django raised; nothing where the database said none."""
    return getattr(error.__cause__, "pgcode", None) or ""
