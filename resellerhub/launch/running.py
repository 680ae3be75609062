"""How the other commands of manage.py find the services of a running `up`."""

import json
import os

from resellerhub.launch.locks import FileLock, held
from resellerhub.launch.paths import RUN

ENV = RUN / "env.json"


def lock() -> FileLock:
    """Held by a running `up`, and by it alone: its children do not inherit it."""
    return FileLock(RUN / "up.lock")


def variables() -> dict[str, str]:
    """What its processes have in their environment; nothing unless it runs and we may read it."""
    if not held(RUN / "up.lock"):
        return {}
    try:
        found: dict[str, str] = json.loads(ENV.read_text())
    except (OSError, ValueError):
        return {}
    return found


def borrow() -> None:
    """Take them, unless the environment already says which database."""
    if "DATABASE_URL" not in os.environ:
        os.environ.update(variables())
