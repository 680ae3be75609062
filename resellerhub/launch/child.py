"""Runs a Python module so that it and every process it forks die with whoever started them.

`python -m resellerhub.launch.child celery -A resellerhub.celery worker`: the kernel's tie is not inherited over a
fork, so that killing Celery's main process would leave its pool behind; hence a hook on every fork.
"""

import os
import runpy
import signal
import sys

from resellerhub.launch import ties

_forking = 0


def _before() -> None:
    global _forking
    _forking = os.getpid()


def _in_child() -> None:
    ties.die_with(_forking, signal.SIGKILL)


def main() -> None:
    ties.prepare()
    os.register_at_fork(before=_before, after_in_child=_in_child)
    del sys.argv[0]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
