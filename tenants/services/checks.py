"""What is known of countries and time zones, whether a VAT ID or a bank account can be one, and what of the
latter is shown.
"""

import functools
from pathlib import Path
from zoneinfo import TZPATH, available_timezones

from babel import Locale
from django.utils.translation import gettext as _
from stdnum import get_cc_module, iban
from stdnum.eu import vat
from stdnum.exceptions import ValidationError
from stdnum.util import clean

NO_COUNTRIES = frozenset({"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"})
"""Codes that CLDR has for islands of others, unions and tests; nobody's address is there."""


@functools.cache
def countries() -> frozenset[str]:
    """ISO 3166-1 alpha-2."""
    codes = map(str, Locale("en").territories)
    return frozenset(code for code in codes if len(code) == 2 and code.isalpha()) - NO_COUNTRIES


@functools.cache
def time_zones() -> frozenset[str]:
    """Those of a place, such as Europe/Berlin, and UTC; where the machine says which, without their older names."""
    tables = [table for path in TZPATH if (table := Path(path) / "zone.tab").is_file()]
    if not tables:
        return frozenset(zone for zone in available_timezones() if "/" in zone) | {"UTC"}
    lines = tables[0].read_text().splitlines()
    return frozenset(line.split()[2] for line in lines if not line.startswith("#")) | {"UTC"}


def compact_vat_id(text: str, country: str = "") -> str:
    """As it is stored: capitals without spaces, with the country's prefix, which may be left out beside an address."""
    number = clean(text, " -./,·").strip().upper()
    if not number or number[:2].isalpha():
        return number
    return f"{'EL' if country == 'GR' else country}{number}"


def is_vat_id(number: str) -> bool:
    """Whether a compact VAT ID is one: its check digits where its country has a rule that is known, else its shape."""
    prefix = number[:2].lower()
    if not (prefix.isalpha() and number.isalnum() and number.isascii() and 4 <= len(number) <= 20):
        return False
    if vat._get_cc_module(prefix):
        return bool(vat.is_valid(number))
    if rule := get_cc_module(prefix, "vat"):
        return bool(rule.is_valid(number) or rule.is_valid(number[2:]))
    return prefix.upper() in countries()


def compact_iban(text: str) -> str:
    return clean(text, " -.").strip().upper()


def is_iban(number: str) -> bool:
    """By its country's length and its check digits."""
    try:
        return bool(iban.validate(number))
    except ValidationError:
        return False


def masked_iban(number: str) -> str:
    """Enough to know it again by: the country and the last digits. What is masked stays as it is."""
    return f"{number[:2]}** **** … {number[-4:]}" if number and "*" not in number else number


def no_link() -> str:
    """Of a name with a link in it."""
    return _("This may hold no link: names stand in mails.")
