"""Forwarding of committed audit events to a syslog server (RFC 5424), without ever blocking (security.md 6)."""

import json
import logging
import os
import queue
import socket
import threading
from collections.abc import Sequence
from urllib.parse import urlsplit

log = logging.getLogger("shenfang.syslog")
_FACILITY = 13  # log audit
_ROOM = 10_000
_DATAGRAM = 60_000
_CONNECT = 3.0
_PAUSE = 2.0
_END = object()


class SyslogForward:
    """Takes events, sends them from a thread of its own; what finds no room is dropped and counted."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"udp", "tcp"} or not parts.hostname:
            raise ValueError("SYSLOG_URL 应为 udp://主机:端口 或 tcp://主机:端口")
        self._stream = parts.scheme == "tcp"
        self._to = (parts.hostname, parts.port or (601 if self._stream else 514))
        self._queue: queue.Queue[object] = queue.Queue(_ROOM)
        self._socket: socket.socket | None = None
        self._over = threading.Event()
        self._silent = False
        self.dropped = 0
        self._thread = threading.Thread(target=self._run, name="syslog", daemon=True)
        self._thread.start()

    def __call__(self, bodies: Sequence[str]) -> None:
        """Queue committed events; never blocks."""
        for body in bodies:
            try:
                self._queue.put_nowait(body)
            except queue.Full:
                self.dropped += 1

    def stop(self, seconds: float = 3.0) -> None:
        """Send what is queued, for so long at most."""
        try:
            self._queue.put_nowait(_END)
        except queue.Full:
            self._over.set()
        self._thread.join(seconds)
        self._over.set()

    def _run(self) -> None:
        told = 0
        while not self._over.is_set() and (body := self._queue.get()) is not _END:
            message = frame(str(body))
            if not self._stream:
                # A longer one than a datagram takes would be refused for ever.
                message = message[:_DATAGRAM]
            while not self._over.is_set() and not self._sent(message):
                self._over.wait(_PAUSE)
            if self.dropped > told:
                told = self.dropped
                log.warning("%s audit events were not forwarded: the syslog server takes too few", told)

    def _sent(self, message: bytes) -> bool:
        try:
            if self._socket is None:
                self._socket = self._connected()
            # RFC 6587: over a stream every message is preceded by its length.
            self._socket.sendall(b"%d %s" % (len(message), message) if self._stream else message)
        except OSError as problem:
            if not self._silent:
                log.warning("the syslog server does not answer: %s", type(problem).__name__)
                self._silent = True
            if self._socket is not None:
                self._socket.close()
                self._socket = None
            return False
        self._silent = False
        return True

    def _connected(self) -> socket.socket:
        if self._stream:
            return socket.create_connection(self._to, timeout=_CONNECT)
        family, kind, proto, _, address = socket.getaddrinfo(*self._to, type=socket.SOCK_DGRAM)[0]
        found = socket.socket(family, kind, proto)
        found.connect(address)
        return found


def frame(body: str) -> bytes:
    """Return an event as an RFC 5424 message; the message part is the canonical text, which is already masked."""
    event = json.loads(body)
    host = socket.gethostname()[:255] or "-"
    head = f"<{_FACILITY * 8 + event['sev']}>1 {event['ts']} {host} shenfang {os.getpid()} {event['evt'] or '-'}"
    data = f'[audit@32473 chain="{event["chain"]}" seq="{event["seq"]}"]'
    return f"{head} {data} ".encode() + b"\xef\xbb\xbf" + body.encode()
