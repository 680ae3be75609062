"""The event log."""

from typing import Any
from urllib.parse import urlencode

from django.db.models import Model, QuerySet
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from resellerhub.kernel.refusals import found
from resellerhub.web.details import Activity, DetailPage, Section, Tab, render_detail
from resellerhub.web.lists import Action, Empty, ListPage, render_list
from resellerhub.web.pages import page
from resellerhub.web.request import PageRequest
from resellerhub.web.shells import shell_link, shell_url
from tenants import selectors
from tenants.event_values import Teller
from tenants.event_words import doer, thing, word
from tenants.filters.events import EventFilter
from tenants.models import Tenant
from tenants.tables.events import EventTable

RECENT, SHOWN = 10, 25


@page("event.view")
def events(request: PageRequest) -> HttpResponseBase:
    return render_list(
        request,
        ListPage(
            key="events",
            title=_("Event log"),
            queryset=selectors.events(request.actor),
            table_class=EventTable,
            filterset_class=EventFilter,
            order=("-id",),
            intro=_("Every change, by whom, for whom, before and after."),
            empty=Empty(_("Nothing happened yet"), _("Every change will be noted here.")),
        ),
    )


@page("event.view")
def event(request: PageRequest, pk: int) -> HttpResponseBase:
    row: Any = found(selectors.events(request.actor), pk=pk)
    facts = [
        (_("When"), row.at),
        (_("Who"), who_did(row)),
        (_("For whom"), row.tenant_name),
        (_("Object"), thing(row)),
        (_("Kind of event"), row.kind),
        (_("Request"), row.request_id),
    ]
    tab = Tab("overview", _("Overview"), lambda: [Section(facts=facts), _change(request, row)])
    page_ = DetailPage(title=word(row.kind), reference=row.pk, parent="events", tabs=[tab])
    return render_detail(request, page_)


def _change(request: PageRequest, event: Any) -> Section:
    """Each value before and after."""
    teller = Teller(request.actor)
    teller.learn([event])
    rows = teller.changes(event)
    return Section(title=_("Change"), template="tenants/change.html", context={"rows": rows})


def latest(request: PageRequest, tenant_id: int | None = None) -> list[Activity]:
    """The latest events in scope, or of one tenant; nothing for whom the log is closed."""
    if not request.actor.can("event.view"):
        return []
    rows = selectors.events(request.actor)
    if tenant_id is not None:
        rows = rows.filter(tenant_id=tenant_id)
    return [_line(request, row, f"{word(row.kind)} · {row.tenant_name}") for row in rows[:RECENT]]


def activity_of(request: PageRequest, subject: Model) -> list[Activity]:
    """The latest events in scope of one thing, for its page; nothing for whom the log is closed."""
    about = {"subject_type": subject._meta.model_name, "subject_id": subject.pk}
    return activity_in(request, selectors.events(request.actor).filter(**about))


def activity_in(request: PageRequest, rows: QuerySet[Any]) -> list[Activity]:
    """The latest of these events; nothing for whom the log is closed."""
    if not request.actor.can("event.view"):
        return []
    return [_line(request, row, word(row.kind)) for row in rows[:RECENT]]


def events_tab(request: PageRequest, tenant: Tenant) -> list[Tab]:
    """On the page of a reseller or customer: what happened to it, with the way to all of it."""
    if not request.actor.can("event.view"):
        return []
    rows = selectors.events(request.actor).filter(tenant_id=tenant.pk)
    more = Action(_("All events"), f"{shell_url(request, 'events')}?{urlencode({'tenant': tenant.pk})}")

    def sections() -> list[Section]:
        table = EventTable(rows[:SHOWN], exclude=("tenant", "request"))
        return [Section(title=_("Event log"), table=table, action=more, empty=Empty(_("Nothing happened yet")))]

    return [Tab("events", _("Event log"), sections)]


def who_did(row: Any) -> str:
    return doer(row.who, by_person=row.by_person, as_whom=row.as_whom)


def _line(request: PageRequest, row: Any, what: str) -> Activity:
    return Activity(row.at, who_did(row), what, shell_link(request, "event", row.pk) or "")
