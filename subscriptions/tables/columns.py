"""Cells that lists of what is held share."""

from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from resellerhub.kernel.periods import Cycle
from resellerhub.web.tables import (
    MoneyColumn,
)


class FigureColumn(MoneyColumn):
    """One of the figures of a row; they are all for the cycle that stands with the price."""

    def __init__(self, figure: str, **options: Any) -> None:
        super().__init__(accessor=f"figures__{figure}", currency="figures__currency", orderable=False, **options)

    def render(self, value: Any, record: Any) -> str | SafeString:
        amount = super().render(value, record)
        return format_html('<span class="negative">{}</span>', amount) if value < 0 else amount


class PriceColumn(FigureColumn):
    def render(self, value: Any, record: Any) -> SafeString:
        cycle = Cycle(record.figures.cycle).label
        return format_html('{} <span class="text-secondary">{}</span>', super().render(value, record), cycle)


class OwedColumn(FigureColumn):
    """A figure that may be owed once by a reseller, however many it sells."""

    def render(self, value: Any, record: Any) -> str | SafeString:
        amount, key = super().render(value, record), str(self.accessor).removeprefix("figures__")
        told = format_html('{} <span class="text-secondary">{}</span>', amount, _("once per reseller"))
        return told if getattr(record.figures, f"{key}_once") else amount


def cycle_word(cycle: str) -> str:
    return str(Cycle(cycle).label) if cycle in Cycle.values else cycle
