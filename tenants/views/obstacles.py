"""Lists of what comes along, ends, or stands in the way, with links, as pages show them."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from resellerhub.web.formats import number
from resellerhub.web.forms import FormPage
from resellerhub.web.shells import shell_link
from tenants.hooks import Parts


@dataclass(frozen=True)
class Line:
    name: Any
    url: str = ""
    note: Any = ""


@dataclass(frozen=True)
class Group:
    title: Any
    lines: list[Line] = field(default_factory=list)
    text: Any = ""


def group(request: HttpRequest, title: Any, parts: Iterable[Parts], text: Any = "") -> list[Group]:
    """One card with all of these, or none where there are none."""
    lines = [line for part in parts if part.count for line in _lines(request, part)]
    return [Group(title, lines, text)] if lines else []


def _lines(request: HttpRequest, parts: Parts) -> list[Line]:
    named = [
        Line(one.name, shell_link(request, one.page, one.pk) or "", one.note or parts.label) for one in parts.first
    ]
    if not named:
        return [Line(number(parts.count), note=parts.label)]
    more = parts.count - len(named)
    return [*named, Line(_("and %(count)s more") % {"count": number(more)}, note=parts.label)] if more else named


def blocked(request: HttpRequest, page: FormPage, intro: Any, parts: Iterable[Parts]) -> FormPage:
    """The page says no in place of its form, and what would have to go first."""
    groups = group(request, _("Still active"), parts)
    return replace(page, intro=intro, template="tenants/blocked.html", context={"groups": groups})
