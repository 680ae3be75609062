"""A cluster of one's own to be cruel to: PostgreSQL, Valkey, workers and beat, each of which can be killed and started
again. It has the real settings (fsync, synchronous commit) and none of it outlives the test.
"""

import json
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg2
import pytest

from resellerhub.launch import places, postgres, processes, valkey
from resellerhub.launch.paths import PYTHON, ROOT
from resellerhub.launch.processes import Child, manage

QUIET = ("--without-gossip", "--without-mingle", "--loglevel=WARNING")
CALL = (
    "import json, sys, django; django.setup(); from django.utils.module_loading import import_string; "
    "print(json.dumps(import_string(sys.argv[1])(*json.loads(sys.argv[2]))))"
)


class Rig:
    """`env` is what processes of the application are started with; jobs are looked after by the second."""

    def __init__(self, **env: str) -> None:
        self.place = places.throw_away()
        programs = postgres.from_wheel() or postgres.from_machine()
        program = valkey.from_wheel() or valkey.from_machine()
        if not programs or not program:
            pytest.skip("needs PostgreSQL and Valkey of its own: python3 manage.py test fetches both")
        passwords = {role: secrets.token_urlsafe(16) for role in (postgres.APP, postgres.OWNER)}
        self._postgres = postgres.Postgres(programs, self.place.path, self.place.sockets, passwords)
        self._valkey = valkey.Valkey(program, self.place.sockets)
        self.env = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.rig_settings",
            "DATABASE_URL": self._postgres.url(postgres.APP),
            "DATABASE_OWNER_URL": self._postgres.url(postgres.OWNER),
            "REDIS_URL": self._valkey.url,
            "SECRET_KEY": secrets.token_urlsafe(48),
            "LOG_LEVEL": "WARNING",
            "LOG_FORMAT": "console",
            "JOB_STALE_AFTER": "2",
            "JOB_SWEEP_EVERY": "1",
            "JOB_TURN": "3",
            **env,
        }
        self.children: dict[str, Child] = {}

    def start(self, *, workers: int = 2) -> None:
        self._postgres.make(for_tests=True)
        self.start_postgres()
        self.start_broker()
        manage(
            "migrate", "--skip-checks", "--verbosity=0", env=self.env, failing="The tables could not be made:"
        ).output()
        for number in range(workers):
            self.start_worker(number)
        self.start_beat()

    def start_postgres(self) -> None:
        settings = ("shared_buffers=128MB", "max_wal_size=1GB")
        self.children["postgres"] = self._postgres.start(self._log("postgres"), self.place.keep, settings)

    def start_broker(self) -> None:
        self.children["broker"] = self._valkey.start(self._log("broker"), self.place.keep)

    def start_worker(self, number: int = 0) -> None:
        name = f"worker{number}"
        argv = ("worker", "--pool=prefork", "--concurrency=1", f"--hostname={name}-{time.monotonic_ns()}@rig", *QUIET)
        self.children[name] = self._celery(name, *argv)

    def start_beat(self) -> None:
        schedule = f"--schedule={self.place.path / 'beat-schedule'}"
        self.children["beat"] = self._celery("beat", "beat", schedule, "--pidfile=", "--loglevel=WARNING")

    def kill(self, name: str) -> None:
        """kill -9 of the process and all that it forked; of PostgreSQL a crash, which its next start recovers from."""
        child = self.children[name]
        if name == "postgres":
            child.signal(signal.SIGQUIT)
        else:
            os.killpg(child.process.pid, signal.SIGKILL)
        child.wait(20)

    def restart(self, name: str) -> None:
        self.kill(name)
        if name.startswith("worker"):
            self.start_worker(int(name.removeprefix("worker")))
        else:
            {"postgres": self.start_postgres, "broker": self.start_broker, "beat": self.start_beat}[name]()

    def call(self, function: str, *arguments: Any) -> Any:
        """What the function of this dotted path returns, called in a process of the application."""
        argv = [str(PYTHON), "-c", CALL, function, json.dumps(arguments)]
        done = subprocess.run(argv, env=self.env, cwd=ROOT, capture_output=True, text=True, check=False)
        if done.returncode:
            raise AssertionError(f"{function} failed:\n{done.stderr}")
        return json.loads(done.stdout.splitlines()[-1])

    def query(self, sql: str, *parameters: Any, role: str = postgres.APP) -> list[tuple[Any, ...]] | None:
        """Rows; None while the database is away."""
        try:
            connection = psycopg2.connect(
                host=str(self.place.sockets), dbname=postgres.DATABASE, user=role, connect_timeout=5,
                password=self._postgres.passwords[role],
            )  # fmt: skip
        except psycopg2.OperationalError:
            return None
        try:
            with connection, connection.cursor() as cursor:
                cursor.execute(sql, parameters)
                return cursor.fetchall() if cursor.description else []
        except (psycopg2.OperationalError, psycopg2.InterfaceError):
            return None
        finally:
            connection.close()

    def follow(self, job_id: int, *, seconds: float) -> Iterator[tuple[str, int]]:
        """State and processed targets of a job, as they change, until it has ended; progress never goes back."""
        until, before = time.monotonic() + seconds, 0
        while True:
            if rows := self.query("SELECT state, done + skipped + failed FROM kernel_job WHERE id = %s", job_id):
                state, processed = rows[0]
                assert processed >= before, f"progress went back from {before} to {processed}"
                before = processed
                yield state, processed
                if state in {"done", "cancelled"}:
                    return
            assert time.monotonic() < until, f"after {seconds} s the job has not ended:\n{self.tails()}"
            time.sleep(0.05)

    def tails(self) -> str:
        return "\n".join(f"--- {name}\n{processes.tail(child.log, 30)}" for name, child in self.children.items())

    def stop(self) -> None:
        """Whoever needs the others first."""
        late = [self.children.pop(name) for name in ("broker", "postgres") if name in self.children]
        processes.stop(list(self.children.values()), patience=2)
        processes.stop(late, patience=2)
        self.place.clear()

    def _log(self, name: str) -> Any:
        return self.place.path / "logs" / f"{name}-{time.monotonic_ns()}.log"

    def _celery(self, name: str, *argv: str) -> Child:
        return Child.module(name, "celery", "-A", "resellerhub.celery", *argv, log=self._log(name), env=self.env)


@contextmanager
def rig(*, workers: int = 2, **env: str) -> Iterator[Rig]:
    """A rig for the length of a `with`. Start processes of it from the thread that made it: they die with theirs."""
    made = Rig(**env)
    try:
        made.start(workers=workers)
        yield made
    except BaseException:
        print(made.tails(), file=sys.stderr)
        raise
    finally:
        made.stop()
