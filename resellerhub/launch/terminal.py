"""What the person at the terminal reads."""

import time
from collections.abc import Iterator
from contextlib import contextmanager


class Trouble(Exception):
    """A sentence that says what is wrong and what to do; the command ends with it."""


def say(text: str = "") -> None:
    print(text, flush=True)


@contextmanager
def step(what: str) -> Iterator[None]:
    """Print what is being done, and how long it took."""
    print(f"  {what:<58}", end="", flush=True)
    began = time.monotonic()
    try:
        yield
    except BaseException:
        print("stopped", flush=True)
        raise
    print(f"{time.monotonic() - began:5.1f} s", flush=True)
