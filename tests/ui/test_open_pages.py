"""Open pages belong to their session and die with it (H10, H11, H14)."""

import asyncio
import json
import threading
from collections.abc import Iterable
from datetime import timedelta

import pytest
from fastapi import FastAPI
from nicegui import Client, core
from sqlmodel import col, select

from models.access import Account, AccountRole, AccountState, Role, SignInSession
from services.access.sessions import SessionBook
from services.engine.clock import system_now
from services.engine.work import Work
from tests.ui.people import Crowd, denials, page_of, token_of, until, was_told
from tests.ui.probe import ASKED
from tests.ui.sockets import Socket, knock
from tests.world import World
from ui.shell.open_pages import OpenPages


@pytest.fixture(autouse=True)
def _nothing_asked() -> None:
    ASKED.clear()


def button_of(client: Client, text: str) -> dict[str, object]:
    """The event a browser sends when a button of this page is clicked."""
    for element in client.elements.values():
        if getattr(element, "text", None) == text and element._event_listeners:
            listener = next(iter(element._event_listeners.values()))
            return {"client_id": client.id, "id": element.id, "listener_id": listener.id, "args": ["{}"]}
    raise AssertionError(f"no button {text}")


async def shake_hands(socket: Socket, client: Client) -> None:
    assert (await socket.hear()).startswith("0{")
    await socket.say("40")
    assert (await socket.hear()).startswith("40")
    await socket.emit("handshake", {"client_id": client.id, "tab_id": client.tab_id, "document_id": "d1"})


@pytest.mark.proves("H14")
async def test_an_event_for_another_sessions_page_is_dropped_and_told(crowd: Crowd, app: FastAPI, world: World) -> None:
    victim = page_of(await crowd.open("shi01", "/?open=probe-buttons"))
    thief = await crowd.browser("huamu01")
    before = await denials(world, "ui.event", 0)
    async with knock(app, cookie=token_of(thief)) as socket:
        assert socket is not None
        assert (await socket.hear()).startswith("0{")
        await socket.say("40")
        assert (await socket.hear()).startswith("40")
        await socket.emit("event", button_of(victim, "计数"))
        assert await denials(world, "ui.event", before + 1) == before + 1
        assert ASKED == []


async def test_an_event_of_the_own_session_is_taken(crowd: Crowd, app: FastAPI) -> None:
    user = await crowd.open("shi01", "/?open=probe-buttons")
    page = page_of(user)
    async with knock(app, cookie=token_of(user.http_client)) as socket:
        assert socket is not None
        await shake_hands(socket, page)
        await socket.emit("event", button_of(page, "计数"))
        await user.should_see("已办理", retries=30)
        assert ASKED == ["pressed"]


@pytest.mark.parametrize("how", ["query", "message"])
@pytest.mark.proves("H14")
async def test_nobody_shakes_hands_for_another_sessions_page(
    crowd: Crowd, app: FastAPI, world: World, how: str
) -> None:
    victim = page_of(await crowd.open("shi01"))
    thief = await crowd.browser("huamu01")
    before = await denials(world, "ui.handshake", 0)
    asked = victim.id if how == "query" else ""
    async with knock(app, cookie=token_of(thief), client_id=asked) as socket:
        assert socket is not None
        assert (await socket.hear()).startswith("0{")
        await socket.say("40")
        answer = await socket.hear()
        assert answer.startswith("44" if how == "query" else "40")
        if how == "message":
            message = {"client_id": victim.id, "tab_id": victim.tab_id, "document_id": "d1"}
            await socket.say("420" + json.dumps(["handshake", message]))
        assert await denials(world, "ui.handshake", before + 1) == before + 1


@pytest.mark.proves("H11", "H12")
async def test_a_page_that_is_over_loses_its_socket_and_is_heard_no_more(
    crowd: Crowd, app: FastAPI, world: World, book: SessionBook
) -> None:
    user = await crowd.open("pudong02", "/?open=probe-buttons")
    page, token = page_of(user), token_of(user.http_client)
    async with knock(app, cookie=token) as socket:
        assert socket is not None
        await shake_hands(socket, page)
        assert await until(lambda: page.id in core.sio.manager.rooms.get("/", {}))
        change_state(world, "pudong02", AccountState.DISABLED)
        book.forget(token)
        await OpenPages(book).sweep()
        assert "sfOver('disabled')" in await socket.hear_until_closed()
        assert not core.sio.manager.rooms.get("/", {}).get(page.id)
        await socket.emit("event", button_of(page, "计数"))
        assert ASKED == []
    async with knock(app, cookie=token) as socket:
        assert socket is None
    change_state(world, "pudong02", AccountState.ACTIVE)


@pytest.mark.proves("H11")
async def test_a_page_that_is_over_takes_no_event_before_its_socket_is_closed(
    crowd: Crowd, app: FastAPI, world: World
) -> None:
    foreign = page_of(await crowd.open("huamu01", "/?open=probe-buttons"))
    user = await crowd.open("shi01", "/?open=probe-buttons")
    page = page_of(user)
    before = await denials(world, "ui.event", 0)
    async with knock(app, cookie=token_of(user.http_client)) as socket:
        assert socket is not None
        await shake_hands(socket, page)
        page.request.scope["state"]["over"] = True
        await socket.emit("event", button_of(page, "计数"))
        # Messages of a socket are taken in order: once the second is refused, the first has been dealt with.
        await socket.emit("event", button_of(foreign, "计数"))
        assert await denials(world, "ui.event", before + 1) == before + 1
        assert ASKED == []


async def test_messages_that_are_no_messages_are_dropped(crowd: Crowd, app: FastAPI) -> None:
    user = await crowd.open("shi01", "/?open=probe-buttons")
    async with knock(app, cookie=token_of(user.http_client)) as socket:
        assert socket is not None
        await shake_hands(socket, page_of(user))
        for junk in (
            '42["event"]',
            '42["event", 7]',
            '42["event", {}]',
            '42["event", {"client_id": [1]}]',
            '42["log", null]',
        ):
            await socket.say(junk)
        await socket.emit("event", button_of(page_of(user), "计数"))
        await user.should_see("已办理", retries=30)


@pytest.mark.proves("H35")
async def test_messages_no_page_sends_are_told_and_leave_no_trace_in_the_log(
    crowd: Crowd, app: FastAPI, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    user = await crowd.open("shi01", "/?open=probe-buttons")
    page, pressed = page_of(user), button_of(page_of(user), "计数")
    before = await denials(world, "ui.event", 0)
    async with knock(app, cookie=token_of(user.http_client)) as socket:
        assert socket is not None
        await shake_hands(socket, page)
        for junk in (
            {**pressed, "args": ['"\\ud83d"']},
            {**pressed, "args": ["{"]},
            {**pressed, "args": 7},
            {**pressed, "listener_id": "nobody"},
            {"client_id": page.id},
        ):
            await socket.emit("event", junk)
        await socket.emit("log", {"client_id": page.id})
        await socket.emit("handshake", {"client_id": page.id})
        await socket.emit("event", pressed)
        await user.should_see("已办理", retries=30)
    assert await denials(world, "ui.event", before + 5) == before + 5
    assert [record for record in caplog.records if record.exc_info] == []


@pytest.mark.proves("H10", "D02")
async def test_a_page_idle_for_sixteen_minutes_is_sent_to_sign_in(
    crowd: Crowd, world: World, book: SessionBook
) -> None:
    user = await crowd.open("longhua01", "/?open=probe-buttons")

    def age(work: Work) -> None:
        for row in work.session.exec(select(SignInSession).where(col(SignInSession.ended_at).is_(None))).all():
            row.seen_at = system_now() - timedelta(minutes=16)
            work.add(row)

    world.act(age)
    book.forget(token_of(user.http_client))
    user.find("计数").click()
    assert await was_told(user, "sfOver('over')")
    assert ASKED == []


@pytest.mark.proves("H11")
async def test_the_watch_closes_the_page_of_a_disabled_account(crowd: Crowd, world: World, book: SessionBook) -> None:
    user = await crowd.open("xuhui01", "/?open=probe-buttons")
    change_state(world, "xuhui01", AccountState.DISABLED)
    book.forget(token_of(user.http_client))
    await OpenPages(book).sweep()
    assert await was_told(user, "sfOver('disabled')")
    change_state(world, "xuhui01", AccountState.ACTIVE)


@pytest.mark.proves("H11")
async def test_a_taken_role_counts_for_the_next_event_and_closes_the_page(
    crowd: Crowd, world: World, book: SessionBook
) -> None:
    user = await crowd.open("shiju01", "/?open=probe-buttons")

    def turn(role: Role) -> None:
        def act(work: Work) -> None:
            account = work.session.exec(select(Account).where(col(Account.login) == "shiju01")).one()
            grant = work.session.exec(select(AccountRole).where(AccountRole.account_id == account.id)).one()
            grant.role = role
            work.add(grant)

        world.act(act)
        book.forget(token_of(user.http_client))

    turn(Role.DISTRICT_BUREAU)
    user.find(marker="city").click()
    await user.should_see("您的岗位不能办理此项业务", retries=30)
    assert ASKED == []
    await OpenPages(book).sweep()
    assert await was_told(user, "sfOver('changed')")
    turn(Role.CITY_BUREAU)


async def test_the_watch_ends_though_the_library_swallows_its_cancellation(
    app: FastAPI, book: SessionBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.shell.open_pages.EVERY_SECONDS", 0)
    looking, go_on = threading.Event(), threading.Event()

    class Slow(SessionBook):
        def look_at(self, tokens: Iterable[str]) -> None:
            looking.set()
            go_on.wait()

    pages = OpenPages(Slow(book.door))
    watching = asyncio.create_task(pages.watch())
    assert await until(looking.is_set)
    pages.stop()
    watching.cancel()
    go_on.set()
    assert await until(watching.done)


def change_state(world: World, login: str, state: AccountState) -> None:
    def act(work: Work) -> None:
        account = work.session.exec(select(Account).where(col(Account.login) == login)).one()
        account.state = state
        work.add(account)

    world.act(act)
