"""How a checked row is written."""

from collections.abc import Mapping, Sequence

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from resellerhub.kernel.operation import refusing
from resellerhub.kernel.refusals import Invalid
from resellerhub.kernel.text import has_forbidden, has_lines


def save(row: models.Model, fields: Sequence[str] | None = None, *, taken: Mapping[str, str]) -> None:
    """Check the values of a row and insert it, or update `fields`.

    `taken` says which field is to blame when a unique constraint, by name, says no: that is `Invalid`, in a race too.
    """
    relations = [field.name for field in row._meta.concrete_fields if field.is_relation]
    try:
        row.clean_fields(exclude=relations)
    except ValidationError as error:
        raise Invalid(error.message_dict) from error
    if unreadable := _unreadable(row):
        raise Invalid({name: [sentence] for name, sentence in unreadable.items()})
    with refusing({name: Invalid({field: [_("This is already taken.")]}) for name, field in taken.items()}):
        row.save(force_insert=fields is None, update_fields=fields)


def _unreadable(row: models.Model) -> dict[str, str]:
    """Texts with characters that nobody can see, and names of more than one line."""
    errors = {}
    for field in row._meta.concrete_fields:
        text = getattr(row, field.attname)
        if isinstance(text, str) and has_forbidden(text):
            errors[field.name] = _("This holds characters that nobody can see.")
        elif isinstance(text, str) and isinstance(field, models.CharField) and has_lines(text):
            errors[field.name] = _("This has to be one line.")
    return errors
