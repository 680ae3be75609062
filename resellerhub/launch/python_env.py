""".venv, with exactly what the locks say.

It is made without pip, because Debian's Python may lack ensurepip and refuses to install anything outside of a virtual
environment (PEP 668); the pip of the Python that runs us then installs into it, else ensurepip brings one, else it is
fetched from PyPI and known by its hash.
"""

import hashlib
import importlib.util
import json
import os
import subprocess
import sys
import urllib.request
import venv
from pathlib import Path

from resellerhub.launch.locks import FileLock
from resellerhub.launch.paths import LOGS, PYTHON, ROOT, RUN, VENV, site_packages
from resellerhub.launch.processes import run
from resellerhub.launch.terminal import Trouble

RUNTIME, DEVELOPMENT = "requirements.lock", "requirements-dev.lock"
CONTAINS = {DEVELOPMENT: (RUNTIME,)}
STAMP = VENV / "resellerhub.json"
PIP_WHEEL = "pip-26.1-py3-none-any.whl"
PIP_URL = (
    "https://files.pythonhosted.org/packages/70/7a/be4bd8bcbb24ea475856dd68159d78b03b2bb53dae369f69c9606b8888f5/"
    + PIP_WHEEL
)
PIP_SHA256 = "4e8486d821d814b77319acb7b9e8bf5a4ee7590a643e7cb21029f209be8573c1"
FIRST_PIP_WITH_PYTHON_OPTION = (22, 3)


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
    options = ["--require-hashes", "--no-deps", "--only-binary=:all:", "--no-compile"]
    quiet = ["--disable-pip-version-check", "--no-input", "--progress-bar=off", "--no-warn-script-location"]
    run(
        [*_pip(), "install", *options, *quiet, "-r", ROOT / lock],
        env={key: value for key, value in os.environ.items() if key not in _MISLEADING},
        log=LOGS / f"pip-{Path(lock).stem}.log",
        failing=f"pip could not install what {lock} says:",
    )
    stamp |= {name: _digest(name) for name in (lock, *CONTAINS.get(lock, ()))}
    STAMP.write_text(json.dumps(stamp))


_MISLEADING = {"PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_REQUIRE_VIRTUALENV", "PYTHONHOME", "PYTHONPATH"}


def _digest(lock: str) -> str:
    return hashlib.sha256((ROOT / lock).read_bytes()).hexdigest()


def _pip() -> list[str | Path]:
    if not (site_packages() / "pip").is_dir():
        if _own_pip() >= FIRST_PIP_WITH_PYTHON_OPTION:
            return [sys.executable, "-m", "pip", "--python", PYTHON]
        if importlib.util.find_spec("ensurepip"):
            run([PYTHON, "-Im", "ensurepip"], failing="ensurepip failed:")
        else:
            wheel = _fetch_pip()
            run([PYTHON, wheel / "pip", "install", "--no-index", wheel], failing="pip could not install itself:")
    return [PYTHON, "-m", "pip"]


def _own_pip() -> tuple[int, ...]:
    """The version of the pip of the Python that runs us, () without one."""
    try:
        from importlib.metadata import PackageNotFoundError, version

        return tuple(int(part) for part in version("pip").split(".")[:2])
    except (PackageNotFoundError, ValueError):
        return ()


def _fetch_pip() -> Path:
    wheel = VENV / PIP_WHEEL
    try:
        with urllib.request.urlopen(PIP_URL, timeout=60) as answer:
            content = answer.read()
    except OSError as error:
        raise Trouble(
            f"This Python has neither pip nor ensurepip, and {PIP_URL} cannot be fetched ({error}). "
            "Install one of them (Debian: apt install python3-venv)."
        ) from error
    if hashlib.sha256(content).hexdigest() != PIP_SHA256:
        raise Trouble(f"{PIP_URL} is not the file that is known.")
    wheel.write_bytes(content)
    return wheel
