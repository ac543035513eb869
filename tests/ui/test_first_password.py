"""The page of a one-time link: plain, without script, throttled, told to nobody (rows 52 and 53, D01)."""

import logging
from collections.abc import AsyncIterator
from itertools import count

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI

from services.access.accounts import reset_password
from services.access.passwords import DEAD_LINK, LinkGiven
from services.engine.orders import Reasoned
from tests.scan import keep_error_page
from tests.services.access.hands import PASSWORD, REASON, account_row, bound, enter, events, granted, made
from tests.ui.people import HERE, until
from tests.world import World
from ui.first_password import FirstPasswordPages
from ui.guard import Gate, Guard
from ui.plain import note
from ui.public.throttle import Throttle

pytestmark = [pytest.mark.row(52), pytest.mark.row(53), pytest.mark.proves("D01")]
NOBODYS = "/first/" + "Q" * 43
_PLACES = count(100)


@pytest_asyncio.fixture(loop_scope="session")
async def stranger(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A browser from a place of its own, which nobody has signed in with."""
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app, raise_app_exceptions=False, client=(f"192.0.2.{next(_PLACES)}", 1)),
        base_url=HERE,
        headers={"origin": HERE, "accept": "text/html"},
        event_hooks={"response": [keep_error_page]},
    ) as client:
        yield client


@pytest.fixture
def given(world: World) -> LinkGiven:
    return made(world)


async def choose(browser: httpx.AsyncClient, given: LinkGiven, new: str = PASSWORD, again: str = "") -> httpx.Response:
    return await browser.post(given.path, data={"new": new, "again": again or new})


async def test_the_holder_sets_his_password_without_script_and_is_sent_to_sign_in(
    stranger: httpx.AsyncClient, world: World, given: LinkGiven
) -> None:
    page = await stranger.get(given.path)
    assert page.status_code == 200
    assert given.login in page.text
    assert "<script" not in page.text
    # The form goes where the page came from: the link stands nowhere in what is kept of the page.
    assert given.token not in page.text
    answer = await choose(stranger, given)
    assert (answer.status_code, answer.headers["location"]) == (303, "/login?why=first")
    told = (await stranger.get(answer.headers["location"])).text
    # What went well is told as such, what did not as an alert.
    assert '<p class="message done" role="status">口令已设置' in told
    assert '<p class="message" role="alert">登录已失效' in (await stranger.get("/login?why=over")).text
    granted(world, given.account_id)
    bound(world, given)
    assert enter(world, given).ok


async def test_the_address_is_told_to_nobody(stranger: httpx.AsyncClient, given: LinkGiven) -> None:
    weak = await choose(stranger, given, "short")
    for answer in (await stranger.get(given.path), weak, await stranger.get(NOBODYS), await choose(stranger, given)):
        assert answer.headers["referrer-policy"] == "strict-origin"
        assert answer.headers["cache-control"] == "no-store"
        assert "script-src 'self'" in answer.headers["content-security-policy"]
        assert "set-cookie" not in answer.headers


async def test_unknown_used_and_replaced_links_get_one_answer(
    stranger: httpx.AsyncClient, world: World, given: LinkGiven
) -> None:
    replaced = made(world)
    world.door.perform(reset_password, world.caller("xitong01"), Reasoned(replaced.account_id, REASON))
    await choose(stranger, given)
    paths = (given.path, replaced.path, NOBODYS, "/first/x", "/first/" + "好" * 10, "/first")
    looked = [await stranger.get(path) for path in paths]
    assert {(answer.status_code, answer.text) for answer in looked} == {(404, looked[0].text)}
    assert DEAD_LINK in looked[0].text
    sent = [await stranger.post(path, data={"new": PASSWORD, "again": PASSWORD}) for path in paths[:-1]]
    assert {(answer.status_code, answer.text) for answer in sent} == {(404, looked[0].text)}
    assert await until(lambda: any(event["rsn"] == "LINK" for event in events(world, "AUTHZ.DENY")))


@pytest.mark.parametrize(
    ("new", "again", "why"),
    [
        ("", "", "请填写口令"),
        (PASSWORD, PASSWORD + "x", "两次输入的口令不一致"),
        ("kort-1A", "kort-1A", "不少于10位"),
        ("A1-" + "x" * 300, "A1-" + "x" * 300, "请填写口令"),
    ],
)
async def test_a_fault_is_told_and_the_link_still_holds(
    stranger: httpx.AsyncClient, given: LinkGiven, new: str, again: str, why: str
) -> None:
    answer = await stranger.post(given.path, data={"new": new, "again": again})
    assert answer.status_code == 422
    assert why in answer.text
    if new:
        assert new not in answer.text
    assert (await choose(stranger, given)).status_code == 303


async def test_a_field_sent_twice_is_refused(stranger: httpx.AsyncClient, given: LinkGiven) -> None:
    headers = {"content-type": "application/x-www-form-urlencoded"}
    body = f"new={PASSWORD}&new=Other-word-1&again={PASSWORD}"
    assert (await stranger.post(given.path, content=body, headers=headers)).status_code == 400
    assert (await choose(stranger, given)).status_code == 303


async def test_another_site_cannot_send_the_form(stranger: httpx.AsyncClient, world: World, given: LinkGiven) -> None:
    data = {"new": PASSWORD, "again": PASSWORD}
    answer = await stranger.post(given.path, data=data, headers={"origin": "https://evil.example"})
    assert answer.status_code == 403
    assert account_row(world, given.account_id).link_digest is not None


async def test_what_others_do_with_the_address_is_refused(stranger: httpx.AsyncClient, given: LinkGiven) -> None:
    for method in ("PUT", "DELETE", "PATCH"):
        assert (await stranger.request(method, given.path)).status_code == 405
    assert (await stranger.post("/first", data={"new": PASSWORD})).status_code == 405


async def test_one_address_opens_so_many_links_a_minute(world: World, app: FastAPI, given: LinkGiven) -> None:
    pages = FastAPI()
    pages.include_router(FirstPasswordPages(world.door, Throttle(3)).router())
    guarded = Guard(pages, book=app._book, gate=Gate(mode="demo"))  # type: ignore[attr-defined]
    transport = httpx.ASGITransport(guarded, client=("192.0.2.78", 1))
    async with httpx.AsyncClient(transport=transport, base_url=HERE, headers={"origin": HERE}) as browser:
        for _ in range(3):
            assert (await browser.get(NOBODYS)).status_code == 404
        stopped = [await browser.get(given.path), await choose(browser, given)]
    assert [answer.status_code for answer in stopped] == [429, 429]
    assert int(stopped[0].headers["retry-after"]) > 0
    assert "频繁" in stopped[0].text
    assert account_row(world, given.account_id).link_digest is not None


def test_the_log_of_a_fault_does_not_hold_the_link(given: LinkGiven, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR, "shenfang.ui"):
        note(ValueError("x"), given.path)
        note(ValueError("x"), "/login")
    assert given.token not in caplog.text
    assert " at /first/…:" in caplog.text
    assert " at /login:" in caplog.text
