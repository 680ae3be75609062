"""The browser of the tests: CHROMIUM, else one on PATH that starts, else the carried one."""

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


def test_without_any_there_is_none(clone, machine):
    assert clone.run(FIND, PATH=machine.path, CHROMIUM="").stdout == "None\n"
