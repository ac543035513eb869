"""The site as it is handed over, in a real nginx before two processes that say what reached them.

Runs where nginx is installed; what can be known of the site without it is in test_host_files.py.
"""

import json
import os
import shutil
import signal
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.client import HTTPSConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from services.access.networks import Networks
from tests.browser import free_port
from tests.deploy.nginx_files import lay_out
from ui.front import Front

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
NAME = "zufang.example.gov"
#: So many cookies all on one of two processes would be a wonder.
MANY = 24

pytestmark = pytest.mark.skipif(
    NGINX is None, reason="nginx is not installed here; apt-get install nginx-light brings it"
)


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

    def log(self) -> str:
        return (self.folder / "log" / "shenfang.log").read_text()


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    yield from running(tmp_path, {})


@pytest.fixture
def behind_gateway(tmp_path: Path) -> Iterator[Site]:
    """The site with the lines for a gateway in use, as the handbook says; the gateway is 127.0.0.9."""
    yield from running(
        tmp_path,
        {
            "# set_real_ip_from 10.20.30.5;": "set_real_ip_from 127.0.0.9;",
            "# real_ip_header": "real_ip_header",
            "# real_ip_recursive": "real_ip_recursive",
            "default 0;": "default 1;",
            "# 10.20.30.5 0;": "127.0.0.9 0;",
        },
    )


def running(folder: Path, changes: dict[str, str]) -> Iterator[Site]:
    ports = {name: free_port() for name in ("443", "80", "8081", "8082")}
    certificate(folder / "tls")
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
    try:
        wait_for(ports["443"])
        yield found
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait()
        for port in list(found.processes):
            found.end(port)


def wait_for(port: int) -> None:
    for _ in range(200):
        with suppress(OSError):
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        time.sleep(0.05)
    raise AssertionError("nginx does not listen")


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


def seen_by_the_product(said: Said) -> str:
    """Whose request the product takes it for, with nginx on this machine as its gateway."""
    headers = [(name.encode(), value.encode()) for name, value in said.told["headers"]]
    scope: dict[str, Any] = {"type": "http", "client": ("127.0.0.1", 1), "scheme": "http", "headers": headers}
    assert Front(Networks.of("127.0.0.1")).enter(scope).encrypted
    return str(scope["client"][0])


CLAIMS = {"X-Forwarded-For": "10.20.30.1", "X-Real-IP": "10.20.30.1", "Forwarded": "for=10.20.30.1"}


def test_an_address_a_stranger_writes_himself_is_not_believed(site: Site) -> None:
    said = site.ask("/login", CLAIMS | {"X-Forwarded-Proto": "http"}, source="127.0.0.7")
    assert said.reached("x-forwarded-for") == ["127.0.0.7"]
    assert said.reached("x-forwarded-proto") == ["https"]
    assert seen_by_the_product(said) == "127.0.0.7"


def test_behind_a_gateway_only_its_word_counts_and_only_it_is_let_in(behind_gateway: Site) -> None:
    told = {"X-Forwarded-For": "10.20.30.1, 127.0.0.7"}
    assert seen_by_the_product(behind_gateway.ask("/login", told, source="127.0.0.9")) == "127.0.0.7"
    past = behind_gateway.ask("/login", CLAIMS, source="127.0.0.7")
    assert past.status == 403
    assert "不能打开" in past.body


def test_a_signed_path_and_query_and_name_arrive_as_they_were_sent(site: Site) -> None:
    target = "/api/v1/filings%2Fquery//x?b=%E4%B8%AD%20&a=%2f&a=+"
    said = site.ask(target, {"X-Signature": "MEUC"}, method="POST", body=b"{}")
    assert said.told["path"] == target
    assert said.reached("host") == [f"{NAME}:{site.ports['443']}"]
    assert said.reached("x-signature") == ["MEUC"]


def test_a_session_stays_with_one_process_until_that_one_is_gone(site: Site) -> None:
    people = [{"Cookie": f"a=1; __Host-sid={number:032x}"} for number in range(MANY)]
    where = [site.ask("/", person).told["port"] for person in people]
    assert set(where) == {site.ports["8081"], site.ports["8082"]}
    assert [site.ask("/", person, source="127.0.0.8").told["port"] for person in people] == where
    gone = site.ports["8081"]
    site.end(gone)
    answers = [site.ask("/", person, method=method) for person in people for method in ("GET", "POST")]
    assert {answer.told["port"] for answer in answers} == {site.ports["8082"]}


def test_another_cookie_brings_no_stranger_to_another_process(site: Site) -> None:
    ports = {site.ask("/c/q1.x", {"Cookie": f"__Host-sid={number:032x}"}).told["port"] for number in range(MANY)}
    assert len(ports) == 1


def test_what_was_sent_is_not_sent_again(site: Site) -> None:
    assert site.ask("/breaks", method="POST", body=b"a=1").status == 503
    assert sum("POST /breaks" in process.seen for process in site.processes.values()) == 1
    assert site.ask("/breaks").status == 503
    assert all("GET /breaks" in process.seen for process in site.processes.values())


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_while_everything_is_down_people_get_a_page_and_programs_a_word(site: Site, method: str) -> None:
    for port in list(site.processes):
        site.end(port)
    page = site.ask("/", method=method)
    assert (page.status, page.headers["retry-after"]) == (503, "60")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "系统暂停服务" in page.body
    assert "max-age" in page.headers["strict-transport-security"]
    word = site.ask("/api/v1/ping", method=method)
    assert (word.status, json.loads(word.body)["msg"][:6]) == (503, "系统暂时停止")


def test_a_refusal_of_the_product_is_passed_on_as_it_is(site: Site) -> None:
    assert site.ask("/own-503").told["path"] == "/own-503"


def test_one_file_closes_the_house_and_opens_it_again(site: Site) -> None:
    closed = site.folder / "etc" / "shenfang-maintenance"
    closed.touch()
    for method, path in (("GET", "/"), ("POST", "/login"), ("GET", "/c/q1.x"), ("POST", "/api/v1/ping")):
        said = site.ask(path, method=method, body=b"a" if method == "POST" else b"")
        assert (said.status, "系统暂停服务" in said.body) == (503, True)
    closed.unlink()
    assert site.ask("/").status == 200


def test_sizes_are_bounded_by_address_and_bodies_never_touch_the_disk(site: Site) -> None:
    for path, size, status in (
        ("/login", 900_000, 200),
        ("/login", 1_200_000, 413),
        ("/_nicegui/client/x/upload/1", 50 << 20, 200),
        ("/_nicegui/client/x/upload/1", 54 << 20, 413),
        ("/c/q1.x", 6_000_000, 200),
        ("/api/v1/pushes", 1_100_000, 200),
    ):
        said = site.ask(path, method="POST", body=b"0" * size)
        assert said.status == status
        assert "内容过大" in said.body if status == 413 else said.told["size"] == size
    log = (site.folder / "log" / "shenfang-error.log").read_text()
    assert "temporary file" not in log
    assert [path for path in (site.folder / "temp").rglob("*") if path.is_file()] == []


@pytest.mark.parametrize(
    "path", ["/healthz", "/%68ealthz", "/x/../healthz", "//healthz", "/healthz?x=1", "/shenfang/413.html"]
)
def test_what_is_not_public_is_closed(site: Site, path: str) -> None:
    said = site.ask(path)
    assert (said.status, "不能打开" in said.body) == (404, True)


def test_a_socket_is_let_through_and_a_page_is_no_socket(site: Site) -> None:
    socket_asked = site.ask("/_nicegui_ws/socket.io/", {"Upgrade": "websocket", "Connection": "Upgrade"})
    assert socket_asked.reached("upgrade") == ["websocket"]
    assert socket_asked.reached("connection") == ["upgrade"]
    assert site.ask("/").reached("upgrade") == []


def test_two_is_spoken_and_other_names_are_not_answered(site: Site) -> None:
    context = ssl._create_unverified_context()
    context.set_alpn_protocols(["h2", "http/1.1"])
    address = ("127.0.0.1", site.ports["443"])
    with context.wrap_socket(socket.create_connection(address, 10), server_hostname=NAME) as line:
        assert line.selected_alpn_protocol() == "h2"
    with pytest.raises(ssl.SSLError):
        context.wrap_socket(socket.create_connection(address, 10), server_hostname="evil.example")


def test_the_log_names_nobody(site: Site) -> None:
    site.ask("/c/people?name=%E7%8E%8B", {"Referer": "https://x/?id=310101199901010018"})
    site.ask("/first/secret-link")
    site.ask("/login?next=1")
    for _ in range(100):
        if "/login" in site.log():
            break
        time.sleep(0.05)
    assert "/c/people" in site.log()
    assert not any(word in site.log() for word in ("name=", "secret-link", "310101", "next="))
