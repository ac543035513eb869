"""What the guard lets in, and what every answer carries (H07, H13, decision 12)."""

import re
from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI

from services.access.sessions import SessionBook
from tests.ui.people import HERE, Crowd, denials, token_of
from tests.ui.sockets import knock
from tests.world import World
from ui.guard import Gate, cookie_name, cookie_of

HTML = {"accept": "text/html"}


async def test_without_a_session_a_person_is_sent_to_sign_in_and_comes_back(visitor: httpx.AsyncClient) -> None:
    answer = await visitor.get("/?open=cases&page=2", headers=HTML)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/login?next=%2F%3Fopen%3Dcases%26page%3D2"


@pytest.mark.parametrize("address", ["/", "/session/alive", "/papers/1.pdf", "/nothing", "/_nicegui/auto/static/x/y"])
async def test_without_a_session_a_program_gets_401(visitor: httpx.AsyncClient, address: str) -> None:
    assert (await visitor.get(address)).status_code == 401


async def test_names_that_begin_like_an_open_address_are_not_open(visitor: httpx.AsyncClient) -> None:
    assert (await visitor.get("/loginx")).status_code == 401
    assert (await visitor.get("/staticx")).status_code == 401


@pytest.mark.parametrize(
    "headers",
    [
        {"x-gw-assertion": "eyJ2IjoxfQ.MEUCIQ"},
        {"x-forwarded-user": "shi01", "x-remote-user": "shi01"},
        {"authorization": "Bearer shi01"},
        {"x-original-url": "/login", "x-rewrite-url": "/login"},
    ],
)
@pytest.mark.proves("H07")
async def test_headers_that_claim_an_identity_open_nothing(visitor: httpx.AsyncClient, headers: dict[str, str]) -> None:
    assert (await visitor.get("/", headers=headers)).status_code == 401


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "http://localhost.evil.example", "http://localhost:81"]
)
@pytest.mark.proves("H13")
async def test_a_post_from_a_foreign_page_is_refused(visitor: httpx.AsyncClient, world: World, origin: str) -> None:
    before = await denials(world, "ui.guard", 0)
    answer = await visitor.post("/login", data={"login": "shi01", "demo": "1"}, headers={"origin": origin})
    assert answer.status_code == 403
    assert await denials(world, "ui.guard", before + 1) > before
    assert "其他网站" in answer.json()["message"]


async def test_a_post_with_our_cookie_but_no_origin_is_refused(crowd: Crowd) -> None:
    browser = await crowd.browser("shi01")
    del browser.headers["origin"]
    assert (await browser.post("/logout")).status_code == 403
    assert (await browser.get("/session/alive")).status_code == 204


@pytest.mark.parametrize("origin", ["http://evil.example", "null", None])
@pytest.mark.proves("H13")
async def test_a_socket_from_elsewhere_is_refused_before_it_opens(
    crowd: Crowd, app: FastAPI, world: World, origin: str | None
) -> None:
    browser = await crowd.browser("shi01")
    before = await denials(world, "ui.guard", 0)
    async with knock(app, cookie=token_of(browser), origin=origin) as socket:
        assert socket is None
    assert await denials(world, "ui.guard", before + 1) > before
    async with knock(app, cookie=token_of(browser)) as socket:
        assert socket is not None


@pytest.mark.parametrize("cookie", ["", "made-up", "x" * 5000])
@pytest.mark.proves("H13")
async def test_a_socket_without_a_session_is_refused_before_it_opens(app: FastAPI, cookie: str) -> None:
    async with knock(app, cookie=cookie) as socket:
        assert socket is None


@pytest.mark.proves("D12")
async def test_trace_and_unknown_methods_are_refused(crowd: Crowd) -> None:
    browser = await crowd.browser("shi01")
    for method in ("TRACE", "CONNECT", "PROPFIND"):
        assert (await browser.request(method, "/")).status_code == 405


async def test_a_body_that_is_too_large_by_its_length_is_refused(visitor: httpx.AsyncClient) -> None:
    answer = await visitor.post("/login", content=b"x" * 300_000)
    assert answer.status_code == 413


async def test_a_body_that_hides_its_length_is_counted(visitor: httpx.AsyncClient) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(40):
            yield b"login=" + b"x" * 10_000

    headers = {"content-type": "application/x-www-form-urlencoded"}
    answer = await visitor.post("/login", content=pieces(), headers=headers)
    assert answer.status_code == 413


async def test_uploads_need_a_session(visitor: httpx.AsyncClient) -> None:
    assert (await visitor.post("/_nicegui/client/some-id/upload/3", content=b"x")).status_code == 401


async def test_scripts_of_the_workspace_run_only_with_this_answers_nonce(crowd: Crowd) -> None:
    browser = await crowd.browser("shi01")
    first, second = await browser.get("/"), await browser.get("/")
    policy = first.headers["content-security-policy"]
    scripts = policy.split("script-src ")[1].split(";")[0]
    nonce = re.search(r"'nonce-([^']+)'", scripts)
    assert nonce is not None
    assert "unsafe-inline" not in scripts
    assert first.text.count("<script") == first.text.count(f'<script nonce="{nonce.group(1)}"') > 3
    assert nonce.group(1) not in second.headers["content-security-policy"]


@pytest.mark.parametrize("address", ["/", "/login", "/healthz", "/nothing"])
@pytest.mark.proves("D12")
async def test_every_answer_carries_the_headers(crowd: Crowd, address: str) -> None:
    browser = await crowd.browser("shi01")
    headers = (await browser.get(address)).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cache-control"] == "no-store"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "server" not in headers


async def test_a_forged_prefix_does_not_reach_the_page(crowd: Crowd) -> None:
    browser = await crowd.browser("shi01")
    page = await browser.get("/", headers={"x-forwarded-prefix": "//evil.example"})
    assert "evil.example" not in page.text


@pytest.mark.proves("D12", "D13")
async def test_nothing_describes_the_interface(crowd: Crowd) -> None:
    browser = await crowd.browser("shi01")
    for address in ("/docs", "/redoc", "/openapi.json", "/static/", "/static/theme.css"):
        assert (await browser.get(address)).status_code == 404


async def test_static_files_are_kept_for_ever_and_need_no_session(visitor: httpx.AsyncClient) -> None:
    found = re.search(r'href="(/static/[0-9a-f]{16}/plain.css)"', (await visitor.get("/login")).text)
    assert found is not None
    answer = await visitor.get(found.group(1))
    assert answer.status_code == 200
    assert "immutable" in answer.headers["cache-control"]


async def test_healthz_is_ready_while_the_database_answers(visitor: httpx.AsyncClient) -> None:
    answer = await visitor.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ready"})


async def test_what_is_not_there_is_told_in_chinese(crowd: Crowd) -> None:
    browser = await crowd.browser("shi01")
    page = await browser.get("/nothing", headers=HTML)
    assert page.status_code == 404
    assert "没有这个页面" in page.text
    assert "Not Found" not in page.text


def test_a_cookie_sent_twice_is_none() -> None:
    assert cookie_of("a=1; sid=one", "sid") == "one"
    assert cookie_of("sid=one; a=1; sid=two", "sid") == ""


@pytest.mark.parametrize(
    ("mode", "host", "name"),
    [
        ("demo", "localhost:8080", "sid"),
        ("demo", "127.0.0.1", "sid"),
        ("demo", "[::1]:8080", "sid"),
        ("demo", "shenfang.example", "__Host-sid"),
        ("demo", "localhost.evil.example", "__Host-sid"),
        ("test", "localhost", "__Host-sid"),
        ("production", "127.0.0.1", "__Host-sid"),
    ],
)
@pytest.mark.proves("D03")
def test_the_plain_cookie_is_for_the_demo_on_loopback_only(mode: str, host: str, name: str) -> None:
    assert cookie_name(Gate(mode=mode), host) == name


async def test_a_session_of_another_name_is_not_taken(
    crowd: Crowd, app: FastAPI, world: World, book: SessionBook
) -> None:
    browser = await crowd.browser("shi01")
    headers = {"cookie": f"__Host-sid={token_of(browser)}"}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=HERE) as other:
        assert (await other.get("/session/alive", headers=headers)).status_code == 401
