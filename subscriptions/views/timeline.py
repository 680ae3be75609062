"""What a subscription costs its holder and leaves its reader, today and over time."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from resellerhub.kernel.periods import Cycle
from resellerhub.web import formats
from resellerhub.web.details import Section
from resellerhub.web.request import PageRequest
from subscriptions.figures import Figures
from subscriptions.tables.facts import OneOffTable
from subscriptions.tables.subscriptions import PhaseTable
from subscriptions.timeline import one_offs, told, with_payers

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
    return [
        Section(title=_("What was held when, at the price that was agreed"), table=table),
        *_one_offs(request, subscription_id),
    ]


def _one_offs(request: PageRequest, subscription_id: int) -> list[Section]:
    """What is due once, where anything is."""
    rows = one_offs(request.actor, subscription_id).order_by("-pk")[:SHOWN]
    table = one_off_table(request, rows)
    return [Section(title=_("Due once, and given back"), table=table)] if table else []


def one_off_table(request: PageRequest, rows: Iterable[Any]) -> OneOffTable | None:
    """Who pays is said where that is not the reader alone."""
    named = with_payers(request.actor, rows)
    if not named:
        return None
    table = OneOffTable(named)
    table.request, table.orderable = request, False
    columns = ["what", "amount", "on"]
    columns += ["quantity"] * any(row.quantity for row in named)
    columns += ["payer"] * any(row.payer_id != request.actor.tenant_id for row in named)
    table.show_only(columns)
    return table


def _columns(figures: list[Figures]) -> list[str]:
    always = ["starts", "ends", "package", "version", "quantity", "status", "price"]
    if any(one.income not in {None, one.price} for one in figures):
        always.append("income")
    return always + [name for name in ("cost", "margin") if any(getattr(one, name) is not None for one in figures)]
