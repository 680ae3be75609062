"""Tags of our own: addresses in the shell, icons, status, numbers, fields."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django import forms, template
from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from resellerhub.web import devices, formats, navigation, progress, shells, statuses

register = template.Library()
register.filter("number", formats.number)
register.filter("day", formats.day)
register.filter("moment", formats.moment)
register.filter("initial", formats.initial)
register.filter("device", devices.device)
register.simple_tag(formats.money, name="money")
register.simple_tag(statuses.status, name="status")
register.simple_tag(progress.progress_of, name="progress_of")
register.simple_tag(uuid4, name="new_id")

Context = Mapping[str, Any]


@register.simple_tag(takes_context=True)
def shell_url(context: Context, name: str, *args: Any) -> str:
    """The address of a page in this shell; nothing (so that `{% if %}` can ask) where the shell has no such page."""
    return shells.shell_link(context["request"], name, *args) or ""


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """A decorative icon of the sprite; what it means is said in words beside it."""
    url = static("resellerhub/icons.svg")
    return format_html(
        '<svg class="icon {}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>', css, url, name
    )


@register.simple_tag(takes_context=True)
def query_replace(context: Context, **changes: Any) -> str:
    """The query string with some parameters changed; None or nothing takes one out."""
    query = context["request"].GET.copy()
    for name in ("export", "filename"):
        query.pop(name, None)
    for name, value in changes.items():
        query.pop(name, None)
        if value not in (None, ""):
            query[name] = value
    return f"?{query.urlencode()}"


@register.simple_tag(takes_context=True)
def query_pairs(context: Context, *without: str) -> list[tuple[str, str]]:
    """The query string as hidden inputs, so that a GET form keeps it."""
    dropped = {*without, "export", "filename"}
    return [(name, value) for name, values in context["request"].GET.lists() if name not in dropped for value in values]


@register.simple_tag(takes_context=True)
def navigation_entries(context: Context) -> list[navigation.Entry]:
    """Put together once a page: navigation and breadcrumb show the same."""
    request, current = context["request"], _current(context)
    if getattr(request, "navigation_of", None) != current:
        request.navigation, request.navigation_of = navigation.entries(request, current), current
    entries: list[navigation.Entry] = request.navigation
    return entries


@register.simple_tag(takes_context=True)
def breadcrumb(context: Context) -> list[tuple[Any, str | None]]:
    """(label, url) from the top level of the navigation to this page, which comes last and has no link."""
    request: HttpRequest = context["request"]
    trail = [(entry.label, entry.url) for entry in navigation.trail(navigation_entries(context))]
    here = request.resolver_match.url_name if request.resolver_match else ""
    if trail and here == _current(context):
        return [*trail[:-1], (trail[-1][0], None)]
    crumbs = [*trail, *context.get("crumbs", ()), (context.get("title", ""), None)]
    return [(label, url) for label, url in crumbs if label]


@register.simple_tag(takes_context=True)
def section_body(context: template.Context, section: Any) -> SafeString:
    """The template of a section, with what the section gives it."""
    body = context.template.engine.get_template(section.template)  # type: ignore[union-attr]
    with context.push(section=section, **section.context):
        return body.render(context)


@register.simple_tag
def field_input(bound: forms.BoundField) -> SafeString:
    """The input of a field with the class of its kind."""
    widget = bound.field.widget
    if isinstance(widget, forms.CheckboxInput | forms.RadioSelect | forms.CheckboxSelectMultiple):
        css = "form-check-input"
    else:
        css = "form-select" if isinstance(widget, forms.Select) else "form-control"
    return bound.as_widget(attrs={"class": f"{css} is-invalid" if bound.errors else css})


@register.simple_tag
def choice_input(choice: Any) -> SafeString:
    """One radio button or box of a field with choices."""
    choice.data["attrs"]["class"] = "form-check-input"
    return choice.tag()  # type: ignore[no-any-return]


@register.filter
def kind(bound: forms.BoundField) -> str:
    """How a field is laid out: check, choices, or input."""
    widget = bound.field.widget
    if isinstance(widget, forms.CheckboxInput):
        return "check"
    return "choices" if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple) else "input"


@register.filter
def suffix(bound: forms.BoundField) -> Any:
    """The unit or currency behind an input."""
    return getattr(bound.field.widget, "suffix", "")


@register.filter
def shown(value: Any) -> Any:
    """A fact as text: dates and numbers by locale, nothing as a dash."""
    if isinstance(value, datetime):
        return formats.moment(value)
    if isinstance(value, date):
        return formats.day(value)
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return formats.number(value)
    return "–" if value in (None, "") else value


def _current(context: Context) -> str:
    match = context["request"].resolver_match
    return context.get("parent") or (match.url_name if match else "") or ""
