"""Starting commands and servers, each tied to the launcher, and stopping them in order."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from resellerhub.launch import ties
from resellerhub.launch.paths import PYTHON, ROOT
from resellerhub.launch.terminal import Trouble

Argv = Sequence[str | Path]


class Account(NamedTuple):
    """Whom a server runs as when the launcher is root."""

    uid: int
    gid: int

    def popen(self) -> dict[str, Any]:
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


def _tie(signum: int) -> Callable[[], None]:
    ties.prepare()
    parent = os.getpid()
    return lambda: ties.die_with(parent, signum)


def tail(log: Path, lines: int = 15) -> str:
    try:
        return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
    except OSError:
        return ""


class Command:
    """A command that has to succeed; `failing` is what the person reads when it does not."""

    def __init__(
        self,
        argv: Argv,
        *,
        failing: str,
        log: Path | None = None,
        env: Mapping[str, str] | None = None,
        account: Account | None = None,
        stdin: str = "",
        cwd: Path = ROOT,
    ) -> None:
        self.failing, self.log, self.stdin = failing, log, stdin
        self.process = subprocess.Popen(
            [str(part) for part in argv],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            env=None if env is None else dict(env),
            cwd=cwd,
            preexec_fn=_tie(signal.SIGKILL),
            **(account.popen() if account else {}),
        )

    def output(self, hear: Callable[[str], None] | None = None) -> str:
        """All that it said, once it has ended; each line is told to `hear` as it comes."""
        try:
            said = self._heard(hear) if hear else self.process.communicate(self.stdin)[0]
        except BaseException:
            self.process.kill()
            raise
        if self.log:
            self.log.parent.mkdir(parents=True, exist_ok=True)
            self.log.write_text(said)
        if self.process.returncode:
            last = "\n".join(said.strip().splitlines()[-15:])
            raise Trouble(f"{self.failing}\n{last}" + (f"\n(all of it: {self.log})" if self.log else ""))
        return str(said)

    def _heard(self, hear: Callable[[str], None]) -> str:
        assert self.process.stdin  # noqa: S101 -- both are pipes
        assert self.process.stdout  # noqa: S101
        self.process.stdin.close()
        lines = []
        with self.process.stdout as said:
            for line in said:
                lines.append(line)
                hear(line.strip())
        self.process.wait()
        return "".join(lines)


def run(argv: Argv, **options: Any) -> str:
    """The output of a `Command`."""
    return Command(argv, **options).output()


def manage(*arguments: str, env: Mapping[str, str], failing: str, log: Path | None = None) -> Command:
    """`manage.py …` in .venv, started."""
    return Command([PYTHON, ROOT / "manage.py", *arguments], env=env, failing=failing, log=log)


class Child:
    """A process that runs as long as the launcher does."""

    def __init__(self, name: str, process: subprocess.Popen[str], log: Path, stop_with: int, stop_hard: int) -> None:
        self.name, self.process, self.log = name, process, log
        self.stop_with, self.stop_hard = stop_with, stop_hard

    @classmethod
    def start(
        cls,
        name: str,
        argv: Argv,
        *,
        log: Path,
        env: Mapping[str, str],
        account: Account | None = None,
        stdin: str | None = None,
        cwd: Path = ROOT,
        keep: Iterable[int] = (),
        stop_with: int = signal.SIGTERM,
        stop_hard: int = signal.SIGKILL,
        tied_by: int = signal.SIGKILL,
    ) -> "Child":
        """`keep`: descriptors it holds on to, so that a lock lasts as long as the process and its children."""
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("w") as output:
            process = subprocess.Popen(
                [str(part) for part in argv],
                stdin=subprocess.DEVNULL if stdin is None else subprocess.PIPE,
                stdout=output,
                stderr=subprocess.STDOUT,
                text=True,
                env=dict(env),
                cwd=cwd,
                start_new_session=True,  # Ctrl-C at the terminal reaches the launcher alone
                preexec_fn=_tie(tied_by),
                pass_fds=tuple(keep),
                **(account.popen() if account else {}),
            )
        if stdin is not None and process.stdin:
            process.stdin.write(stdin)
            process.stdin.close()
        return cls(name, process, log, stop_with, stop_hard)

    @classmethod
    def module(cls, name: str, *argv: str, log: Path, env: Mapping[str, str], keep: Iterable[int] = ()) -> "Child":
        """A Python module of .venv whose forks are tied, too."""
        command: Argv = [PYTHON, "-m", "resellerhub.launch.child", *argv]
        return cls.start(name, command, log=log, env=env, keep=keep)

    @property
    def alive(self) -> bool:
        return self.process.poll() is None

    def check(self) -> None:
        if not self.alive:
            code = self.process.returncode
            how = f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with {code}"
            raise Trouble(f"{self.name} {how}. The end of {self.log}:\n{tail(self.log)}")

    def signal(self, signum: int) -> None:
        if self.alive:
            self.process.send_signal(signum)

    def wait(self, seconds: float) -> bool:
        try:
            self.process.wait(max(seconds, 0))
        except subprocess.TimeoutExpired:
            return False
        return True


def stop(children: Sequence[Child], patience: float = 10) -> None:
    """All at once, politely; then hard; then whatever is left of their groups."""
    for signum, seconds in ((None, patience), ("hard", 5.0)):
        for child in children:
            child.signal(child.stop_hard if signum else child.stop_with)
        until = time.monotonic() + seconds
        if all(child.wait(until - time.monotonic()) for child in children):
            break
    for child in children:
        try:
            os.killpg(child.process.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            continue
