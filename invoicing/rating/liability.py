"""Who owes the tax, and whose rate counts: by where both are and what is known of the buyer's VAT id.

Sources: Directive 2006/112/EC, articles 44, 58 and 196, for services that are rendered electronically; Lago,
customer_eu_taxes_spec, for the cases.
"""

from enum import StrEnum
from typing import NamedTuple

from invoicing.rating.taxes import Category

_MEMBERS = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"
EU = frozenset(_MEMBERS.split())


class VatId(StrEnum):
    """What is known of it."""

    MISSING = "missing"
    MALFORMED = "malformed"
    INVALID = "invalid"
    VALID = "valid"
    UNKNOWN = "unknown"
    """Nobody could be asked yet: the document waits."""


class Liability(NamedTuple):
    """`country` is that of the rate; empty where there is none. `waits`: nobody can say yet."""

    category: Category
    country: str = ""
    waits: bool = False


def liability(seller: str, buyer: str, vat_id: VatId) -> Liability:
    """Both are ISO 3166 codes. At home the rate is the seller's whatever the VAT id; elsewhere in the union the tax is
    the buyer's where its id is valid, else the rate is that of its country; outside of it there is none."""
    if seller == buyer:
        return Liability(Category.STANDARD, seller)
    if buyer not in EU or seller not in EU:
        return Liability(Category.OUTSIDE)
    if vat_id is VatId.UNKNOWN:
        return Liability(Category.STANDARD, buyer, waits=True)
    return Liability(Category.REVERSE_CHARGE) if vat_id is VatId.VALID else Liability(Category.STANDARD, buyer)
