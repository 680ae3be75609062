"""The chart of what was available of pools on the first of each of six months."""

from dataclasses import replace
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from resellerhub.kernel.text import id_in
from resellerhub.web.charts import Chart, Series
from resellerhub.web.details import Section
from resellerhub.web.request import PageRequest
from subscriptions.forms.pools import DrawnForm
from subscriptions.models import Pool
from subscriptions.selectors import pool_numbers

LINES = 8
"""So many pools a chart takes at once."""
MOST = 500
"""So many can be chosen from, the largest."""


def trends(request: PageRequest, held: Any) -> list[Section]:
    """The chart of the pools that the address names, else of the largest; and where there are more, which to choose."""
    largest = held.filter(status=Pool.State.ACTIVE).order_by("-seats", "pk")
    active = list(largest.values_list("pk", "name", named=True)[:MOST])
    asked = {id_in(text) for text in request.GET.getlist("drawn")}
    chosen = [row for row in active if row.pk in asked][:LINES] or active[:LINES]
    if not chosen:
        return []
    section = trend_section(chosen)
    if len(active) > LINES:
        kept = [(name, value) for name, values in request.GET.lists() if name != "drawn" for value in values]
        choice = {"form": DrawnForm(active, chosen, LINES), "kept": kept}
        section = replace(section, template="subscriptions/pool_trend.html", context={**section.context, **choice})
    return [section]


def trend_section(rows: list[Any]) -> Section:
    """Available licences on the first of each of six months; each pool can be shown or hidden."""
    points = pool_numbers.trend([row.pk for row in rows], timezone.now())
    months = [point.on for point in next(iter(points.values()), [])]
    words = _("%(percent)s %% available, %(purchased)s purchased, %(allocated)s allocated")

    def note(point: pool_numbers.Point) -> str:
        if point.available_percent is None:
            return "–"
        facts = {"percent": point.available_percent, "purchased": point.purchased, "allocated": point.allocated}
        return words % facts

    series = [
        Series(
            f"{row.name} · {row.pk}",
            [point.available_percent for point in points[row.pk]],
            [note(point) for point in points[row.pk]],
        )
        for row in rows
    ]
    chart = Chart("available", _("Available licences in %"), _("First of the month"), months, series, toggles=True)
    return Section(title=_("Available licences"), template="components/chart.html", context={"chart": chart})
