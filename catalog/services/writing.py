"""How rows of the catalogue are checked and written."""

from collections.abc import Sequence

from django.db import models

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


def write(row: models.Model, fields: Sequence[str] | None = None) -> None:
    save(row, fields, taken=TAKEN)
