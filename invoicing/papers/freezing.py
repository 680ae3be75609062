"""Frozen dataclasses as JSON and back, exactly: what comes back equals what went in, whatever the depth."""

import functools
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from types import NoneType, UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

Built = TypeVar("Built")


def plain(value: Any) -> Any:
    """Text, whole numbers, truths, lists and mappings alone."""
    if is_dataclass(value):
        return {each.name: plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, tuple):
        return [plain(each) for each in value]
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, date):
        return value.isoformat()
    return value.value if isinstance(value, StrEnum) else value


def built(kind: Callable[..., Built], value: Mapping[str, Any]) -> Built:
    makers = _makers(kind)
    if unknown := value.keys() - makers.keys():
        raise ValueError(f"{kind} has no {', '.join(sorted(unknown))}")
    return kind(**{name: makers[name](frozen) for name, frozen in value.items()})


@functools.cache
def _makers(kind: Any) -> dict[str, Callable[[Any], Any]]:
    hints = get_type_hints(kind)
    return {each.name: _maker(hints[each.name]) for each in fields(kind)}


def _maker(hint: Any) -> Callable[[Any], Any]:
    if get_origin(hint) is UnionType:
        inner = _maker(next(each for each in get_args(hint) if each is not NoneType))
        return lambda value: None if value is None else inner(value)
    if get_origin(hint) is tuple:
        item = _maker(get_args(hint)[0])
        return lambda value: tuple(item(each) for each in value)
    made: Callable[[Any], Any] = date.fromisoformat if hint is date else hint
    return functools.partial(built, made) if is_dataclass(hint) else made
