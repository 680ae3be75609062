"""A visit in a browser: kept in the session of the visitor, who stays the one that is logged in."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.urls import ResolverMatch
from django.utils import timezone
from django.utils.translation import gettext as _

from tenants.actor import Actor
from tenants.services.visits import end_visit, start_visit, visit_of

VISIT = "visit"
"""Where the session keeps the visit that goes on."""

PERSONAL = frozenset({"profile", "membership_switch", "session_end"})
LEAVING = frozenset({"account_logout", "set_language", "appearance", "visit_end", "home"})
"""What is open to whoever visits though it belongs to no shell."""


def begin(request: HttpRequest, own: Actor, membership_id: int, reason: str, now: datetime) -> None:
    """From the next request on the session acts as the member; its key is a new one, so that nobody holds the old."""
    length = timedelta(minutes=settings.VISIT_MINUTES)
    visit = start_visit(actor=own, membership_id=membership_id, reason=reason, length=length, now=now)
    request.session[VISIT] = visit.pk
    request.session.cycle_key()


def end(request: HttpRequest, actor: Actor, now: datetime) -> None:
    """Back in one's own name, with a new key again."""
    if (visit_id := request.session.pop(VISIT, None)) is not None:
        end_visit(actor=actor, visit_id=visit_id, now=now)
        request.session.cycle_key()


def resume(request: HttpRequest, own: Actor) -> Actor:
    """Whom the session acts as: the visited member as long as the visit may go on, else the user."""
    visit_id = request.session.get(VISIT)
    if visit_id is None:
        return own
    now = timezone.now()
    if going_on := visit_of(own, visit_id, now):
        return own.visiting(*going_on)
    end(request, own, now)
    messages.info(request, _("Your visit is over. You act in your own name again."))
    return own


def is_closed(request: HttpRequest, match: ResolverMatch | None) -> bool:
    """Accounts, operators' pages and what concerns the person: nothing that a visit is for."""
    if match is None or match.url_name in LEAVING:
        return False
    return match.url_name in PERSONAL or request.path_info.startswith(("/accounts/", "/admin/"))
