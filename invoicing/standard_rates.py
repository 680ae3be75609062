"""The standard rates of VAT in the European Union, to begin with: whoever bills looks after them from then on.

Source: github.com/ibericode/vat-rates, as of 12 August 2025 (MIT). Where that knows no day on which a rate began, a
day stands here that is before anything that is billed.
"""

from datetime import date
from decimal import Decimal

LONG_AGO = date(2000, 1, 1)

STANDARD_RATES: dict[str, tuple[date, Decimal]] = {
    country: (date.fromisoformat(since) if since else LONG_AGO, Decimal(percent))
    for country, percent, since in (
        ("AT", "20", ""),
        ("BE", "21", ""),
        ("BG", "20", ""),
        ("CY", "19", ""),
        ("CZ", "21", ""),
        ("DE", "19", "2021-01-01"),
        ("DK", "25", ""),
        ("EE", "24", "2025-07-01"),
        ("ES", "21", ""),
        ("FI", "25.5", "2024-09-01"),
        ("FR", "20", "2014-01-01"),
        ("GR", "24", "2016-06-01"),
        ("HR", "25", ""),
        ("HU", "27", ""),
        ("IE", "23", "2021-03-01"),
        ("IT", "22", ""),
        ("LT", "21", ""),
        ("LU", "17", "2024-01-01"),
        ("LV", "21", ""),
        ("MT", "18", ""),
        ("NL", "21", "2012-10-01"),
        ("PL", "23", ""),
        ("PT", "23", ""),
        ("RO", "21", "2025-08-01"),
        ("SE", "25", ""),
        ("SI", "22", ""),
        ("SK", "23", "2025-01-01"),
    )
}
