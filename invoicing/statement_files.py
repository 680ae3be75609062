"""Statements of a bank account as files: CSV with our headings, or CAMT.053 of ISO 20022, as rows of one table."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import IO, Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import parse
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from resellerhub.kernel.sheets import LIMITS, Unreadable
from tenants.services.checks import compact_iban, is_iban
from tenants.services.reading import Column, Table, read_table, table_of

DAYS = ["%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y"]
XML = re.compile(rb"\s*(\xef\xbb\xbf)?\s*<")
GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+|[+-]?\d{1,3}(\.\d{3}){2,}")
"""Thousands are parted, and nothing follows: 1,234 and 1.234.567; a single point parts what is behind it."""
PLAIN = re.compile(r"[+-]?\d+(\.\d+)?")


class AmountField(forms.CharField):
    """Below zero where money went out. Both ways to write it are read: 1,234.56 and 1.234,56."""

    def clean(self, value: Any) -> Any:
        text = str(super().clean(value)).translate({ord(" "): "", ord("'"): "", 0x2212: "-"})
        if GROUPED.fullmatch(text):
            text = text.replace(",", "").replace(".", "")
        elif text.rfind(",") > text.rfind("."):
            text = text.replace(".", "").replace(",", ".")
        else:
            text = text.replace(",", "")
        if not PLAIN.fullmatch(text):
            raise forms.ValidationError(_("This is no amount."))
        return Decimal(text)


class IbanField(forms.CharField):
    def clean(self, value: Any) -> Any:
        number = compact_iban(str(super().clean(value)))
        if number and not is_iban(number):
            raise forms.ValidationError(_("This is no valid IBAN."))
        return number


COLUMNS = (
    Column("received_on", forms.DateField(label=gettext_lazy("Received"), input_formats=DAYS)),
    Column("amount", AmountField(label=gettext_lazy("Amount"), max_length=30)),
    Column("currency", forms.CharField(label=gettext_lazy("Currency"), min_length=3, max_length=3)),
    Column("reference", forms.CharField(label=gettext_lazy("Reference"), required=False, max_length=2000)),
    Column("iban", IbanField(label="IBAN", required=False, max_length=50)),
    Column("name", forms.CharField(label=gettext_lazy("Name"), required=False, max_length=200)),
    Column("bank_reference", forms.CharField(label=gettext_lazy("Reference of the bank"), required=False)),
)


def read_statement(file: IO[bytes]) -> Table:
    """The lines of a statement; of CAMT.053 each transaction that is booked, numbered from 1. Refused: `Unreadable`."""
    file.seek(0)
    head = file.read(100)
    file.seek(0)
    if not XML.match(head):
        return read_table(file, COLUMNS)
    if file.seek(0, 2) > LIMITS.size:
        raise Unreadable(_("The file is larger than %(most)s MB.") % {"most": LIMITS.size // 1_000_000})
    file.seek(0)
    try:
        root = parse(file, forbid_dtd=True).getroot()
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise Unreadable(_("This XML cannot be read.")) from error
    statements = [] if root is None else _all(root, "BkToCstmrStmt", "Stmt")
    rows = [row for statement in statements for row in _rows(statement)]
    if not rows:
        raise Unreadable(_("This is no statement in CAMT.053, or nothing is booked on it."))
    if len(rows) > LIMITS.rows:
        raise Unreadable(_("The file has more than %(most)s rows.") % {"most": LIMITS.rows})
    return table_of(rows, COLUMNS)


def _rows(statement: Element) -> Iterator[dict[str, str]]:
    account = _text(statement, "Acct", "Id", "IBAN") or _text(statement, "Acct", "Id", "Othr", "Id")
    for entry in _all(statement, "Ntry"):
        if (_text(entry, "Sts", "Cd") or _text(entry, "Sts")) != "BOOK":
            continue
        details = _all(entry, "NtryDtls", "TxDtls")
        for number, one in enumerate(details or [entry]):
            yield _row(account, entry, one, number, alone=len(details) < 2)


def _row(account: str, entry: Element, one: Element, number: int, *, alone: bool) -> dict[str, str]:
    """A transaction; its entry says what it does not."""
    amount = entry.find("{*}Amt") if alone else None
    if amount is None:
        amount = next(iter(_all(one, "Amt") or _all(one, "AmtDtls", "TxAmt", "Amt")), None)
    out = (_text(one, "CdtDbtInd") or _text(entry, "CdtDbtInd")) != "CRDT"
    side = "Cdtr" if out else "Dbtr"
    kept = _text(one, "Refs", "AcctSvcrRef") or _text(entry, "AcctSvcrRef")
    said = [each.text or "" for each in _all(one, "RmtInf", "Ustrd") + _all(one, "RmtInf", "Strd", "CdtrRefInf", "Ref")]
    name = _text(one, "RltdPties", side, "Pty", "Nm") or _text(one, "RltdPties", side, "Nm")
    return {
        "received_on": (_text(entry, "BookgDt", "Dt") or _text(entry, "BookgDt", "DtTm"))[:10],
        "amount": ("-" if out else "") + ((amount.text or "") if amount is not None else "").strip(),
        "currency": amount.get("Ccy", "") if amount is not None else "",
        "reference": " ".join(" ".join(said).split()) or _text(entry, "AddtlNtryInf"),
        "iban": _text(one, "RltdPties", f"{side}Acct", "Id", "IBAN"),
        "name": name,
        "bank_reference": f"{account}/{kept}/{number}" if kept else "",
    }


def _all(node: Element, *path: str) -> list[Element]:
    """Whatever version of the format names the elements."""
    return node.findall("/".join(f"{{*}}{name}" for name in path))


def _text(node: Element, *path: str) -> str:
    return next(((each.text or "").strip() for each in _all(node, *path)), "")
