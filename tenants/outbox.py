"""The outbox as its readers may see it, and, where mails are written into files, what really went out."""

import email
from datetime import datetime, timedelta
from email import policy
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Case, CharField, F, QuerySet, Value, When

from tenants import hooks
from tenants.actor import Actor
from tenants.models import Mail
from tenants.naming import is_named, readable

FILES = "django.core.mail.backends.filebased.EmailBackend"
BETWEEN = b"\n" + b"-" * 79 + b"\n"
"""What Django puts behind every mail of a file."""

AROUND = timedelta(minutes=10)
MOST_BYTES = 2_000_000


def in_sight(actor: Actor) -> QuerySet[Mail]:
    """In scope, and about what the actor sees."""
    rows: QuerySet[Mail] = Mail.objects.visible_to(actor)
    for unread in hooks.UNREAD if not actor.is_provider else ():
        rows = unread(actor, rows)
    return rows


def mails(actor: Actor) -> QuerySet[Any]:
    """The mails in scope. To whom and what is hidden where the mail is about a customer whose name is."""
    known = readable(actor, "about")
    seen: dict[str, Any] = {
        f"seen_{field}": Case(When(known, then=F(field)), default=Value(""), output_field=CharField())
        for field in ("to", "subject", "body", "error")
    }
    seen["named"] = is_named(actor, "about")
    rows = in_sight(actor).select_related("tenant__profile").annotate(**seen)
    return rows.defer("facts", "to", "subject", "body", "error").order_by("-pk")


def as_sent(actor: Actor, mail: Any) -> str:
    """A mail with its secret links, where Django writes mails into files instead of sending them: on a machine of
    one's own. Empty elsewhere, and for whoever could not make such a link themselves.
    """
    if settings.EMAIL_BACKEND != FILES or not actor.can("user.manage") or not mail.sent_at or not mail.seen_to:
        return ""
    if mail.kind == "password_reset":  # nobody but its owner has a use for it
        return ""
    mark = f"Message-ID: <{mail.kind}.{mail.pk}@".encode()
    for path in written_around(mail.sent_at):
        for letter in path.read_bytes().split(BETWEEN):
            if mark in letter:
                return text_of(letter)
    return ""


def written_around(moment: datetime) -> list[Path]:
    """The files of that time, the newest first."""
    first, last = (moment - AROUND).timestamp(), (moment + AROUND).timestamp()
    files = [(path, path.stat()) for path in Path(getattr(settings, "EMAIL_FILE_PATH", "")).glob("*.log")]
    near = [(stat.st_mtime, path) for path, stat in files if stat.st_size < MOST_BYTES]
    return [path for moved, path in sorted(near, reverse=True) if first <= moved <= last]


def text_of(letter: bytes) -> str:
    message = email.message_from_bytes(letter.lstrip(), policy=policy.default)
    body: Any = message.get_body(("plain",))
    return str(body.get_content()) if body else ""
