"""A real Celery worker on the test's own database, with a queue that no other worker listens to."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from django.db import connection

from resellerhub.kernel.tasks import run_job
from resellerhub.launch import processes
from resellerhub.launch.processes import Child


def database_url() -> str:
    """The environment's, but of the database the test runs on."""
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()


@contextmanager
def worker(log: Path, monkeypatch: object) -> Iterator[Child]:
    """Runs until the `with` ends; what the live server sends goes to it."""
    queue = f"test-{secrets.token_hex(6)}"
    send = run_job.apply_async
    monkeypatch.setattr(run_job, "delay", lambda *args, **values: send(args, values, queue=queue))
    argv = ("worker", "--concurrency=1", f"--queues={queue}", f"--hostname={queue}@test", "--loglevel=WARNING")
    quiet = ("--without-gossip", "--without-mingle")
    env = {**os.environ, "DATABASE_URL": database_url()}
    child = Child.module("worker", "celery", "-A", "resellerhub.celery", *argv, *quiet, log=log, env=env)
    try:
        yield child
    finally:
        processes.stop([child], patience=5)
