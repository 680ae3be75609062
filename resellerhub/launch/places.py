"""Where the servers' data, programs and sockets live.

An ordinary user has all of it in `.run/`. Root does not: PostgreSQL refuses to run as root, so it runs as `nobody`, who
has no way into a clone under /root. Then a folder of a random name under /var/lib has the data, and `.run/place` says
which; no mode of any folder on the way is changed.
"""

import os
import pwd
import secrets
import shutil
import stat
import tempfile
import time
from pathlib import Path

from resellerhub.launch.locks import FileLock
from resellerhub.launch.paths import ROOT, RUN
from resellerhub.launch.processes import Account
from resellerhub.launch.terminal import Trouble

LONGEST_SOCKET = 100  # sockaddr_un has 108 bytes on Linux, 104 elsewhere
TEMPORARY = "resellerhub-"
MINUTE = 60
SERVERS_STOP_WITHIN = 30


def account() -> Account | None:
    """Whom the servers run as; None for "as we do"."""
    if os.geteuid() != 0:
        return None
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        raise Trouble("As root, PostgreSQL has to run as the user nobody, and this machine has none.") from None
    return Account(nobody.pw_uid, nobody.pw_gid)


def open_to_all(path: Path) -> bool:
    """May any user walk into it?"""
    try:
        return all(folder.stat().st_mode & stat.S_IXOTH for folder in (path, *path.parents))
    except OSError:
        return False


def _first(*folders: str) -> Path:
    for folder in folders:
        path = Path(folder)
        if path.is_dir() and open_to_all(path) and os.access(path, os.W_OK):
            return path.resolve()
    raise Trouble(f"None of {', '.join(folders)} is a folder that can be written to and that every user can enter.")


def own(path: Path) -> Path:
    """A folder of the servers' account alone."""
    path.mkdir(mode=0o700, exist_ok=True)
    if servant := account():
        os.chown(path, *servant)
    return path


class Place:
    """A folder of servers. Whoever uses it, launcher or server, holds its lock; `temporary` folders go at the end."""

    def __init__(self, path: Path, lock: FileLock, temporary: list[Path]) -> None:
        self.path, self.locks, self.temporary = path, [lock], temporary
        self.sockets = self._sockets()

    def _sockets(self) -> Path:
        """In the folder itself, unless the clone is so deep that a socket's name would be too long."""
        folder = self.path / "sockets"
        if len(str(folder / ".s.PGSQL.5432.lock")) > LONGEST_SOCKET:
            short, lock = _make_temporary()
            self.locks.append(lock)
            self.temporary.append(short)
            folder = short / "sockets"
        return own(folder)

    @property
    def keep(self) -> list[int]:
        """What every server inherits, so that the locks last until the last of them has gone."""
        return [lock.fd for lock in self.locks]

    def clear(self) -> None:
        for path in self.temporary:
            shutil.rmtree(path, ignore_errors=True)
        for lock in self.locks:
            lock.release()


def throw_away() -> Place:
    """For one run. After a kill the next start sweeps it."""
    path, lock = _make_temporary()
    return Place(path, lock, [path])


def lasting() -> Place:
    """The same at every start in this clone."""
    RUN.mkdir(exist_ok=True)
    path = _roots_place() if account() else RUN
    lock = FileLock(path / "alive")
    if not lock.wait(SERVERS_STOP_WITHIN):
        raise Trouble(f"The servers of the last start are still running in {path}. Please try again in a minute.")
    return Place(path, lock, [])


def _roots_place() -> Path:
    note = RUN / "place"
    if note.exists() and (path := Path(note.read_text())).is_dir():
        return path
    for left in _shared().glob("*/clone"):  # of a clone that stood in this folder before
        if left.read_text() == str(ROOT) and FileLock(left.with_name("alive")).take():
            shutil.rmtree(left.parent, ignore_errors=True)
    path = _shared() / f"{ROOT.name[:20]}-{secrets.token_hex(4)}"
    path.mkdir()
    path.chmod(0o711)
    (path / "clone").write_text(str(ROOT))
    note.write_text(str(path))
    return path


def _shared() -> Path:
    """Root's folder of programs and data for `nobody`; only root writes there, so nobody can plant anything."""
    path = _first("/var/lib", "/opt") / "resellerhub"
    path.mkdir(exist_ok=True)
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != 0:
        raise Trouble(f"{path} is in the way: it has to be a folder of root's.")
    path.chmod(0o755)
    return path


def _make_temporary() -> tuple[Path, FileLock]:
    sweep()
    base = _first(tempfile.gettempdir(), "/tmp", "/var/tmp")  # noqa: S108  mkdtemp makes a private folder
    if len(str(base)) > LONGEST_SOCKET // 2:
        base = _first("/tmp", "/var/tmp")  # noqa: S108
    path = Path(tempfile.mkdtemp(prefix=TEMPORARY, dir=base))
    lock = FileLock(path / "alive")
    lock.take()
    path.chmod(0o711)
    return path, lock


def sweep() -> None:
    """Remove what killed runs of ours left behind, and nothing that is in use."""
    for base in {tempfile.gettempdir(), "/tmp", "/var/tmp"}:  # noqa: S108
        for path in Path(base).glob(f"{TEMPORARY}*"):
            alive = path / "alive"
            try:
                ours = path.lstat().st_uid == os.geteuid() and not path.is_symlink()
                old = time.time() - alive.stat().st_mtime > MINUTE
            except OSError:
                continue
            if ours and old and FileLock(alive).take():
                shutil.rmtree(path, ignore_errors=True)


def published(name: str, *sources: Path) -> Path:
    """Where the servers' account finds these folders, side by side as they are: a copy when we are root."""
    if not account():
        return sources[0].parent
    target = _shared() / name
    if target.exists():
        return target
    making = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=_shared()))
    for source in sources:
        shutil.copytree(source, making / source.name, ignore=shutil.ignore_patterns("__pycache__", "include"))
    for path in (making, *making.rglob("*")):
        runs = path.is_dir() or path.stat().st_mode & stat.S_IXUSR
        path.chmod(0o755 if runs else 0o644)
    try:
        making.rename(target)
    except OSError:  # another start was quicker
        shutil.rmtree(making, ignore_errors=True)
    return target
