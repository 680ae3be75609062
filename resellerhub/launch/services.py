"""PostgreSQL and Valkey: from the environment, else from wheels, else the machine's own, else a sentence."""

import json
import os
import secrets
from pathlib import Path

from resellerhub.launch import postgres, processes, python_env, valkey
from resellerhub.launch.paths import LOGS, VENV
from resellerhub.launch.places import Place
from resellerhub.launch.processes import Child
from resellerhub.launch.terminal import Trouble, say, step

SERVERS = "requirements-servers.lock"


class Services:
    """What runs, and the environment by which the application finds it."""

    def __init__(self, place: Place, *, for_tests: bool = False) -> None:
        self.place, self.for_tests = place, for_tests
        self.children: list[Child] = []
        self.template: dict[str, str] = {}
        """Where the tables of the tests are made, once for all of them."""
        self.logs = LOGS / ("test" if for_tests else "check") if self.careless else LOGS
        self.secrets = _secrets(place.path / "secrets.json")
        self.env: dict[str, str] = {
            **os.environ,
            "PATH": f"{VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
            "VIRTUAL_ENV": str(VENV),
            "PYTHONUNBUFFERED": "1",
            "DJANGO_SETTINGS_MODULE": "resellerhub.settings",
            "SECRET_KEY": os.environ.get("SECRET_KEY") or self.secrets["SECRET_KEY"],
        }

    @property
    def careless(self) -> bool:
        """Is what they hold thrown away at the end?"""
        return self.place.path in self.place.temporary

    @property
    def has_postgres(self) -> bool:
        """Is the database ours, so that nobody else changes it?"""
        return any(child.name == "PostgreSQL" for child in self.children)

    def start(self) -> None:
        given_database, given_broker = os.environ.get("DATABASE_URL"), os.environ.get("REDIS_URL")
        if given_database and not os.environ.get("DATABASE_OWNER_URL"):
            raise Trouble(
                "DATABASE_URL is set and DATABASE_OWNER_URL is not. Set both: the owner's login migrates, "
                "the application's login owns nothing."
            )
        if not (given_database and given_broker):
            with step("Servers for a machine that has none"):
                python_env.install_if_possible(SERVERS)
        if given_database:
            say("  PostgreSQL as DATABASE_URL says")
        else:
            self._start_postgres()
        if given_broker:
            say("  Valkey or Redis as REDIS_URL says")
        else:
            self._start_valkey()

    def _start_postgres(self) -> None:
        programs = postgres.from_wheel() or postgres.from_machine()
        if not programs:
            raise Trouble(
                f"No PostgreSQL: there is no wheel for this machine and no PostgreSQL {postgres.OLDEST} or "
                "newer on it. Install one (Debian: apt install postgresql), or set DATABASE_URL and DATABASE_OWNER_URL."
            )
        server = postgres.Postgres(programs, self.place.path, self.place.sockets, self.secrets)
        with step(f"PostgreSQL {programs.version} ({programs.source})"):
            server.make(for_tests=self.for_tests)
            careless = postgres.CARELESS if self.careless else ()
            self.children.append(server.start(self.logs / "postgres.log", self.place.keep, careless))
        roles = {"DATABASE_URL": postgres.APP, "DATABASE_OWNER_URL": postgres.OWNER}
        self.env |= {name: server.url(role) for name, role in roles.items()}
        if self.for_tests:
            self.template = {name: server.url(role, postgres.TEMPLATE) for name, role in roles.items()}

    def _start_valkey(self) -> None:
        program = valkey.from_wheel() or valkey.from_machine()
        if not program:
            raise Trouble(
                "No broker: there is no wheel for this machine and neither valkey-server nor redis-server on it. "
                "Install one (Debian: apt install redis-server), or set REDIS_URL."
            )
        server = valkey.Valkey(program, self.place.sockets)
        with step(f"{program.path.name} ({program.source})"):
            self.children.append(server.start(self.logs / "valkey.log", self.place.keep))
        self.env["REDIS_URL"] = server.url

    def stop(self) -> None:
        processes.stop(self.children)
        self.place.clear()


def _secrets(path: Path) -> dict[str, str]:
    """Random at the first start, the same ever after."""
    names = ("SECRET_KEY", postgres.APP, postgres.OWNER)
    if path.exists():
        found: dict[str, str] = json.loads(path.read_text())
        return found
    made = {name: secrets.token_urlsafe(48) for name in names}
    write_private(path, made)
    return made


def write_private(path: Path, content: object) -> None:
    """JSON that only its owner may read, never half written."""
    making = path.with_name(f"{path.name}.making")
    making.unlink(missing_ok=True)
    with os.fdopen(os.open(making, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(content, file, indent=1)
    making.rename(path)
