"""What a document says, frozen on the day of its issue: all that its PDF, XML and CSV are made from.

No names of tables, no clock, no setting: whoever holds a `Paper` can print it in ten years as it was. On a credit note
all amounts are what is given back, above zero; on a commission statement the issuer is who owes. Amounts are rounded
to the currency's minor unit; `quantity` is below zero on a line that gives back.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from invoicing.papers import freezing
from invoicing.rating.taxes import Category
from resellerhub.kernel.money import portion
from resellerhub.kernel.periods import Period

NOTHING = Decimal(0)


def final_day(period: Period) -> date:
    """What people call its end; of no days the one that it starts on."""
    return max(period.start, period.last_day)


class Kind(StrEnum):
    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"
    COMMISSION_STATEMENT = "commission_statement"
    PROFORMA = "proforma"


class Mark(StrEnum):
    """What is written across each page: that this is not, or no longer, a document to pay by."""

    NONE = ""
    DRAFT = "draft"
    TEST = "test"
    VOID = "void"


class Means(StrEnum):
    """How the payable amount gets to where it belongs."""

    TRANSFER = "transfer"
    DEBIT = "debit"


@dataclass(frozen=True, slots=True)
class Contact:
    """A department that answers for the document."""

    name: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Party:
    """Who issues a document, or who gets it. `country` is the two letters of ISO 3166; `account` is an IBAN: of a
    debtor whom a debit is drawn from, of a reseller whom a commission is paid to."""

    name: str
    street: str = ""
    postal_code: str = ""
    city: str = ""
    country: str = ""
    number: str = ""
    attention: str = ""
    vat_id: str = ""
    tax_number: str = ""
    register: str = ""
    electronic_address: str = ""
    electronic_scheme: str = "EM"
    account: str = ""
    contact: Contact = field(default_factory=Contact)


@dataclass(frozen=True, slots=True)
class Bank:
    holder: str = ""
    iban: str = ""
    bic: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Head:
    """How the issuer's house looks on paper. `logo` is the SHA-256 of a PNG, in hexadecimal digits: the bytes are
    handed over when it is printed. `footer` are the house's own lines, above what a letter has to say by law;
    `signature` is the department's."""

    logo: str = ""
    colour: str = "#066fd1"
    footer: tuple[str, ...] = ()
    signature: str = ""
    bank: Bank = field(default_factory=Bank)


@dataclass(frozen=True, slots=True)
class Line:
    """`quantity` × `unit_price` × `part` / `whole`, rounded once, is `amount`; where it is not, as of a credit that was
    capped, `unexplained` says by how much. `unit` is a code of UN/ECE Recommendation 20."""

    position: int
    label: str
    quantity: Decimal
    unit_price: Decimal
    amount: Decimal
    unit: str = "C62"
    service: Period | None = None
    part: int = 1
    whole: int = 1
    category: Category = Category.STANDARD
    rate: Decimal = NOTHING
    kind: str = ""
    detail: str = ""

    def unexplained(self, currency: str) -> Decimal:
        return self.amount - portion(self.quantity * self.unit_price, self.part, self.whole, currency)


@dataclass(frozen=True, slots=True)
class Section:
    """The lines of one customer in a roll-up; a document that is none has one section without a name."""

    lines: tuple[Line, ...]
    name: str = ""
    number: str = ""

    @property
    def subtotal(self) -> Decimal:
        return sum((line.amount for line in self.lines), NOTHING)


@dataclass(frozen=True, slots=True)
class TaxRow:
    """Of a category and rate; `reason` says why there is no tax, in the document's language. Left empty: the usual."""

    category: Category
    rate: Decimal
    net: Decimal
    tax: Decimal
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Totals:
    net: Decimal
    tax: Decimal
    gross: Decimal
    payable: Decimal
    prepaid: Decimal = NOTHING
    rounding: Decimal = NOTHING


@dataclass(frozen=True, slots=True)
class Payment:
    """Of a debit `mandate` and `creditor` are asked for, the id of whoever draws it. `reference` is what the payer is
    to write; left empty: the number of the document."""

    means: Means = Means.TRANSFER
    reference: str = ""
    mandate: str = ""
    creditor: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """`number` is empty on a draft. `corrects` and `corrects_on` are number and date of what a credit note corrects;
    `buyer_reference` is the payer's own, such as a Leitweg-ID."""

    kind: Kind
    number: str
    language: str
    currency: str
    issued_on: date
    due_on: date
    issuer: Party
    recipient: Party
    sections: tuple[Section, ...]
    taxes: tuple[TaxRow, ...]
    totals: Totals
    head: Head = field(default_factory=Head)
    payment: Payment = field(default_factory=Payment)
    mark: Mark = Mark.NONE
    corrects: str = ""
    corrects_on: date | None = None
    reason: str = ""
    buyer_reference: str = ""
    order: str = ""
    notes: tuple[str, ...] = ()

    @property
    def lines(self) -> Iterator[Line]:
        return (line for section in self.sections for line in section.lines)

    @property
    def is_roll_up(self) -> bool:
        return any(section.name for section in self.sections)

    @property
    def service(self) -> Period | None:
        """From the first day that any line is for to the last."""
        periods = [line.service for line in self.lines if line.service]
        return Period(min(each.start for each in periods), max(each.end for each in periods)) if periods else None

    def as_json(self) -> dict[str, Any]:
        """What `from_json` makes the same paper of; numbers are strings."""
        frozen: dict[str, Any] = freezing.plain(self)
        return frozen

    @classmethod
    def from_json(cls, frozen: dict[str, Any]) -> "Paper":
        """What was frozen before a field was added has the field's default; a field that no paper has is refused."""
        return freezing.built(cls, frozen)
