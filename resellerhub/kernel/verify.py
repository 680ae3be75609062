"""Checks that compare what is stored twice: each app registers its own, `manage.py verify` and beat run them all."""

from collections.abc import Callable, Iterable

Check = Callable[[], Iterable[str]]
CHECKS: dict[str, Check] = {}


def register(name: str, check: Check) -> None:
    """`check` yields a sentence for each thing that is wrong; nothing when all is well."""
    CHECKS[name] = check


def findings() -> dict[str, list[str]]:
    return {name: list(check()) for name, check in CHECKS.items()}
