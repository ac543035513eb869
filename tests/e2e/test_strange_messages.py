"""Whatever is sent to a running product: no error of its own, no traceback in its log, and an answer within half a minute."""

import random
import re
import time
from collections import Counter

import httpx
import pytest

import integrations.endpoints  # noqa: F401  (declares every endpoint)
from integrations.wire.exchange.relay import ROOT, relays
from tests.browser import Server
from tests.drills import write_drill
from tests.strange_messages import OpenedPage, Requests, Socket, frame, strange_frames
from tests.ui.test_routes import OUTER

PAGES = [
    (method, path)
    for methods, _, path in (route.partition(" ") for route in sorted(OUTER) if " /" in route)
    for method in methods.split(",")
    if method.isupper()
]
PARTNERS = [("POST", ROOT + declared.path.removeprefix(ROOT)) for declared in relays()]
INNER = [("GET", "/"), ("GET", "/_nicegui/3/components/{key}"), ("POST", "/_nicegui/client/{id}/upload/{no}")]
ENDPOINTS = [*PAGES, *PARTNERS, *INNER]


def signed_in(server: Server) -> str:
    """The cookie of a clerk who pressed his button on the sign-in page."""
    with httpx.Client(base_url=server.url, headers={"Origin": server.url, "Accept": "text/html"}) as browser:
        form = browser.get("/login").text
        csrf = re.findall(r'name="csrf" value="([^"]*)"', form)[0]
        browser.post("/login", data={"csrf": csrf, "next": "", "demo": "1", "login": "shi01"})
        return str(browser.cookies["sid"])


def page_of(server: Server, cookie: str) -> OpenedPage:
    """A page that was opened for the socket."""
    text = httpx.get(f"{server.url}/", headers={"Cookie": f"sid={cookie}", "Accept": "text/html"}, timeout=60).text
    listeners = re.findall(r'"listener_id":"([0-9a-f-]{36})"', text)
    return OpenedPage(re.findall(r"'client_id': '([0-9a-f-]{36})'", text)[0], listeners)


def send_requests(server: Server, seed: int, count: int) -> Counter[int]:
    """Send so many requests, each endpoint in turn; the number of answers by status."""
    chance = random.Random(seed)
    found: Counter[int] = Counter()
    requests = Requests(server.url, chance, signed_in(server))
    for number in range(count):
        method, path = ENDPOINTS[number % len(ENDPOINTS)]
        if path == "/logout":
            requests.cookie = signed_in(server)
        answer = requests.send(method, path)
        found[answer.status] += 1
        assert answer.status in (0, 503, 505) or 200 <= answer.status < 500, (
            seed,
            number,
            method,
            path,
            answer.text[:500],
        )
        assert "Traceback" not in answer.text
    return found


def send_frames(server: Server, seed: int, sockets: int, frames: int) -> int:
    """Open so many sockets and send frames until the product closes them; the number of frames sent."""
    chance = random.Random(seed)
    sent = 0
    for _ in range(sockets):
        cookie = signed_in(server)
        page = page_of(server, cookie)
        wire = Socket(server.url, cookie, page.client_id)
        assert wire.opened
        wire.say(b"40")
        for content, kind, last, masked in strange_frames(chance, page, frames):
            try:
                wire.say(content, kind=kind, last=last, masked=masked)
            except OSError:
                break
            sent += 1
        wire.close()
    return sent


def broken_lines(server: Server, since: int) -> list[str]:
    """The lines of the log since an offset that tell of an error of our own."""
    text = server.log.read_bytes()[since:].decode("utf-8", "replace")
    return [line for line in text.splitlines() if re.search(r"Traceback|\bERROR\b|File \"|Task exception", line)]


@pytest.mark.parametrize("count", [len(ENDPOINTS), pytest.param(300, marks=pytest.mark.night)])
def test_strange_requests_are_answered_and_leave_no_error(live_server: Server, count: int) -> None:
    since = live_server.log.stat().st_size
    answered = send_requests(live_server, 7, count)
    assert answered.keys() > {200, 403, 404}
    assert broken_lines(live_server, since) == []


def test_strange_frames_leave_no_error_and_the_product_serves_on(live_server: Server) -> None:
    since = live_server.log.stat().st_size
    assert send_frames(live_server, 7, sockets=6, frames=30) > 60
    assert httpx.get(f"{live_server.url}/healthz").status_code == 200
    assert broken_lines(live_server, since) == []


def test_a_text_of_strange_bytes_beside_a_closing_frame_leaves_no_error(live_server: Server) -> None:
    since = live_server.log.stat().st_size
    cookie = signed_in(live_server)
    wire = Socket(live_server.url, cookie, page_of(live_server, cookie).client_id)
    wire.say(b"40")
    wire.wire.sendall(frame(b"\xff\xfe") + frame(b"\x03\xe8", kind=8))
    wire.close()
    assert httpx.get(f"{live_server.url}/healthz").status_code == 200
    assert broken_lines(live_server, since) == []


def test_a_text_that_is_no_packet_ends_the_socket_and_leaves_no_error(live_server: Server) -> None:
    since = live_server.log.stat().st_size
    cookie = signed_in(live_server)
    for text in (b"", b"x", b"9"):
        wire = Socket(live_server.url, cookie, page_of(live_server, cookie).client_id)
        wire.say(b"40")
        wire.say(text)
        wire.close()
    assert httpx.get(f"{live_server.url}/healthz").status_code == 200
    assert broken_lines(live_server, since) == []


@pytest.mark.soak
def test_ten_thousand_strange_requests_and_frames(live_server: Server) -> None:
    since, begun = live_server.log.stat().st_size, time.monotonic()
    answered = send_requests(live_server, 8, max(10_000, 30 * len(ENDPOINTS)))
    frames = send_frames(live_server, 8, sockets=100, frames=50)
    assert broken_lines(live_server, since) == []
    told = "、".join(f"{status or '断开'} {count}" for status, count in sorted(answered.items()))
    result = f"{answered.total()} 个请求（{len(ENDPOINTS)} 个地址：{told}），{frames} 个套接字帧；无 500，日志无异常"
    write_drill("异常请求", "SQLite，种子 8", result, time.monotonic() - begun)
