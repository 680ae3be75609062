"""A chart and the table that says the same."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from resellerhub.web import formats


@dataclass(frozen=True)
class Series:
    label: Any
    values: Sequence[int | Decimal]


@dataclass(frozen=True)
class Chart:
    """`key` is unique on its page; `form` is line or bar; `axis` heads the column of labels in the table."""

    key: str
    title: Any
    axis: Any
    labels: Sequence[Any]
    series: Sequence[Series]
    form: str = "line"
    stacked: bool = False

    @property
    def data_id(self) -> str:
        return f"chart-{self.key}"

    @property
    def data(self) -> dict[str, Any]:
        """What the script reads."""
        series = [{"label": str(each.label), "values": [float(value) for value in each.values]} for each in self.series]
        labels = [str(label) for label in self.labels]
        return {"form": self.form, "stacked": self.stacked, "labels": labels, "series": series}

    @property
    def rows(self) -> Iterator[tuple[Any, list[str]]]:
        for place, label in enumerate(self.labels):
            yield label, [formats.number(series.values[place]) for series in self.series]
