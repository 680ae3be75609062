"""Whether a paper adds up: the calculation rules of EN 16931, BR-CO-10 to BR-CO-18, to the cent, none tolerated."""

from collections.abc import Iterator
from decimal import Decimal

from invoicing.papers.paper import Paper
from invoicing.rating.splitting import percent_of
from invoicing.rating.taxes import Category

NOTHING = Decimal(0)


def contradictions(paper: Paper) -> list[str]:
    """What does not add up, by the names of the rules; empty if all does."""
    return list(_contradictions(paper))


def _contradictions(paper: Paper) -> Iterator[str]:
    totals = paper.totals
    nets: dict[tuple[Category, Decimal], Decimal] = {}
    for line in paper.lines:
        key = line.category, line.rate
        nets[key] = nets.get(key, NOTHING) + line.amount
    if sum(nets.values(), NOTHING) != totals.net:
        yield "BR-CO-10"  # net = Σ lines; nothing is taken off or added for the whole document (BR-CO-13)
    rows = {(row.category, row.rate): row for row in paper.taxes}
    if len(rows) != len(paper.taxes) or {key: row.net for key, row in rows.items()} != nets:
        yield "BR-CO-18"  # a row for each category and rate, with the net of its lines
    if any(row.tax != percent_of(row.net, row.rate, paper.currency) for row in paper.taxes):
        yield "BR-CO-17"
    if sum((row.tax for row in paper.taxes), NOTHING) != totals.tax:
        yield "BR-CO-14"
    if totals.net + totals.tax != totals.gross:
        yield "BR-CO-15"
    if totals.gross - totals.prepaid + totals.rounding != totals.payable:
        yield "BR-CO-16"
