"""A running nginx with the site as it is handed over, before two processes that say what reached them."""

import json
import os
import shutil
import signal
import socket
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.client import HTTPSConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.browser import free_port
from tests.deploy.nginx_files import lay_out

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
NAME = "zufang.example.gov"


class Process(ThreadingHTTPServer):
    """Stands where a web process would, and answers with what reached it."""

    daemon_threads = True

    def __init__(self, port: int) -> None:
        self.seen: list[str] = []
        self.lines: list[socket.socket] = []
        super().__init__(("127.0.0.1", port), Echo)
        Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def process_request(self, request: Any, client_address: Any) -> None:
        self.lines.append(request)
        super().process_request(request, client_address)

    def end(self) -> None:
        """As a process that is killed: nobody listens, and what was open is open no more."""
        self.shutdown()
        self.server_close()
        for line in self.lines:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)


class Echo(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # So that nothing waits for a line that an earlier process of this port still holds.
    timeout = 5

    def _answer(self) -> None:
        length, read = int(self.headers.get("content-length") or 0), 0
        while read < length:
            read += len(self.rfile.read(min(65536, length - read)))
        server: Any = self.server
        server.seen.append(f"{self.command} {self.path}")
        headers = [[name.lower(), value] for name, value in self.headers.items()]
        told = {"port": server.server_port, "path": self.path, "headers": headers, "size": read}
        if self.path == "/breaks":
            self.close_connection = True
            return
        body = json.dumps(told).encode()
        self.send_response(503 if self.path == "/own-503" else 200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = _answer  # noqa: N815

    def log_message(self, *_: Any) -> None:
        pass


@dataclass
class Said:
    """An answer; `told` is what the process behind said that reached it."""

    status: int
    headers: dict[str, str]
    body: str

    @property
    def told(self) -> dict[str, Any]:
        return dict(json.loads(self.body))

    def reached(self, header: str) -> list[str]:
        return [value for name, value in self.told["headers"] if name == header]


@dataclass
class Site:
    """A running nginx with what stands behind it."""

    folder: Path
    ports: dict[str, int]
    processes: dict[int, Process] = field(default_factory=dict)

    def ask(
        self,
        path: str,
        headers: dict[str, str] | None = None,
        *,
        method: str = "GET",
        body: bytes = b"",
        source: str = "127.0.0.1",
    ) -> Said:
        """One request from an address of this machine's own."""
        trusting = ssl._create_unverified_context()
        line = HTTPSConnection("127.0.0.1", self.ports["443"], timeout=30, context=trusting, source_address=(source, 0))
        line.sock = trusting.wrap_socket(
            socket.create_connection(("127.0.0.1", self.ports["443"]), 30, (source, 0)), server_hostname=NAME
        )
        sent = {"Host": f"{NAME}:{self.ports['443']}"} | (headers or {})
        try:
            # A refusal of a long body comes before the body is sent.
            with suppress(BrokenPipeError, ConnectionResetError):
                line.request(method, path, body or None, sent)
            answer = line.getresponse()
            found = {name.lower(): value for name, value in answer.getheaders()}
            return Said(answer.status, found, answer.read().decode())
        finally:
            line.close()

    def start(self, port: int) -> None:
        self.processes[port] = Process(port)

    def end(self, port: int) -> None:
        self.processes.pop(port).end()

    def stop(self) -> None:
        for port in list(self.processes):
            self.end(port)

    def answers(self) -> bool:
        """Whether nginx takes a line and shakes hands over it."""
        trusting = ssl._create_unverified_context()
        with socket.create_connection(("127.0.0.1", self.ports["443"]), 30) as line:
            trusting.wrap_socket(line, server_hostname=NAME).close()
        return True

    def log(self) -> str:
        return (self.folder / "log" / "shenfang.log").read_text()

    def logs(self) -> str:
        """Everything nginx wrote into any log, its main one too."""
        return "\n".join(path.read_text(errors="replace") for path in sorted((self.folder / "log").iterdir()))


def running(folder: Path, changes: dict[str, str]) -> Iterator[Site]:
    for number in range(_TRIES):
        found, server = _begun(folder / str(number), changes)
        if server is not None:
            break
    else:
        raise AssertionError(found.logs())
    try:
        yield found
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait()
        found.stop()


#: Between the choice of a port and its use somebody else may take it.
_TRIES = 3


def _begun(folder: Path, changes: dict[str, str]) -> "tuple[Site, subprocess.Popen[bytes] | None]":
    """Two processes of the product and an nginx before them that shakes hands; none if it ended at once."""
    folder.mkdir()
    certificate(folder / "tls")
    ports = {name: free_port() for name in ("443", "80", "8081", "8082")}
    main = lay_out(folder, ports=ports, changes=changes)
    if os.geteuid() == 0:
        # The folder is this user's alone.
        main.write_text("user root;\n" + main.read_text())
    assert NGINX is not None
    checked = subprocess.run([NGINX, "-t", "-c", main], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
    assert "[warn]" not in checked.stderr
    found = Site(folder, ports)
    for name in ("8081", "8082"):
        found.start(ports[name])
    server = subprocess.Popen([NGINX, "-c", main, "-g", "daemon off;"], stderr=subprocess.DEVNULL)
    if eventually(lambda: server.poll() is not None or found.answers()) and server.poll() is None:
        return found, server
    server.kill()
    server.wait()
    found.stop()
    return found, None


def certificate(folder: Path) -> None:
    folder.mkdir()
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now, now + timedelta(1))
    (folder / "site.pem").write_bytes(made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    written = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "site.key").write_bytes(written)


def eventually(holds: Callable[[], bool]) -> bool:
    """Whether something comes to hold within ten seconds."""
    for _ in range(200):
        with suppress(OSError):
            if holds():
                return True
        time.sleep(0.05)
    return False
