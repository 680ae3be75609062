"""The whole of `manage.py up`, on the packages that the tests themselves run on."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import time
import urllib.request
from pathlib import Path

import psutil
import pytest

from resellerhub.launch import python_env
from resellerhub.launch.locks import held
from resellerhub.launch.paths import NODE_MODULES, ROOT, VENV
from tests.launch.conftest import base_python

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not python_env.STAMP.exists(), reason=".venv is not of `manage.py test`"),
]
NOT_OURS = {"DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "SECRET_KEY", "INSECURE_HTTP", "ALLOWED_HOSTS"}


@pytest.fixture
def folder(tmp_path):
    """All files of the project in a folder of their own."""
    made = tmp_path / "clone"
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True)
    for name in filter(None, listed.stdout.split("\n")):
        if (ROOT / name).is_file():
            (made / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, made / name)
    (made / ".venv").symlink_to(VENV)
    (made / "node_modules").symlink_to(NODE_MODULES)
    yield made
    if (note := made / ".run" / "place").exists():
        shutil.rmtree(note.read_text(), ignore_errors=True)


class Up:
    def __init__(self, folder: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.folder, self.log = folder, folder / "up.log"
        self.env = {name: value for name, value in os.environ.items() if name not in NOT_OURS}
        command = [base_python(), "manage.py", "up", "--port", str(self.port)]
        with self.log.open("w") as log:
            self.process = subprocess.Popen(command, cwd=folder, env=self.env, stdout=log, stderr=log)
        until = time.monotonic() + 300
        while "Stop with Ctrl-C" not in self.log.read_text():
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < until, self.log.read_text()
            time.sleep(0.2)
        self.family = psutil.Process(self.process.pid).children(recursive=True)

    def left(self) -> list[psutil.Process]:
        """What still runs some seconds later; init may take its time to bury the dead."""
        _, alive = psutil.wait_procs(self.family, timeout=20)
        return [process for process in alive if process.is_running() and process.status() != psutil.STATUS_ZOMBIE]


def passwords(folder: Path) -> list[str]:
    return [user["password"] for user in json.loads((folder / ".run" / "demo.json").read_text())["users"]]


def test_it_starts_is_killed_starts_again_with_its_data_and_stops(folder):
    first = Up(folder)
    with urllib.request.urlopen(f"http://127.0.0.1:{first.port}/accounts/login/", timeout=30) as page:
        assert b"</form>" in page.read()
    demo = folder / ".run" / "demo.json"
    assert demo.stat().st_mode & 0o077 == 0
    assert set(re.findall(r"@[\w.-]+ +(\S+)", first.log.read_text())) == set(passwords(folder))

    command = [base_python(), "manage.py", "up"]
    second = subprocess.run(command, cwd=folder, env=first.env, capture_output=True, text=True)
    assert second.returncode == 1
    assert f"already runs in this folder: http://localhost:{first.port}" in second.stderr

    verify = [base_python(), "manage.py", "verify"]
    found = subprocess.run(verify, cwd=folder, env=first.env, capture_output=True, text=True)
    assert found.returncode == 0, found.stderr

    before = passwords(folder)
    first.process.kill()
    first.process.wait()
    assert first.left() == []

    again = Up(folder)
    assert passwords(folder) == before
    assert "Demo data" not in again.log.read_text()
    again.process.send_signal(signal.SIGTERM)
    assert again.process.wait(60) == 0
    assert again.left() == []
    assert not held(folder / ".run" / "up.lock")
    assert not (folder / ".run" / "env.json").exists()


def test_a_process_that_dies_ends_it_with_the_reason(folder):
    up = Up(folder)
    beat = next(process for process in up.family if "beat" in process.cmdline())
    beat.kill()
    assert up.process.wait(60) == 1
    assert "beat was ended by SIGKILL" in up.log.read_text()
    assert up.left() == []
