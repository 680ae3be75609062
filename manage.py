#!/usr/bin/env python3
"""Every command. `up` and `test` need nothing but this Python; the others run in the .venv that those make."""

import os
import sys
from pathlib import Path

VENV = Path(__file__).resolve().parent / ".venv"


def main() -> None:
    if sys.version_info < (3, 11):  # noqa: UP036  the Python that is told so is older
        sys.exit("ResellerHub needs Python 3.11 or newer; this is " + sys.version.split()[0] + ".")
    if sys.argv[1:2] in (["up"], ["test"]):
        if os.name != "posix":
            sys.exit("`up` and `test` need Linux or macOS; elsewhere docker-compose.yml starts ResellerHub.")
        from resellerhub.launch.cli import main as launch

        sys.exit(launch(sys.argv[1:]))
    python = VENV / "bin" / "python"
    if python.exists() and Path(sys.prefix).resolve() != VENV.resolve():
        os.execv(python, [str(python), *sys.argv])  # noqa: S606
    from resellerhub.launch.running import borrow

    borrow()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "resellerhub.settings")
    try:
        from django.core.management import execute_from_command_line
    except ImportError:
        sys.exit("Django is not installed here. `python3 manage.py up` makes everything that is needed.")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
