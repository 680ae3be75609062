"""The chart of what was available of pools on the first of each of six months."""

from dataclasses import replace
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from resellerhub.kernel.periods import month_of
from resellerhub.kernel.text import id_in
from resellerhub.web import formats
from resellerhub.web.charts import Chart, Series
from resellerhub.web.details import Section
from resellerhub.web.lists import Empty
from resellerhub.web.request import PageRequest
from subscriptions.forms.pools import DrawnForm
from subscriptions.models import Pool
from subscriptions.selectors import pool_numbers

LINES = 8
"""So many pools a chart takes at once."""
MOST = 500
"""So many can be chosen from, the largest."""


def trends(request: PageRequest, held: Any) -> list[Section]:
    """The chart of the pools that the address names, else of the largest that were there on the first of a month, of
    one unit; and where there are more, which to choose."""
    now = timezone.now()
    there = ExpressionWrapper(Q(made_at__lt=month_of(now)), output_field=BooleanField())
    largest = held.filter(status=Pool.State.ACTIVE).annotate(there=there).order_by("-there", "-seats", "pk")
    active = list(largest.values_list("pk", "name", "unit", named=True)[:MOST])
    asked = {id_in(text) for text in request.GET.getlist("drawn")}
    chosen = [row for row in active if row.pk in asked]
    drawn = chosen[:LINES] or [row for row in active if row.unit == active[0].unit][:LINES]
    if not drawn:
        return []
    section = trend_section(drawn)
    if len(active) > len(drawn):
        kept = [(name, value) for name, values in request.GET.lists() if name != "drawn" for value in values]
        words = _("%(count)s pools were chosen; the first %(most)s are shown.")
        facts = {"count": formats.number(len(chosen)), "most": LINES}
        choice = {
            "form": DrawnForm(active, drawn, LINES),
            "kept": kept,
            "left_out": words % facts if len(chosen) > LINES else "",
        }
        section = replace(section, template="subscriptions/pool_trend.html", context={**section.context, **choice})
    return [section]


def trend_section(rows: list[Any]) -> Section:
    """Available licences on the first of each of six months; each pool can be shown or hidden."""
    points = pool_numbers.trend([row.pk for row in rows], timezone.now())
    empty = Empty(_("Nothing to show yet"), _("A pool appears from the first of the month after it was accepted."))
    if all(point.available_percent is None for line in points.values() for point in line):
        return Section(title=_("Available licences"), template="components/empty.html", context={"empty": empty})
    months = [point.on for point in next(iter(points.values()), [])]
    words = _("%(percent)s %% available, %(purchased)s purchased, %(allocated)s allocated")

    def note(point: pool_numbers.Point) -> str:
        if point.available_percent is None:
            return "–"
        facts = {
            "percent": point.available_percent,
            "purchased": formats.number(point.purchased),
            "allocated": formats.number(point.allocated),
        }
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
