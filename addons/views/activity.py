"""What happened to an add-on, in words."""

from typing import Any, cast

from addons.models import AddOn
from resellerhub.web.details import Activity
from tenants.actor import Actor
from tenants.event_words import word
from tenants.selectors import events

LATEST = 50


def activity_of(actor: Actor, add_on: AddOn) -> list[Activity]:
    """The latest events about this add-on that the actor may see."""
    rows = events(actor).filter(subject_type=add_on._meta.model_name, subject_id=add_on.pk)[:LATEST]
    return [Activity(at=row.at, who=row.who or "–", what=word(row.kind)) for row in cast(Any, rows)]
