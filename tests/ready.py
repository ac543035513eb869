"""Processes of drills that begin with the product loaded: loading it takes them longer than what they do.

`start` asks a process of this run, which has loaded the product and has no threads, to fork. The fork runs a module or a
file of ours as Python does with a process of its own. How the product itself starts is tested without it.
"""

import contextlib
import fcntl
import json
import os
import runpy
import select
import selectors
import signal
import socket
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

ROOT = Path(__file__).resolve().parent.parent
HOME, OWNER = "SHENFANG_TEST_HOME", "SHENFANG_TEST_OWNER"
SOCKET, PROCESS = "ready.socket", "ready.pid"
#: How often the process looks if the run it belongs to is still there, in seconds.
_LOOKS = 5.0
_LONGEST = 1 << 20


@dataclass
class Started:
    """A forked process, with what its callers use of `subprocess.Popen`."""

    args: list[str]
    pid: int
    line: socket.socket
    stdin: IO[str] | None = None
    stdout: IO[str] | None = None
    returncode: int | None = field(default=None, init=False)

    def poll(self) -> int | None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.wait(0)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        if self.returncode is None:
            if not select.select([self.line], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired(self.args, timeout or 0)
            told = self.line.recv(64)
            # Whoever forked it was killed, and it with him.
            self.returncode = int(told) if told else -signal.SIGKILL
            self.line.close()
        return self.returncode

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


def start(
    *arguments: str,
    env: dict[str, str] | None = None,
    output: IO[Any] | None = None,
    talks: bool = False,
    folder: Path = ROOT,
) -> Started:
    """Start `-m module` or a file with arguments; with `talks` its `stdin` and `stdout` are pipes.

    Otherwise it reads nothing, and what it says goes to `output`. It stands in `folder`, in a session of its own.
    """
    line = _connected()
    environment = dict(os.environ) if env is None else env
    order = {"arguments": arguments, "environment": environment, "folder": str(folder)}
    ours: list[IO[str]] = []
    if talks:
        (reads, writes), (heard, says) = os.pipe(), os.pipe()
        given = [reads, says, 2]
        ours = [os.fdopen(writes, "w", encoding="utf-8"), os.fdopen(heard, encoding="utf-8")]
        passing = [reads, says]
    else:
        nothing = os.open(os.devnull, os.O_RDWR)
        told = output.fileno() if output else nothing
        given, passing = [nothing, told, told], [nothing]
    socket.send_fds(line, [json.dumps(order).encode()], given)
    for each in passing:
        os.close(each)
    return Started(list(arguments), int(line.recv(64)), line, *ours)


def _connected() -> socket.socket:
    """A connection to the process of this run, which whoever needs it first starts."""
    home = Path(os.environ[HOME])
    with (home / "ready.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (home / SOCKET).exists():
            _begin(home)
    line = socket.socket(socket.AF_UNIX)
    line.connect(str(home / SOCKET))
    return line


def _begin(home: Path) -> None:
    outside = {name: value for name, value in os.environ.items() if not name.startswith(("NICEGUI_", "PYTEST_"))}
    told, tells = os.pipe()
    with (home / "ready.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.ready", str(home), str(tells)],
            cwd=ROOT,
            env=outside,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            pass_fds=[tells],
            start_new_session=True,
        )
    os.close(tells)
    with os.fdopen(told) as answer:
        if not answer.read():
            raise RuntimeError((home / "ready.log").read_text(errors="replace"))
    (home / PROCESS).write_text(str(process.pid))
    # It ends with the run, not with the worker of the run that needed it first.
    process.returncode = 0


def stop(home: Path) -> float:
    """End the process of a run; the processor seconds that it and what it started took."""
    try:
        process = int((home / PROCESS).read_text())
        spent = Path("/proc", str(process), "stat").read_text().rpartition(")")[2].split()[11:15]
        os.kill(process, signal.SIGKILL)
    except (OSError, ValueError):
        return 0.0
    return sum(map(int, spent)) / os.sysconf("SC_CLK_TCK")


# In the process that is ready


def _serve(home: Path, tells: int) -> dict[str, Any]:
    """Fork for everybody who asks; returns in each fork what it has to do."""
    owner = int(os.environ[OWNER])
    server = socket.socket(socket.AF_UNIX)
    server.bind(str(home / SOCKET))
    server.listen(64)
    os.write(tells, b"ready")
    os.close(tells)
    waiting = selectors.DefaultSelector()
    waiting.register(server, selectors.EVENT_READ)
    while True:
        if not (ready := waiting.select(_LOOKS)) and not Path("/proc", str(owner)).exists():
            sys.exit()
        for key, _ in ready:
            if key.fileobj is not server:
                _tell_end(waiting, key)
                continue
            line, _ = server.accept()
            message, given, _, _ = socket.recv_fds(line, _LONGEST, 3)
            process = os.fork()
            if not process:
                waiting.close()
                server.close()
                line.close()
                for place, each in enumerate(given):
                    os.dup2(each, place)
                for each in given:
                    os.close(each)
                order: dict[str, Any] = json.loads(message)
                return order
            for each in given:
                os.close(each)
            line.sendall(b"%d" % process)
            waiting.register(os.pidfd_open(process), selectors.EVENT_READ, (process, line))


def _tell_end(waiting: selectors.BaseSelector, key: selectors.SelectorKey) -> None:
    process, line = key.data
    waiting.unregister(key.fileobj)
    os.close(key.fd)
    _, status = os.waitpid(process, 0)
    with contextlib.suppress(OSError), line:
        line.sendall(b"%d" % os.waitstatus_to_exitcode(status))


def _run(order: dict[str, Any]) -> None:
    """Become a process like one that was started with these arguments and this environment."""
    os.setsid()
    os.environ.clear()
    os.environ.update(order["environment"])
    os.chdir(order["folder"])
    at_once = bool(os.environ.get("PYTHONUNBUFFERED"))
    sys.stdin = os.fdopen(0, encoding="utf-8", closefd=False)
    sys.stdout = os.fdopen(1, "w", encoding="utf-8", closefd=False)
    sys.stderr = os.fdopen(2, "w", encoding="utf-8", closefd=False)
    sys.stdout.reconfigure(write_through=at_once)
    sys.stderr.reconfigure(line_buffering=True, errors="backslashreplace")
    first, *rest = order["arguments"]
    if first == "main.py" and not rest and _is_worker():
        rest = ["worker", "--with-parent"]
    if first == "-m":
        sys.argv = [rest[0], *rest[1:]]
        runpy.run_module(rest[0], run_name="__main__", alter_sys=True)
    else:
        sys.argv = [first, *rest]
        runpy.run_path(str(ROOT / first), run_name="__main__")


def _is_worker() -> bool:
    """Fork the worker of a product, which begins when the product starts it, in the environment it is given.

    A worker that is started again is a process of its own. True in the fork.
    """
    from deploy import processes

    reads, writes = os.pipe()
    if process := os.fork():
        os.close(reads)
        setattr(processes, "subprocess", _Forking(process, writes))  # noqa: B010
        return False
    os.close(writes)
    with os.fdopen(os.dup(reads), "rb", buffering=0) as line:
        told = line.readline()
    if not told:
        os._exit(0)
    os.dup2(reads, 0)
    os.close(reads)
    os.environ.clear()
    os.environ.update(json.loads(told))
    return True


class _Forking:
    """What the product knows of `subprocess`, with a process that is forked already for the first it starts."""

    PIPE, TimeoutExpired = subprocess.PIPE, subprocess.TimeoutExpired

    def __init__(self, process: int, writes: int) -> None:
        self.process, self.writes = process, writes

    def Popen(self, command: list[str], env: dict[str, str], stdin: int) -> subprocess.Popen[bytes]:  # noqa: N802
        from deploy import processes

        setattr(processes, "subprocess", subprocess)  # noqa: B010
        line = os.fdopen(self.writes, "wb", buffering=0)
        line.write(json.dumps(env).encode() + b"\n")
        begun = subprocess.Popen.__new__(subprocess.Popen)
        begun.__dict__ |= {"args": command, "pid": self.process, "returncode": None, "stdin": line}
        begun.__dict__ |= {"stdout": None, "stderr": None, "_child_created": True, "_waitpid_lock": threading.Lock()}
        return begun


if __name__ == "__main__":
    import main as _main  # noqa: F401
    import tests.world  # noqa: F401
    import ui.app  # noqa: F401

    _run(_serve(Path(sys.argv[1]), int(sys.argv[2])))
