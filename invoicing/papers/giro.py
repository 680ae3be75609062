"""The code that a banking app makes a transfer of: EPC069-12, "Quick Response Code: Guidelines to Enable the Data
Capture for the Initiation of a SEPA Credit Transfer", version 002."""

import functools
from decimal import Decimal
from typing import Any

from invoicing.papers.paper import Kind, Mark, Means, Paper

MOST = Decimal("999999999.99")
HOLDER, REFERENCE = 70, 140
MASK = 3


def payload(paper: Paper) -> str:
    """Empty where nobody is to transfer anything by it: what is no invoice or not a valid one, nothing to pay, drawn
    by debit, another currency than the euro, no account."""
    bank, payable = paper.head.bank, paper.totals.payable
    holder, reference = bank.holder or paper.issuer.name, paper.payment.reference or paper.number
    if (
        paper.kind is not Kind.INVOICE
        or paper.mark is not Mark.NONE
        or paper.payment.means is not Means.TRANSFER
        or paper.currency != "EUR"
        or not bank.iban
        or not 0 < payable <= MOST
    ):
        return ""
    account, bic = bank.iban.replace(" ", ""), bank.bic.replace(" ", "")
    lines = ("BCD", "002", "1", "SCT", bic, _line(holder, HOLDER), account, f"EUR{payable:.2f}", "", "")
    return "\n".join((*lines, _line(reference, REFERENCE)))


def _line(text: str, longest: int) -> str:
    return " ".join(text.split())[:longest].rstrip()


def modules(text: str) -> list[list[bool]]:
    """Rows of what is dark. Readers take any mask: finding the best of eight takes longer than the whole page."""
    if not text:
        return []
    encoder = _encoder()
    code = encoder.QRCode(None, encoder.QRErrorCorrectLevel.M)
    code.addData(encoder.QR8bitByte(text.encode()))
    code.version = code.calculate_version()
    code._dataPosList = _places(code.version)
    code.makeImpl(False, MASK)
    rows: list[list[bool]] = code.modules
    return rows


@functools.cache
def _places(version: int) -> list[tuple[int, int]]:
    """Where the bits of a code of this size go: the same for each."""
    encoder = _encoder()
    code = encoder.QRCode(version, encoder.QRErrorCorrectLevel.M)
    code.moduleCount = version * 4 + 17
    return list(code._dataPosIterator())


@functools.cache
def _encoder() -> Any:
    """reportlab's, which multiplies the same polynomials out for each code: here once for each length."""
    from reportlab.graphics.barcode import qrencoder

    qrencoder.QRUtil.getErrorCorrectPolynomial = functools.cache(qrencoder.QRUtil.getErrorCorrectPolynomial)
    return qrencoder
