"""Requests no page of ours sends: refused in a sentence, told once with their reason, repeated nowhere (H07, H13, H31, H35, H45)."""

import json
from collections.abc import Awaitable, Callable

import httpx
import pytest

from tests.hostile import newest, since
from tests.ui.people import Crowd, page_of, until
from tests.world import World

#: What would be found again in a reply or in the audit, were anything repeated.
MARK = "zq9-hostile-310101199901010018"
FORM = {"content-type": "application/x-www-form-urlencoded"}
PARTS = {"content-type": "multipart/form-data; boundary=x"}
DEEP = "[" * 10_000 + "]" * 10_000
Send = Callable[[httpx.AsyncClient], Awaitable[httpx.Response]]

REQUESTS: dict[str, tuple[Send, int, str]] = {
    "a form from another site": (
        lambda browser: browser.post("/login", data={"login": MARK}, headers={"origin": "http://evil.example"}),
        403,
        "FOREIGN_ORIGIN",
    ),
    "a parameter said twice": (lambda browser: browser.get(f"/?key={MARK}&key=2"), 400, "REPEATED"),
    "a method no page uses": (lambda browser: browser.request("PROPFIND", f"/{MARK}"), 405, "METHOD"),
    "ten megabytes": (
        lambda browser: browser.post("/login", content=MARK.encode() * 350_000, headers=FORM),
        413,
        "TOO_LARGE",
    ),
    "a million keys": (
        lambda browser: browser.post("/login", json={MARK: dict.fromkeys(map(str, range(1_000_000)), 1)}),
        413,
        "TOO_LARGE",
    ),
    "a form of a thousand thousand fields": (
        lambda browser: browser.post("/login", content="&".join(["a=1"] * 60_000), headers=FORM),
        400,
        "MALFORMED",
    ),
    "a form that is none": (
        lambda browser: browser.post("/login", content=f"--y\r\n{MARK}".encode(), headers=PARTS),
        400,
        "MALFORMED",
    ),
}


@pytest.mark.proves("H13", "H31", "H35", "D09")
@pytest.mark.parametrize("name", REQUESTS)
async def test_what_no_page_of_ours_sends_is_refused_and_told_once(crowd: Crowd, world: World, name: str) -> None:
    send, status, reason = REQUESTS[name]
    browser = await crowd.browser("shi01")
    before = newest(world)
    answer = await send(browser)
    assert answer.status_code == status
    _says_nothing(answer)
    assert await until(lambda: bool(since(world, before)))
    told = [json.loads(body) for body in since(world, before)]
    assert [(one["evt"], one["rsn"]) for one in told] == [("AUTHZ.DENY", reason)]
    assert MARK not in str(told)


@pytest.mark.proves("H31")
async def test_depth_ends_in_an_answer_and_not_in_an_error(crowd: Crowd) -> None:
    browser = await crowd.browser("shi01")
    answer = await browser.post("/login", content=DEEP, headers={"content-type": "application/json"})
    assert answer.status_code < 500
    _says_nothing(answer)


@pytest.mark.proves("H45", "H14")
@pytest.mark.parametrize(("whose", "reason"), [("huamu01", "MALFORMED"), ("longhua01", "FOREIGN_PAGE")])
async def test_an_upload_of_ten_thousand_parts_and_one_to_anothers_page_are_told(
    crowd: Crowd, world: World, whose: str, reason: str
) -> None:
    user = await crowd.open("huamu01", "/?open=probe-upload")
    page = page_of(user)
    address = next(str(one._props["url"]) for one in page.elements.values() if one.tag == "nicegui-upload")
    sender = user.http_client if whose == "huamu01" else await crowd.browser(whose)
    part = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n%PDF\r\n'
    before = newest(world)
    answer = await sender.post(address, content=part * 10_000 + b"--x--\r\n", headers=PARTS)
    assert answer.status_code == (400 if reason == "MALFORMED" else 403)
    _says_nothing(answer)
    assert await until(lambda: bool(since(world, before)))
    assert [json.loads(body)["rsn"] for body in since(world, before)] == [reason]


def _says_nothing(answer: httpx.Response) -> None:
    for word in (MARK, "Traceback", "Error", "nicegui", "starlette"):
        assert word not in answer.text
    assert any("\u4e00" <= character <= "\u9fff" for character in answer.text)
