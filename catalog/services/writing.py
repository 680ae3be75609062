"""How rows of the catalogue are checked and written."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from resellerhub.kernel.operation import refusing
from resellerhub.kernel.refusals import Forbidden, Invalid
from tenants.actor import Actor

TAKEN = {
    "service_type_code": "code",
    "resource_code": "code",
    "service_instance_name": "name",
    "package_name": "name",
}
"""Which field is to blame when a unique constraint says no."""


def require_provider(actor: Actor) -> None:
    """The provider's own part of the catalogue is written by its staff only, whatever a role below allows."""
    actor.require("catalog.edit")
    if not actor.is_provider:
        raise Forbidden(permission="catalog.edit")


def write(row: models.Model, fields: Sequence[str] | None = None) -> None:
    """Check the values of a row and insert it, or update `fields`; a name that is taken is `Invalid`, in a race too."""
    relations = [field.name for field in row._meta.concrete_fields if field.is_relation]
    try:
        row.clean_fields(exclude=relations)
    except ValidationError as error:
        raise Invalid(error.message_dict) from error
    with refusing({name: Invalid({field: [_("This is already taken.")]}) for name, field in TAKEN.items()}):
        row.save(force_insert=fields is None, update_fields=fields)
