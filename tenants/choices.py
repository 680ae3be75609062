"""Choosing among tenants by name. There may be ten thousand: a page shows the first few hundred and the chosen one."""

from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from resellerhub.kernel.text import id_in
from resellerhub.web.widgets import SearchSelect

SHOWN = 300
SELECTED = mark_safe(" selected")


class _Few:
    """Options of a select, cut off. What is not shown, or not among those that its field has as `offered`, can still be
    chosen by an address, and is valid.

    Written by itself: Django renders a template for each option, which for three hundred takes longer than the page.
    """

    choices: Any
    attrs: dict[str, Any]

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        chosen = [str(one) for one in (value if isinstance(value, list | tuple) else [value]) if one not in (None, "")]
        field = self.choices.field
        empty = [("", field.empty_label)] if field.empty_label is not None else []
        options = [*empty, *((str(row.pk), field.label_from_instance(row)) for row in self._rows(chosen))]
        marked = ((key, SELECTED if key in chosen else "", label) for key, label in options)
        inside = format_html_join("", '<option value="{}"{}>{}</option>', marked)
        more = {"multiple": True} if getattr(self, "allow_multiple_selected", False) else {}
        return format_html(
            "<select{}>{}</select>", flatatt({"name": name, **self.attrs, **(attrs or {}), **more}), inside
        )

    def _rows(self, chosen: list[str]) -> list[Any]:
        """The first by name, and what is chosen."""
        queryset = self.choices.queryset
        offered = getattr(self.choices.field, "offered", None)
        rows = list((queryset if offered is None else offered)[:SHOWN])
        shown = {str(row.pk) for row in rows}
        more = [pk for pk in chosen if id_in(pk) is not None and pk not in shown]
        return rows + list(queryset.filter(pk__in=more)) if more else rows


class TenantSelect(_Few, forms.Select):
    pass


class TenantSearch(_Few, SearchSelect):
    pass


class TenantsSearch(_Few, forms.SelectMultiple):
    """Several of them."""

    media = SearchSelect().media

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"data-search-select": "", **(attrs or {})})
