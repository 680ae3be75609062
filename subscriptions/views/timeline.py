"""What a subscription costs its holder and leaves its reader, today and over time."""

from typing import Any

from django.utils.translation import gettext as _

from resellerhub.kernel.periods import Cycle
from resellerhub.web import formats
from resellerhub.web.details import Section
from resellerhub.web.request import PageRequest
from subscriptions.figures import Figures
from subscriptions.tables.subscriptions import PhaseTable
from subscriptions.timeline import told

SHOWN = 100
"""Phases on the page; programs get all of them."""


def price_facts(figures: Figures) -> list[tuple[Any, Any]]:
    """The price of one unit, and what of it concerns the reader."""
    if figures.cycle is None:
        return []
    cycle, currency = Cycle(figures.cycle).label, figures.currency or ""
    income = None if figures.income == figures.price else figures.income
    facts = [
        (_("Price of one unit"), figures.price, False),
        (_("You are paid"), income, figures.income_once),
        (_("Your cost"), figures.cost, figures.cost_once),
        (_("Your margin"), figures.margin, False),
    ]
    once = _("once per reseller")
    return [
        (label, f"{formats.money(amount, currency)} {cycle}{f' · {once}' if is_once else ''}")
        for label, amount, is_once in facts
        if amount is not None
    ]


def timeline_sections(request: PageRequest, subscription_id: int) -> list[Section]:
    """What was held when, the newest first; only the columns that say something to this reader."""
    rows = list(told(request.actor, subscription_id).order_by("-pk")[:SHOWN])
    table = PhaseTable(rows)
    table.show_only(_columns([row.figures for row in rows]))
    return [Section(title=_("What was held when, at the price that was agreed"), table=table)]


def _columns(figures: list[Figures]) -> list[str]:
    always = ["starts", "ends", "package", "version", "quantity", "status", "price"]
    if any(one.income not in {None, one.price} for one in figures):
        always.append("income")
    return always + [name for name in ("cost", "margin") if any(getattr(one, name) is not None for one in figures)]
