"""Make requests and socket frames that no page and no partner of ours would send, from a seed (S-F5, S-F6)."""

import json
import random
import re
import secrets
import socket
import struct
from base64 import b64encode
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

#: Seconds after which an answer counts as one that never comes.
PATIENCE = 30
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "get")
WORDS = (
    "",
    "0",
    "-1",
    "1e309",
    "9" * 40,
    "null",
    "true",
    "中文",
    "é",
    "𠮷",
    "\x00",
    "\x7f",
    "\u202e",
    "a b",
    "a+b",
    "' OR 1=1 --",
    "<script>alert(1)</script>",
    "{{7*7}}",
    "${x}",
    "../../etc/passwd",
    "..\\..\\x",
    "%",
    "%s%n",
    "x" * 3000,
    "00000000-0000-0000-0000-000000000000",
    "2026-02-30",
    "310101199901010018",
)
TYPES = (
    "",
    "application/json",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "multipart/form-data",
    "text/plain; charset=utf-16",
    "application/xml",
    "application/json; charset=nothing",
)


@dataclass(frozen=True)
class Answer:
    """What came back: the status, 0 where the connection was closed without one, and the first bytes of the body."""

    status: int
    text: str


class Requests:
    """Strange requests to the addresses of a product, sent over bare connections."""

    def __init__(self, url: str, chance: random.Random, cookie: str) -> None:
        self.place = urlsplit(url)
        self.chance = chance
        self.cookie = cookie

    def send(self, method: str, path: str) -> Answer:
        """One strange request to an address of the form `/papers/{name}`, and its answer.

        Raises `TimeoutError` when nothing comes for half a minute.
        """
        body = self._body()
        with socket.create_connection((self.place.hostname, self.place.port), PATIENCE) as wire:
            with suppress(OSError):
                wire.sendall(self._head(method, path, body))
                wire.sendall(body)
                # Some go away in the middle of what they announced, some wait for what never comes.
                if self.chance.random() < 0.5:
                    wire.shutdown(socket.SHUT_WR)
            return _answer_of(wire)

    def _head(self, method: str, path: str, body: bytes) -> bytes:
        if self.chance.random() < 0.1:
            method = self.chance.choice(METHODS)
        lines = [f"{method} {self._address(path)} HTTP/1.1", f"Host: {self.place.netloc}", "Connection: close"]
        lines += [line for line in self._headers() if line]
        lines += self._length(body)
        return "\r\n".join(lines).encode("utf-8", "replace") + b"\r\n\r\n"

    def _address(self, path: str) -> str:
        filled = re.sub(
            r"\{[^}]*\}", lambda _: quote(self.chance.choice(WORDS), safe=self.chance.choice(("", "/"))), path
        )
        if self.chance.random() < 0.1:
            filled += self.chance.choice(("/", "//", "/..", "%2f", ";x=1", "%00"))
        names = self.chance.sample(["page", "size", "sort", "open", "q", "next", "id", "state", "why", "中"], 2)
        query = "&".join(
            f"{quote(name)}={quote(self.chance.choice(WORDS))}" for name in names[: self.chance.randrange(3)]
        )
        return f"{filled}?{query}" if query else filled

    def _headers(self) -> Iterator[str]:
        chance = self.chance
        if chance.random() < 0.6:
            yield f"Cookie: sid={self.cookie if chance.random() < 0.8 else chance.choice(['', 'x', 'a' * 5000])}"
        yield chance.choice(("", "Accept: text/html", "Accept: application/json", "Accept: ;;q=x"))
        yield chance.choice(
            (f"Origin: {self.place.geturl()}",) * 3 + ("", "Origin: null", "Origin: http://evil.example")
        )
        kind = chance.choice(TYPES)
        yield f"Content-Type: {kind}" if kind else ""
        for name in chance.sample(
            ["Range", "If-None-Match", "X-Forwarded-For", "Authorization", "Accept-Language", "X-App-Id", "X-Sign"], 2
        ):
            yield f"{name}: {chance.choice(('', 'bytes=0-1,5-', '*', 'Basic !!', 'a,b;c=d', 'é', '1' * 200))}"

    def _length(self, body: bytes) -> list[str]:
        chance = self.chance.random()
        if chance < 0.05:
            return ["Transfer-Encoding: chunked"]
        if chance < 0.08:
            return [f"Content-Length: {len(body) + 50}"]
        if chance < 0.1:
            return [f"Content-Length: {self.chance.choice(('-1', 'x', '9' * 30, '1, 2'))}"]
        return [f"Content-Length: {len(body)}"] if body or chance < 0.9 else []

    def _body(self) -> bytes:
        chance = self.chance
        fields = {
            chance.choice(("csrf", "login", "number", "name", "kind", "x")): chance.choice(WORDS) for _ in range(3)
        }
        return chance.choice(
            (
                b"",
                b"\x00\xff\xfe" * 20,
                json.dumps(fields).encode(),
                json.dumps([strange_value(chance, 4)]).encode(),
                b"[" * 2000,
                b'{"a":1,"a":2}',
                "&".join(f"{quote(name)}={quote(value)}" for name, value in fields.items()).encode(),
                b'--x\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n1\r\n--x--\r\n',
                b'--x\r\nContent-Disposition: form-data; name="a"; filename="a.xlsx"\r\n\r\nPK\x03\x04',
                b"5\r\nhello\r\n0\r\n\r\n",
            )
        )


def strange_value(chance: random.Random, depth: int) -> Any:
    """A JSON value of any kind, nested as deep as asked."""
    if depth == 0 or chance.random() < 0.3:
        return chance.choice((None, True, -1, 1.5, 10**30, [], {}, *WORDS[:12]))
    if chance.random() < 0.5:
        return [strange_value(chance, depth - 1) for _ in range(chance.randrange(4))]
    names = ("client_id", "id", "args", "listener_id", "next_message_id", "result", "x")
    return {chance.choice(names): strange_value(chance, depth - 1) for _ in range(chance.randrange(4))}


def _answer_of(wire: socket.socket) -> Answer:
    received = b""
    with suppress(ConnectionError):
        while len(received) < 20_000 and (part := wire.recv(8192)):
            received += part
    found = re.match(rb"HTTP/1\.[01] (\d{3})", received)
    return Answer(int(found[1]) if found else 0, received.decode("utf-8", "replace"))


@dataclass(frozen=True)
class OpenedPage:
    """A page's id and those of the listeners that its script may call."""

    client_id: str
    listeners: Sequence[str]


def frame(content: bytes, *, kind: int = 1, last: bool = True, masked: bool = True) -> bytes:
    """The bytes of one frame (RFC 6455, 5.2)."""
    size = len(content)
    mask = b"\x01\x02\x03\x04"
    long = 126 if size < 65_536 else 127
    length = bytes([size]) if size < 126 else bytes([long]) + struct.pack(">H" if long == 126 else ">Q", size)
    head = bytes([(128 if last else 0) | kind, length[0] | (128 if masked else 0)]) + length[1:]
    hidden = bytes(byte ^ mask[place % 4] for place, byte in enumerate(content))
    return head + (mask + hidden if masked else content)


class Socket:
    """A page's socket without a browser: the handshake, and frames of any kind."""

    def __init__(self, url: str, cookie: str, client_id: str) -> None:
        place = urlsplit(url)
        self.wire = socket.create_connection((place.hostname, place.port), PATIENCE)
        head = (
            f"GET /_nicegui_ws/socket.io/?EIO=4&transport=websocket&client_id={client_id} HTTP/1.1",
            f"Host: {place.netloc}",
            "Upgrade: websocket",
            "Connection: Upgrade",
            f"Origin: {url}",
            f"Cookie: sid={cookie}",
            f"Sec-WebSocket-Key: {b64encode(secrets.token_bytes(16)).decode()}",
            "Sec-WebSocket-Version: 13",
        )
        self.wire.sendall("\r\n".join(head).encode() + b"\r\n\r\n")
        self.opened = self.wire.recv(4096).startswith(b"HTTP/1.1 101")

    def say(self, content: bytes, *, kind: int = 1, last: bool = True, masked: bool = True) -> None:
        """Send one frame."""
        self.wire.sendall(frame(content, kind=kind, last=last, masked=masked))

    def close(self) -> None:
        """Close as a browser does, and wait until the product has closed too."""
        with suppress(OSError):
            self.say(b"\x03\xe8", kind=8)
            self.wire.shutdown(socket.SHUT_WR)
            while self.wire.recv(65_536):
                pass
        self.wire.close()


def strange_frames(chance: random.Random, page: OpenedPage, count: int) -> Iterator[tuple[bytes, int, bool, bool]]:
    """Frames for `Socket.say`: content, kind, last, masked; most are events of the page with something wrong in them."""
    for _ in range(count):
        kind, last, masked = 1, True, True
        choice = chance.random()
        if choice < 0.7:
            content = b"42" + json.dumps(_event(chance, page)).encode()
        elif choice < 0.85:
            texts: Sequence[bytes] = (
                b"",
                b"4",
                b"42",
                b"42{",
                b"42[]",
                b'42["event"]',
                b"42[1,2]",
                b"43" + b"9" * 30 + b"[]",
                b'451-["event",{"_placeholder":true,"num":0}]',
                b'459999-["event"]',
                b"40/other,",
                b'40{"x":1}',
                b"41",
                b"44",
                b"9",
                b"2probe",
                b"5",
                b"\xff\xfe",
                b"42" + b"[" * 3000,
            )
            content = chance.choice(texts)
        else:
            content, kind = chance.randbytes(chance.randrange(200)), chance.choice((0, 1, 2, 3, 9, 10, 11))
            last, masked = chance.random() < 0.8, chance.random() < 0.9
        yield content, kind, last, masked


def _event(chance: random.Random, page: OpenedPage) -> list[Any]:
    name = chance.choice(("event", "event", "handshake", "javascript_response", "ack", "log", "connect", "中"))
    message: Any = {
        "client_id": page.client_id if chance.random() < 0.8 else strange_value(chance, 1),
        "id": chance.choice((1, 4, 10**12, "x", None, strange_value(chance, 2))),
        "listener_id": chance.choice((*page.listeners, "x", 7, None, strange_value(chance, 1))),
        "args": strange_value(chance, 3),
        "request_id": strange_value(chance, 1),
        "result": strange_value(chance, 2),
        "next_message_id": strange_value(chance, 1),
        "tab_id": strange_value(chance, 1),
        "old_tab_id": strange_value(chance, 1),
        "document_id": strange_value(chance, 1),
    }
    for gone in chance.sample(sorted(message), chance.randrange(6)):
        del message[gone]
    return [name, *chance.choice(([message], [], [strange_value(chance, 3)], [message, message]))]
