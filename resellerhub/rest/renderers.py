"""Writes JSON: money and decimals are strings, instants end in Z."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import orjson
from django.utils.functional import Promise
from rest_framework.renderers import BaseRenderer

OPTIONS = orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS


def plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, Promise):
        return str(value)
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, set | frozenset | tuple | range):
        return list(value)
    raise TypeError(f"{type(value).__name__} has no form in JSON")


def dump(data: Any) -> bytes:
    return orjson.dumps(data, plain, OPTIONS)


class JsonRenderer(BaseRenderer):
    media_type = "application/json"
    format = "json"
    charset = None
    render_style = "binary"

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        """Bytes are an answer that was written down before."""
        if data is None:
            return b""
        return data if isinstance(data, bytes) else dump(data)
