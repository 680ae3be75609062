"""What a balance allows: of who pays before it uses, and of a credit that is used up month by month."""

from datetime import date, timedelta
from decimal import Decimal

from resellerhub.kernel.money import Rounding, portion, round_money
from resellerhub.kernel.periods import Period


def resumes_on(
    price: Decimal, period: Period, since: date, balance: Decimal, currency: str, rounding: Rounding = Rounding.HALF_UP
) -> date:
    """From which day on a balance pays for what is charged in advance, less the days since which it is suspended for
    want of it (PortaBilling, mr101: 30 a month and a balance of 20 resume on the 11th); the end where it never does."""
    owed = round_money(price, currency, rounding)
    day = since
    while day < period.end and owed - portion(price, (day - since).days, period.days, currency, rounding) > balance:
        day += timedelta(days=1)
    return day


def monthly(credit: Decimal, made_on: date, until: date, currency: str, least: Decimal = Decimal(0)) -> Decimal:
    """How much of a credit is used each month so that it lasts until a day, and no less than `least` (Waldur, linear
    credit). Refused, as ValueError: to use more than there is."""
    if least > credit:
        raise ValueError(f"{least} of {credit}")
    months = max((until.year - made_on.year) * 12 + until.month - made_on.month, 1)
    return max(portion(credit, 1, months, currency), least)
