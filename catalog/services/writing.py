"""How rows of the catalogue are checked and written."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import models

from catalog.refusals import BeforeToday
from resellerhub.kernel.periods import day_of, must_be_near
from resellerhub.kernel.saving import save

TAKEN = {
    "service_type_code": "code",
    "resource_code": "code",
    "service_instance_name": "name",
    "package_name": "name",
    "fee_name": "name",
    "price_list_name": "name",
    "price_list_default_once": "is_default",
}
"""Which field is to blame when a unique constraint says no."""


def must_be_to_come(effective_on: date, now: datetime) -> None:
    """The day on which a change takes effect. Refused: `BeforeToday`, and one that is too far ahead."""
    if effective_on < day_of(now):
        raise BeforeToday(field="effective_on")
    must_be_near(effective_on, "effective_on")


def write(row: models.Model, fields: Sequence[str] | None = None) -> None:
    save(row, fields, taken=TAKEN)
