"""What is installed is pinned by hash, comes from the public registries, and names no host."""

import json
import re
import tomllib

import pytest

from resellerhub.launch.paths import ROOT

LOCKS = sorted(ROOT.glob("requirements*.lock"))


def pins(name: str) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9_.-]+)==([^ ;\\]+)", (ROOT / name).read_text(), re.MULTILINE))


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.name)
def test_every_package_has_a_hash_and_no_host(path):
    text = "".join(line for line in path.read_text().splitlines(keepends=True) if not line.startswith("#"))
    entries = re.split(r"\n(?=\S)", text.strip())
    assert entries
    assert [entry.split("\n")[0] for entry in entries if "--hash=sha256:" not in entry] == []
    assert not re.search(r"://|--index-url|--extra-index-url|--find-links|\bfile:", path.read_text())


def test_the_locks_hold_what_the_project_names():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]

    def named(requirements):
        return {re.split(r"[\[<>=~! ]", requirement)[0].lower() for requirement in requirements}

    assert named(project["dependencies"]) <= set(pins("requirements.lock"))
    assert named(extras["dev"]) <= set(pins("requirements-dev.lock"))
    assert named(extras["embedded"]) <= {*pins("requirements-servers.lock"), *pins("requirements-node.lock")}


def test_a_package_in_two_locks_is_the_same_one():
    everything = [pin for path in LOCKS for pin in pins(path.name).items()]
    assert len({name for name, _ in everything}) == len(set(everything))


def test_development_is_the_runtime_and_more():
    assert pins("requirements.lock").items() <= pins("requirements-dev.lock").items()


def test_psycopg_3_stays_out():
    """Django would prefer it as soon as it can be imported."""
    assert "psycopg" not in pins("requirements-dev.lock")


def test_the_front_end_comes_from_npm_by_hash():
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    fetched = {name: package for name, package in packages.items() if name}
    assert [name for name, package in fetched.items() if "integrity" not in package] == []
    hosts = {package["resolved"].split("/")[2] for package in fetched.values() if "resolved" in package}
    assert hosts <= {"registry.npmjs.org"}
