"""A document as PDF: safe, stable, readable, on as many pages as it takes."""

import io
from dataclasses import replace
from datetime import date
from decimal import Decimal
from hashlib import sha256

import pytest
from PIL import Image
from pypdf import PdfReader

from invoicing.papers import giro, pdf
from invoicing.papers.fonts import face
from invoicing.papers.hybrid import printed as hybrid
from invoicing.papers.paper import Bank, Kind, Mark, Means, Payment, Section
from invoicing.papers.pen import colour
from tests.invoicing.papers.samples import DRAFT, GERMAN, PROFORMA, SAMPLES, line, paper

HOSTILE = ["<b", "A & B", '<img src="/etc/passwd">', "&lt;b&gt;", "<a href='http://x.test'>x</a>", "<para><br/></b>"]
ONE = SAMPLES["one line"]


def read(made: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(made), strict=True)


def text_of(made: bytes, *pages: int) -> str:
    reader = read(made)
    chosen = [reader.pages[page] for page in pages] if pages else reader.pages
    return "\n".join(page.extract_text() for page in chosen)


def fonts_of(reader: PdfReader):
    return [font.get_object() for page in reader.pages for font in page["/Resources"]["/Font"].values()]


@pytest.mark.parametrize("name", ["few lines", "roll-up", "credit note"])
def test_the_same_paper_is_the_same_bytes(name):
    assert pdf.printed(SAMPLES[name]) == pdf.printed(SAMPLES[name])


@pytest.mark.parametrize("name", HOSTILE)
def test_what_looks_like_markup_is_printed_letter_by_letter(name):
    hostile = replace(ONE, recipient=replace(GERMAN, name=name, street=name), notes=(name,), reason=name)
    hostile = replace(hostile, sections=(Section((replace(line(name), position=1),), name=name),))
    made = pdf.printed(hostile)
    assert text_of(made).count(name) >= 5
    assert_nothing_within(read(made))


def test_a_text_without_end_is_cut():
    endless = "<br/>" * 2_000
    named = replace(ONE, recipient=replace(GERMAN, name=endless), notes=(endless,), number=endless, order=endless)
    made = pdf.printed(replace(named, sections=(Section((replace(line(endless), position=1),), name=endless),)))
    assert "<br/><br/>" in text_of(made)
    assert len(read(made).pages) <= 3
    assert_nothing_within(read(made))


def assert_nothing_within(reader: PdfReader):
    """No link, no file, no script; and no picture but a logo."""
    assert not {"/Names", "/OpenAction", "/AA", "/AcroForm"} & reader.root_object.keys()
    for page in reader.pages:
        assert not {"/Annots", "/AA"} & page.keys()
        assert not list(page.images)


def test_title_language_fonts_and_colours_are_within():
    reader = read(pdf.printed(SAMPLES["english, abroad"]))
    assert reader.metadata.title == "Invoice RE-2026-000123 – Alpenhost GmbH & Co. KG"
    assert reader.root_object["/Lang"] == "en"
    assert reader.root_object["/OutputIntents"][0]["/S"] == "/GTS_PDFA1"
    assert all("/FontFile2" in font["/FontDescriptor"] for font in fonts_of(reader))


def test_letters_of_many_scripts_are_printed_and_what_no_font_has_is_a_box():
    name = "Łódź Žižkov Ωμέγα Кіровоград ₴ თბილისი 東京"
    made = pdf.printed(replace(ONE, recipient=replace(GERMAN, name=name)))
    assert name.replace("東京", "□□") in text_of(made)
    assert all("/FontFile2" in font["/FontDescriptor"] for font in fonts_of(read(made)))


def test_a_thousand_lines_go_on_page_after_page_under_the_same_heads():
    made = pdf.printed(SAMPLES["long"])
    pages = len(read(made).pages)
    assert 20 < pages < 50
    for page in (1, pages - 2):
        shown = text_of(made, page)
        assert "Bezeichnung" in shown
        assert f"Seite {page + 1} von {pages}" in shown
    (totals,) = [shown for page in range(pages) if "Nettobetrag" in (shown := text_of(made, page))]
    assert "Business Mail 999" in totals  # they never stand alone
    assert "Bitte überweisen Sie" in text_of(made, pages - 1)  # nor does a signature


def test_a_customer_of_a_roll_up_that_goes_on_is_named_again():
    shown = text_of(pdf.printed(paper(sections=[Section(tuple(line("Mail") for _ in range(60)), "Kunde 1", "K-1")])))
    assert "Kunde 1 (Fortsetzung)" in shown
    assert "Zwischensumme Kunde 1" in shown


@pytest.mark.parametrize(
    ("made", "word"),
    [
        (DRAFT, "ENTWURF"),
        (PROFORMA, "PROFORMA"),
        (replace(ONE, mark=Mark.VOID), "STORNIERT"),
        (replace(ONE, mark=Mark.TEST, language="en"), "TEST"),
    ],
)
def test_what_is_not_to_be_paid_by_says_so_across_the_page(made, word):
    assert word in text_of(pdf.printed(made))
    assert giro.payload(made) == ""


def test_a_correction_says_of_what_and_why():
    shown = text_of(pdf.printed(SAMPLES["credit note"]))
    assert "Rechnungskorrektur RK-2026-000007" in shown
    assert "zur Rechnung RE-2026-000101 vom 02.10.2026" in shown
    assert "Grund: Zwei Postfächer" in shown


def test_a_banking_app_reads_whom_to_pay_how_much():
    assert giro.payload(SAMPLES["few lines"]).split("\n") == [
        "BCD", "002", "1", "SCT", "COBADEFF", "Alpenhost GmbH & Co. KG", "DE89370400440532013000", "EUR188.78", "",
        "", "RE-2026-000123",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "made",
    [
        SAMPLES["credit note"],
        SAMPLES["commission"],
        SAMPLES["dollars"],
        SAMPLES["below zero"],
        replace(ONE, head=replace(ONE.head, bank=Bank("Alpenhost"))),
        replace(ONE, payment=Payment(Means.DEBIT)),
        replace(ONE, kind=Kind.PROFORMA),
        replace(ONE, totals=replace(ONE.totals, payable=Decimal(10) ** 9)),
    ],
)
def test_there_is_no_code_where_nobody_is_to_transfer_euros(made):
    assert giro.payload(made) == ""
    assert len(pdf.printed(made)) > 10_000


def test_the_logo_is_the_one_that_was_frozen_or_none():
    logo = io.BytesIO()
    Image.new("RGBA", (300, 80), (11, 110, 95, 128)).save(logo, "PNG")
    branded = replace(ONE, head=replace(ONE.head, logo=sha256(logo.getvalue()).hexdigest()))
    assert len(list(read(pdf.printed(branded, logo.getvalue())).pages[0].images)) == 1
    assert not list(read(pdf.printed(ONE, logo.getvalue())).pages[0].images)
    assert not list(read(pdf.printed(branded)).pages[0].images)


@pytest.mark.parametrize("bright", ["#ffff00", "#ffffff", "#7fffd4"])
def test_a_bright_brand_is_darkened_until_it_can_be_read(bright):
    assert colour(bright).readable.contrast >= 4.5


def test_text_is_broken_where_it_does_not_fit():
    regular = face("regular")
    lines = regular.wrapped("Donaudampfschifffahrtsgesellschaft und andere\nzweite", 9, 60)
    assert "".join(lines).replace(" ", "") == "Donaudampfschifffahrtsgesellschaftundanderezweite"
    assert all(regular.width(each, 9) <= 60 for each in lines)
    assert regular.fitted("Donaudampfschifffahrt", 9, 40).endswith("…")


def test_the_hybrid_carries_the_invoice_and_says_that_it_is_pdf_a():
    reader = read(hybrid(SAMPLES["few lines"]))
    assert b"RE-2026-000123" in reader.attachments["factur-x.xml"][0]
    said = reader.root_object["/Metadata"].get_data()
    assert b"<pdfaid:part>3</pdfaid:part>" in said
    assert reader.root_object["/AF"][0].get_object()["/AFRelationship"] == "/Alternative"
    assert not read(hybrid(DRAFT)).attachments


def test_days_of_lines_that_differ_are_said_with_each():
    shown = text_of(pdf.printed(SAMPLES["few lines"]))
    assert "16.10.2026 – 31.10.2026 · 16 von 31 Tagen" in shown
    assert date(2026, 10, 1).strftime("%d.%m.%Y") in shown
