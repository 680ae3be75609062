""".venv, with exactly what the locks say.

It is made without pip, because Debian's Python may lack ensurepip and refuses to install anything outside of a virtual
environment (PEP 668).
"""

import hashlib
import json
import subprocess
import sys
import venv
from pathlib import Path

from resellerhub.launch.installer import OPTIONS, environment, pip
from resellerhub.launch.locks import FileLock
from resellerhub.launch.paths import LOGS, PYTHON, ROOT, RUN, VENV
from resellerhub.launch.processes import run
from resellerhub.launch.terminal import Trouble

RUNTIME, DEVELOPMENT = "requirements.lock", "requirements-dev.lock"
CONTAINS = {DEVELOPMENT: (RUNTIME,)}
STAMP = VENV / "resellerhub.json"


def ensure(lock: str) -> None:
    """Make .venv where it is missing or of another Python, and install what `lock` says unless it is there."""
    RUN.mkdir(exist_ok=True)
    with _alone():
        if not _usable():
            _make()
        _install(lock)


def install_if_possible(lock: str) -> bool:
    """False where the machine has no wheel for it; the reason stands in the log."""
    try:
        with _alone():
            _install(lock)
    except Trouble:
        return False
    return True


class _alone:  # noqa: N801  reads as a word
    """One set-up at a time in a folder."""

    def __enter__(self) -> None:
        self.lock = FileLock(RUN / "setup.lock")
        if not self.lock.wait(600):
            raise Trouble("Another start in this folder has been setting up for ten minutes.")

    def __exit__(self, *_: object) -> None:
        self.lock.release()


def _usable() -> bool:
    """Its Python starts, and is of the version of the one that runs us."""
    try:
        said = subprocess.run([PYTHON, "-c", "import sys; print(sys.version_info[:2])"], capture_output=True, text=True)
    except OSError:
        return False
    return said.stdout.strip() == str(sys.version_info[:2])


def _make() -> None:
    try:
        venv.EnvBuilder(symlinks=True, clear=True, with_pip=False).create(VENV)
    except OSError as error:
        raise Trouble(f"{VENV} cannot be made: {error}. Who runs this has to own the folder {ROOT}.") from error


def _install(lock: str) -> None:
    digest = _digest(lock)
    stamp: dict[str, str] = json.loads(STAMP.read_text()) if STAMP.exists() else {}
    if stamp.get(lock) == digest:
        return
    run(
        [*pip(), "install", *OPTIONS, "-r", ROOT / lock],
        env=environment(),
        log=LOGS / f"pip-{Path(lock).stem}.log",
        failing=f"pip could not install what {lock} says:",
    )
    stamp |= {name: _digest(name) for name in (lock, *CONTAINS.get(lock, ()))}
    STAMP.write_text(json.dumps(stamp))


def _digest(lock: str) -> str:
    return hashlib.sha256((ROOT / lock).read_bytes()).hexdigest()
