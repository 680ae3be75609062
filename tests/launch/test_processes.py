"""Every process dies with the launcher, grandchildren too; stopping is orderly."""

import os
import signal
import sys
import time
from pathlib import Path

import psutil

from resellerhub.launch.locks import FileLock, held
from resellerhub.launch.processes import Command
from resellerhub.launch.terminal import step
from tests.launch.conftest import Clone

FORKING = """
import os, time
for _ in range(2):
    if os.fork() == 0:
        os.fork()
        time.sleep(600)
        os._exit(0)
print("forked", flush=True)
time.sleep(600)
"""
LAUNCHER = """
import os, time
from pathlib import Path
from resellerhub.launch import places
from resellerhub.launch.locks import FileLock
from resellerhub.launch.processes import Child
lock = FileLock(Path("alive")); lock.take()
log = Path("forking.log")
child = Child.start("forking", [sys.executable, "-m", "resellerhub.launch.child", "forking"],
                    log=log, env=dict(os.environ), keep=[lock.fd])
while "forked" not in log.read_text(): child.check(); time.sleep(0.05)
print("up", flush=True)
while True: child.check(); time.sleep(0.1)
"""


def wait_until(condition, seconds: float = 30) -> bool:
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def family(pid: int) -> list[psutil.Process]:
    return psutil.Process(pid).children(recursive=True)


def start(clone: Clone):
    (clone.root / "forking.py").write_text(FORKING)
    launcher = clone.start(LAUNCHER)
    assert launcher.stdout.readline() == "up\n"
    return launcher


def test_killing_the_launcher_leaves_nothing(clone):
    launcher = start(clone)
    assert wait_until(lambda: len(family(launcher.pid)) == 5)
    processes = family(launcher.pid)
    launcher.kill()
    launcher.wait()
    launcher.stdout.close()
    assert wait_until(lambda: not any(process.is_running() for process in processes)), processes
    assert not held(clone.root / "alive")


def test_killing_a_childs_main_process_takes_its_forks_and_is_noticed(clone):
    launcher = start(clone)
    processes = family(launcher.pid)
    child = next(process for process in processes if process.ppid() == launcher.pid)
    child.send_signal(signal.SIGKILL)
    assert wait_until(lambda: not any(process.is_running() for process in processes)), processes
    assert launcher.wait(30) == 1
    launcher.stdout.close()


def test_the_lock_lasts_as_long_as_the_last_process_that_was_given_it(tmp_path: Path):
    lock = FileLock(tmp_path / "lock")
    assert lock.take()
    assert not FileLock(tmp_path / "lock").take()
    copy = os.dup(lock.fd)
    lock.release()
    assert held(tmp_path / "lock")
    os.close(copy)
    assert not held(tmp_path / "lock")
    assert FileLock(tmp_path / "lock").take()


DEAF = "import signal, time; signal.signal(15, signal.SIG_IGN); print(1, flush=True); time.sleep(600)"
STOPPING = f"""
import os, time
from pathlib import Path
from resellerhub.launch.processes import Child, stop
log = Path("deaf.log")
child = Child.start("deaf", [sys.executable, "-c", {DEAF!r}], log=log, env=dict(os.environ))
while not log.read_text(): time.sleep(0.05)
stop([child], patience=0.3)
print(child.alive, child.process.returncode)
"""


def test_a_child_that_does_not_listen_is_stopped_the_hard_way(clone):
    done = clone.run(STOPPING)
    assert done.stdout == "False -9\n", done.stderr


def test_what_a_command_says_is_shown_on_a_terminal_as_it_comes(capsys, monkeypatch):
    for is_terminal in (True, False):
        monkeypatch.setattr(sys.stdout, "isatty", lambda is_terminal=is_terminal: is_terminal)
        with step("Tables") as tell:
            said = Command([sys.executable, "-c", "print('one'); print('two')"], failing="").output(tell)
        shown = capsys.readouterr().out
        assert said == "one\ntwo\n"
        assert ("Tables: one" in shown, "Tables: two" in shown) == (is_terminal, is_terminal)
        assert shown.rstrip().endswith("s")
