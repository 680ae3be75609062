"""What the person at the terminal reads."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Trouble(Exception):
    """A sentence that says what is wrong and what to do; the command ends with it."""


def say(text: str = "") -> None:
    print(text, flush=True)


@contextmanager
def step(what: str) -> Iterator[Callable[[str], None]]:
    """Print what is being done, and how long it took; a terminal is shown meanwhile what is told about it."""
    print(f"  {what:<58}", end="", flush=True)
    began = time.monotonic()

    def tell(where: str) -> None:
        if sys.stdout.isatty():
            line = f"{what}: {where}" if where else what
            print(f"\r  {line[:58]:<58}", end="", flush=True)

    try:
        yield tell
        tell("")
    except BaseException:
        print("stopped", flush=True)
        raise
    print(f"{time.monotonic() - began:5.1f} s", flush=True)
