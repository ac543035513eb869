"""Downloading an export: whole, in part, broken off, and not at all where it is not what it was (H23, D19)."""

import asyncio
import random
from typing import Any
from uuid import UUID

import httpx
import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from sqlmodel import select

from models.file_pieces import FilePiece
from models.privacy import ExportRequest
from services.engine.jobs import run_job
from services.engine.work import Work
from services.files.pieces import PIECE, PiecesAside, forget_pieces, keep_pieces
from services.privacy.exports import RequestExport, request_export
from tests.services.privacy.test_revealing import rows, set_parameter
from tests.services.tenancy.counter import Counter
from tests.ui.people import Crowd, until
from tests.world import World, sealer
from ui.privacy.routes import Part, asked_part

CONTENT = random.Random(3).randbytes(2 * PIECE + 77)


@pytest.fixture(scope="session")
def kept(world: World, counter: Counter) -> UUID:
    """An export of one lease, whose file is made a long one."""
    filing_no = counter.filed().decision.filing_no
    set_parameter(world, "export.row_limit", "200")
    order = RequestExport("filings", {"number": filing_no}, "csv", "制作月度台账")
    asked = world.door.perform(request_export, world.caller("huamu01"), order)
    assert run_job(world.door, "exports.make")
    put(world, asked.id)
    return asked.id


def put(world: World, request_id: UUID) -> None:
    """The long content in pieces, as if the worker had made it."""

    def write(work: Work) -> None:
        file = PiecesAside(sealer())
        file.write(CONTENT)
        file.finish()
        forget_pieces(work, request_id)
        keep_pieces(work, request_id, file)
        row = work.session.exec(select(ExportRequest).where(ExportRequest.id == request_id)).one()
        row.pieces, row.size, row.digest = file.pieces, file.size, file.digest
        work.add(row)

    world.act(write)


async def test_a_file_comes_whole_with_its_length_and_is_not_squeezed(crowd: Crowd, kept: UUID) -> None:
    answered = await (await crowd.browser("huamu01")).get(f"/exports/{kept}", headers={"accept-encoding": "gzip"})
    assert (answered.status_code, answered.content) == (200, CONTENT)
    assert answered.headers["content-length"] == str(len(CONTENT))
    assert answered.headers["accept-ranges"] == "bytes"
    assert "content-encoding" not in answered.headers


async def test_a_download_goes_on_where_it_was_broken_off(crowd: Crowd, world: World, kept: UUID) -> None:
    browser = await crowd.browser("huamu01")
    tag = (await browser.get(f"/exports/{kept}", headers={"range": "bytes=0-9"})).headers["etag"]
    before = downloads(world, kept)
    asked = {"range": f"bytes={PIECE - 5}-", "if-range": tag}
    answered = await browser.get(f"/exports/{kept}", headers=asked)
    assert (answered.status_code, answered.content) == (206, CONTENT[PIECE - 5 :])
    assert answered.headers["content-range"] == f"bytes {PIECE - 5}-{len(CONTENT) - 1}/{len(CONTENT)}"
    assert downloads(world, kept) == before + 1
    other = await browser.get(f"/exports/{kept}", headers={**asked, "if-range": '"another"'})
    assert (other.status_code, len(other.content)) == (200, len(CONTENT))
    beyond = await browser.get(f"/exports/{kept}", headers={"range": f"bytes={len(CONTENT)}-"})
    assert (beyond.status_code, beyond.headers["content-range"]) == (416, f"bytes */{len(CONTENT)}")


def downloads(world: World, request_id: UUID) -> int:
    (row,) = rows(world, ExportRequest, ExportRequest.id == request_id)
    return int(row.downloads)


@pytest.mark.proves("D19")
async def test_a_broken_file_is_refused_in_words(crowd: Crowd, world: World, kept: UUID) -> None:
    table: sa.Table = FilePiece.__table__  # type: ignore[attr-defined]
    with world.door.database.engine.begin() as connection:
        connection.execute(table.delete().where(table.c.file_id == kept, table.c.number == 1))
    browser = await crowd.browser("huamu01")
    answered = await browser.get(f"/exports/{kept}", headers={"accept": "text/html"})
    assert answered.status_code == 503
    assert "文件不能使用：第2块缺失（共3块）。已报告安全管理员，请重新申请导出" in answered.text
    put(world, kept)
    assert (await browser.get(f"/exports/{kept}")).content == CONTENT


@pytest.mark.proves("D19")
async def test_a_part_behind_the_beginning_is_not_made_to_wait_for_the_whole(
    crowd: Crowd, world: World, kept: UUID
) -> None:
    browser = await crowd.browser("huamu01")
    assert (await browser.get(f"/exports/{kept}", headers={"range": "bytes=0-9"})).status_code == 206
    table: sa.Table = FilePiece.__table__  # type: ignore[attr-defined]
    with world.door.database.engine.begin() as connection:
        connection.execute(table.delete().where(table.c.file_id == kept, table.c.number == 0))
    part = await browser.get(f"/exports/{kept}", headers={"range": f"bytes={PIECE}-"})
    start = await browser.get(f"/exports/{kept}", headers={"range": "bytes=0-", "accept": "text/html"})
    put(world, kept)
    assert (part.status_code, part.content) == (206, CONTENT[PIECE:])
    assert start.status_code == 503


async def test_a_reader_who_goes_away_leaves_nothing_open(
    app: FastAPI, crowd: Crowd, world: World, kept: UUID, caplog: pytest.LogCaptureFixture
) -> None:
    browser = await crowd.browser("huamu01")
    sent: list[Any] = []
    first = asyncio.Event()

    async def receive() -> dict[str, Any]:
        await first.wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)
        if message["type"] == "http.response.body":
            first.set()
            # Nobody takes any more.
            await asyncio.Event().wait()

    await app(_request(browser, f"/exports/{kept}"), receive, send)
    assert [len(message.get("body", b"")) for message in sent[1:]] == [PIECE]
    assert await until(lambda: world.door.database.engine.pool.checkedout() == 0)  # type: ignore[attr-defined]
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


def _request(browser: httpx.AsyncClient, path: str) -> dict[str, Any]:
    cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in browser.cookies.jar)
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(b"host", b"localhost"), (b"cookie", cookies.encode())],
        "client": ("127.0.0.1", 1),
        "server": ("localhost", 80),
    }


@pytest.mark.parametrize(
    ("wanted", "start", "end"),
    [
        ("", 0, 100),
        ("bytes=0-", 0, 100),
        ("bytes=10-19", 10, 20),
        ("bytes=10-1000", 10, 100),
        ("bytes=-30", 70, 100),
        ("bytes=-300", 0, 100),
        # What is no range, or more than one, is not cut.
        ("bytes=-", 0, 100),
        ("bytes=9-3", 0, 100),
        ("bytes=0-1,5-6", 0, 100),
        ("lines=0-1", 0, 100),
        ("bytes=１-２", 0, 100),
        (f"bytes={'9' * 40}-", 0, 100),
    ],
)
def test_a_range_is_read_as_it_is_meant(wanted: str, start: int, end: int) -> None:
    assert asked_part(wanted, "", '"a"', 100) == Part(start, end, 100)


@pytest.mark.parametrize(("wanted", "size"), [("bytes=100-", 100), ("bytes=-0", 100), ("bytes=0-", 0), ("bytes=-5", 0)])
def test_bytes_that_are_not_there_are_refused(wanted: str, size: int) -> None:
    assert asked_part(wanted, "", '"a"', size) is None
