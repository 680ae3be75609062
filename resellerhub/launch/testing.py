"""`manage.py test`: every check that CI makes, then the tests, on a throw-away cluster."""

import json
import os
import signal
import subprocess
import time
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import NamedTuple

from resellerhub.launch import chromium, frontend, places, postgres, python_env, ties, up
from resellerhub.launch.paths import PYTHON, ROOT, tool
from resellerhub.launch.services import Services
from resellerhub.launch.stack import PLAIN_FILES
from resellerhub.launch.terminal import say, step

SECURE = {"INSECURE_HTTP": "false", "ALLOWED_HOSTS": "resellerhub.example", "BASE_URL": "https://resellerhub.example"}
INSECURE = {"INSECURE_HTTP": "true", "ALLOWED_HOSTS": "*", "LOG_FORMAT": "console", "STATIC_STORAGE": PLAIN_FILES}
MANAGE = (str(PYTHON), str(ROOT / "manage.py"))


class Check(NamedTuple):
    name: str
    argv: Sequence[str]
    env: dict[str, str] = {}


class Result(NamedTuple):
    name: str
    passed: bool
    seconds: float


CORES = min(os.cpu_count() or 1, 4)
WORKERS = CORES + 1
"""Of pytest: one more, since browsers and servers that were killed are waited for."""

CHECKS = (
    Check("mypy", (tool("mypy"), ".")),
    Check("ruff check", (tool("ruff"), "check", ".")),
    Check("ruff format", (tool("ruff"), "format", "--check", ".")),
    Check("import contracts", (tool("lint-imports"),)),
    Check("djlint", (tool("djlint"), "templates", "--lint", "--quiet")),
    Check("migrations", (*MANAGE, "makemigrations", "--check", "--dry-run")),
    Check("deployment", (*MANAGE, "check", "--deploy", "--fail-level", "WARNING"), SECURE),
    Check("German", (*MANAGE, "make_messages", "--check")),
)


def test(arguments: Sequence[str]) -> int:
    """Every check and every test; with arguments for pytest, pytest alone. 0 when all passed."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    slow = [argument for argument in arguments if argument == "--slow"]
    chosen = [argument for argument in arguments if argument != "--slow"]
    with step("Python packages"):
        python_env.ensure(python_env.DEVELOPMENT)
    with step("Front-end packages"):
        frontend.ensure(development=True)
    services = Services(places.throw_away(), for_tests=True)
    try:
        services.start()
        env = services.env | {name: os.environ.get(name, value) for name, value in INSECURE.items()}
        env |= {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(services.place.path / "bytecode")}
        with step("Chromium for the browser tests"):
            browser = chromium.find()
        env |= {"CHROMIUM": browser} if browser else {}
        if not browser:
            say(f"  {chromium.HOW_TO_GET_IT}")
        up.build(env, migrate=False)
        if chosen:
            return _stream([PYTHON, "-m", "pytest", *slow, *chosen], env)
        return _everything(services, env, slow)
    finally:
        for signum in (signal.SIGINT, signal.SIGTERM):
            signal.signal(signum, signal.SIG_IGN)
        services.stop()


def _everything(services: Services, env: dict[str, str], slow: Sequence[str]) -> int:
    place = services.place.path
    asked = [partial(_check, check, env) for check in CHECKS]
    asked.append(partial(_schema, place / "openapi.json", env))
    if services.template:
        env |= {"TEST_TEMPLATE": postgres.TEMPLATE}
        tables = Check("tables", (*MANAGE, "migrate", "--no-input", "--verbosity=0"), services.template)
        asked.insert(1, partial(_check, tables, env))
    with ThreadPoolExecutor(CORES) as pool:
        results = list(pool.map(lambda ask: ask(), asked))
    report = place / "pytest.xml"
    began = time.monotonic()
    workers = ("-n", str(WORKERS), "--dist", "worksteal")
    code = _stream([PYTHON, "-m", "pytest", *workers, f"--junitxml={report}", *slow], env)
    passed, failed, skipped = _counts(report)
    results.append(Result("pytest", code == 0, time.monotonic() - began))
    say()
    for result in results:
        say(f"  {result.name:<20} {'passed' if result.passed else 'FAILED':<8} {result.seconds:6.1f} s")
    bad = sum(not result.passed for result in results[:-1])
    if code and not failed:
        failed = 1  # it did not get as far as a test
    say(f"\nOf {passed + failed + skipped} tests {skipped} were skipped; of {len(results) - 1} checks {bad} failed.")
    say(f"{passed + len(results) - 1 - bad} passed, {failed + bad} failed")
    return 1 if bad or code else 0


def _check(check: Check, env: dict[str, str]) -> Result:
    began = time.monotonic()
    done = subprocess.run(
        check.argv, env=env | check.env, cwd=ROOT, capture_output=True, text=True, errors="replace", check=False
    )
    return _told(check.name, done.returncode == 0, began, done.stdout + done.stderr)


def _told(name: str, passed: bool, began: float, output: str) -> Result:
    seconds = time.monotonic() - began
    say(f"  {name:<58}" + (f"{seconds:5.1f} s" if passed else f"FAILED\n{output.strip()}\n"))
    return Result(name, passed, seconds)


def _schema(fresh: Path, env: dict[str, str]) -> Result:
    """The API's description is valid, and the committed one is that of the code."""
    committed = ROOT / "docs" / "openapi.json"
    asked = ("spectacular", "--validate", "--fail-on-warn", "--format=openapi-json", f"--file={fresh}")
    made = _check(Check("OpenAPI", (*MANAGE, *asked)), env)
    if not made.passed:
        return made
    try:
        same = json.loads(committed.read_text()) == json.loads(fresh.read_text())
    except (OSError, ValueError):
        same = False
    if not same:
        say(f"  docs/openapi.json is not that of the code: manage.py {' '.join(asked[:-1])} --file=docs/openapi.json")
    return Result("OpenAPI", same, made.seconds)


def _stream(argv: Sequence[str | Path], env: dict[str, str]) -> int:
    """Run with the terminal as its own; Ctrl-C is pytest's to report."""
    ties.prepare()
    parent = os.getpid()
    process = subprocess.Popen(argv, env=env, cwd=ROOT, preexec_fn=lambda: ties.die_with(parent, signal.SIGTERM))
    try:
        return process.wait()
    except KeyboardInterrupt:
        process.send_signal(signal.SIGINT)
        process.wait(30)
        raise


def _counts(report: Path) -> tuple[int, int, int]:
    """Passed, failed, skipped."""
    try:
        suites = ET.parse(report).getroot().iter("testsuite")  # noqa: S314  pytest's own file
    except (OSError, ET.ParseError):
        return 0, 0, 0
    total = failed = skipped = 0
    for suite in suites:
        total += int(suite.get("tests", 0))
        failed += int(suite.get("failures", 0)) + int(suite.get("errors", 0))
        skipped += int(suite.get("skipped", 0))
    return total - failed - skipped, failed, skipped
