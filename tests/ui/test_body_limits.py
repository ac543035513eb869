"""A body that does not come to its end is not waited for (S-F5)."""

import asyncio

import pytest
from starlette.types import Message

from ui.body_limits import BodyTooLarge, BodyTooSlow, limited


async def test_a_body_whose_rest_is_not_sent_is_given_up() -> None:
    waiting = asyncio.Event()

    async def receive() -> Message:
        await waiting.wait()
        return {}

    with pytest.raises(BodyTooSlow):
        await limited(receive, 100, pause=0.01)()


async def test_a_sender_who_goes_away_in_the_middle_is_no_error_of_ours() -> None:
    messages = iter(({"type": "http.request", "body": b"a=1", "more_body": True}, {"type": "http.disconnect"}))

    async def receive() -> Message:
        return next(messages)

    reading = limited(receive, 100)
    await reading()
    with pytest.raises(BodyTooSlow):
        await reading()


async def test_the_end_of_the_connection_is_waited_for_after_a_whole_body() -> None:
    messages = iter(({"type": "http.request", "body": b"a=1"}, {"type": "http.disconnect"}))

    async def receive() -> Message:
        await asyncio.sleep(0.05)
        return next(messages)

    reading = limited(receive, 100, pause=1)
    await reading()
    assert (await reading())["type"] == "http.disconnect"


async def test_more_than_may_come_is_too_large_though_it_is_sent_in_parts() -> None:
    async def receive() -> Message:
        return {"type": "http.request", "body": b"x" * 60, "more_body": True}

    reading = limited(receive, 100)
    await reading()
    with pytest.raises(BodyTooLarge):
        await reading()
