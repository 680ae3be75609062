"""When a pool ends."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.utils.translation import gettext as _

from resellerhub.kernel.periods import must_be_near
from resellerhub.kernel.refusals import Invalid
from subscriptions.models import Pool
from subscriptions.pool_refusals import EndsAfterParent


def end_of(day: date) -> datetime:
    """What ends on a day can be used until the day is over, in UTC. Refused: a day too far ahead."""
    must_be_near(day, "ends_on")
    return datetime.combine(day + timedelta(days=1), time(), UTC)


def last_day(at: datetime) -> date:
    """The last day on which what ends at this instant can be used."""
    return (at - timedelta(microseconds=1)).astimezone(UTC).date()


def whole_day(at: datetime) -> date | None:
    """The last day of what ends with a day; None where it was ended at a moment."""
    return last_day(at) if at.astimezone(UTC).time() == time() else None


def text_of(at: datetime | None) -> str:
    """As an event keeps it: the last day, or the moment."""
    return str(whole_day(at) or at.isoformat()) if at else ""


@dataclass(frozen=True, slots=True)
class Expiry:
    """When a given pool ends: with the pool it is from, now, or on its own."""

    mode: str = "same_as_pool"
    at: datetime | None = None

    def is_over(self, pool: Pool, now: datetime) -> bool:
        """What is to end now and has ended keeps the day on which it did."""
        return self.mode == "now" and pool.ends_at is not None and pool.ends_at <= now

    def instant(self, parent: Pool, now: datetime) -> datetime | None:
        """None follows the parent. Refused: a date that has passed, `EndsAfterParent`."""
        if self.mode == "same_as_pool":
            return None
        at = self.chosen(now)
        if self.mode == "now":
            return at
        if at <= now:
            raise Invalid({"expiry.on": [_("This date has passed.")]})
        if parent.ends_at is not None and at > parent.ends_at:
            raise EndsAfterParent(ends_on=last_day(parent.ends_at).isoformat(), field="expiry.on")
        return at

    def chosen(self, now: datetime) -> datetime:
        """Now, or on a date, which is not looked at."""
        if self.mode == "now":
            return now
        if self.at is None:
            raise Invalid({"expiry.on": [_("Choose a date.")]})
        return self.at


SAME = Expiry()
