"""Choosing among tenants by name. There may be ten thousand: a page shows the first few hundred and the chosen one."""

from typing import Any

from django import forms

from resellerhub.kernel.text import id_in
from resellerhub.web.widgets import SearchSelect

SHOWN = 300


class _Few:
    """Options of a select, cut off. What is not shown can still be chosen by an address, and is valid."""

    choices: Any

    def optgroups(self, name: str, value: list[str], attrs: dict[str, Any] | None = None) -> Any:
        options, field = self.choices, self.choices.field
        rows = list(options.queryset[:SHOWN])
        shown = {str(row.pk) for row in rows}
        chosen = [pk for pk in value if id_in(pk) is not None and pk not in shown]
        rows += options.queryset.filter(pk__in=chosen) if chosen else []
        empty = [("", field.empty_label)] if field.empty_label is not None else []
        self.choices = [*empty, *((row.pk, field.label_from_instance(row)) for row in rows)]
        try:
            return super().optgroups(name, value, attrs)  # type: ignore[misc]
        finally:
            self.choices = options


class TenantSelect(_Few, forms.Select):
    pass


class TenantSearch(_Few, SearchSelect):
    pass


class TenantsSearch(_Few, forms.SelectMultiple):
    """Several of them."""

    media = SearchSelect().media

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"data-search-select": "", **(attrs or {})})
