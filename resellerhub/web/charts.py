"""A chart and the table that says the same."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from resellerhub.web import formats


@dataclass(frozen=True)
class Series:
    """`notes` say more of each value: shown where one points at it, and in the table. None is a gap."""

    label: Any
    values: Sequence[int | Decimal | None]
    notes: Sequence[str] = ()


@dataclass(frozen=True)
class Chart:
    """`key` is unique on its page; `form` is line or bar; `axis` heads the column of labels in the table; with
    `toggles` each series can be hidden."""

    key: str
    title: Any
    axis: Any
    labels: Sequence[Any]
    series: Sequence[Series]
    form: str = "line"
    stacked: bool = False
    toggles: bool = False

    @property
    def data_id(self) -> str:
        return f"chart-{self.key}"

    @property
    def data(self) -> dict[str, Any]:
        """What the script reads."""
        series = [
            {"label": str(each.label), "values": [_point(value) for value in each.values], "notes": list(each.notes)}
            for each in self.series
        ]
        labels = [_label(label) for label in self.labels]
        return {"form": self.form, "stacked": self.stacked, "labels": labels, "series": series}

    @property
    def rows(self) -> Iterator[tuple[str, list[str]]]:
        for place, label in enumerate(self.labels):
            yield _label(label), [_cell(series, place) for series in self.series]


def _label(label: Any) -> str:
    return formats.day(label) if isinstance(label, date) else str(label)


def _point(value: int | Decimal | None) -> float | None:
    return None if value is None else float(value)


def _cell(series: Series, place: int) -> str:
    if series.notes:
        return series.notes[place]
    value = series.values[place]
    return "–" if value is None else formats.number(value)
