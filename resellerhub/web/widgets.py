"""Inputs that a plain form does not have. Each works without JavaScript."""

from typing import Any

from django import forms
from django.forms.widgets import Script
from django.utils.translation import gettext_lazy as _


class SearchSelect(forms.Select):
    """A select with many options: Tom Select makes it searchable."""

    class Media:
        css = {"all": ["vendor/tom-select/css/tom-select.bootstrap5.min.css"]}
        js = [
            Script("vendor/tom-select/js/tom-select.complete.min.js", defer=True),
            Script("resellerhub/search-select.js", defer=True),
        ]

    def __init__(self, attrs: dict[str, Any] | None = None, choices: Any = ()) -> None:
        super().__init__({"data-search-select": "", **(attrs or {})}, choices)


class DualList(forms.SelectMultiple):
    """Many of many: two lists with a search and buttons that move one or all; without JavaScript one list."""

    class Media:
        js = [Script("resellerhub/dual-list.js", defer=True)]

    def __init__(self, attrs: dict[str, Any] | None = None, choices: Any = ()) -> None:
        words = {
            "data-search-label": _("Search"),
            "data-free-label": _("Available"),
            "data-chosen-label": _("Selected"),
            "data-add-label": _("Add"),
            "data-add-all-label": _("Add all shown"),
            "data-remove-label": _("Remove"),
            "data-remove-all-label": _("Remove all shown"),
        }
        super().__init__({"data-dual-list": "", "size": "12", **words, **(attrs or {})}, choices)


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class QuantityInput(forms.NumberInput):
    """A whole number; `unit` stands behind it, and inputs of one `fill_group` fill each other."""

    class Media:
        js = [Script("resellerhub/fill.js", defer=True)]

    def __init__(self, attrs: dict[str, Any] | None = None, *, unit: Any = "", fill_group: str = "") -> None:
        group = {"data-fill-group": fill_group} if fill_group else {}
        super().__init__({"inputmode": "numeric", "step": "1", **group, **(attrs or {})})
        self.suffix = unit


class MoneyInput(forms.NumberInput):
    """An amount with its currency behind it."""

    def __init__(self, attrs: dict[str, Any] | None = None, *, currency: str = "") -> None:
        super().__init__({"inputmode": "decimal", "step": "any", **(attrs or {})})
        self.suffix = currency
