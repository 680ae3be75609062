"""The pip that fills .venv.

The one of the Python that runs us, else ensurepip's, else one that is fetched from PyPI and known by its hash, brings
the one of requirements-pip.lock, which needs half the time of Debian's for the rest.
"""

import hashlib
import importlib.util
import os
import re
import sys
import urllib.request
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from resellerhub.launch.paths import PYTHON, ROOT, VENV, site_packages
from resellerhub.launch.processes import Argv, run
from resellerhub.launch.terminal import Trouble

LOCK = ROOT / "requirements-pip.lock"
URL = (
    "https://files.pythonhosted.org/packages/70/7a/be4bd8bcbb24ea475856dd68159d78b03b2bb53dae369f69c9606b8888f5/"
    "pip-26.1-py3-none-any.whl"
)
FIRST_WITH_PYTHON_OPTION = (22, 3)
MISLEADING = {"PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_REQUIRE_VIRTUALENV", "PYTHONHOME", "PYTHONPATH"}
OPTIONS = (
    "--require-hashes",
    "--no-deps",  # the lock has them all
    "--only-binary=:all:",
    "--no-compile",  # Python compiles what it imports
    "--disable-pip-version-check",
    "--no-input",
    "--progress-bar=off",
    "--no-warn-script-location",
)


def environment() -> dict[str, str]:
    """Ours, without what would make pip install elsewhere."""
    return {name: value for name, value in os.environ.items() if name not in MISLEADING}


def pip() -> Argv:
    """How to call it."""
    if not (site_packages() / "pip").is_dir():
        first = _first()
        try:
            run([*first, "install", *OPTIONS, "-r", LOCK], env=environment(), failing="")
        except Trouble:  # an index of one's own may lack this version; the first one can do the work, too
            return first
    return [PYTHON, "-m", "pip"]


def _first() -> Argv:
    if _own() >= FIRST_WITH_PYTHON_OPTION:
        return [sys.executable, "-m", "pip", "--python", PYTHON]
    if importlib.util.find_spec("ensurepip"):
        run([PYTHON, "-Im", "ensurepip"], failing="ensurepip failed:")
        return [PYTHON, "-m", "pip"]
    return [PYTHON, _fetched() / "pip"]


def _own() -> tuple[int, ...]:
    """The version of the pip of the Python that runs us, () without one."""
    try:
        return tuple(int(part) for part in version("pip").split(".")[:2])
    except (PackageNotFoundError, ValueError):
        return ()


def _fetched() -> Path:
    """A wheel that runs as it is."""
    try:
        with urllib.request.urlopen(URL, timeout=60) as answer:
            content = answer.read()
    except OSError as error:
        raise Trouble(
            f"This Python has neither pip nor ensurepip, and {URL} cannot be fetched ({error}). "
            "Install one of them (Debian: apt install python3-venv)."
        ) from error
    if hashlib.sha256(content).hexdigest() not in re.findall(r"sha256:(\w+)", LOCK.read_text()):
        raise Trouble(f"{URL} is not the file that {LOCK.name} knows.")
    wheel = VENV / Path(URL).name
    wheel.write_bytes(content)
    return wheel
