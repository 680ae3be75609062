"""`manage.py up`: from a clone to a running ResellerHub with demo data."""

import hashlib
import json
import signal
import socket
import time
from argparse import Namespace
from pathlib import Path

from resellerhub.launch import frontend, places, proof, python_env, running
from resellerhub.launch.paths import LOGS, ROOT, RUN
from resellerhub.launch.processes import manage
from resellerhub.launch.services import Services, write_private
from resellerhub.launch.stack import Stack, address, environment
from resellerhub.launch.terminal import Trouble, say, step

STATIC = RUN / "static"
SOURCES = ("**/*.py", "**/*.po", "**/*.mo", "**/static/**/*")
LEFT_OUT = ("*.map", "*.rtl.*", "libs", "types", "cjs", "esm", "tabler-*.css", "tabler.css")
"""Of the front-end packages: what no page loads need not be copied and compressed."""
NOT_SOURCES = {".git", ".run", ".venv", "node_modules", "tests"}
BORROWED = [
    "DATABASE_URL",
    "DATABASE_OWNER_URL",
    "REDIS_URL",
    "SECRET_KEY",
    "ALLOWED_HOSTS",
    "BASE_URL",
    "INSECURE_HTTP",
    "LOG_FORMAT",
    "MEDIA_ROOT",
    "EMAIL_URL",
]


def up(options: Namespace) -> int:
    """Set up, start, stay until told to stop (0) or until a process dies (1)."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        signal.signal(signal.SIGHUP, signal.default_int_handler)
    port = _free_port(options.host) if options.check else options.port
    lock = running.lock()
    if not options.check:
        if not lock.wait(0.5):
            at = running.variables().get("BASE_URL", "it is still starting")
            raise Trouble(f"ResellerHub already runs in this folder: {at}. Stop that one first (Ctrl-C where it runs).")
        _require_free(options.host, port)
    say(f"ResellerHub in {ROOT}")
    with step("Python packages"):
        python_env.ensure(python_env.RUNTIME)
    with step("Front-end packages"):
        frontend.ensure(development=False)
    services = Services(places.throw_away() if options.check else places.lasting())
    stack = Stack(services, {}, options.host, port)
    try:
        services.start()
        env = environment(services, options.host, port)
        stack = Stack(services, env, options.host, port)
        credentials = services.place.path / "demo.json" if options.check else RUN / "demo.json"
        prepare(stack, env, credentials, options.size)
        with step("Web, worker and beat"):
            stack.wait()  # alone, so that the first page comes as soon as it can
            stack.start_workers()
        if options.check:
            return proof.prove(stack, credentials)
        write_private(running.ENV, {name: env[name] for name in BORROWED if name in env})
        _introduce(address(options.host, port), credentials)
        while True:
            stack.check()
            time.sleep(0.3)
    except KeyboardInterrupt:
        say("\nStopping.")
        return 130 if options.check else 0
    finally:
        for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(signum, signal.SIG_IGN)
        if not options.check:
            running.ENV.unlink(missing_ok=True)
        stack.stop()
        services.stop()
        lock.release()


def prepare(stack: Stack, env: dict[str, str], credentials: Path, size: str) -> None:
    """Tables, messages, static files and demo data; nothing of it where nothing has changed since the last start.

    Web starts as soon as the tables are there: the login page need not wait for the demo data.
    """
    services = stack.services
    note = services.place.path / "prepared.json"
    before = json.loads(note.read_text()) if note.exists() else {}
    if not services.has_postgres or before.get("sources") != _sources() or not STATIC.is_dir():
        build(env, migrate=True)
    stack.start_web()
    if not services.has_postgres or not before.get("seeded"):
        with step(f"Demo data ({size}), sold and reported by the real services"):
            asked = ("seed_demo", f"--size={size}", f"--credentials={credentials}", "--if-empty")
            failing = "The demo data could not be made:"
            manage(*asked, env=stack.env, failing=failing, log=services.logs / "seed.log").output()
    elif size not in ("small", before["seeded"]):
        say(f"  The demo data stay {before['seeded']}: another size needs a folder without {RUN.name}.")
    note.write_text(json.dumps({"sources": _sources(), "seeded": before.get("seeded") or size}))


def build(env: dict[str, str], *, migrate: bool) -> None:
    """What is made from the sources and not committed, side by side: most of the time goes into starting Django."""
    ignored = [f"--ignore={name}" for name in LEFT_OUT]
    commands = {
        "Messages": manage("compile_messages", env=env, failing="The messages could not be compiled:"),
        "Static files": manage(
            "collectstatic", "--no-input", *ignored, env=env, failing="The static files could not be collected:"
        ),
    }
    if migrate:
        failing = "The tables could not be made:"
        commands["Tables"] = manage("migrate", "--no-input", "--verbosity=1", env=env, failing=failing)
    for what, command in commands.items():
        with step(what) as tell:
            command.output(hear=tell)


def _sources() -> str:
    """Changes when any source file does."""
    folders = [folder for folder in ROOT.iterdir() if folder.is_dir() and folder.name not in NOT_SOURCES]
    found = {path for folder in folders for pattern in SOURCES for path in folder.glob(pattern) if path.is_file()}
    locks = {ROOT / "requirements.lock", ROOT / "package-lock.json"}
    seen = [f"{path} {path.stat().st_mtime_ns} {path.stat().st_size}" for path in sorted(found | locks)]
    return hashlib.sha256("\n".join(seen).encode()).hexdigest()


def _require_free(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Trouble(f"{address(host, port)} cannot be used ({error.strerror}). Choose another --port.") from error


def _free_port(host: str) -> int:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


def _introduce(url: str, credentials: Path) -> None:
    say(f"\nResellerHub runs at {url}\n")
    if credentials.exists():
        demo = json.loads(credentials.read_text())
        width = max(len(user["email"]) for user in demo["users"])
        for user in demo["users"]:
            say(
                f"  {user['email']:<{width}}  {user['password']:<20}  {user['kind']}, {user['tenant']} ({user['role']})"
            )
        say(f"\nThese logins and the API keys stand in {credentials}.")
    say(f"Logs: {LOGS}. Stop with Ctrl-C.")
