"""Papers as CSV, a row for each line: for programs, or for Excel on a German machine.

Every row computes again: quantity × unit price × ratio, rounded to the currency's minor unit, is its amount. Where the
line's own numbers do not give that, in the places that a row has or because a credit was capped, a row of the type
`rounding` beneath it says the rest. The amounts of a document's rows come to its net.
"""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any

from invoicing.papers.paper import Line, Paper, Section, final_day
from resellerhub.kernel.money import round_money
from resellerhub.kernel.sheets import guarded

ROUNDING = "rounding"
PRICE, RATIO = Decimal("1e-4"), Decimal("1e-12")
ONE = Decimal(1)

COLUMNS = {
    "number": "Nummer",
    "kind": "Art",
    "issued_on": "Datum",
    "due_on": "Fällig",
    "corrects": "Zur Rechnung",
    "issuer": "Aussteller",
    "recipient_number": "Kundennummer",
    "recipient": "Empfänger",
    "customer_number": "Endkunde Nummer",
    "customer": "Endkunde",
    "position": "Position",
    "type": "Typ",
    "label": "Bezeichnung",
    "service_from": "Leistung von",
    "service_to": "Leistung bis",
    "quantity": "Menge",
    "unit": "Einheit",
    "unit_price": "Einzelpreis",
    "ratio": "Anteil",
    "amount": "Betrag",
    "currency": "Währung",
    "tax_category": "Steuerkategorie",
    "tax_rate": "Steuersatz",
    "document_net": "Beleg netto",
    "document_tax": "Beleg Steuer",
    "document_gross": "Beleg brutto",
    "document_payable": "Beleg zahlbar",
}
"""As programs know them, and as a German heading."""


class Flavour(StrEnum):
    MACHINE = "machine"
    GERMAN_EXCEL = "excel"


class _Echo:
    """Hands back what is written."""

    def write(self, line: str) -> str:
        return line


def written(papers: Iterable[Paper], flavour: Flavour = Flavour.MACHINE) -> Iterator[str]:
    """The heading, then row by row: a million rows take no more memory than one document."""
    german = flavour is Flavour.GERMAN_EXCEL
    rows = csv.writer(_Echo(), delimiter=";" if german else ",")
    if german:
        yield "\ufeff"
    yield rows.writerow(COLUMNS.values() if german else COLUMNS)
    cell = _german if german else _machine
    for paper in papers:
        for values in _rows(paper):
            yield rows.writerow([guarded(value) if isinstance(value, str) else cell(value) for value in values])


def explained(line: Line, currency: str) -> tuple[Line, Decimal, Decimal]:
    """The line with its price in the places of a row, the ratio in them, and what these do not give of its amount."""
    price = line.unit_price.quantize(PRICE, ROUND_HALF_UP)
    ratio = (Decimal(line.part) / line.whole).quantize(RATIO, ROUND_HALF_UP).normalize()
    computed = round_money(line.quantity * price * ratio, currency)
    return replace(line, unit_price=price, amount=computed), ratio, line.amount - computed


def _rows(paper: Paper) -> Iterator[list[Any]]:
    totals, to = paper.totals, paper.recipient
    head = [paper.number, paper.kind.value, paper.issued_on, paper.due_on, paper.corrects]
    head += [paper.issuer.name, to.number, to.name]
    foot = [totals.net, totals.tax, totals.gross, totals.payable]
    for section in paper.sections:
        for line in section.lines:
            row, ratio, rest = explained(line, paper.currency)
            yield [*head, *_cells(paper, section, row, ratio), *foot]
            if rest:
                gap = replace(row, kind=ROUNDING, quantity=ONE, unit="C62", unit_price=rest, amount=rest)
                yield [*head, *_cells(paper, section, gap, ONE), *foot]


def _cells(paper: Paper, section: Section, line: Line, ratio: Decimal) -> list[Any]:
    days = line.service
    return [
        section.number,
        section.name,
        line.position,
        line.kind,
        line.label,
        days.start if days else None,
        final_day(days) if days else None,
        line.quantity,
        line.unit,
        line.unit_price,
        ratio,
        line.amount,
        paper.currency,
        line.category.value,
        line.rate,
    ]


def _machine(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    return "" if value is None else str(value)


def _german(value: Any) -> str:
    if isinstance(value, date):
        return f"{value:%d.%m.%Y}"
    return _machine(value).replace(".", ",")
