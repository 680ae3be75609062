"""Locks on files: they end with the last process that holds them open, however it ends."""

import fcntl
import os
import time
from pathlib import Path


class FileLock:
    def __init__(self, path: Path) -> None:
        self.path = path
        self.fd = -1

    def take(self) -> bool:
        """False when another process holds it. A child given `fd` goes on holding it."""
        if self.fd >= 0:
            return True
        self.path.parent.mkdir(parents=True, exist_ok=True)
        fd = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(fd)
            return False
        self.fd = fd
        return True

    def wait(self, seconds: float) -> bool:
        until = time.monotonic() + seconds
        while not self.take():
            if time.monotonic() > until:
                return False
            time.sleep(0.1)
        return True

    def release(self) -> None:
        """Only of this process: a child that was given `fd` keeps the lock."""
        if self.fd >= 0:
            os.close(self.fd)
            self.fd = -1


def held(path: Path) -> bool:
    """Does any process hold it? Asking takes it for a moment, as a reader who disturbs nobody."""
    try:
        fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(fd, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(fd)
    return False
