"""Open pages belong to their session and die with it (H10, H11, H14)."""

import asyncio
import json
from datetime import timedelta

import pytest
from fastapi import FastAPI
from nicegui import Client
from sqlmodel import col, select

from models.access import Account, AccountRole, AccountState, Role, SignInSession
from models.audit import AuditEvent
from services.access.sessions import SessionBook
from services.engine.clock import system_now
from services.engine.work import Work
from tests.ui.people import Crowd, page_of, token_of, was_told
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


async def denials(world: World, act: str, least: int) -> int:
    """How often a foreign event was told to the audit; waits for the background to write it."""
    for _ in range(100):
        found = world.read(
            lambda work: work.session.exec(
                select(AuditEvent).where(AuditEvent.event == "AUTHZ.DENY", AuditEvent.act == act)
            ).all()
        )
        if len(found) >= least:
            break
        await asyncio.sleep(0.02)
    return len(found)


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


async def test_the_watch_closes_the_page_of_a_disabled_account(crowd: Crowd, world: World, book: SessionBook) -> None:
    user = await crowd.open("xuhui01", "/?open=probe-buttons")
    change_state(world, "xuhui01", AccountState.DISABLED)
    book.forget(token_of(user.http_client))
    await OpenPages(book).sweep()
    assert await was_told(user, "sfOver('over')")
    change_state(world, "xuhui01", AccountState.ACTIVE)


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


def change_state(world: World, login: str, state: AccountState) -> None:
    def act(work: Work) -> None:
        account = work.session.exec(select(Account).where(col(Account.login) == login)).one()
        account.state = state
        work.add(account)

    world.act(act)
