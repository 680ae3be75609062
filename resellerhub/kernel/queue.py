"""How work is handed to a worker."""

from typing import Any

from django.db import transaction
from django.utils.module_loading import import_string


def enqueue(task: str, **arguments: Any) -> None:
    """Send `task` (its dotted path) once the transaction is committed.

    A broker that is down costs nothing but time: what is to be done stands in the database, and the sweeper sends it
    again.
    """
    transaction.on_commit(lambda: import_string(task).delay(**arguments), robust=True)
