"""The site as it is handed over, in a real nginx before two processes that say what reached them.

Runs where nginx is installed; what can be known of the site without it is in test_host_files.py.
"""

import json
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from services.engine.networks import Networks
from tests.deploy.nginx_site import NAME, NGINX, Said, Site, eventually, running
from ui.front import Front

#: So many cookies all on one of two processes would be a wonder.
MANY = 24

pytestmark = pytest.mark.skipif(
    NGINX is None, reason="nginx is not installed here; apt-get install nginx-light brings it"
)


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
    program = behind_gateway.ask("/api/v1/ping", CLAIMS, source="127.0.0.7")
    assert (program.status, json.loads(program.body)) == (403, {"msg": "请经安全认证网关访问"})
    assert behind_gateway.ask("/api/v1/ping", told, source="127.0.0.9").told["path"] == "/api/v1/ping"


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
    for method, path in (("GET", "/"), ("POST", "/login"), ("GET", "/c/q1.x")):
        said = site.ask(path, method=method, body=b"a" if method == "POST" else b"")
        assert (said.status, "系统暂停服务" in said.body) == (503, True)
    for path in ("/api/v1/ping", "/%61pi//v1/ping?x=1"):
        word = site.ask(path, method="POST", body=b"{}")
        assert (word.status, word.headers["retry-after"]) == (503, "60")
        assert json.loads(word.body)["msg"][:6] == "系统暂时停止"
    assert not any(process.seen for process in site.processes.values())
    closed.unlink()
    assert site.ask("/").status == 200
    assert site.ask("/api/v1/ping").status == 200


def test_sizes_are_bounded_by_address_and_bodies_never_touch_the_disk(tmp_path: Path) -> None:
    # nginx warns of every temporary file, which the level of the log as it is handed over would leave out.
    with contextmanager(running)(tmp_path, {"shenfang-error.log crit;": "shenfang-error.log warn;"}) as site:
        bodies_stay_in_bounds(site)


def bodies_stay_in_bounds(site: Site) -> None:
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
    "path",
    ["/healthz", "/livez", "/readyz", "/%68ealthz", "/x/../healthz", "//healthz", "/healthz?x=1", "/shenfang/413.html"],
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


def test_every_open_page_holds_a_line_that_is_counted_apart(tmp_path: Path) -> None:
    """A bureau stands behind one address: its open pages must not take the lines its requests need."""
    few = {"shenfang_lines 2000": "shenfang_lines 1", "shenfang_pages 5000": "shenfang_pages 1"}
    with contextmanager(running)(tmp_path, few) as site, ExitStack() as held:
        held.enter_context(waiting(site, "/_nicegui_ws/socket.io/"))
        assert eventually(lambda: site.ask("/_nicegui_ws/socket.io/").status == 429)
        assert site.ask("/").status == 200
        held.enter_context(waiting(site, "/records"))
        assert eventually(lambda: site.ask("/").status == 429)


@contextmanager
def waiting(site: Site, path: str) -> Iterator[ssl.SSLSocket]:
    """A request that goes on: its body has not come."""
    context = ssl._create_unverified_context()
    with context.wrap_socket(
        socket.create_connection(("127.0.0.1", site.ports["443"]), 10), server_hostname=NAME
    ) as line:
        line.sendall(f"POST {path} HTTP/1.1\r\nHost: {NAME}\r\nContent-Length: 9\r\n\r\n".encode())
        # Asked at once, another request could be counted before this one, which would then be refused itself.
        line.settimeout(1)
        with pytest.raises(TimeoutError):
            line.recv(1)
        yield line


PERSONAL = ("name=", "%E7%8E%8B", "310101", "next=", "secret-link", "5x7e", "8ph0t0")
ASKED = (
    "/c/people?name=%E7%8E%8B",
    "/c/q1.5x7e",
    "/c/%71%31.5x7e",
    "//c/q1.5x7e",
    "/c/photo/8ph0t0",
    "/first/secret-link",
)


def ask_all(site: Site) -> None:
    for path in (*ASKED, "/login?next=1"):
        site.ask(path, {"Referer": "https://x/c/q1.5x7e?id=310101199901010018"})


def test_the_log_names_nobody(site: Site) -> None:
    ask_all(site)
    assert eventually(lambda: "/login" in site.log())
    for shown in ("GET /c/people ", "GET /c/q1.* ", "GET /c/photo/* "):
        assert shown in site.log()
    assert [word for word in PERSONAL if word in site.logs()] == []


def everything_is_down(site: Site) -> None:
    for port in list(site.processes):
        site.end(port)


def too_fast(site: Site) -> None:
    for address in ("/c/people?name=%E7%8E%8B", "/first/secret-link"):
        answers = [site.ask(address, {"Referer": "https://x/c/q1.5x7e"}).status for _ in range(3)]
        assert 429 in answers


def closed_for_a_while(site: Site) -> None:
    (site.folder / "etc" / "shenfang-maintenance").touch()


@pytest.mark.parametrize("trouble", [everything_is_down, too_fast, closed_for_a_while])
def test_no_log_names_anybody_in_trouble_either(tmp_path: Path, trouble: Callable[[Site], None]) -> None:
    slow = {"burst=100 nodelay": "burst=1 nodelay", "rate=20r/s": "rate=1r/m"}
    with contextmanager(running)(tmp_path, slow) as site:
        trouble(site)
        ask_all(site)
        site.ask("/c/%zz?name=%E7%8E%8B")
        assert eventually(lambda: len(site.log().splitlines()) > len(ASKED))
        assert [word for word in PERSONAL if word in site.logs()] == []


def test_who_is_sent_on_to_tls_is_named_as_little(site: Site) -> None:
    for host in (NAME, "evil.example"):
        with socket.create_connection(("127.0.0.1", site.ports["80"]), 10) as line:
            asked = f"GET /c/q1.5x7e?name=%E7%8E%8B HTTP/1.1\r\nHost: {host}\r\nReferer: http://x/310101\r\n\r\n"
            line.sendall(asked.encode())
            line.recv(1 << 12)
    assert eventually(lambda: site.log().count("GET /c/q1.* ") == 2)
    assert [word for word in PERSONAL if word in site.logs()] == []
