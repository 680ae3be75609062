"""How a document is paid: a sentence, the account, and a code that banking apps read."""

from decimal import Decimal

from invoicing.papers import giro
from invoicing.papers.blocks import Block
from invoicing.papers.fonts import printable
from invoicing.papers.formats import iban
from invoicing.papers.look import LEFT, WIDE, Look
from invoicing.papers.paper import Kind, Means
from invoicing.papers.pen import SMALL, TEXT, WHITE, Pen

PADDING = 3.5
CODE = 25.0
ROW = 4.6


def payment(look: Look) -> Block:
    sentence, rows = _sentence(look), _rows(look)
    code = giro.modules(giro.payload(look.paper))
    room = WIDE - 2 * PADDING - (CODE + 8 if code else 0)
    lines = TEXT.bold.wrapped(sentence, room)
    text_height = len(lines) * TEXT.leading + (1.5 + len(rows) * ROW if rows else 0)
    height = 2 * PADDING + max(text_height, CODE + 4.5 if code else 0)

    def draw(pen: Pen, top: float) -> None:
        pen.box(LEFT, top, WIDE, height, look.tint)
        pen.box(LEFT, top, 0.9, height, look.accent)
        at = pen.lines(LEFT + PADDING, top + PADDING, lines, TEXT.bold) + 1.5
        for name, value in rows:
            pen.text(LEFT + PADDING, at + TEXT.rise - SMALL.rise, name, SMALL)
            pen.text(LEFT + PADDING + 30, at, TEXT.fitted(value, room - 30), TEXT)
            at += ROW
        if code:
            left = LEFT + WIDE - PADDING - CODE
            pen.box(left - 1.5, top + PADDING - 1.5, CODE + 3, CODE + 3, WHITE)
            pen.squares(left, top + PADDING, CODE, code)
            caption = look.say("scan")
            middle = left + CODE / 2 + SMALL.width(caption) / 2
            pen.text(middle, top + PADDING + CODE + 1.2, caption, SMALL, right=True)

    return Block(height, draw)


def _sentence(look: Look) -> str:
    paper, formats = look.paper, look.formats
    amount, payable = formats.money(abs(paper.totals.payable)), paper.totals.payable
    account = iban(paper.recipient.account)
    if paper.kind is Kind.PROFORMA:
        return look.say("pay_proforma")
    if payable == 0:
        return look.say("pay_nothing")
    if paper.kind is Kind.COMMISSION_STATEMENT and payable > 0:
        word = "pay_out" if account else "pay_out_unknown"
        return look.say(word, amount=amount, date=formats.day(paper.due_on), account=account)
    if paper.kind is Kind.CREDIT_NOTE or payable < 0:
        return look.say("pay_back", amount=amount)
    if paper.payment.means is Means.DEBIT:
        return look.say("pay_debit", amount=amount, date=formats.day(paper.due_on), account=account)
    return look.say("pay_by", amount=amount, date=formats.day(paper.due_on))


def _rows(look: Look) -> list[tuple[str, str]]:
    """Of a transfer where to, of a debit by which right."""
    paper, bank = look.paper, look.paper.head.bank
    rows: list[tuple[str, str]] = []
    if paper.kind is not Kind.INVOICE or paper.totals.payable <= Decimal(0):
        return rows
    if paper.payment.means is Means.DEBIT:
        rows = [(look.say("mandate"), paper.payment.mandate), (look.say("creditor"), paper.payment.creditor)]
    elif bank.iban:
        rows = [
            (look.say("holder"), bank.holder or paper.issuer.name),
            ("IBAN", iban(bank.iban)),
            ("BIC", bank.bic),
            (look.say("bank"), bank.name),
            (look.say("reference"), paper.payment.reference or paper.number),
        ]
    return [(name, printable(value)) for name, value in rows if value]
