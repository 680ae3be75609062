"""`manage.py up` says what is in its way, and the other commands find a running one."""

import json
import socket
import subprocess

import pytest

from resellerhub.launch.locks import FileLock
from resellerhub.launch.stack import address
from tests.launch.conftest import base_python

URL = "http://localhost:8123"
BORROW = """
import os
from resellerhub.launch.running import borrow
borrow()
print(os.environ.get("DATABASE_URL"), os.environ.get("REDIS_URL"))
"""


def running(clone) -> FileLock:
    lock = FileLock(clone.root / ".run" / "up.lock")
    assert lock.take()
    content = {"DATABASE_URL": "postgres://borrowed", "REDIS_URL": "redis://borrowed", "BASE_URL": URL}
    (clone.root / ".run" / "env.json").write_text(json.dumps(content))
    return lock


def test_a_second_one_in_the_same_folder_says_where_the_first_one_runs(clone):
    lock = running(clone)
    done = clone.manage("up")
    assert done.returncode == 1
    assert f"already runs in this folder: {URL}" in done.stderr
    assert not (clone.root / ".venv").exists()
    lock.release()


def test_a_port_in_use_is_said_before_anything_is_done(clone):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        done = clone.manage("up", "--port", str(port))
    assert done.returncode == 1
    assert f"http://localhost:{port} cannot be used" in done.stderr
    assert "--port" in done.stderr
    assert not (clone.root / ".venv").exists()


def test_commands_find_a_running_up_unless_told_which_database(clone):
    lock = running(clone)
    assert clone.run(BORROW).stdout == "postgres://borrowed redis://borrowed\n"
    assert clone.run(BORROW, DATABASE_URL="postgres://mine").stdout == "postgres://mine None\n"
    lock.release()
    assert clone.run(BORROW).stdout == "None None\n", "what a killed one left behind is not believed"


def test_a_command_without_a_set_up_says_how_to_get_one(clone):
    done = subprocess.run(
        [base_python(), "-S", "manage.py", "verify"], cwd=clone.root, env=clone.env, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert "python3 manage.py up" in done.stderr


@pytest.mark.parametrize(
    ("host", "port", "url"),
    [
        ("127.0.0.1", 8000, "http://localhost:8000"),
        ("0.0.0.0", 80, "http://localhost:80"),  # noqa: S104
        ("::", 8000, "http://localhost:8000"),
        ("::1", 8000, "http://localhost:8000"),
        ("192.0.2.7", 8000, "http://192.0.2.7:8000"),
        ("2001:db8::7", 8000, "http://[2001:db8::7]:8000"),
        ("hub", 1, "http://hub:1"),
    ],
)
def test_the_address_is_one_that_a_browser_can_open_and_make_passkeys_for(host, port, url):
    assert address(host, port) == url
