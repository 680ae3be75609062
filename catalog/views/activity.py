"""What happened to a thing of the catalogue."""

from django.db.models import Model

from resellerhub.web.details import Activity
from resellerhub.web.request import PageRequest
from resellerhub.web.shells import shell_link
from tenants.event_words import word
from tenants.selectors import events

RECENT = 10


def activity_of(request: PageRequest, subject: Model) -> list[Activity]:
    """Its latest events in scope, with a link to each; nothing for whom the log is closed."""
    if not request.actor.can("event.view"):
        return []
    rows = events(request.actor).filter(subject_type=subject._meta.model_name, subject_id=subject.pk)[:RECENT]
    return [
        Activity(row.at, row.who or "–", word(row.kind), shell_link(request, "event", row.pk) or "") for row in rows
    ]
