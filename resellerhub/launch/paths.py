"""Where things are in the folder."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RUN = ROOT / ".run"
LOGS = RUN / "logs"
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
NODE_MODULES = ROOT / "node_modules"


def site_packages() -> Path:
    """Of .venv, whichever Python made it."""
    return next(VENV.glob("lib/python*/site-packages"), VENV / "lib")


def tool(name: str) -> str:
    return str(VENV / "bin" / name)
