"""Logins that are open in browsers."""

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session

from resellerhub.kernel.refusals import found


def open_sessions(user_id: int) -> int:
    """In how many browsers a user is logged in, as far as is known."""
    keys = UserSession.objects.filter(user_id=user_id).values("session_key")
    return Session.objects.filter(session_key__in=keys).count()


def end_session(*, user_id: int, session_id: int) -> None:
    """One of a user's own."""
    found(UserSession.objects.filter(user_id=user_id), pk=session_id).end()


def end_sessions(user_id: int, *, but: str = "") -> None:
    """Log a user out everywhere, at once, but for the session with this key; part of an operation."""
    rows = UserSession.objects.filter(user_id=user_id).exclude(session_key=but)
    keys = list(rows.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    rows.delete()
