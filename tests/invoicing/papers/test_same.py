"""PDF, CSV and XML of a document say the same amounts, to the cent."""

import csv
import io
from collections import Counter
from decimal import Decimal

import pytest
from lxml import etree
from pypdf import PdfReader

from invoicing.papers import cii, pdf, sheet
from invoicing.papers.formats import Formats
from tests.invoicing.papers.samples import SAMPLES, published

PAPERS = {name: paper for name, paper in SAMPLES.items() if name != "long"}
PAPERS |= {case["id"]: paper for case, paper in published()}


def printed_amounts(paper):
    text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf.printed(paper))).pages)
    return Counter(text.replace("\u00a0", " ").split()), text


def told(root, path):
    return [Decimal(text) for text in root.xpath(f"//*[local-name()='{path}']/text()")]


@pytest.mark.parametrize("paper", PAPERS.values(), ids=PAPERS)
def test_all_forms_of_a_document_come_to_the_same(paper):
    totals, amounts = paper.totals, [line.amount for line in paper.lines]

    found, text = printed_amounts(paper)
    shown = Formats(paper.language, paper.currency).amount
    wanted = [*amounts, *(each for row in paper.taxes for each in (row.net, row.tax))]
    wanted += [totals.net, totals.tax, totals.gross, totals.payable]
    wanted += [section.subtotal for section in paper.sections if section.name]
    assert Counter(map(shown, wanted)) - found == Counter(), text

    rows = list(csv.DictReader(io.StringIO("".join(sheet.written([paper])))))
    assert sum(Decimal(row["amount"]) for row in rows) == totals.net
    assert {row["document_gross"] for row in rows} == {str(totals.gross)}

    root = etree.fromstring(cii.invoice(paper))
    assert told(root, "LineTotalAmount") == [*amounts, totals.net]
    assert told(root, "TaxBasisTotalAmount") == [totals.net]
    assert told(root, "TaxTotalAmount") == [totals.tax]
    assert told(root, "GrandTotalAmount") == [totals.gross]
    assert told(root, "DuePayableAmount") == [totals.payable]
    assert told(root, "CalculatedAmount") == [row.tax for row in paper.taxes]
    assert told(root, "BasisAmount") == [row.net for row in paper.taxes]
