"""The browser of the tests: CHROMIUM, else one without windows on PATH that starts, else the carried one, else any."""

import json
import platform
import sys

import pytest

FIND = "from resellerhub.launch import chromium; print(chromium.find())"


@pytest.fixture
def machine(tmp_path):
    folder = tmp_path / "machine"
    folder.mkdir()

    def put(name: str, code: int):
        script = folder / name
        script.write_text(f"#!/bin/sh\nexit {code}\n")
        script.chmod(0o755)
        return str(script)

    put.path = str(folder)
    return put


def test_one_on_path_is_taken_if_it_starts(clone, machine):
    machine("chromium", 1)
    works = machine("google-chrome", 0)
    assert clone.run(FIND, PATH=machine.path, CHROMIUM="").stdout == f"{works}\n"


def test_the_environment_goes_first(clone, machine):
    machine("chromium", 0)
    mine = machine("mine", 0)
    assert clone.run(FIND, PATH=machine.path, CHROMIUM=mine).stdout == f"{mine}\n"


def test_one_without_windows_goes_before_a_whole_one(clone, machine):
    machine("chromium", 0)
    shell = machine("chromium-headless-shell", 0)
    assert clone.run(FIND, PATH=machine.path, CHROMIUM="").stdout == f"{shell}\n"


@pytest.mark.skipif((sys.platform, platform.machine()) != ("linux", "x86_64"), reason="carried for these alone")
def test_so_does_the_carried_one(clone, machine):
    machine("chromium", 0)
    carried, unpacked = clone.root / "node_modules/@sparticuz/chromium", clone.root / ".run/chromium-1"
    for folder in (carried, unpacked):
        folder.mkdir(parents=True)
    (carried / "package.json").write_text(json.dumps({"version": "1"}))
    (unpacked / "run").write_text("#!/bin/sh\n")
    (unpacked / "run").chmod(0o755)
    assert clone.run(FIND, PATH=machine.path, CHROMIUM="").stdout == f"{unpacked / 'run'}\n"


def test_without_any_there_is_none(clone, machine):
    assert clone.run(FIND, PATH=machine.path, CHROMIUM="").stdout == "None\n"
