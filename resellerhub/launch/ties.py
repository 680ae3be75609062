"""Ties a process to its parent: when the parent dies, by whatever means, the kernel ends the child."""

import ctypes
import functools
import os
import sys

PR_SET_PDEATHSIG = 1


@functools.cache
def _libc() -> ctypes.CDLL | None:
    return ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def prepare() -> None:
    """Load the C library now: between fork and exec it would be too late."""
    _libc()


def die_with(parent: int, signum: int) -> None:
    """Called in the child. Elsewhere than on Linux there is no such tie, and an orderly stop has to do."""
    libc = _libc()
    if libc is None:
        return
    libc.prctl(PR_SET_PDEATHSIG, signum, 0, 0, 0)
    if os.getppid() != parent:  # it died before the tie was made
        os._exit(1)
