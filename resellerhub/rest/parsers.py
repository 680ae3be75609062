"""Reads JSON as strictly as it is written: what two readers could understand differently is refused."""

import hashlib
import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, NoReturn

from django.http.multipartparser import MultiPartParser, MultiPartParserError
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

from resellerhub.kernel.text import has_forbidden
from resellerhub.rest.problems import Problem, escaped

LARGEST, DEEPEST = 1_000_000, 32
INT64 = range(-(2**63), 2**63)


class StrictJsonParser(BaseParser):
    """At most 1 MB and 32 levels; no duplicate names, NaN, infinities, numbers beyond 64 bits, or unseen characters."""

    media_type = "application/json"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        data = stream.read(LARGEST + 1)
        if len(data) > LARGEST:
            raise Problem(413, "too-large", _("A request may have 1 MB."))
        return read(data)


@dataclass(frozen=True)
class Upload:
    """A file that was sent. What it holds decides whether two requests are the same."""

    file: Any
    digest: str

    def __str__(self) -> str:
        return self.digest


class FormParser(BaseParser):
    """`multipart/form-data`, for endpoints that take a file: each name once; the file is on disk, not in memory."""

    media_type = "multipart/form-data"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        request = (parser_context or {})["request"]._request
        try:
            texts, files = MultiPartParser(request.META, stream, request.upload_handlers).parse()
        except MultiPartParserError as error:
            raise ParseError(_("This request cannot be read.")) from error
        given = [*texts.lists(), *files.lists()]
        if len({name for name, _values in given}) != len(given) or any(len(values) != 1 for _name, values in given):
            raise ParseError(_("A name occurs twice in the same object."))
        values = {name: values[0] for name, values in texts.lists()}
        if wrong := list(islice(faults(values), 20)):
            raise Problem(422, "invalid", _("Some values cannot be taken."), errors=wrong)
        return values | {name: uploaded(file) for name, (file,) in files.lists()}


def uploaded(file: Any) -> Upload:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return Upload(file, digest.hexdigest())


def read(data: bytes) -> Any:
    try:
        text = data.decode("utf-8")
        value = json.loads(text, object_pairs_hook=distinct, parse_constant=refuse_constant, parse_float=finite)
    except ParseError:
        raise
    except (ValueError, RecursionError) as error:
        detail = _("This is not JSON.") if not isinstance(error, RecursionError) else too_deep()
        raise ParseError(detail) from None
    if wrong := list(islice(faults(value), 20)):
        raise Problem(422, "invalid", _("Some values cannot be taken."), errors=wrong)
    return value


def distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ParseError(_("A name occurs twice in the same object."))
    return made


def refuse_constant(name: str) -> NoReturn:
    raise ParseError(_("%(name)s is not a number.") % {"name": name})


def finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        refuse_constant(text)
    return number


def too_deep() -> str:
    return _("The request is nested too deeply.")


def faults(value: Any) -> Iterator[dict[str, str]]:
    """Each value that no column can take; walks without recursion."""
    stack: list[tuple[str, Any, int]] = [("#", value, 1)]
    while stack:
        path, here, depth = stack.pop()
        if isinstance(here, dict | list):
            if depth > DEEPEST:
                raise ParseError(too_deep())
            if isinstance(here, dict):
                if any(has_forbidden(name) for name in here):
                    raise ParseError(_("A name contains characters that cannot be seen."))
                entries: Any = here.items()
            else:
                entries = enumerate(here)
            stack += [(f"{path}/{escaped(name)}", inner, depth + 1) for name, inner in entries]
        elif isinstance(here, str) and has_forbidden(here):
            detail = _("This contains characters that cannot be seen.")
            yield {"pointer": path, "detail": detail, "code": "forbidden_character"}
        elif isinstance(here, int) and here not in INT64:
            yield {"pointer": path, "detail": _("This number is too large."), "code": "out_of_range"}
