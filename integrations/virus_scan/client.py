"""A clamd client over TCP or a local socket; any unclear answer counts as silence."""

import re
import socket
from contextlib import closing, suppress
from time import monotonic

from integrations.virus_scan.contract import CLEAN, COMMAND, FOUND, LONGEST_REPLY, PIECE, VERSION
from services.ports.systems import Scan

_ADDRESS = re.compile(r"(?:tcp://(?P<host>[^:/\s]+|\[[0-9a-fA-F:]+\]):(?P<port>[0-9]{1,5})|unix:(?P<path>/\S+))")


class BadScannerAddress(ValueError):
    """The setting names no scanner."""


class ClamdScanner:
    """A connection a file; `seconds` bound the whole conversation, however slowly it drips."""

    def __init__(self, address: str, *, seconds: float = 20.0) -> None:
        found = _ADDRESS.fullmatch(address)
        if found is None:
            raise BadScannerAddress("VIRUS_SCANNER 应为 tcp://主机:端口 或 unix:/路径")
        self._path = found["path"]
        self._place = (found["host"].strip("[]"), int(found["port"])) if found["host"] else ("", 0)
        self._seconds = seconds

    def scan(self, content: bytes) -> Scan:
        """Return whether a file is clean; asked once, in bounded time."""
        until = monotonic() + self._seconds
        try:
            engine = self._say(VERSION, (), until)
            reply = self._say(COMMAND, _pieces(content), until)
        except (OSError, ValueError):
            return Scan("silent")
        if reply == CLEAN:
            return Scan("clean", _short(engine))
        if reply.startswith("stream: ") and reply.endswith(FOUND):
            return Scan("infected", _short(engine))
        return Scan("silent", _short(engine))

    def _say(self, command: bytes, pieces: "tuple[bytes, ...]", until: float) -> str:
        with closing(self._connect(until)) as line:
            _send(line, command, until)
            # A scanner that has seen enough hangs up while we still speak; what it said is read all the same.
            with suppress(BrokenPipeError, ConnectionResetError):
                for piece in pieces:
                    _send(line, piece, until)
            return _hear(line, until)

    def _connect(self, until: float) -> socket.socket:
        if not self._path:
            return socket.create_connection(self._place, _left(until))
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            line.settimeout(_left(until))
            line.connect(self._path)
        except OSError:
            line.close()
            raise
        return line


def _pieces(content: bytes) -> tuple[bytes, ...]:
    cut = [content[at : at + PIECE] for at in range(0, len(content), PIECE)]
    return (*(len(piece).to_bytes(4) + piece for piece in cut), bytes(4))


def _send(line: socket.socket, data: bytes, until: float) -> None:
    line.settimeout(_left(until))
    line.sendall(data)


def _hear(line: socket.socket, until: float) -> str:
    heard = bytearray()
    while not heard.endswith(b"\0"):
        line.settimeout(_left(until))
        piece = line.recv(LONGEST_REPLY)
        heard += piece
        if not piece or len(heard) > LONGEST_REPLY:
            raise ValueError("no reply of clamd")
    return heard.rstrip(b"\0").decode("ascii", "strict").strip()


def _left(until: float) -> float:
    left = until - monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _short(engine: str) -> str:
    return "".join(char for char in engine if char.isprintable())[:60]
