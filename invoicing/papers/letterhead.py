"""What frames a document: head, address window and block of facts after DIN 5008 form B, foot, page numbers."""

import functools

from babel import Locale

from invoicing.papers.fonts import printable
from invoicing.papers.formats import iban
from invoicing.papers.look import ASIDE, LEFT, RIGHT, WIDE, Look
from invoicing.papers.paper import Kind, Party
from invoicing.papers.pen import GREY, HAIR, SMALL, TEXT, TINY, TITLE, WHITE, Pen, Style
from invoicing.papers.words import is_german

LOGO_WIDE, LOGO_HIGH, LOGO_TOP = 65.0, 18.0, 14.0
WINDOW_TOP, WINDOW_WIDE, WINDOW_LINES = 62.7, 80.0, 6
FACTS_TOP = 50.0
TITLE_TOP = 101.0
LATER_TOP = 30.0
FOOT_TOP, BOTTOM = 271.0, 267.0
FOLDS = (105.0, 148.5, 210.0)
NAME = Style(15, 7, "bold")
ADDRESS = Style(10, 4.4)
MARK = Style(96, 30, "bold")
CITY_FIRST = frozenset({"AU", "CA", "GB", "IE", "US"})
COLUMNS = 4


def first_page(pen: Pen, look: Look) -> float:
    """All above the lines; where these may start."""
    _sender(pen, look)
    _window(pen, look)
    facts_end = _facts(pen, look)
    for fold in FOLDS:
        pen.rule(5, fold, 3.5 if fold != 148.5 else 5, GREY, 0.3)
    return _title(pen, look, max(TITLE_TOP, facts_end + 6))


def later_page(pen: Pen, look: Look) -> None:
    """Whose document this is a page of."""
    issuer = TEXT.bold.of(look.accent)
    title = TEXT.of(GREY)
    room = WIDE - title.width(look.title) - 8
    pen.text(LEFT, 17, issuer.fitted(printable(look.paper.issuer.name), max(room, 20)), issuer)
    pen.text(RIGHT, 17, title.fitted(look.title, WIDE - 28), title, right=True)
    pen.rule(LEFT, 23, WIDE)


def background(pen: Pen, look: Look) -> None:
    if look.mark:
        pen.across(look.mark, MARK.of(HAIR.mixed(WHITE, 0.55)))


def foot(pen: Pen, look: Look, page: int, pages: int) -> None:
    pen.rule(LEFT, FOOT_TOP, WIDE)
    top, most = FOOT_TOP + 1.6, 4
    if own := " · ".join(printable("\n".join(look.paper.head.footer)).splitlines()):
        pen.text(LEFT, top, TINY.fitted(own, WIDE), TINY)
        top, most = top + 3.6, 3
    wide = WIDE / COLUMNS
    for number, column in enumerate(_legal(look)):
        shown = [line for line in printable(column).split("\n") if line.strip()][:most]
        pen.lines(LEFT + number * wide, top, [TINY.fitted(line, wide - 3) for line in shown], TINY)
    pen.text(LEFT, 287, TINY.fitted(look.title, WIDE - 40), TINY)
    pen.text(RIGHT, 287, look.say("page", page=str(page), pages=str(pages)), TINY, right=True)


def _sender(pen: Pen, look: Look) -> None:
    if image := look.image:
        wide, high = image.getSize()
        scale = min(LOGO_WIDE / wide, LOGO_HIGH / high)
        pen.image(LEFT, LOGO_TOP, wide * scale, high * scale, image)
        return
    style = NAME.of(look.accent)
    pen.lines(LEFT, LOGO_TOP + 2, style.cut(printable(look.paper.issuer.name), WIDE, 2), style)


def _window(pen: Pen, look: Look) -> None:
    """Above it in small where it came from, for whoever returns it."""
    issuer, to = look.paper.issuer, look.paper.recipient
    back = TINY.fitted(" · ".join(filter(None, (printable(issuer.name), issuer.street, _place(issuer)))), WINDOW_WIDE)
    pen.text(LEFT, WINDOW_TOP - 4.4, back, TINY)
    pen.rule(LEFT, WINDOW_TOP - 1, WINDOW_WIDE, HAIR)
    abroad = country(to.country, look.paper.language).upper() if to.country != issuer.country else ""
    attention = look.say("attention", name=to.attention) if to.attention else ""
    rest = [printable(line) for line in (attention, to.street, _place(to), abroad) if line]
    lines = [*ADDRESS.cut(printable(to.name), WINDOW_WIDE, WINDOW_LINES - len(rest)), *rest]
    pen.lines(LEFT, WINDOW_TOP + 1, [ADDRESS.fitted(line, WINDOW_WIDE) for line in lines], ADDRESS)


def _facts(pen: Pen, look: Look) -> float:
    top, value_x = FACTS_TOP, ASIDE + 24.5
    label, value = SMALL, TEXT._replace(size=8, leading=3.8)
    for name, text in _rows(look):
        lines = value.cut(printable(text), RIGHT - value_x, 5)
        pen.text(ASIDE, top + (value.rise - label.rise), label.fitted(name, 24), label)
        top = pen.lines(value_x, top, lines, value) + 0.9
    return top


def _rows(look: Look) -> list[tuple[str, str]]:
    paper, formats = look.paper, look.formats
    to, contact = paper.recipient, paper.issuer.contact
    due = formats.day(paper.due_on) if paper.kind in {Kind.INVOICE, Kind.COMMISSION_STATEMENT} else ""
    vat = (look.say("buyer_vat"), to.vat_id) if to.vat_id else (look.say("buyer_tax"), to.tax_number)
    rows = [
        (look.say("number"), paper.number),
        (look.say("date"), formats.day(paper.issued_on)),
        (look.say("service"), formats.period(paper.service) if paper.service else ""),
        (look.say("due"), due),
        (look.say("customer"), to.number),
        vat,
        (look.say("order"), paper.order),
        (look.say("buyer_reference"), paper.buyer_reference),
        (look.say("contact"), "\n".join(filter(None, (contact.name, contact.phone, contact.email)))),
    ]
    return [(name, text) for name, text in rows if text]


def _title(pen: Pen, look: Look, top: float) -> float:
    paper = look.paper
    top = pen.lines(LEFT, top, TITLE.cut(look.title, WIDE, 2), TITLE)
    below = []
    if paper.corrects and paper.corrects_on:
        below.append(look.say("corrects_on", number=paper.corrects, date=look.formats.day(paper.corrects_on)))
    elif paper.corrects:
        below.append(look.say("corrects", number=paper.corrects))
    if paper.reason:
        below.append(look.say("reason", reason=paper.reason))
    style = TEXT.of(GREY)
    for text in below:
        top = pen.lines(LEFT, top + 0.6, style.cut(text, WIDE, 3), style)
    return top + 5


def _legal(look: Look) -> tuple[str, ...]:
    """What a business letter has to say, whatever else the house wants to: by columns."""
    issuer, bank = look.paper.issuer, look.paper.head.bank
    contact = issuer.contact
    taxes = [
        look.say("vat_id", number=issuer.vat_id) if issuer.vat_id else "",
        look.say("tax_number", number=issuer.tax_number) if issuer.tax_number else "",
        issuer.register,
    ]
    return (
        "\n".join((issuer.name, issuer.street, _place(issuer))),
        "\n".join((contact.name, contact.phone, contact.email)),
        "\n".join((bank.name or bank.holder, iban(bank.iban), bank.bic)) if bank.iban else "",
        "\n".join(taxes),
    )


def _place(party: Party) -> str:
    parts = [party.postal_code, party.city]
    return " ".join(filter(None, reversed(parts) if party.country in CITY_FIRST else parts))


@functools.cache
def country(code: str, language: str) -> str:
    return str(Locale("de" if is_german(language) else "en").territories.get(code, code))
