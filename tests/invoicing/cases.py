"""Reads what other systems publish, in tests/data."""

import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path

from invoicing.rating.charges import Charge, Kind
from invoicing.rating.engine import rate
from invoicing.rating.policy import Anchor, Anchoring, Changes, FreeDays, Policy, Terms
from invoicing.rating.timeline import DueOnce, GivenBack, Stream, Stretch
from resellerhub.kernel.cycles import Cadence, DayCount
from resellerhub.kernel.money import Rounding

DATA = Path(__file__).parents[1] / "data"
ENUMS = {
    "anchoring": Anchoring,
    "changes": Changes,
    "day_count": DayCount,
    "free_days": FreeDays,
    "rounding": Rounding,
}
CADENCES = {"month": Cadence(1), "quarter": Cadence(3), "half_year": Cadence(6), "year": Cadence(12)}
CADENCES |= {"week": Cadence(days=7), "30 days": Cadence(days=30)}


def read(name: str, table: str = "case") -> list[dict]:
    return tomllib.loads((DATA / f"{name}.toml").read_text())[table]


def policy_of(case: dict) -> Policy:
    return Policy(**{key: ENUMS.get(key, type(value))(value) for key, value in case.get("policy", {}).items()})


class Story:
    """A case, billed run after run: what a run charges was billed for the next."""

    def __init__(self, case: dict) -> None:
        self.case, self.policy, self.billed = case, policy_of(case), []
        self.currency = case.get("currency", "EUR")

    def as_known(self, on: date, *, is_open: bool = False) -> Stream:
        """What was held, as far as that was known on a day; `is_open` before it was known to end."""
        rows = [row for row in self.case.get("held", ()) if row.get("known", row["from"]) <= on]
        last = len(rows) - 1
        stretches = [
            self._stretch(number, row, None if is_open and number == last else self._end(row, rows[number + 1 :], on))
            for number, row in enumerate(rows)
        ]
        anchors = [Anchor(**row) for row in self.case.get("anchors", ()) if row["since"] <= on]
        given = [row for row in self.case.get("given_back", ()) if row["since"] <= on and not is_open]
        return Stream(
            currency=self.currency,
            stretches=stretches,
            anchors=anchors,
            billed=tuple(self.billed),
            given_back=[GivenBack(row["of"], row["since"], row["quantity"]) for row in given],
            due_once=[
                DueOnce(number, Kind.ONE_OFF, row["on"], Decimal(row["amount"]), row.get("quantity", 1))
                for number, row in enumerate(self.case.get("once", ()))
            ],
        )

    def _end(self, row: dict, later: list[dict], on: date) -> date | None:
        end = row.get("to")
        is_known = self.case.get("foreseen") or later or (end and end <= on)
        is_known = is_known and not any(each.get("known", on) > on for each in self.case["held"])
        return end if is_known else None

    def _stretch(self, number: int, row: dict, end: date | None) -> Stretch:
        terms = self.case.get("terms", {}) | {key: row[key] for key in ("trial_days",) if key in row}
        return Stretch(
            source=number + 1,
            starts_on=row["from"],
            ends_on=end,
            quantity=row.get("quantity", 1),
            unit_price=Decimal(row["price"]),
            cadence=CADENCES[row.get("cycle", "month")],
            terms=Terms(**terms),
            is_suspended=row.get("suspended", False),
        )

    def keep(self, charges: list[Charge]) -> list[Charge]:
        kept = [row._replace(id=len(self.billed) + number) for number, row in enumerate(charges, 1)]
        self.billed += kept
        return kept

    def give_goodwill(self, charge: Charge, amount: Decimal) -> None:
        self.keep([charge._replace(kind=Kind.CREDIT, quantity=0, amount=-amount, credits=charge.id)])


def as_known(rows, on):
    """What was held, as far as it had happened."""
    known = [row for row in rows if row.starts_on <= on]
    if known and (known[-1].ends_on or date.max) > on:
        known[-1] = known[-1]._replace(ends_on=None)
    return known


def billed_by_runs(rows, policy, runs):
    """One run after the other, each with what was known then and what was billed before."""
    billed: list[Charge] = []
    for on in runs:
        known = as_known(rows, on)
        if known:
            new = rate(Stream("EUR", known, billed=tuple(billed)), policy, on)
            billed += [row._replace(id=len(billed) + number) for number, row in enumerate(new, 1)]
    return billed
