"""Files of documents: what is offered, what they are called, and that nobody pays for what is not asked."""

import subprocess
import sys
from dataclasses import replace

import pytest

from invoicing.papers.files import Format, file_of, offered
from tests.invoicing.papers.samples import DRAFT, PROFORMA, SAMPLES

ONE = SAMPLES["one line"]


@pytest.mark.parametrize(
    ("kind", "name", "starts"),
    [
        (Format.PDF, "RE-2026-000123.pdf", b"%PDF-1.7"),
        (Format.HYBRID, "RE-2026-000123-e-invoice.pdf", b"%PDF-1.7"),
        (Format.XML, "RE-2026-000123.xml", b"<?xml"),
        (Format.CSV, "RE-2026-000123.csv", b"number,"),
        (Format.EXCEL, "RE-2026-000123-excel.csv", "\ufeffNummer;".encode()),
    ],
)
def test_each_format_is_made_under_the_number(kind, name, starts):
    made = file_of(ONE, kind)
    assert made.name == name
    assert made.content.startswith(starts)


def test_a_name_of_a_file_has_nothing_in_it_that_leads_elsewhere():
    assert file_of(replace(ONE, number='../../RE 7"\r\n'), Format.CSV).name == "RE-7.csv"
    assert file_of(DRAFT, Format.CSV).name == "invoice-draft.csv"


@pytest.mark.parametrize(
    "paper", [DRAFT, PROFORMA, replace(ONE, buyer_reference="", recipient=replace(ONE.recipient, city=""))]
)
def test_an_e_invoice_is_offered_of_what_is_one(paper):
    assert offered(ONE) == list(Format)
    assert offered(paper) == [Format.PDF, Format.CSV, Format.EXCEL]


def test_who_makes_no_file_loads_no_library_for_it():
    heavy = (
        "sorted({'reportlab', 'drafthorse', 'facturx', 'pypdf', 'lxml'} & {name.split('.')[0] for name in sys.modules})"
    )
    asked = f"import sys; import invoicing.papers.files; print({heavy})"
    found = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout
    assert found.strip() == "[]"
