"""Hold the data directory and the port of an instance before the product is loaded, so that a second start changes nothing.

Nothing of the product is loaded here. Two web processes and a worker of one production host share their data directory; the web process that
brings its own worker and simulators, as `make run` does, has it alone.
"""

import errno
import fcntl
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

from deploy.settings import Settings, read_settings, strange_names

LOCK = "instance.lock"
_PAGE = """<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta http-equiv="refresh" content="3">
<title>申房正在启动</title><p style="font: 18px sans-serif; margin: 4em auto; max-width: 30em">申房正在启动，请稍候；
本页会自动打开，首次启动需要一两分钟。</p></html>
""".encode()
_STARTING = (
    b"HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/html; charset=utf-8\r\nCache-Control: no-store\r\n"
    b"Retry-After: 3\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(_PAGE)
) + _PAGE


class InstanceRefused(Exception):
    """Raised when the data directory or the port is another process's; its text is the Chinese sentence for the user."""


@dataclass
class Instance:
    """A data directory and a port held by this process; the operating system frees both when it ends.

    Until the product serves, a thread answers on the port with 503 and a page that says so and loads itself again.
    """

    lock: int
    port: socket.socket
    _serves: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def answer_meanwhile(self) -> None:
        """Answer requests that arrive before the product serves."""
        self._thread = threading.Thread(target=self._answer, daemon=True)
        self._thread.start()

    def give_port(self) -> socket.socket:
        """The listening socket, for the server; those who come from now on wait for it."""
        self._serves.set()
        if self._thread is not None:
            self._thread.join()
        self.port.settimeout(None)
        return self.port

    def _answer(self) -> None:
        self.port.settimeout(0.2)
        while not self._serves.is_set():
            with suppress(OSError):
                caller, _ = self.port.accept()
                with caller:
                    caller.settimeout(1)
                    caller.recv(4096)
                    caller.sendall(_STARTING)


def begin(command: Sequence[str]) -> Instance | None:
    """Check the settings and take what a serving command needs, or end the process with one Chinese sentence and 2.

    Gives `None` for commands that do not serve. From here on Ctrl-C ends the process with one line.
    """
    sys.excepthook = _quiet_interrupt
    name = command[0] if command else ""
    if name == "judge":
        return None
    if name in {"", "web", "worker"}:
        # An exception may be lost in a library that is being imported; a signal's handler is not.
        signal.signal(signal.SIGINT, _interrupted)
    settings = read_settings()
    for sentence in strange_names(os.environ):
        sys.stderr.write(f"{sentence}\n")
    try:
        if name in {"", "web"}:
            held = take_instance_of(settings, alone=not name and settings.run_worker)
            held.answer_meanwhile()
            return held
        if name == "worker" and "--with-parent" not in command:
            _lock(settings.data_dir, alone=False)
    except InstanceRefused as refused:
        sys.stderr.write(f"{refused}\n")
        raise SystemExit(2) from None
    return None


def take_instance_of(settings: Settings, *, alone: bool) -> Instance:
    """Hold the data directory and the port that the settings name."""
    return take_instance(settings.data_dir, settings.host, settings.port, alone=alone)


def _interrupted(*_: object) -> None:
    _say_stopped()
    os._exit(130)


def interrupt_as_usual() -> None:
    """Let Ctrl-C stop the server in its order, once there is one."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def _quiet_interrupt(kind: type[BaseException], problem: BaseException, trace: TracebackType | None) -> None:
    if not issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, problem, trace)
    else:
        _say_stopped()


def _say_stopped() -> None:
    # The worker beside the web process leaves the line to it.
    if "--with-parent" not in sys.argv:
        sys.stderr.write("\n已停止，未完成的启动步骤下次启动时继续\n")
        sys.stderr.flush()


def take_instance(data_dir: Path, host: str, port: int, *, alone: bool) -> Instance:
    """Hold the data directory, alone or beside other processes of the host, then the port.

    Raises `InstanceRefused`; nothing was changed then but an empty directory that did not exist.
    """
    lock = _lock(data_dir, alone=alone)
    try:
        return Instance(lock, _bound(host, port))
    except BaseException:
        os.close(lock)
        raise


def _lock(data_dir: Path, *, alone: bool) -> int:
    data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(data_dir / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.pread(descriptor, 200, 0).decode(errors="replace").strip()
        os.close(descriptor)
        raise InstanceRefused(
            f"数据目录 {data_dir} 正由另一个申房使用（{holder or '进程号未知'}），本次启动未作任何改动；"
            "请使用已打开的那一个，或先把它停止"
        ) from None
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, f"进程 {os.getpid()}，启动于 {time.strftime('%Y-%m-%d %H:%M:%S')}".encode(), 0)
    return descriptor


def _bound(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
        # Only a listening socket holds a port against others that reuse addresses too.
        bound.listen(128)
        return bound
    except OSError as problem:
        bound.close()
        raise InstanceRefused(_why(problem, host, port)) from None


def _why(problem: OSError, host: str, port: int) -> str:
    if problem.errno == errno.EADDRINUSE:
        return f"端口 {port} 已被占用{_user_of(port)}；请另选端口，例如：PORT={port % 65_535 + 1} make run"
    if problem.errno == errno.EACCES:
        return f"端口 {port} 须由管理员权限使用；请另选1024以上的端口，例如：PORT=8080 make run"
    return f"HOST {host} 不是本机的地址，请检查设置"


def _user_of(port: int) -> str:
    """The process that listens on a port, as far as this user may see it."""
    ours = {
        f"socket:[{fields[9]}]"
        for table in ("/proc/net/tcp", "/proc/net/tcp6")
        for fields in _table(table)
        if fields[3] == "0A" and int(fields[1].rpartition(":")[2], 16) == port
    }
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if any(str(link.readlink()) in ours for link in (folder / "fd").iterdir()):
                return f"（进程 {folder.name}，{(folder / 'comm').read_text().strip()}）"
    return ""


def _table(path: str) -> Iterator[list[str]]:
    with suppress(OSError):
        yield from (line.split() for line in Path(path).read_text().splitlines()[1:])
