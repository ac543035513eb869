"""Attachments of records: kinds by content, sizes, and seen with the versions that cite them, by nobody else."""

import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest

from services.documents.attachments import KeptAttachment, open_attachment
from services.engine import record_files
from services.engine.cycle import acts
from services.engine.cycle_orders import OneRevision, StartUpdate
from services.engine.record_files import LARGEST_OF_RECORD
from services.engine.refusals import Conflict, NotAllowed, NotFound, Rejected
from services.files.file_refusals import FileRefused
from services.files.inspection import LARGEST_RECORD as LARGEST
from services.files.inspection import inspect_record_file
from services.records.attachments import AttachFile, attach_file
from tests.files_made import jpeg, pdf, png, xlsx
from tests.market import Market
from tests.services.records.desk import MAKER, RIVAL, Desk

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
POINT = {"type": "Point", "coordinates": [121.5, 31.2]}


def zipped(*names: str) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        for name in names:
            archive.writestr(name, "<x/>")
    return whole.getvalue()


def a_text(size: int) -> bytes:
    """A text file of exactly so many bytes."""
    return b"x" * size


@pytest.mark.parametrize(
    ("content", "extension"),
    [
        (pdf(), "pdf"),
        (jpeg(), "jpg"),
        (png(), "png"),
        (xlsx(), "xlsx"),
        (zipped("[Content_Types].xml", "word/document.xml"), "docx"),
        (zipped("OFD.xml", "Doc_0/Document.xml"), "ofd"),
        (zipped("红线.txt"), "zip"),
        (OLE + "WordDocument".encode("utf-16-le"), "doc"),
        (OLE + "Workbook".encode("utf-16-le"), "xls"),
        (b"AC1032" + bytes(100), "dwg"),
        (b"  0\r\nSECTION\r\n  2\r\nHEADER\r\n", "dxf"),
        (b"AutoCAD Binary DXF\r\n\x1a\x00" + bytes(20), "dxf"),
        ("界址点 J1".encode(), "txt"),
        ("界址点 J1".encode("gb18030"), "txt"),
        (json.dumps(POINT).encode(), "geojson"),
        (json.dumps({"type": "Nothing"}).encode(), "txt"),
    ],
)
def test_a_file_is_what_its_content_says(content: bytes, extension: str) -> None:
    assert inspect_record_file(content).extension == extension


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"MZ\x90\x00" + bytes(100),
        b"\x7fELF" + bytes(100),
        b"<!DOCTYPE html><script>alert(1)</script>",
        b"  <svg onload=alert(1)>",
        b"GIF89a" + bytes(50),
        OLE + "EncryptedPackage".encode("utf-16-le"),
        OLE,
        b"AC9999" + bytes(100),
        pdf() + zipped("a.txt"),
        b"text\x1b[2J",
        zipped("a.txt")[:-10],
        zipped("../a.txt"),
    ],
)
def test_anything_else_is_refused_with_what_is_taken(content: bytes) -> None:
    with pytest.raises(FileRefused):
        inspect_record_file(content)


def test_what_acts_by_itself_is_kept_apart() -> None:
    assert inspect_record_file(zipped("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin")).active
    macro = OLE + "Workbook".encode("utf-16-le") + "_VBA_PROJECT".encode("utf-16-le")
    assert inspect_record_file(macro).active == ("宏",)


def attached(desk: Desk, revision_id: UUID, content: bytes = b"", login: str = MAKER, slot: str = "scan") -> UUID:
    order = AttachFile(revision_id, slot, "../权属证明<b>.exe", content or png())
    kept: KeptAttachment = desk.do(attach_file, order, login)
    return kept.id


def sees(desk: Desk, file_id: UUID, login: str) -> bool:
    try:
        desk.ask(open_attachment, file_id, login)
    except NotFound:
        return False
    return True


@pytest.fixture
def roomy(desk: Desk, standing: Market) -> Iterator[Desk]:
    """A desk whose large files leave the database with the test: the scan would go through 300 MB of ciphers."""
    yield desk
    engine = standing.world.door.database.engine
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE attachment SET content = '' WHERE length(content) > 1000000")
    if engine.dialect.name == "sqlite":
        raw = engine.raw_connection()
        raw.cursor().execute("VACUUM")
        raw.close()
        standing.world.door.database.fold()


@pytest.mark.row(51, 56, 58)
def test_a_file_of_49_9_mb_is_taken_and_one_of_50_1_is_not(roomy: Desk) -> None:
    desk = roomy
    begun = desk.begun()
    small, large = int(49.9 * 1024 * 1024), int(50.1 * 1024 * 1024)
    kept = attached(desk, begun.revision_id, a_text(small))
    assert len(desk.ask(open_attachment, kept).content) == small
    with pytest.raises(FileRefused) as refused:
        attached(desk, begun.revision_id, a_text(large))
    assert "50MB" in refused.value.message
    assert small < LARGEST < large


@pytest.mark.row(51, 56, 58)
@pytest.mark.parametrize("megabytes", [4, pytest.param(200, marks=pytest.mark.soak)])
def test_a_record_takes_200_mb_of_files(roomy: Desk, monkeypatch: pytest.MonkeyPatch, megabytes: int) -> None:
    """Four files of a quarter each and no fifth one; a fiftieth of what the product takes is soon sealed."""
    assert LARGEST_OF_RECORD == 200 << 20
    monkeypatch.setattr(record_files, "LARGEST_OF_RECORD", megabytes << 20)
    desk = roomy
    begun = desk.begun()
    each = a_text((megabytes << 18) - 1)
    files = [attached(desk, begun.revision_id, each + b"%d" % number) for number in range(5)]
    values: dict[str, Any] = {"name": "附件多的小区", "ring": "INNER"}
    with pytest.raises(Rejected) as refused:
        desk.saved(begun, values, {}, {"scan": files})
    assert "200MB" in refused.value.message
    desk.saved(begun, values, {}, {"scan": files[:4]})
    assert [one.id for one in desk.view(begun.revision_id).files] == files[:4]
    with pytest.raises(Rejected):
        attached(desk, begun.revision_id)


@pytest.mark.row(51, 56, 58)
def test_files_are_seen_with_the_version_that_cites_them_and_not_else(desk: Desk) -> None:
    begun = desk.begun()
    first = attached(desk, begun.revision_id)
    # Uploaded and not yet saved, it is the uploader's own.
    assert [sees(desk, first, login) for login in (MAKER, "shenpu_admin", "pdshen01", RIVAL)] == [
        True,
        False,
        False,
        False,
    ]
    desk.saved(begun, {"name": "有附件的小区", "ring": "INNER"}, {}, {"scan": [first]})
    assert sees(desk, first, "shenpu_admin")
    assert not sees(desk, first, "pdshen01")
    desk.submit(begun.revision_id)
    assert sees(desk, first, "pdshen01")
    assert sees(desk, first, "shishen01")
    for login in (RIVAL, "jianghai_admin", "xincheng01", "xhshen01", "binjiang01", "shi01", "huamu01"):
        assert not sees(desk, first, login), login
    desk.approve(begun.revision_id)
    update = desk.do(acts("made_estate").update, StartUpdate(begun.record_id, "换一份扫描件"))
    second = attached(desk, update.revision_id, pdf())
    desk.saved(update, {"name": "有附件的小区", "ring": "INNER"}, {}, {"scan": [second]})
    # The draft's file is the office's; the file in force stays everybody's who sees the record.
    assert not sees(desk, second, "pdshen01")
    assert sees(desk, first, "pdshen01")
    shown = [(one.id, one.name, one.previewed) for one in desk.view(update.revision_id).files]
    assert shown == [(second, "权属证明b.exe.pdf", True)]
    desk.do(acts("made_estate").drop, OneRevision(update.revision_id))
    assert sees(desk, first, "shenpu_admin")
    assert not sees(desk, second, "shenpu_admin")


def test_a_file_of_others_cannot_be_cited(desk: Desk) -> None:
    begun, foreign = desk.begun(), desk.begun(RIVAL)
    theirs = attached(desk, foreign.revision_id, login=RIVAL)
    with pytest.raises(NotFound):
        desk.saved(begun, {"name": "借附件的小区", "ring": "INNER"}, {}, {"scan": [theirs]})
    with pytest.raises(NotFound):
        attached(desk, foreign.revision_id)


def test_only_who_writes_an_open_version_attaches(desk: Desk) -> None:
    begun = desk.begun()
    with pytest.raises(NotFound):
        attached(desk, begun.revision_id, login="pdchu01")
    with pytest.raises(Rejected):
        attached(desk, begun.revision_id, slot="nothing")
    desk.submit(begun.revision_id)
    with pytest.raises(Conflict):
        attached(desk, begun.revision_id)
    with pytest.raises(NotAllowed):
        attached(desk, begun.revision_id, login="shishen01")


def test_files_keep_their_order_and_may_stand_in_two_slots(desk: Desk) -> None:
    begun = desk.begun()
    one, two = attached(desk, begun.revision_id), attached(desk, begun.revision_id, pdf())
    values = {"name": "排序的小区", "ring": "INNER"}
    desk.saved(begun, values, {}, {"scan": [one, two], "drawing": [one]})
    desk.saved(begun, values, {}, {"scan": [two, one], "drawing": [one]})
    assert [(file.slot, file.id) for file in desk.view(begun.revision_id).files] == [
        ("drawing", one),
        ("scan", two),
        ("scan", one),
    ]
