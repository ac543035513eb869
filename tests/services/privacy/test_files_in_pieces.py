"""Exports of any size: sealed as they are written, kept in pieces, whole or refused, in memory that does not grow (H23, D19)."""

import csv
import os
import random
import tempfile
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from openpyxl import load_workbook
from sqlmodel import select

from models.access import Role
from models.alarms import Alarm, AlarmState
from models.audit import AuditEvent
from models.file_pieces import FilePiece
from models.integrity import IntegrityFault
from models.privacy import ExportRequest, ExportState
from models.row_mac import RowTampered
from models.sealing import sm3_hex
from services.engine.jobs import run_job
from services.engine.refusals import Conflict, Rejected
from services.engine.sheets import Cell
from services.engine.work import LOCKED, Work
from services.files import pieces as files_in_pieces
from services.files.pieces import BrokenPieces, KeptFile
from services.integrity.contents import scan_contents
from services.privacy import export_download
from services.privacy.export_download import DownloadExport, ExportedFile, Proofs, download_export
from services.privacy.exports import DecideExport, RequestExport, decide_export, request_export
from services.privacy.listings import LISTINGS, Criteria, Listed, Listing
from tests.services.privacy.test_revealing import rows
from tests.world import World, running_world, sealer

CLERK, BUREAU = "huamu01", "pdju01"
COLUMNS = ("编号", *(f"栏目{number}" for number in range(1, 9)))
#: A piece as the product keeps it, and a small one, of which most tests need not fill two.
WHOLE = files_in_pieces.PIECE
PIECE = WHOLE // 4
#: So many lines are two small pieces and a part of a third as a CSV file.
LINES = 1_125
MARKER = "明文标记"
#: The text of so many lines, by chance and drawn once: what comes again so much later is not compressed either.
LINES_APART = 500
TEXT = "".join(random.Random(7).choices([chr(letter) for letter in range(0x4E00, 0x9F00)], k=LINES_APART * 7 * 24))
TABLE: sa.Table = FilePiece.__table__  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def world(database_url: str) -> Iterator[World]:
    with running_world(database_url, houses=False) as running:
        running.stand_at(2027, 3, 1)
        yield running


@pytest.fixture(autouse=True)
def offered(monkeypatch: pytest.MonkeyPatch) -> "Long":
    """A list of any length that no area has."""
    offered = Long()
    monkeypatch.setitem(LISTINGS, "long", offered.listing())
    return offered


@pytest.fixture
def whole_pieces() -> None:
    """Pieces as large as the product keeps them."""


@pytest.fixture(autouse=True)
def small_pieces(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Small pieces for a test that does not ask for whole ones: how large one is, is said in one place."""
    if "whole_pieces" not in request.fixturenames:
        for module in (files_in_pieces, export_download):
            monkeypatch.setattr(module, "PIECE", PIECE)


@pytest.fixture(autouse=True)
def cleared(world: World) -> Iterator[None]:
    """Nothing of a test's files stays: what lies in the database is looked through in the end, and these are megabytes each."""
    yield
    sql(world, TABLE.delete())


class Long:
    """Lines nobody can compress, made as they are read; `seen` is called when all were handed over."""

    def __init__(self) -> None:
        self.count = LINES
        #: How many more there are than were counted when the list was asked for.
        self.grown = 0
        self.seen: Callable[[], None] = lambda: None

    def listing(self) -> Listing:
        return Listing(
            name="long",
            label="长名册",
            roles=frozenset({Role.STREET_CLERK}),
            columns=COLUMNS,
            count=lambda work, criteria: self.count,
            filters=frozenset(),
            parts=self.parts,
            longest=1_000_000,
        )

    def parts(self, work: Work, criteria: Criteria, full: bool) -> Iterator[Listed]:
        end = self.count + self.grown
        for start in range(0, end, 500):
            yield Listed(tuple(_line(number) for number in range(start, min(start + 500, end))))
        self.seen()


def _line(number: int) -> tuple[Cell, ...]:
    places = range(number % LINES_APART * 7, number % LINES_APART * 7 + 7)
    return (f"{number:08d}", MARKER, *(TEXT[place * 24 : place * 24 + 24] for place in places))


def made(world: World, media: str = "csv") -> ExportRequest:
    """An export asked for, agreed to, and made."""
    door = world.door
    order = RequestExport("long", {}, media, "核对全市名册")
    asked = door.perform(request_export, world.caller(CLERK), order)
    door.perform(decide_export, world.caller(BUREAU), DecideExport(asked.id, True))
    assert run_job(door, "exports.make")
    return request_of(world, asked.id)


def request_of(world: World, request_id: UUID) -> ExportRequest:
    (row,) = rows(world, ExportRequest, ExportRequest.id == request_id)
    assert isinstance(row, ExportRequest)
    return row


def fetch(world: World, request_id: UUID) -> ExportedFile:
    return world.door.ask(download_export, world.caller(CLERK), DownloadExport(request_id))


def go_on(world: World, request_id: UUID) -> ExportedFile:
    return world.door.ask(download_export, world.caller(CLERK), DownloadExport(request_id, again=True))


def pieces(world: World, request_id: UUID) -> list[Any]:
    found = rows(world, FilePiece, FilePiece.file_id == request_id)
    return sorted(found, key=lambda piece: piece.number)


def sql(world: World, *statements: Any) -> None:
    """What somebody does past the product."""
    with world.door.database.engine.begin() as connection:
        for statement in statements:
            connection.execute(statement)


def change(piece: Any, **values: Any) -> Any:
    return TABLE.update().where(TABLE.c.id == piece.id).values(**values)


@pytest.mark.proves("H23")
def test_a_long_file_is_kept_in_sealed_pieces_and_comes_back_whole(
    world: World, offered: Long, whole_pieces: None
) -> None:
    offered.count = told = 4 * LINES
    row = made(world)
    kept = pieces(world, row.id)
    assert (row.state, row.pieces, row.content) == (ExportState.READY, 3, None)
    assert [(piece.number, piece.last) for piece in kept] == [(0, False), (1, False), (2, True)]
    assert [piece.size for piece in kept[:2]] == [WHOLE, WHOLE]
    assert all(MARKER.encode() not in piece.content for piece in kept)
    file = fetch(world, row.id)
    assert (file.size, file.digest) == (len(file.content), sm3_hex(file.content))
    lines = list(csv.reader(StringIO(file.content.decode("utf-8-sig"))))
    assert [line[0] for line in lines[1:-1]] == [f"{number:08d}" for number in range(told)]
    assert f"共{told}条" in lines[-1][0]


def test_a_long_workbook_comes_back_whole(world: World, offered: Long) -> None:
    offered.count = 2_500
    row = made(world, "xlsx")
    assert row.pieces > 1
    book = load_workbook(BytesIO(fetch(world, row.id).content), read_only=True)
    values = list(book.worksheets[0].iter_rows(values_only=True))
    assert [str(line[0]) for line in values[1:-1]] == [f"{number:08d}" for number in range(2_500)]
    assert "共2500条" in str(values[-1][0])


def test_any_stretch_of_a_file_is_the_same_as_that_of_the_whole(world: World) -> None:
    file = fetch(world, made(world).id)
    whole = file.content
    for start, end in (
        (0, 1),
        (PIECE - 1, PIECE + 1),
        (PIECE, PIECE),
        (5, 2 * PIECE + 9),
        (len(whole) - 7, len(whole)),
    ):
        assert b"".join(file.read(start, end)) == whole[start:end]


def test_nothing_stays_open_when_a_download_is_broken_off(world: World) -> None:
    reading: Any = fetch(world, made(world).id).read()
    assert len(next(reading)) == PIECE
    assert world.door.database.engine.pool.checkedout() == 0  # type: ignore[attr-defined]
    reading.close()
    assert world.door.database.engine.pool.checkedout() == 0  # type: ignore[attr-defined]


Kept = list[Any]
BROKEN: list[tuple[str, Callable[[Kept], list[Any]], str]] = [
    ("a bit turned", lambda kept: [change(kept[1], content=_turned(kept[1].content))], "第2块的内容已被改动"),
    ("cut short", lambda kept: [change(kept[0], content=kept[0].content[:-40])], "第1块的内容已被改动"),
    ("emptied", lambda kept: [change(kept[2], content=b"")], "第3块的内容已被改动"),
    ("one missing", lambda kept: [TABLE.delete().where(TABLE.c.id == kept[1].id)], "第2块缺失（共3块）"),
    ("the last missing", lambda kept: [TABLE.delete().where(TABLE.c.id == kept[2].id)], "第3块缺失（共3块）"),
    (
        "contents swapped",
        lambda kept: [change(kept[0], content=kept[1].content), change(kept[1], content=kept[0].content)],
        "第1块的内容已被改动",
    ),
]


def _turned(content: bytes) -> bytes:
    turned = bytearray(content)
    turned[len(turned) // 2] ^= 1
    return bytes(turned)


@pytest.mark.proves("H23", "D19")
@pytest.mark.parametrize(("done", "fault"), [one[1:] for one in BROKEN], ids=[one[0] for one in BROKEN])
def test_a_file_with_a_broken_piece_is_refused_and_told(
    world: World, done: Callable[[Kept], list[Any]], fault: str
) -> None:
    row = made(world)
    sql(world, *done(pieces(world, row.id)))
    file = fetch(world, row.id)
    assert (file.fault, file.content) == (fault, b"")
    assert request_of(world, row.id).downloads == 0
    (alarm,) = rows(world, Alarm, Alarm.object_key == str(row.id))
    assert alarm.subject == f"导出文件{row.request_no}不能使用：{fault}"


@pytest.mark.proves("D19")
@pytest.mark.parametrize("what", ["numbers swapped", "a piece of another file", "the last made of another"])
def test_a_piece_in_another_place_fails_its_mac_and_is_locked(world: World, what: str) -> None:
    row = made(world)
    first, second, last = pieces(world, row.id)
    if what == "numbers swapped":
        sql(world, change(first, number=-1), change(second, number=0), change(first, number=1))
    elif what == "a piece of another file":
        other = pieces(world, made(world).id)[1]
        sql(world, TABLE.delete().where(TABLE.c.id == second.id), change(other, file_id=row.id))
    else:
        sql(world, TABLE.delete().where(TABLE.c.id == last.id), change(second, last=True))
    with pytest.raises(Conflict, match=LOCKED):
        fetch(world, row.id)
    assert rows(world, IntegrityFault, IntegrityFault.table_name == "file_piece")


@pytest.mark.proves("D19")
def test_a_file_cut_at_a_piece_with_its_number_is_refused(world: World) -> None:
    row = made(world)
    table = ExportRequest.__table__  # type: ignore[attr-defined]
    last = pieces(world, row.id)[2]
    shortened = table.update().where(table.c.id == row.id).values(pieces=2, size=2 * PIECE)
    sql(world, TABLE.delete().where(TABLE.c.id == last.id), shortened)
    with pytest.raises(Conflict, match=LOCKED):
        fetch(world, row.id)


@pytest.mark.proves("D19")
def test_the_whole_must_be_what_was_written_even_where_every_piece_is_ours(world: World) -> None:
    one, other = made(world), made(world)
    assert one.digest != other.digest
    # As if the product itself had written the pieces of the one file under the other.
    kept = pieces(world, one.id)

    def exchange(work: Work) -> None:
        work.session.connection().execute(TABLE.delete().where(TABLE.c.file_id == other.id))
        for piece in work.session.exec(select(FilePiece).where(FilePiece.file_id == one.id)).all():
            piece.file_id = other.id
            work.add(piece)

    world.act(exchange)
    assert [piece.size for piece in pieces(world, other.id)] == [piece.size for piece in kept]
    assert fetch(world, other.id).fault == "内容与生成时的摘要不一致"


@pytest.mark.proves("D19")
def test_a_piece_broken_between_the_look_and_its_reading_breaks_the_download_off(world: World) -> None:
    row = made(world)
    file = fetch(world, row.id)
    reading = file.read()
    next(reading)
    second = pieces(world, row.id)[1]
    sql(world, change(second, content=_turned(second.content)))
    with pytest.raises(BrokenPieces):
        next(reading)
    (alarm,) = rows(world, Alarm, Alarm.object_key == str(row.id))
    assert alarm.subject == f"导出文件{row.request_no}不能使用：第2块的内容已被改动"
    assert request_of(world, row.id).downloads == 1


@pytest.mark.proves("D19")
def test_a_piece_moved_between_the_look_and_its_reading_is_locked(world: World) -> None:
    row = made(world)
    reading = fetch(world, row.id).read()
    next(reading)
    second, last = pieces(world, row.id)[1:]
    sql(world, change(second, number=-1), change(last, number=1))
    with pytest.raises(RowTampered):
        next(reading)
    assert rows(world, IntegrityFault, IntegrityFault.row_id == last.id)


def test_pieces_gone_with_a_file_that_is_over_raise_no_alarm(world: World) -> None:
    row = made(world)
    reading = fetch(world, row.id).read()
    next(reading)
    world.rewrite(ExportRequest, ExportRequest.id == row.id, expires_at=world.door.clock.now())
    assert run_job(world.door, "exports.expire")
    with pytest.raises(BrokenPieces):
        next(reading)
    assert rows(world, Alarm, Alarm.object_key == str(row.id)) == []


@pytest.mark.proves("D19")
def test_who_goes_on_waits_for_no_second_proof_for_some_minutes_and_gets_no_unproven_piece(world: World) -> None:
    row = made(world)
    whole = fetch(world, row.id).content
    first = pieces(world, row.id)[0]
    sql(world, change(first, content=_turned(first.content)))
    # Only a part whose pieces are sound is given, and nobody reads the others for it.
    assert b"".join(go_on(world, row.id).read(PIECE)) == whole[PIECE:]
    world.let_pass(minutes=6)
    assert go_on(world, row.id).fault == "第1块的内容已被改动"


@pytest.mark.proves("D19")
def test_a_piece_that_fails_ends_what_was_proven(world: World) -> None:
    row = made(world)
    file = fetch(world, row.id)
    second = pieces(world, row.id)[1]
    sql(world, change(second, content=_turned(second.content)))
    with pytest.raises(BrokenPieces):
        list(file.read(PIECE))
    assert go_on(world, row.id).fault == "第2块的内容已被改动"


@pytest.mark.proves("D19")
def test_who_begins_has_the_whole_proven_however_lately_it_was(world: World) -> None:
    row = made(world)
    assert fetch(world, row.id).fault == ""
    last = pieces(world, row.id)[2]
    sql(world, change(last, content=b""))
    assert fetch(world, row.id).fault == "第3块的内容已被改动"


def test_no_more_proofs_are_remembered_than_have_room() -> None:
    proofs, now = Proofs(most=2), datetime(2027, 3, 1, tzinfo=UTC)
    files = [KeptFile(UUID(int=number), 1, 1, "") for number in range(3)]
    for kept in files:
        proofs.keep(kept, now)
    assert [proofs.holds(kept, now) for kept in files] == [False, True, True]
    assert [proofs.holds(replace(kept, digest="other"), now) for kept in files] == [False] * 3
    assert not proofs.holds(files[2], now + timedelta(minutes=5))
    proofs.forget(files[2].file_id)
    assert [proofs.holds(kept, now) for kept in files] == [False, True, False]


@pytest.mark.proves("D19")
def test_the_night_finds_a_broken_piece_and_a_locked_one_is_not_handed_out_until_it_is_gone(world: World) -> None:
    row = made(world)
    second = pieces(world, row.id)[1]
    sql(world, change(second, content=_turned(second.content)))
    with world.door.database.read() as session:
        _, faults = scan_contents(session)
    assert str(second.id) in {fault.row_id for fault in faults if fault.table == "file_piece"}
    assert run_job(world.door, "integrity.files")
    sql(world, change(second, content=second.content))
    assert fetch(world, row.id).fault == "第2块已被锁定"
    # Nobody could put a piece right that is no more there: its fault ends with it, and the alarm waits for somebody.
    world.rewrite(ExportRequest, ExportRequest.id == row.id, expires_at=world.door.clock.now())
    assert run_job(world.door, "exports.expire")
    (fault,), (alarm,) = (
        rows(world, IntegrityFault, IntegrityFault.row_id == second.id),
        rows(world, Alarm, Alarm.object_key == str(second.id)),
    )
    assert (fault.closed_at is None, fault.note, alarm.state) == (False, "文件到期清除，锁定随之结束", AlarmState.OPEN)
    told = select(AuditEvent.act).where(AuditEvent.event == "INTEGRITY.RELEASE", AuditEvent.object_id == str(fault.id))
    assert world.read(lambda work: work.session.exec(told).all()) == ["integrity.ended"]


def test_a_file_kept_as_one_before_pieces_is_still_handed_out(world: World) -> None:
    row = made(world)
    plain = fetch(world, row.id).content

    def as_before(work: Work, content: bytes) -> None:
        work.session.connection().execute(TABLE.delete().where(TABLE.c.file_id == row.id))
        old = work.session.exec(select(ExportRequest).where(ExportRequest.id == row.id)).one()
        old.content, old.pieces, old.size = content, 0, 0
        work.add(old)

    sealed = sealer().seal_file(plain, str(row.id))
    world.act(lambda work: as_before(work, sealed))
    file = fetch(world, row.id)
    assert (file.size, file.content) == (len(plain), plain)
    assert b"".join(file.read(PIECE - 3, PIECE + 3)) == plain[PIECE - 3 : PIECE + 3]
    world.act(lambda work: as_before(work, _turned(sealed)))
    assert fetch(world, row.id).fault == "内容已被改动"


def test_a_file_is_gone_with_its_pieces_when_its_time_is_over(world: World) -> None:
    row, other = made(world), made(world)
    world.rewrite(ExportRequest, ExportRequest.id == row.id, expires_at=world.door.clock.now())
    assert run_job(world.door, "exports.expire")
    assert pieces(world, row.id) == []
    assert len(pieces(world, other.id)) == 3
    with pytest.raises(Rejected, match="已过期"):
        fetch(world, row.id)


def test_a_list_that_grew_too_much_leaves_no_piece(world: World, offered: Long) -> None:
    offered.grown = LINES
    row = made_or_not(world)
    assert row.state is ExportState.FAILED
    assert pieces(world, row.id) == []


def made_or_not(world: World) -> ExportRequest:
    asked = world.door.perform(request_export, world.caller(CLERK), RequestExport("long", {}, "csv", "核对全市名册"))
    world.door.perform(decide_export, world.caller(BUREAU), DecideExport(asked.id, True))
    run_job(world.door, "exports.make")
    return request_of(world, asked.id)


@pytest.mark.proves("D22")
@pytest.mark.parametrize("media", ["csv", "xlsx"])
def test_nothing_of_a_file_in_the_making_lies_in_clear_on_the_disk(
    world: World, offered: Long, media: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    found: list[bytes] = []
    # All lines were handed over, and the file is not finished: whatever was set aside is open now.
    offered.seen = lambda: found.extend(_open_below(tmp_path))
    offered.count = 4_500
    made(world, media)
    assert any(content.startswith(b"SHF1") for content in found)
    assert not any(MARKER.encode() in content for content in found)
    assert not any(b"<row" in content for content in found if b"<sheetData>" not in content)
    assert [path for path in tmp_path.iterdir() if MARKER.encode() in path.read_bytes()] == []


def _open_below(folder: Path) -> Iterator[bytes]:
    """The files of this process below a folder as they are now, those without a name too."""
    for link in Path("/proc/self/fd").iterdir():
        try:
            if str(link.readlink()).startswith(str(folder)):
                yield os.pread(int(link.name), 1 << 26, 0)
        except OSError:
            continue


@pytest.mark.parametrize("media", ["csv", pytest.param("xlsx", marks=pytest.mark.night)])
def test_four_times_the_lines_need_no_more_memory(world: World, offered: Long, media: str) -> None:
    """Both ways: the making and the handing out."""

    def needed(count: int) -> tuple[int, int, int]:
        offered.count = count
        row, making = _peak(lambda: made(world, media))

        def handed_out() -> int:
            return sum(len(part) for part in fetch(world, row.id).read())

        size, reading = _peak(handed_out)
        return size, making, reading

    few, many = needed(900), needed(3_600)
    # The shorter file has one piece, the longer one has one after another.
    room = PIECE + PIECE // 2
    assert few[0] > PIECE
    assert many[0] - few[0] > 2 * room
    assert many[1] < few[1] + room
    assert many[2] < few[2] + room


def _peak(act: Callable[[], Any]) -> tuple[Any, int]:
    """What something gives, and the bytes Python held at most while it was done."""
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    given = act()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return given, peak - before
