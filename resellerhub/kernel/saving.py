"""How a checked row is written."""

from collections.abc import Mapping, Sequence

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from resellerhub.kernel.operation import refusing
from resellerhub.kernel.refusals import Invalid


def save(row: models.Model, fields: Sequence[str] | None = None, *, taken: Mapping[str, str]) -> None:
    """Check the values of a row and insert it, or update `fields`.

    `taken` says which field is to blame when a unique constraint, by name, says no: that is `Invalid`, in a race too.
    """
    relations = [field.name for field in row._meta.concrete_fields if field.is_relation]
    try:
        row.clean_fields(exclude=relations)
    except ValidationError as error:
        raise Invalid(error.message_dict) from error
    with refusing({name: Invalid({field: [_("This is already taken.")]}) for name, field in taken.items()}):
        row.save(force_insert=fields is None, update_fields=fields)
