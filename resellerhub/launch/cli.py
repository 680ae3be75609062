"""The two commands that need nothing but Python."""

import argparse
import sys
from collections.abc import Sequence

from resellerhub.launch import testing, up
from resellerhub.launch.terminal import Trouble


def main(argv: Sequence[str]) -> int:
    command, *rest = argv
    try:
        return up.up(_options().parse_args(rest)) if command == "up" else testing.test(rest)
    except Trouble as trouble:
        print(f"\n{trouble}", file=sys.stderr, flush=True)
    except PermissionError as error:
        print(f"\n{error}\nIt was made by another user; only that one can run this here.", file=sys.stderr, flush=True)
    except KeyboardInterrupt:
        return 130
    return 1


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="manage.py up", description="Set up and run ResellerHub with demo data.")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--host", default="127.0.0.1", help="0.0.0.0 lets others on the network in")
    parser.add_argument(
        "--size", choices=("small", "medium", "large"), default="small", help="60, 2,000 or 60,000 customers"
    )
    parser.add_argument(
        "--check",
        action="store_true",
        help="run a bulk sale and the over-usage report on throw-away data, print the result, stop",
    )
    return parser
