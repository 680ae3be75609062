"""Twenty papers of all kinds, and those of the published cases."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from invoicing.papers.paper import (
    Bank,
    Contact,
    Head,
    Kind,
    Line,
    Mark,
    Means,
    Paper,
    Party,
    Payment,
    Section,
    TaxRow,
    Totals,
)
from invoicing.rating.taxes import Category, Taxed, totals
from resellerhub.kernel.money import portion
from resellerhub.kernel.periods import Period
from tests.invoicing.cases import read

OCTOBER = Period(date(2026, 10, 1), date(2026, 11, 1))
HALF = Period(date(2026, 10, 16), date(2026, 11, 1))
S, AE, E, O, Z = (Category(code) for code in ("S", "AE", "E", "O", "Z"))  # noqa: E741
ISSUER = Party(
    "Alpenhost GmbH & Co. KG",
    "Lindwurmstraße 114",
    "80337",
    "München",
    "DE",
    vat_id="DE123456789",
    tax_number="143/815/08151",
    register="Amtsgericht München HRA 98765",
    electronic_address="rechnung@alpenhost.example",
    contact=Contact("Buchhaltung", "+49 89 1234567", "rechnung@alpenhost.example"),
)
BUYER = Party(
    "Zażółć Jaźń Sp. z o.o.",
    "ul. Świętojańska 7/3",
    "81-372",
    "Gdynia",
    "PL",
    number="K-20417",
    vat_id="PL5261040828",
    electronic_address="faktury@zazolc.example",
)
GERMAN = Party(
    "Nordlicht Systemhaus GmbH",
    "Große Bleichen 21",
    "20354",
    "Hamburg",
    "DE",
    number="K-10032",
    attention="Frau Dr. Änne Øßberg",
    vat_id="DE811569869",
    electronic_address="invoices@nordlicht.example",
    account="DE02120300000000202051",
)
AMERICAN = Party(
    "Harbor & Vine LLC", "500 Congress Ave", "78701", "Austin", "US", electronic_address="ap@harborvine.example"
)
HEAD = Head(
    colour="#0b6e5f",
    signature="Mit freundlichen Grüßen\nIhre Buchhaltung",
    bank=Bank("Alpenhost GmbH & Co. KG", "DE89370400440532013000", "COBADEFF", "Commerzbank München"),
)


def line(label, quantity="1", price="1", rate="19", category=S, part=1, whole=1, amount=None, currency="EUR", **other):
    quantity, price = Decimal(quantity), Decimal(price)
    made = portion(quantity * price, part, whole, currency) if amount is None else Decimal(amount)
    other.setdefault("service", OCTOBER)
    rate = Decimal(rate) if category is S else Decimal(0)
    return Line(0, label, quantity, price, made, part=part, whole=whole, category=category, rate=rate, **other)


def paper(*lines, sections=None, number="RE-2026-000123", kind=Kind.INVOICE, currency="EUR", rounding="0", **other):
    """What the lines come to is counted as the product counts it."""
    at, numbered = 0, []
    for section in sections or [Section(lines)]:
        numbered.append(
            replace(section, lines=tuple(replace(each, position=at + n) for n, each in enumerate(section.lines, 1)))
        )
        at += len(section.lines)
    taxed = [Taxed(each.amount, each.category, each.rate) for section in numbered for each in section.lines]
    sums = totals(taxed, currency, prepaid=Decimal(other.pop("prepaid", 0)), rounding=Decimal(rounding))
    facts = {
        "language": "de",
        "issued_on": date(2026, 11, 2),
        "due_on": date(2026, 11, 16),
        "issuer": ISSUER,
        "recipient": GERMAN,
        "head": HEAD,
        "buyer_reference": "04011000-12345-34",
    } | other
    return Paper(
        kind=kind,
        number=number,
        currency=currency,
        sections=tuple(numbered),
        taxes=tuple(TaxRow(row.category, row.rate, row.net, row.tax) for row in sums.subtotals),
        totals=Totals(sums.net, sums.tax, sums.gross, sums.payable, sums.prepaid, sums.rounding),
        **facts,
    )


PLAN = "Business Mail 50 – Postfächer mit 50 GB, Kalender und Freigaben"
FEW = (
    line(PLAN, "12", "4.90", unit="MON"),
    line("Archivierung nach GoBD", "12", "1.7500", part=16, whole=31, service=HALF, unit="MON"),
    line("Einrichtung", "1", "89", service=None),
)


def shops(count, each=3):
    return [
        Section(tuple(line(PLAN, str(n + 1), "4.90", unit="MON") for n in range(each)), f"Kunde {at} GmbH", f"K-{at}")
        for at in range(1, count + 1)
    ]


SAMPLES = {
    "one line": paper(line("Business Mail 50", "1", "12.50")),
    "few lines": paper(*FEW, order="PO 4711/26", notes=("Vielen Dank für Ihren Auftrag.",)),
    "english, abroad": paper(
        *(replace(each, category=AE, rate=Decimal(0)) for each in FEW), language="en", recipient=BUYER, order="4500017"
    ),
    "mixed rates": paper(
        line("Handbuch", "3", "17.30", "7"), line("Schulung", "2.5", "120"), line("Buch", "1", "9.99", "7")
    ),
    "exempt": paper(line("Fortbildung", "33", "143.75", category=E), line("Kurs", "42", "143.75", category=E)),
    "exempt, said why": paper(line("Fortbildung", "1", "120", category=E), language="en"),
    "outside": paper(
        line("Consulting", "8", "150", category=O, unit="HUR"),
        language="en",
        recipient=AMERICAN,
        issuer=replace(ISSUER, vat_id="", register="HRA 98765"),
    ),
    "zero": paper(line("Export", "4", "25.25", category=Z), language="en", recipient=AMERICAN),
    "standard and zero": paper(line("Mail", "4", "25.25"), line("Export", "1", "100", category=Z)),
    "given back": paper(
        line("Business Mail 50", "10", "4.90"),
        line("Gutschrift Business Mail 50, gekündigt", "-4", "4.90", part=15, whole=31, service=HALF),
        line("Kulanz", "-1", "10", service=None),
    ),
    "below zero": paper(line("Mail", "1", "5"), line("Gutschrift Mail", "-1", "25.00")),
    "capped": paper(line("Gutschrift", "-3", "9.95", part=17, whole=31, amount="-15.00"), line("Neu", "5", "9.95")),
    "roll-up": paper(sections=shops(6), recipient=replace(GERMAN, number="R-7")),
    "roll-up, english": paper(sections=shops(2, 1), language="en", recipient=GERMAN),
    "credit note": paper(
        line(PLAN, "2", "4.90"),
        kind=Kind.CREDIT_NOTE,
        number="RK-2026-000007",
        corrects="RE-2026-000101",
        corrects_on=date(2026, 10, 2),
        reason="Zwei Postfächer wurden zu viel berechnet.",
    ),
    "commission": paper(
        line("Provision auf Business Mail 50 (15 % von 1.250,00)", "1", "187.50"),
        line("Provision auf Archivierung", "1", "33.33"),
        kind=Kind.COMMISSION_STATEMENT,
        number="GS-2026-0004",
        recipient=replace(GERMAN, contact=Contact("Vertrieb", "+49 40 765", "post@nordlicht.example")),
    ),
    "debit": paper(*FEW, payment=Payment(Means.DEBIT, mandate="M-10032-1", creditor="DE98ZZZ09999999999")),
    "paid in part": paper(*FEW, prepaid="50.00", rounding="0.03"),
    "dollars": paper(line("Mail 50", "1000", "0.197300"), line("Backup", "7", "3.335"), currency="USD", language="en"),
    "yen": paper(line("Mail", "3", "1234", currency="JPY"), currency="JPY", language="en"),
    "long": paper(*(line(f"Business Mail {n}", str(n % 9 + 1), "4.90", unit="MON") for n in range(1000))),
}


def published():
    """Of tests/data/documents.toml, those that say no more than lines and a rounding."""
    for case in read("documents"):
        if case.keys() <= {"id", "source", "lines", "totals", "rounding"}:
            lines = [
                line(f"Position {case['id']}", q, p, r, Category(*more or "S")) for q, p, r, *more in case["lines"]
            ]
            yield case, paper(*lines, rounding=case.get("rounding", "0"))


PROFORMA = replace(SAMPLES["few lines"], kind=Kind.PROFORMA, number="PF-3")
DRAFT = replace(SAMPLES["few lines"], number="", mark=Mark.DRAFT)
