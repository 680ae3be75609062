"""A folder like a clone, with the launcher in it and a lock of one tiny wheel, so that a set-up takes no network."""

import base64
import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from resellerhub.launch.paths import ROOT

RECORD = "tiny-1.0.dist-info/RECORD"
WHEEL = {
    "tiny.py": "answer = 42\n",
    "tiny-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n",
    "tiny-1.0.dist-info/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
}


def make_wheel(folder: Path) -> Path:
    folder.mkdir()
    path = folder / "tiny-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        lines = []
        for name, text in WHEEL.items():
            wheel.writestr(name, text)
            digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode().rstrip("=")
            lines.append(f"{name},sha256={digest},{len(text)}\n")
        wheel.writestr(RECORD, "".join(lines) + f"{RECORD},,\n")
    return path


class Clone:
    """The launcher's own files in a folder of their own."""

    def __init__(self, root: Path, wheels: Path) -> None:
        self.root = root
        (root / "resellerhub").mkdir(parents=True)
        (root / "resellerhub" / "__init__.py").touch()
        shutil.copytree(ROOT / "resellerhub" / "launch", root / "resellerhub" / "launch")
        shutil.copy(ROOT / "manage.py", root)
        shutil.copy(ROOT / "requirements-pip.lock", root)
        self.lock(hashlib.sha256(make_wheel(wheels).read_bytes()).hexdigest())
        (root / "requirements-servers.lock").write_text(f"absent==1.0 --hash=sha256:{'0' * 64}\n")
        hidden = (
            "DATABASE_URL",
            "DATABASE_OWNER_URL",
            "REDIS_URL",
            "PYTHONPATH",
            "VIRTUAL_ENV",
            "DJANGO_SETTINGS_MODULE",
        )
        self.env = {name: value for name, value in os.environ.items() if name not in hidden}
        self.env |= {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(wheels)}

    def lock(self, digest: str) -> None:
        (self.root / "requirements.lock").write_text(f"tiny==1.0 --hash=sha256:{digest}\n")

    def run(self, code: str, *, python: str = "", options: tuple[str, ...] = (), **env: str):
        """Run code with the launcher importable, by the Python that .venv was made from."""
        command = [python or base_python(), *options, "-c", f"import sys; sys.path.insert(0, '.')\n{code}"]
        return subprocess.run(command, cwd=self.root, env=self.env | env, capture_output=True, text=True, timeout=300)

    def start(self, code: str, **env: str) -> "subprocess.Popen[str]":
        command = [base_python(), "-c", f"import sys; sys.path.insert(0, '.')\n{code}"]
        return subprocess.Popen(command, cwd=self.root, env=self.env | env, stdout=subprocess.PIPE, text=True)

    def manage(self, *arguments: str):
        command = [base_python(), "manage.py", *arguments]
        return subprocess.run(command, cwd=self.root, env=self.env, capture_output=True, text=True, timeout=300)


def base_python() -> str:
    return sys._base_executable


@pytest.fixture
def clone(tmp_path: Path) -> Iterator[Clone]:
    made = Clone(tmp_path / "clone", tmp_path / "wheels")
    yield made
    note = made.root / ".run" / "place"
    if note.exists():
        shutil.rmtree(note.read_text(), ignore_errors=True)
