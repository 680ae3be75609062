"""What follows the lines: taxes beside totals, how it is paid, notes, who signs."""

from collections.abc import Iterator
from dataclasses import replace

from invoicing.papers.blocks import Block, space
from invoicing.papers.fonts import printable
from invoicing.papers.look import LEFT, RIGHT, WIDE, Look
from invoicing.papers.paper import Kind, TaxRow
from invoicing.papers.paying import payment
from invoicing.papers.pen import INK, SMALL, TEXT, Pen, Style
from invoicing.rating.taxes import Category

TAXES_WIDE = 72.0
TOTALS_LEFT = 113.0
ROW = 5.0
FINAL = Style(11.5, 6.5, "bold")
HEADING = SMALL._replace(leading=4.0)
REASONED = frozenset({Category.REVERSE_CHARGE, Category.EXEMPT, Category.OUTSIDE})
LONGEST_NOTE = 2_000
TOGETHER = 110.0


def closing(look: Look) -> Iterator[Block]:
    """What is written beneath is on one page, unless it is long; where it is a signature alone, with how it is paid."""
    notes = [note for text in (*reasons(look), *look.paper.notes) if (note := printable(text, LONGEST_NOTE).strip())]
    written = list(_written(notes, printable(look.paper.head.signature, LONGEST_NOTE).strip()))
    yield space(6)
    yield _sums(look)
    yield space(6)
    yield replace(payment(look), joined=bool(written) and not notes)
    together = sum(block.height for block in written) <= TOGETHER
    for nth, block in enumerate(written, 1):
        yield replace(block, joined=(together or block.joined) and nth < len(written))


def _written(notes: list[str], signature: str) -> Iterator[Block]:
    for nth, note in enumerate(notes):
        yield space(3 if nth else 6)
        yield from _paragraph(note)
    if signature:
        yield space(6)
        yield from _paragraph(signature)


def reasons(look: Look) -> list[str]:
    """Why there is no tax, each once."""
    return list(dict.fromkeys(filter(None, (reason(look, row) for row in look.paper.taxes))))


def reason(look: Look, row: TaxRow) -> str:
    """Its own words, else the usual ones; none where tax is charged, or charged at a rate of nothing."""
    return (printable(row.reason) or look.say(f"why_{row.category}")) if row.category in REASONED else ""


def _sums(look: Look) -> Block:
    taxes, totals = _taxes(look), _totals(look)

    def draw(pen: Pen, top: float) -> None:
        taxes.draw(pen, top)
        totals.draw(pen, top)

    return Block(max(taxes.height, totals.height), draw)


def _taxes(look: Look) -> Block:
    """One row for each category and rate."""
    formats, ends = look.formats, (LEFT + 45, LEFT + TAXES_WIDE)
    rows = look.paper.taxes

    def draw(pen: Pen, top: float) -> None:
        pen.text(LEFT, top, look.say("tax_rate"), HEADING)
        pen.text(ends[0], top, look.say("tax_net"), HEADING, right=True)
        pen.text(ends[1], top, look.say("tax_tax"), HEADING, right=True)
        pen.rule(LEFT, top + 5, TAXES_WIDE)
        for number, row in enumerate(rows):
            at = top + 5.9 + number * ROW
            pen.text(LEFT, at, _tax_name(look, row), SMALL.of(INK))
            pen.text(ends[0], at, formats.amount(row.net), SMALL.of(INK), right=True)
            pen.text(ends[1], at, formats.amount(row.tax), SMALL.of(INK), right=True)

    return Block(6 + ROW * len(rows), draw)


def _tax_name(look: Look, row: TaxRow) -> str:
    return look.say(f"tax_{row.category}", rate=look.formats.number(row.rate))


def _totals(look: Look) -> Block:
    """From the net to what is to be paid; what is nothing is left out."""
    totals, formats = look.paper.totals, look.formats
    rows = [("net", totals.net), ("tax", totals.tax), ("gross", totals.gross)]
    rows += [(name, value) for name, value in (("prepaid", -totals.prepaid), ("rounding", totals.rounding)) if value]
    final = {Kind.CREDIT_NOTE: "given_back", Kind.COMMISSION_STATEMENT: "paid_out"}.get(look.paper.kind, "payable")
    due = f"{formats.amount(totals.payable)}\u00a0{look.paper.currency}"

    def draw(pen: Pen, top: float) -> None:
        for name, value in rows:
            pen.text(TOTALS_LEFT, top, look.say(name), TEXT)
            pen.text(RIGHT, top, formats.amount(value), TEXT, right=True)
            top += ROW
        pen.rule(TOTALS_LEFT, top + 1.2, RIGHT - TOTALS_LEFT, look.accent, 0.9)
        style = FINAL.of(look.accent)
        pen.text(TOTALS_LEFT, top + 2, look.say(final), style)
        pen.text(RIGHT, top + 2, due, style, right=True)

    return Block(ROW * len(rows) + 8.5, draw)


def _paragraph(text: str) -> Iterator[Block]:
    """A block for each line, so that a long note goes on on the next page."""
    for line in TEXT.wrapped(text, WIDE):
        yield _line(line)


def _line(text: str) -> Block:
    return Block(TEXT.leading, lambda pen, top: pen.text(LEFT, top, text, TEXT))
