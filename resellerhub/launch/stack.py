"""The application's own processes: web, worker and beat."""

import os
import time
import urllib.error
import urllib.request
from pathlib import Path

from resellerhub.launch import processes
from resellerhub.launch.processes import Child
from resellerhub.launch.services import Services
from resellerhub.launch.terminal import Trouble

PATIENCE = 90
PLAIN_FILES = "django.contrib.staticfiles.storage.StaticFilesStorage"  # tests compress nothing
CELERY = ("celery", "-A", "resellerhub.celery")


def address(host: str, port: int) -> str:
    """Where a browser on this machine finds it: by name, since browsers make no passkey for a bare number."""
    return _url("localhost" if reachable(host) in ("127.0.0.1", "::1") else host, port)


def reachable(host: str) -> str:
    """The address that answers, without asking any table of names."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  compared, not bound


def _url(host: str, port: int) -> str:
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def environment(services: Services, host: str, port: int) -> dict[str, str]:
    everywhere = host in ("0.0.0.0", "::")  # noqa: S104
    defaults = {
        "ALLOWED_HOSTS": "*" if everywhere else f"127.0.0.1,localhost,[::1],{host}",
        "BASE_URL": address(host, port),
        "INSECURE_HTTP": "true",
        "REQUIRE_TOTP_FOR_PROVIDERS": "false",
        "LOG_FORMAT": "console",
        "MEDIA_ROOT": str(services.place.path / "media"),
        "EMAIL_URL": f"filemail:///{services.place.path / 'mail'}",
    }
    return {**services.env, **{name: os.environ.get(name, value) for name, value in defaults.items()}}


class Stack:
    def __init__(self, services: Services, env: dict[str, str], host: str, port: int) -> None:
        self.services, self.url = services, _url(reachable(host), port)
        self.bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        self.env = {name: value for name, value in env.items() if name != "DATABASE_OWNER_URL"}
        self.children: list[Child] = []

    def start_web(self) -> None:
        web = ("--workers=2", "--worker-class=gthread", "--threads=4", "--graceful-timeout=5", "--access-logfile=-")
        self._start("web", "gunicorn", "resellerhub.wsgi", f"--bind={self.bind}", "--no-control-socket", *web)

    def start_workers(self) -> None:
        self._start("worker", *CELERY, "worker", "--pool=prefork", "--concurrency=2", "--loglevel=INFO")
        schedule = self.services.place.path / "beat-schedule"
        self._start("beat", *CELERY, "beat", f"--schedule={schedule}", "--pidfile=", "--loglevel=INFO")

    def _start(self, name: str, *argv: str) -> None:
        log: Path = self.services.logs / f"{name}.log"
        self.children.append(Child.module(name, *argv, log=log, env=self.env, keep=self.services.place.keep))

    def wait(self) -> None:
        """Until it says that it is ready."""
        until = time.monotonic() + PATIENCE
        while not self._ready():
            self.check()
            if time.monotonic() > until:
                raise Trouble(f"{self.url}/readyz has not answered 200 for {PATIENCE} s; see {self.services.logs}.")
            time.sleep(0.1)

    def _ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/readyz", timeout=5) as answer:  # noqa: S310  our own address
                return bool(answer.status == 200)
        except (OSError, urllib.error.URLError):
            return False

    def check(self) -> None:
        """Trouble if any process, a server included, has died."""
        for child in (*self.services.children, *self.children):
            child.check()

    def stop(self) -> None:
        """Before broker and database: a worker without its broker hangs."""
        processes.stop(self.children)
