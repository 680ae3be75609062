"""How whoever bills counts. What was agreed with a fee itself (in advance, prorated, ...) is `Terms`, of each stretch.

Each field is a question about which the systems that we learned from disagree; docs/rating.md has an example of each.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

from resellerhub.kernel.cycles import Cadence, DayCount, Grid
from resellerhub.kernel.money import Rounding

UTC = ZoneInfo("UTC")
MONDAY = date(2001, 1, 1)
"""A first of January that is a Monday: from here the calendar's months, years and weeks are counted."""


class Anchoring(StrEnum):
    """On which day periods begin: the calendar's (`Policy.anchor_day`), or that on which what is billed began."""

    CALENDAR = "calendar"
    ANNIVERSARY = "anniversary"


class Changes(StrEnum):
    """What a change of the quantity says: the difference alone, or all of the old given back and all of the new
    charged (Stripe, Flexprice, Meteroid)."""

    DIFFERENCE = "difference"
    REPLACEMENT = "replacement"


class FreeDays(StrEnum):
    """Days of a trial and of a suspension that is credited: not charged, or charged and given back on lines of their
    own (Silver's trial; PortaBilling's suspension, where both are entries of the account)."""

    LEFT_OUT = "left_out"
    SHOWN = "shown"


@dataclass(frozen=True, slots=True)
class Policy:
    """Of one issuer. The defaults are those of previews."""

    day_count: DayCount = DayCount.ACTUAL
    rounding: Rounding = Rounding.HALF_UP
    anchoring: Anchoring = Anchoring.ANNIVERSARY
    anchor_day: int = 1
    zone: ZoneInfo = UTC
    """In which days begin and end: it says on which day something is due (`kernel.periods.day_of`)."""
    last_day_included: bool = False
    """How ends are said: the last day that counts (Lago, Flexprice), or the first that does not (Kill Bill)."""
    change_day_is_old: bool = False
    """The day of a change belongs to what was before; else to what comes after, as everywhere that we looked."""
    end_day_is_billed: bool = False
    """The day on which something ends is charged (Lago: what starts and ends on one day costs a day), or not."""
    ahead: int = 0
    """So many periods more are billed in advance from the second bill on (PortaBilling)."""
    changes: Changes = Changes.DIFFERENCE
    free_days: FreeDays = FreeDays.LEFT_OUT

    def calendar(self, cadence: Cadence) -> Grid:
        """Where periods of the calendar begin; weeks on Mondays."""
        origin = MONDAY if cadence.days else MONDAY + timedelta(days=min(self.anchor_day, 31) - 1)
        return Grid(origin, self.anchor_day, cadence)


class Terms(NamedTuple):
    """What was agreed with a fee, beside its price."""

    in_advance: bool = True
    prorates_first: bool = True
    prorates_last: bool = True
    credits_suspension: bool = True
    """Of the customer's stream alone: what a reseller owes goes on while its customer is suspended."""
    trial_days: int = 0
    """Counted from the day on which the stream began."""


class Anchor(NamedTuple):
    """From `since` on periods are counted from `origin`, as a term of a subscription says it."""

    since: date
    origin: date
    day: int
    until: date | None = None
