"""If-Match: a change meant for what somebody has seen is refused when it looks different by now."""

import hashlib
from typing import Any

from django.utils.translation import gettext as _

from resellerhub.kernel.locks import LockedQuerySet
from resellerhub.kernel.refusals import found
from resellerhub.rest.problems import Problem
from resellerhub.rest.renderers import dump


def etag(data: Any) -> str:
    return f'"{hashlib.sha256(dump(data)).hexdigest()[:32]}"'


def asked(request: Any) -> bool:
    return "If-Match" in request.headers


def listed(header: str) -> set[str]:
    return {tag.strip() for tag in header.split(",")}


def check(view: Any, request: Any, pk: int) -> None:
    """412 unless the row still has the ETag that its GET gave; holds the row, so that it stays so."""
    if not asked(request) or view.out is None:
        return
    row = found(view.rows(view.actor), pk=pk)
    list(LockedQuerySet(model=type(row)).filter(pk=pk).locked().values_list("pk"))
    row = found(view.rows(view.actor), pk=pk)
    wanted = listed(request.headers["If-Match"])
    if "*" not in wanted and etag(view.out(row, context=view.plain_context()).data) not in wanted:
        raise Problem(412, "stale", _("This has changed since you read it."))
