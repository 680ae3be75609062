"""CSV that computes again, and booking batches for DATEV."""

import csv
import io
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal

import pytest

from invoicing.papers import datev, sheet
from invoicing.papers.sheet import Flavour
from invoicing.rating.taxes import Category
from tests.invoicing.papers.samples import DRAFT, GERMAN, HALF, PROFORMA, SAMPLES, line, paper

CENT = Decimal("0.01")
NOW = datetime(2026, 11, 22, 17, 30, 1, 250_000, tzinfo=UTC)
BATCH = datev.Batch(1001, 456, date(2026, 1, 1), date(2026, 11, 1), date(2026, 11, 30), chart="03")
ACCOUNTS = datev.Accounts(
    revenue={
        (Category.STANDARD, Decimal(19)): "8400",
        (Category.STANDARD, Decimal(7)): "8300",
        (Category.REVERSE_CHARGE, Decimal(0)): "8336",
    },
    debtor="10000",
    expense={(Category.STANDARD, Decimal(19)): "4760"},
    creditor="70000",
    parties={"R-7": "10007"},
    rounding="2650",
)


def rows_of(*papers, flavour=Flavour.MACHINE):
    text = "".join(sheet.written(papers, flavour))
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";" if flavour == "excel" else ","))


def bookings(*papers, accounts=ACCOUNTS, batch=BATCH):
    lines = b"".join(datev.written(papers, batch, accounts, now=NOW)).decode("cp1252").split("\r\n")
    return list(csv.DictReader(lines[1:-1], delimiter=";"))


@pytest.mark.parametrize("name", [name for name in SAMPLES if name != "yen"])
def test_every_row_computes_again(name):
    rows = rows_of(SAMPLES[name])
    for row in rows:
        counted = Decimal(row["quantity"]) * Decimal(row["unit_price"]) * Decimal(row["ratio"])
        assert counted.quantize(CENT, ROUND_HALF_UP) == Decimal(row["amount"]), row
    assert sum(Decimal(row["amount"]) for row in rows) == SAMPLES[name].totals.net
    assert len([row for row in rows if row["type"] != "rounding"]) == len(list(SAMPLES[name].lines))


def test_what_the_numbers_do_not_say_is_a_row_of_its_own():
    capped, fine = SAMPLES["capped"], paper(line("Traffic", "1000000", "0.000126"))
    assert [(row["type"], row["amount"]) for row in rows_of(capped, fine)] == [
        ("", "-16.37"), ("rounding", "1.37"), ("", "49.75"), ("", "100.00"), ("rounding", "26.00"),
    ]  # fmt: skip


def test_excel_on_a_german_machine_reads_it():
    text = "".join(sheet.written([SAMPLES["few lines"]], Flavour.GERMAN_EXCEL))
    assert text.startswith("\ufeffNummer;Art;Datum")
    row = rows_of(SAMPLES["few lines"], flavour=Flavour.GERMAN_EXCEL)[1]
    assert (row["Einzelpreis"], row["Betrag"], row["Leistung bis"]) == ("1,7500", "10,84", "31.10.2026")


def test_no_cell_is_a_formula_and_numbers_stay_numbers():
    odd = paper(line("=1+1", "-2", "5", service=HALF), recipient=replace(GERMAN, name="@SUM(A1)\n-x"))
    (row,) = rows_of(odd)
    assert (row["label"], row["recipient"], row["quantity"]) == ("'=1+1", "'@SUM(A1)\n-x", "-2")


def test_a_batch_has_the_head_and_the_columns_of_the_format():
    head, columns, first, end = b"".join(datev.written([SAMPLES["one line"]], BATCH, ACCOUNTS, now=NOW)).split(b"\r\n")
    assert head.startswith(b'"EXTF";700;21;"Buchungsstapel";13;20261122173001250;;"RE";"";"";1001;456;20260101;4;')
    assert (head.count(b";"), columns.count(b";"), first.count(b";"), end) == (30, 124, 124, b"")


def test_debtors_owe_and_creditors_are_owed():
    made = bookings(
        SAMPLES["mixed rates"], SAMPLES["credit note"], SAMPLES["commission"], SAMPLES["roll-up"], SAMPLES["below zero"]
    )
    names = ("Umsatz (ohne Soll/Haben-Kz)", "Soll/Haben-Kennzeichen", "Konto", "Gegenkonto (ohne BU-Schlüssel)")
    assert [tuple(row[name] for name in names) for row in made] == [
        ("357,00", "S", "10000", "8400"),
        ("66,22", "S", "10000", "8300"),
        ("11,66", "H", "10000", "8400"),
        ("262,79", "H", "70000", "4760"),
        ("209,92", "S", "10007", "8400"),
        ("23,80", "H", "10000", "8400"),
    ]
    assert made[0]["Belegdatum"] == "0211"
    assert made[0]["Fälligkeit"] == "16112026"
    assert made[0]["Leistungsdatum"] == "31102026"


def test_reverse_charge_names_the_vat_id_and_letters_that_the_code_page_lacks_lose_their_accents():
    (row,) = bookings(SAMPLES["english, abroad"])
    assert row["EU-Land u. UStID (Bestimmung)"] == "PL5261040828"
    assert row["Buchungstext"] == "Zazólc Jazn Sp. z o.o."


def test_rounding_is_booked_and_what_is_no_invoice_is_not():
    assert [row["Gegenkonto (ohne BU-Schlüssel)"] for row in bookings(SAMPLES["paid in part"], DRAFT, PROFORMA)] == [
        "8400", "2650",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "accounts", "batch", "said"),
    [
        ("exempt", ACCOUNTS, BATCH, "no account for E"),
        ("dollars", ACCOUNTS, BATCH, "USD"),
        ("one line", ACCOUNTS, replace(BATCH, last=date(2026, 11, 1)), "other days"),
        ("one line", replace(ACCOUNTS, debtor=""), BATCH, "no account for K-10032"),
        ("paid in part", replace(ACCOUNTS, rounding=""), BATCH, "rounding"),
    ],
)
def test_what_cannot_be_booked_is_refused(name, accounts, batch, said):
    with pytest.raises(ValueError, match=said):
        bookings(SAMPLES[name], accounts=accounts, batch=batch)
