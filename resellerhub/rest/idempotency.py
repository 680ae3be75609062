"""A POST that may be sent twice: the answer is written in the commit of its effect, so there is never one without
the other, whatever dies in between.
"""

import hashlib
import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4, uuid5

import orjson
from django.utils.translation import gettext as _

from resellerhub.kernel.locks import IDEMPOTENCY, try_advisory_lock
from resellerhub.kernel.models import IdempotencyKey
from resellerhub.kernel.operation import operation
from resellerhub.kernel.refusals import RequestReused
from resellerhub.rest.problems import Problem

HEADER = "Idempotency-Key"
SANE = re.compile(r"[\x21-\x7e]{1,255}")
Withheld = Callable[[Any, datetime], bool]

_withheld: list[Withheld] = []
SPACE = UUID("6b1f2f0e-8c55-4f4b-9d5e-2a6f5d1c7a41")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a POST is answered with, as it goes over the wire."""

    status: int
    headers: dict[str, str]
    body: bytes


def withhold(check: Withheld) -> None:
    """Ask before an answer is given again: may what this actor was told at that moment be told no more? Call it in
    `AppConfig.ready`."""
    if check not in _withheld:
        _withheld.append(check)


def principal(actor: Any) -> str:
    """Whose keys these are: an API key's, else a user's in one tenant."""
    return f"key:{actor.api_key_id}" if actor.api_key_id else f"user:{actor.user_id}@{actor.tenant_id}"


def key_of(request: Any, *, required: bool) -> str:
    key: str = request.headers.get(HEADER, "")
    if not key and required:
        raise Problem(400, "idempotency-key-missing", _("This needs the header Idempotency-Key."))
    if key and not SANE.fullmatch(key):
        raise Problem(400, "idempotency-key-malformed", _("An Idempotency-Key has 1 to 255 visible ASCII characters."))
    return key


def request_id(actor: Any, key: str) -> UUID:
    """For services that know repeated requests themselves: the same for the same key."""
    return uuid5(SPACE, f"{principal(actor)} {key}") if key else uuid4()


def fingerprint(request: Any) -> bytes:
    """Method, address and the body's meaning; not its spaces or the order of its names."""
    body = orjson.dumps(request.data, option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS, default=str)
    return hashlib.sha256(b"\n".join([request.method.encode(), request.get_full_path().encode(), body])).digest()


def once(request: Any, key: str, now: datetime, work: Callable[[], Answer]) -> Answer:
    """The answer of `work`, done now or given before. A refusal has no effect and leaves nothing behind."""
    who, print_ = principal(request._request.actor), fingerprint(request)

    @operation
    def do_once() -> Answer:
        if not try_advisory_lock(IDEMPOTENCY, signed(zlib.crc32(f"{who} {key}".encode()))):
            raise Problem(
                409, "in-flight", _("A request with this key is being worked on."), headers={"Retry-After": "1"}
            )
        if earlier := IdempotencyKey.objects.filter(principal=who, key=key).first():
            if bytes(earlier.fingerprint) != print_:
                raise RequestReused()
            if any(check(request._request.actor, earlier.created_at) for check in _withheld):
                sentence = _("This was done, but its answer may hold names that are hidden now. Read the object anew.")
                raise Problem(409, "answer-withheld", sentence)
            return Answer(earlier.status, {**earlier.headers, "Idempotent-Replayed": "true"}, bytes(earlier.body))
        answer = work()
        IdempotencyKey.objects.create(
            principal=who, key=key, fingerprint=print_, status=answer.status, headers=answer.headers,
            body=answer.body, created_at=now,
        )  # fmt: skip
        return answer

    return do_once()


def signed(number: int) -> int:
    """32 bits as PostgreSQL counts them."""
    return number - 2**32 if number >= 2**31 else number
