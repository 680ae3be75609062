"""The event log over REST."""

from typing import Any

from django.db.models import QuerySet

from resellerhub.rest.views import ReadApi, api_paths
from tenants import selectors
from tenants.filters.events import EventFilter
from tenants.serializers.events import EventOut


class EventApi(ReadApi):
    """The event log: every change, the newest first."""

    singular, permission, out = "event", "event.view", EventOut
    filterset_class = EventFilter

    def rows(self, actor: Any) -> QuerySet[Any]:
        return selectors.events(actor)


urls = [
    *api_paths("events", EventApi),
]
