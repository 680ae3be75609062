"""A booking batch for DATEV: EXTF 700, category 21 "Buchungsstapel", format version 13.

A booking for each document and rate of tax, at its gross: the debtor against the account of its revenue, which knows
the tax by itself or is told by a key. What no tax office knows is left out: drafts, pro forma invoices, what is void.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from invoicing.papers.einvoice import may_be
from invoicing.papers.paper import Kind, Paper, TaxRow, final_day
from invoicing.rating.taxes import Category
from resellerhub.kernel.sheets import guarded

ENCODING = "cp1252"
BELEGFELD, TEXT, LABEL = 36, 60, 30
STROKES = str.maketrans("łŁđĐħĦı", "lLdDhHi")
"""What Unicode does not take apart."""

Taxation = tuple[Category, Decimal]
"""Category and rate: what an account of revenue is kept for."""

_INFO = [f"Beleginfo - {part} {number}" for number in range(1, 9) for part in ("Art", "Inhalt")]
_MORE = [name for n in range(1, 21) for name in (f"Zusatzinformation - Art {n}", f"Zusatzinformation- Inhalt {n}")]
COLUMNS = (
    "Umsatz (ohne Soll/Haben-Kz)", "Soll/Haben-Kennzeichen", "WKZ Umsatz", "Kurs", "Basis-Umsatz", "WKZ Basis-Umsatz",
    "Konto", "Gegenkonto (ohne BU-Schlüssel)", "BU-Schlüssel", "Belegdatum", "Belegfeld 1", "Belegfeld 2", "Skonto",
    "Buchungstext", "Postensperre", "Diverse Adressnummer", "Geschäftspartnerbank", "Sachverhalt", "Zinssperre",
    "Beleglink", *_INFO, "KOST1 - Kostenstelle", "KOST2 - Kostenstelle", "Kost-Menge",
    "EU-Land u. UStID (Bestimmung)", "EU-Steuersatz (Bestimmung)", "Abw. Versteuerungsart", "Sachverhalt L+L",
    "Funktionsergänzung L+L", "BU 49 Hauptfunktionstyp", "BU 49 Hauptfunktionsnummer", "BU 49 Funktionsergänzung",
    *_MORE, "Stück", "Gewicht", "Zahlweise", "Forderungsart", "Veranlagungsjahr", "Zugeordnete Fälligkeit", "Skontotyp",
    "Auftragsnummer", "Buchungstyp", "USt-Schlüssel (Anzahlungen)", "EU-Land (Anzahlungen)",
    "Sachverhalt L+L (Anzahlungen)", "EU-Steuersatz (Anzahlungen)", "Erlöskonto (Anzahlungen)", "Herkunft-Kz",
    "Buchungs GUID", "KOST-Datum", "SEPA-Mandatsreferenz", "Skontosperre", "Gesellschaftername", "Beteiligtennummer",
    "Identifikationsnummer", "Zeichnernummer", "Postensperre bis", "Bezeichnung SoBil-Sachverhalt",
    "Kennzeichen SoBil-Buchung", "Festschreibung", "Leistungsdatum", "Datum Zuord. Steuerperiode", "Fälligkeit",
    "Generalumkehr (GU)", "Steuersatz", "Land", "Abrechnungsreferenz", "BVV-Position", "EU-Land u. UStID (Ursprung)",
    "EU-Steuersatz (Ursprung)", "Abw. Skontokonto",
)  # fmt: skip


@dataclass(frozen=True)
class Accounts:
    """Where bookings go. `revenue` and `expense` (commission) by category and rate; `keys` are the tax keys of those
    that are no automatic accounts; `parties` the debtors and creditors by their numbers, `debtor` and `creditor` those
    of all others; `rounding` takes what was rounded at payment."""

    revenue: Mapping[Taxation, str]
    debtor: str
    expense: Mapping[Taxation, str] = field(default_factory=dict)
    creditor: str = ""
    parties: Mapping[str, str] = field(default_factory=dict)
    keys: Mapping[Taxation, str] = field(default_factory=dict)
    rounding: str = ""


@dataclass(frozen=True)
class Batch:
    """Whose books, which year, which days. `chart` is "03" or "04" where an SKR is used."""

    consultant: int
    client: int
    year_start: date
    first: date
    last: date
    label: str = "Rechnungen"
    account_digits: int = 4
    currency: str = "EUR"
    chart: str = ""


class NoAccount(ValueError):
    """A document cannot be booked: nobody said where to."""


def written(papers: Iterable[Paper], batch: Batch, accounts: Accounts, *, now: datetime) -> Iterator[bytes]:
    """Line by line. Refused, as ValueError: another currency than the batch's, a day outside of it, a category and rate
    without an account."""
    yield _line(_head(batch, now))
    yield _line(COLUMNS)
    for paper in papers:
        if may_be(paper):
            for booking in _bookings(paper, batch, accounts):
                yield _line([booking.get(name, "") for name in COLUMNS])


def _head(batch: Batch, now: datetime) -> list[str]:
    made = f"{now:%Y%m%d%H%M%S}{now.microsecond // 1000:03}"
    head = ['"EXTF"', "700", "21", '"Buchungsstapel"', "13", made, "", '"RE"', '""', '""']
    head += [str(batch.consultant), str(batch.client), f"{batch.year_start:%Y%m%d}", str(batch.account_digits)]
    head += [f"{batch.first:%Y%m%d}", f"{batch.last:%Y%m%d}", _quoted(batch.label, LABEL), '""', "1", "0", "0"]
    head += [_quoted(batch.currency, 3), "", '""', "", "", _quoted(batch.chart, 2), "", "", '""', '""']
    return head


def _bookings(paper: Paper, batch: Batch, accounts: Accounts) -> Iterator[dict[str, str]]:
    if paper.currency != batch.currency:
        raise ValueError(f"{paper.number} is in {paper.currency}, and the batch in {batch.currency}")
    if not batch.first <= paper.issued_on <= batch.last:
        raise ValueError(f"{paper.number} is of {paper.issued_on:%Y-%m-%d}, and the batch of other days")
    for row in paper.taxes:
        if amount := row.net + row.tax:
            yield _booking(paper, amount, _against(paper, row, accounts), accounts, row)
    if paper.totals.rounding:
        if not accounts.rounding:
            raise NoAccount(f"no account for the rounding of {paper.number}")
        yield _booking(paper, paper.totals.rounding, accounts.rounding, accounts, None)


def _against(paper: Paper, row: TaxRow, accounts: Accounts) -> str:
    kept = accounts.expense if paper.kind is Kind.COMMISSION_STATEMENT else accounts.revenue
    try:
        return kept[row.category, row.rate]
    except KeyError:
        raise NoAccount(f"no account for {row.category} at {row.rate} %, as of {paper.number}") from None


def _booking(paper: Paper, amount: Decimal, against: str, accounts: Accounts, row: TaxRow | None) -> dict[str, str]:
    """In debit what a debtor owes; in credit what it is given back, and what we owe."""
    ours = paper.kind is Kind.INVOICE
    party, day = paper.recipient, paper.issued_on
    other = accounts.creditor if paper.kind is Kind.COMMISSION_STATEMENT else accounts.debtor
    found = {
        "Umsatz (ohne Soll/Haben-Kz)": f"{abs(amount):.2f}".replace(".", ","),
        "Soll/Haben-Kennzeichen": '"S"' if ours == (amount > 0) else '"H"',
        "WKZ Umsatz": _quoted(paper.currency, 3),
        "Konto": accounts.parties.get(party.number, other),
        "Gegenkonto (ohne BU-Schlüssel)": against,
        "BU-Schlüssel": _quoted(accounts.keys.get((row.category, row.rate), "") if row else "", 4),
        "Belegdatum": f"{day:%d%m}",
        "Belegfeld 1": f'"{_reference(paper.number)}"',
        "Belegfeld 2": f'"{paper.due_on:%d%m%y}"',
        "Buchungstext": _quoted(party.name, TEXT),
        "Festschreibung": "0",
        "Fälligkeit": f"{paper.due_on:%d%m%Y}",
    }
    if not found["Konto"]:
        raise NoAccount(f"no account for {party.number} of {paper.number}")
    if row and row.category is Category.REVERSE_CHARGE and party.vat_id:
        found["EU-Land u. UStID (Bestimmung)"] = _quoted(party.vat_id, 15)
    if paper.service:
        found["Leistungsdatum"] = f"{final_day(paper.service):%d%m%Y}"
    return found


def _reference(number: str) -> str:
    """In the letters that DATEV takes for one."""
    return re.sub(r"[^0-9A-Za-z$&%*+/-]", "-", number)[:BELEGFELD]


def _quoted(text: str, longest: int) -> str:
    held = " ".join(str(guarded(text)).split())[:longest]
    return '"{}"'.format(held.replace('"', '""'))


def _line(cells: Iterable[str]) -> bytes:
    """What the code page lacks is written without its accents, or as a question mark."""
    line = ";".join(cells) + "\r\n"
    try:
        return line.encode(ENCODING)
    except UnicodeEncodeError:
        return b"".join(_encoded(each) for each in line)


def _encoded(letter: str) -> bytes:
    try:
        return letter.encode(ENCODING)
    except UnicodeEncodeError:
        bare = unicodedata.normalize("NFKD", letter.translate(STROKES))[:1]
        return bare.encode(ENCODING, "replace")
