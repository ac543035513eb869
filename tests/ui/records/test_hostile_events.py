"""Events no page of ours sends, to the pages of records: of every control there is, shown or not, with whatever can be written.

The sender is signed in and in front of his own page; what he may do there he may. What is not his to do must not come of it, and
nothing of it may break the page.
"""

import asyncio
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from traceback import extract_tb
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi import FastAPI
from nicegui import Client
from nicegui.element import Element
from nicegui.elements.mixins.value_element import ValueElement
from nicegui.testing import User

from models.records import RevisionState
from services.engine.cycle import acts
from services.engine.cycle_orders import OneRevision, RevisionView
from tests.ui.people import Crowd, page_of, token_of, until
from tests.ui.records.hands import MAKER, REVIEWER, SECOND, begin, open_record, record_of, submitted, version_of, whole
from tests.ui.sockets import Socket, knock
from tests.ui.tenancy.hands import WAIT
from tests.world import World
from ui.shell.autosave import DELAY_SECONDS

pytestmark = pytest.mark.usefixtures("companies")
DISTRICT, ELSEWHERE = "pdchu01", "xhshen01"
_PAUSE = 0.02


@dataclass(frozen=True)
class Listening:
    """A listener of an element of a page."""

    element: int
    id: str
    type: str
    inside: bool


def listeners(client: Client) -> list[Listening]:
    """The page itself before menus, tabs and toolbar, and in it what is clicked last: that draws things anew, and what stood
    there hears nothing more."""
    found = [
        Listening(element.id, listener.id, listener.type, _inside(element))
        for element in client.elements.values()
        for listener in element._event_listeners.values()
    ]
    return sorted(found, key=lambda one: (not one.inside, one.type == "click"))


def _inside(element: Element) -> bool:
    return any({"sf-split", "sf-list"} & set(one._classes) for one in element.ancestors(include_self=True))


def hostile(*ids: UUID) -> Iterator[Any]:
    """What can stand in an event: nothing, everything, ids of others."""
    yield from (None, "", "x", 7, -1, 1e308, True, [], {}, [[1, 2]], "\u0000", "甲" * 5_000)
    yield [{"name": "record_no", "district_code": "310104", "in_force": "EFFECTIVE", "__class__": "x"}]
    yield {"name": "land_uses", "text": 7, "value": "x", "row": -1, "to": 10**9}
    for one in ids:
        yield str(one)
        yield [str(one)]
        yield {"id": str(one), "value": str(one), "name": "head_company_id", "text": str(one)}


async def _hands(socket: Socket, client: Client) -> None:
    assert (await socket.hear()).startswith("0{")
    await socket.say("40")
    assert (await socket.hear()).startswith("40")
    await socket.emit("handshake", {"client_id": client.id, "tab_id": client.tab_id, "document_id": "d1"})


async def send_all(
    app: FastAPI, user: User, *ids: UUID, but: Callable[[Listening], bool] = lambda _: False, wait: float = 1
) -> int:
    """Every listener of the page hears everything; how many there were."""
    client = page_of(user)
    heard = [one for one in listeners(client) if not but(one)]
    async with knock(app, cookie=token_of(user.http_client)) as socket:
        assert socket is not None
        await _hands(socket, client)
        for one in heard:
            for args in hostile(*ids):
                event = {"client_id": client.id, "id": one.element, "listener_id": one.id, "args": [json.dumps(args)]}
                await socket.emit("event", event)
            await asyncio.sleep(_PAUSE)
        await asyncio.sleep(wait)
    return len(heard)


def errors(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What broke in the pages; that the library forgets a page twice, whose socket and test both end, is none of them."""
    broken = [record.exc_info for record in caplog.records if record.exc_info]
    return [f"{kind}: {what}" for kind, what, trace in broken if not _forgotten_twice(kind, trace)]


def _forgotten_twice(kind: type[BaseException] | None, trace: Any) -> bool:
    return kind is KeyError and extract_tb(trace)[-1].filename.endswith("nicegui/client.py")


def same(before: RevisionView, after: RevisionView) -> bool:
    keys = ("state", "version", "values", "children", "holder", "assigned", "steps")
    return all(getattr(before, key) == getattr(after, key) for key in keys)


@pytest.mark.parametrize(
    "login", [DISTRICT, *(pytest.param(login, marks=pytest.mark.night) for login in (MAKER, REVIEWER, SECOND))]
)
async def test_who_only_reads_a_record_changes_nothing(
    crowd: Crowd, app: FastAPI, world: World, caplog: pytest.LogCaptureFixture, login: str
) -> None:
    begun, other = submitted(world, parcel_name="只读的地块"), submitted(world, parcel_name="旁边的地块")
    before = [version_of(world, REVIEWER, one.revision_id) for one in (begun, other)]
    user = await open_record(crowd, login, begun.record_id)
    assert await send_all(app, user, begun.revision_id, other.revision_id, other.record_id) > 10
    after = [version_of(world, REVIEWER, one.revision_id) for one in (begun, other)]
    assert all(same(*pair) for pair in zip(before, after, strict=True))
    assert errors(caplog) == []


async def test_a_queue_decides_nothing_that_is_not_in_hand(
    crowd: Crowd, app: FastAPI, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    begun = submitted(world, parcel_name="他人领取的")
    world.door.perform(acts("parcel").take, world.caller(SECOND), OneRevision(begun.revision_id))
    elsewhere = submitted(world, parcel_name="外区的地块", district="310104")
    user = await crowd.open(REVIEWER, f"/?open=record_review&id={begun.revision_id}")
    await user.should_see("正在处理", retries=WAIT)
    before = [version_of(world, login, one.revision_id) for login, one in ((SECOND, begun), (ELSEWHERE, elsewhere))]
    await send_all(app, user, begun.revision_id, elsewhere.revision_id)
    after = [version_of(world, login, one.revision_id) for login, one in ((SECOND, begun), (ELSEWHERE, elsewhere))]
    assert all(same(*pair) for pair in zip(before, after, strict=True))
    assert errors(caplog) == []


@pytest.mark.parametrize(
    "page", ["record_steps", *(pytest.param(page, marks=pytest.mark.night) for page in ("list-parcel", "inbox"))]
)
async def test_lists_open_nothing_that_is_not_in_them(
    crowd: Crowd, app: FastAPI, world: World, caplog: pytest.LogCaptureFixture, page: str
) -> None:
    elsewhere = submitted(world, parcel_name="外区的地块", district="310104")
    before = version_of(world, ELSEWHERE, elsewhere.revision_id)
    user = await crowd.open(DISTRICT, f"/?open={page}")
    await user.should_see(marker="grid", retries=WAIT)
    await send_all(app, user, elsewhere.revision_id, elsewhere.record_id)
    assert same(before, version_of(world, ELSEWHERE, elsewhere.revision_id))
    assert "外区的地块" not in str(user.client.elements if user.client else "")
    assert errors(caplog) == []


async def test_a_form_keeps_to_its_own_draft(
    crowd: Crowd, app: FastAPI, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    begun = whole(world, parcel_name="被乱写的草稿")
    rival = begin(world, "jianghai01", parcel_name="对手的草稿")
    before = record_of(world, "jianghai01", rival.record_id)
    user = await open_record(crowd, MAKER, begun.record_id)
    written = await send_all(
        app,
        user,
        rival.revision_id,
        rival.record_id,
        uuid4(),
        but=lambda one: one.type == "click",
        wait=DELAY_SECONDS + 2,
    )
    assert written > 30
    assert same(before, record_of(world, "jianghai01", rival.record_id))
    view = record_of(world, MAKER, begun.record_id)
    # It was heard: what can be written into a text stands there.
    assert await until(lambda: record_of(world, MAKER, begun.record_id).version > begun.version)
    # He may write into his own draft what he likes; it is a draft still, or what he pressed for, and nobody else's.
    assert view.state in {RevisionState.DRAFT, RevisionState.SUBMITTED}
    assert str(rival.record_id) not in str(view.values)
    assert str(rival.record_id) not in str(view.children)
    assert errors(caplog) == []


async def test_a_control_that_is_off_or_hidden_hears_nothing(crowd: Crowd, app: FastAPI, world: World) -> None:
    begun = submitted(world, parcel_name="不能按的按钮")
    user = await crowd.open(DISTRICT, "/?open=record_steps")
    await user.should_see(marker="grid", retries=WAIT)
    client = page_of(user)
    off = [one for one in client.elements.values() if getattr(one, "enabled", True) is False or not one.visible]
    assert off
    version = version_of(world, REVIEWER, begun.revision_id).version
    async with knock(app, cookie=token_of(user.http_client)) as socket:
        assert socket is not None
        await _hands(socket, client)
        for element in off:
            for listener in element._event_listeners.values():
                event = {"client_id": client.id, "id": element.id, "listener_id": listener.id, "args": ["{}"]}
                await socket.emit("event", event)
        await asyncio.sleep(0.5)
    await user.should_not_see(marker="reassigning")
    assert version_of(world, REVIEWER, begun.revision_id).version == version


async def test_a_choice_takes_no_value_it_does_not_offer(crowd: Crowd, app: FastAPI, world: World) -> None:
    begun = whole(world, parcel_name="选项之外的地块")
    user = await open_record(crowd, MAKER, begun.record_id)
    client = page_of(user)
    chosen = user.find(marker="field-acquire_mode").elements.pop()
    assert isinstance(chosen, ValueElement)
    stood = chosen.value
    async with knock(app, cookie=token_of(user.http_client)) as socket:
        assert socket is not None
        await _hands(socket, client)
        for listener in chosen._event_listeners.values():
            for args in ("DROP TABLE", "EFFECTIVE", 7, {"value": "x"}):
                message = {"client_id": client.id, "id": chosen.id, "listener_id": listener.id}
                await socket.emit("event", {**message, "args": [json.dumps(args)]})
        assert await until(lambda: chosen.value in {stood, ""})
    assert chosen.value in {stood, ""}
    assert record_of(world, MAKER, begun.record_id).values["acquire_mode"] == stood
