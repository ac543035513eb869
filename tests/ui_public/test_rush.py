"""Many who scan at the same moment: they may share a statement, never an answer."""

import asyncio
from contextlib import suppress
from typing import Any

from services.engine.refusals import Unavailable
from services.public_check.reader import open_reader
from tests.ui_public.test_check import notice_of
from tests.world import World, sealer


async def test_at_a_rush_everybody_gets_the_paper_of_his_own_code(world: World) -> None:
    papers = [notice_of(world) for _ in range(3)]
    unknown = sealer().token_digest(sealer().qr_token("fn"))
    reader = open_reader(world.door.database, world.door.lock_later)
    await reader.start()
    try:
        asked = [paper.token_digest for paper in papers] * 40 + [unknown]
        found = await asyncio.gather(*(reader.find(digest) for digest in asked))
    finally:
        await reader.stop()
    told = [answer.digest if answer else None for answer in found]
    assert told == [paper.digest for paper in papers] * 40 + [None]


async def test_one_who_goes_away_takes_no_answer_from_others(world: World) -> None:
    paper = notice_of(world)
    reader = open_reader(world.door.database, world.door.lock_later)
    await reader.start()
    try:
        first, second = (asyncio.create_task(reader.find(paper.token_digest)) for _ in range(2))
        await asyncio.sleep(0)
        first.cancel()
        with suppress(asyncio.CancelledError):
            await first
        answer = await second
        again = await reader.find(paper.token_digest)
    finally:
        await reader.stop()
    assert answer is not None
    assert again == answer


async def test_a_database_that_is_away_is_told_to_everybody_who_waits(world: World) -> None:
    reader = open_reader(world.door.database, world.door.lock_later)
    await reader.start()
    await reader.stop()
    asked: list[Any] = await asyncio.gather(
        *(reader.find(f"{place:064d}") for place in range(30)), return_exceptions=True
    )
    assert {type(answer) for answer in asked} == {Unavailable}
