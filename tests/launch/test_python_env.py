"""`.venv` comes about on any Python, once, with what the lock says and nothing else."""

import subprocess
from pathlib import Path

import pytest

from tests.launch.conftest import Clone, base_python

ENSURE = "from resellerhub.launch import python_env; python_env.ensure('requirements.lock')"
HIDDEN = """
import importlib.util
real = importlib.util.find_spec
importlib.util.find_spec = lambda name, *rest: None if name == "ensurepip" else real(name, *rest)
"""
DEBIAN = Path("/usr/bin/python3.11")


def has_tiny(clone: Clone) -> bool:
    python = clone.root / ".venv" / "bin" / "python"
    return subprocess.run([python, "-c", "import tiny"], check=False).returncode == 0


def test_without_a_pip_ensurepip_brings_one(clone):
    """-S hides the pip of the Python that runs us."""
    done = clone.run(ENSURE, options=("-S",))
    assert done.returncode == 0, done.stderr
    assert has_tiny(clone)


def test_by_the_pip_of_the_python_that_runs_us_without_ensurepip(clone):
    done = clone.run(HIDDEN + ENSURE)
    assert done.returncode == 0, done.stderr
    assert has_tiny(clone)
    assert not list((clone.root / ".venv").glob("lib/*/site-packages/pip"))


@pytest.mark.skipif(not DEBIAN.exists(), reason="needs Debian's own Python")
def test_with_debians_python_that_refuses_to_install_anything_itself(clone):
    done = clone.run(ENSURE, python=str(DEBIAN))
    assert done.returncode == 0, done.stderr
    assert has_tiny(clone)


@pytest.mark.slow
def test_with_neither_pip_nor_ensurepip(clone):
    """pip is fetched from PyPI then, and known by its hash."""
    done = clone.run(HIDDEN + ENSURE, options=("-S",))
    assert done.returncode == 0, done.stderr
    assert has_tiny(clone)


def test_from_within_a_virtual_environment(clone, tmp_path):
    subprocess.run([base_python(), "-m", "venv", "--without-pip", tmp_path / "other"], check=True)
    done = clone.run(ENSURE, python=str(tmp_path / "other" / "bin" / "python"))
    assert done.returncode == 0, done.stderr
    assert has_tiny(clone)


def test_the_second_time_installs_nothing(clone):
    assert clone.run(ENSURE).returncode == 0
    again = clone.run(ENSURE, PIP_FIND_LINKS="/nowhere")
    assert again.returncode == 0, again.stderr


def test_a_changed_lock_is_installed_and_a_false_hash_refused(clone):
    assert clone.run(ENSURE).returncode == 0
    clone.lock("0" * 64)
    done = clone.run(ENSURE, PIP_FORCE_REINSTALL="1")
    assert done.returncode != 0
    assert "pip could not install what requirements.lock says" in done.stderr
    assert "HASH" in done.stderr.upper()


def test_a_venv_of_a_python_that_has_gone_is_made_anew(clone):
    assert clone.run(ENSURE).returncode == 0
    python = clone.root / ".venv" / "bin" / "python"
    python.unlink()
    python.symlink_to("/nowhere/python")
    assert clone.run(ENSURE).returncode == 0
    assert has_tiny(clone)
