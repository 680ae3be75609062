"""How work is handed to a worker."""

from typing import Any
from urllib.parse import parse_qsl, urlsplit

from django.db import transaction
from django.utils.module_loading import import_string


def enqueue(task: str, **arguments: Any) -> None:
    """Send `task` (its dotted path) once the transaction is committed.

    A broker that is down costs nothing but time: what is to be done stands in the database, and the sweeper sends it
    again.
    """
    transaction.on_commit(lambda: import_string(task).delay(**arguments), robust=True)


def broker_url(redis_url: str) -> str:
    """The same server in Celery's spelling: a socket is redis+socket://…?virtual_host=N there."""
    parts = urlsplit(redis_url)
    if parts.scheme != "unix":
        return redis_url
    login = f"{parts.netloc.rpartition('@')[0]}@" if "@" in parts.netloc else ""
    return f"redis+socket://{login}{parts.path}?virtual_host={dict(parse_qsl(parts.query)).get('db', '0')}"
