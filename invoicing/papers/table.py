"""The lines of a document as a table, with a heading and a subtotal for each customer of a roll-up."""

from collections.abc import Iterator
from dataclasses import replace

from invoicing.papers.blocks import Block
from invoicing.papers.fonts import printable
from invoicing.papers.look import LEFT, RIGHT, WIDE, Look
from invoicing.papers.paper import Line, Section
from invoicing.papers.pen import SMALL, TEXT, Pen, Style

LABEL, QUANTITY, PRICE, RATE, AMOUNT = LEFT + 9, 121.0, 145.0, 161.0, RIGHT
"""Where the label starts, and where the numbers end."""
ROOM = 68.0
PADDING = 1.5
HEADING = SMALL._replace(leading=4.0)
UNITS = frozenset({"MON", "ANN", "DAY", "HUR", "E34"})


def table(look: Look) -> Iterator[Block]:
    top = _column_heads(look)
    yield top
    for section in look.paper.sections:
        if not section.name:
            yield from (_row(look, line, (top,)) for line in section.lines)
            continue
        yield _section_head(look, printable(section.name, 200), section.number, (top,))
        name = look.say("continued", name=section.name)
        heads = (top, _section_head(look, name, section.number, ()))
        *rows, last = [_row(look, line, heads) for line in section.lines]
        yield from rows
        yield replace(last, joined=True)
        yield _subtotal(look, section, (top,))


def _column_heads(look: Look) -> Block:
    say = look.say

    def draw(pen: Pen, top: float) -> None:
        pen.text(LEFT, top, say("position"), HEADING)
        pen.text(LABEL, top, say("label"), HEADING)
        pen.text(QUANTITY, top, say("quantity"), HEADING, right=True)
        pen.text(PRICE, top, say("unit_price"), HEADING, right=True)
        pen.text(RATE, top, say("rate"), HEADING, right=True)
        pen.text(AMOUNT, top, say("amount", currency=look.paper.currency), HEADING, right=True)
        pen.rule(LEFT, top + 5.4, WIDE, look.accent, 0.9)

    return Block(6.2, draw, joined=True)


def _section_head(look: Look, name: str, number: str, heads: tuple[Block, ...]) -> Block:
    def draw(pen: Pen, top: float) -> None:
        pen.box(LEFT, top + 1.6, WIDE, 6.4, look.tint)
        style = TEXT.bold
        beside = printable(number, 40)
        room = WIDE - 4 - (SMALL.width(beside) + 4 if beside else 0)
        pen.text(LEFT + 2, top + 2.7, style.fitted(name.replace("\n", " "), room), style)
        pen.text(RIGHT - 2, top + 2.7 + TEXT.rise - SMALL.rise, beside, SMALL, right=True)

    return Block(8.6, draw, joined=True, heads=heads)


def _subtotal(look: Look, section: Section, heads: tuple[Block, ...]) -> Block:
    amount = look.formats.amount(section.subtotal)
    style = TEXT.bold
    label = style.fitted(look.say("subtotal", name=section.name).replace("\n", " "), AMOUNT - LABEL - 30)

    def draw(pen: Pen, top: float) -> None:
        pen.text(AMOUNT - 30, top + 1.2, label, TEXT, right=True)
        pen.text(AMOUNT, top + 1.2, amount, style, right=True)

    return Block(9.0, draw, heads=heads)


def _row(look: Look, line: Line, heads: tuple[Block, ...]) -> Block:
    """As high as its label and what is said of it."""
    formats = look.formats
    labels = TEXT.wrapped(printable(line.label), ROOM)
    told = details(look, line, days=line.service != look.only_service)
    said = [each for text in told for each in SMALL.wrapped(text, ROOM)]
    unit = f"\u00a0{look.say(f'unit_{line.unit}')}" if line.unit in UNITS else ""
    cells = (
        (QUANTITY, f"{formats.number(line.quantity)}{unit}"),
        (PRICE, formats.price(line.unit_price)),
        (RATE, look.say("tax_S", rate=formats.number(line.rate))),
        (AMOUNT, formats.amount(line.amount)),
    )
    height = 2 * PADDING + len(labels) * TEXT.leading + len(said) * SMALL.leading

    def draw(pen: Pen, top: float) -> None:
        inner = top + PADDING
        pen.text(LEFT, inner, str(line.position), _POSITION)
        after = pen.lines(LABEL, inner, labels, TEXT)
        pen.lines(LABEL, after, said, SMALL)
        for right, cell in cells:
            pen.text(right, inner, cell, TEXT, right=True)
        pen.rule(LEFT, top + height, WIDE, thick=0.4)

    return Block(height, draw, heads=heads)


_POSITION: Style = TEXT.of(SMALL.colour)


def details(look: Look, line: Line, *, days: bool) -> Iterator[str]:
    """For which days, where they are wanted; for what share of them; and what the numbers of the line do not say."""
    said = []
    if line.service and days:
        said.append(look.formats.period(line.service))
    if line.part != line.whole:
        said.append(look.say("share", part=str(line.part), whole=str(line.whole)))
    if adjusted := line.unexplained(look.paper.currency):
        said.append(look.say("adjusted", amount=look.formats.amount(adjusted)))
    if said:
        yield " · ".join(said)
    if line.detail:
        yield printable(line.detail)
