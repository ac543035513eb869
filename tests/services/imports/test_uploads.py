"""What may be uploaded as a table, and what is told at once (H42, H45)."""

import pytest

from models.practitioner_codes import SessionState
from services.engine.refusals import NotAllowed, Rejected
from services.files.file_refusals import FileRefused
from services.files.workbook_tables import LARGEST
from services.imports.commit_run import cancel_session
from services.imports.uploads import UploadTable, upload_table
from tests.people_made import person, table
from tests.services.imports.desk import KIND, Desk


def code(desk: Desk, order: UploadTable) -> str:
    with pytest.raises(FileRefused) as refused:
        desk.do(upload_table, order)
    return refused.value.code


@pytest.mark.proves("H45")
def test_too_much_nothing_and_what_is_no_archive_are_refused_at_once(desk: Desk) -> None:
    assert code(desk, UploadTable(KIND, "a.xlsx", b"P" * (LARGEST + 1))) == "FILE-SIZE"
    assert code(desk, UploadTable(KIND, "a.xlsx", b"")) == "FILE-EMPTY"
    assert code(desk, UploadTable(KIND, "a.xlsx", b"x", b"P" * (LARGEST + 1))) == "FILE-SIZE"
    assert code(desk, UploadTable(KIND, "a.xlsx", b"x", b"Rar!")) == "ZIP-KIND"
    with pytest.raises(Rejected):
        desk.do(upload_table, UploadTable("nothing", "a.xlsx", b"x"))


@pytest.mark.proves("H42")
@pytest.mark.parametrize(
    "name", ["../../etc/人员.xlsx", "..\\人员.xlsx", "人员\r\n.xlsx", "a" * 300 + ".xlsx", "CON.xlsx"]
)
def test_the_name_is_kept_for_people_only(desk: Desk, name: str) -> None:
    session_id = desk.do(upload_table, UploadTable(KIND, name, b"x")).id
    kept = desk.session(session_id).file_name.json()
    assert not set(kept) & set("/\\\r\n")
    assert kept.endswith(".xlsx")
    assert len(kept) <= 120
    assert not kept.upper().startswith("CON.")
    desk.do(cancel_session, session_id)


@pytest.mark.row(42)
def test_the_same_file_again_is_told(desk: Desk) -> None:
    content = table([person(1)])
    first = desk.do(upload_table, UploadTable(KIND, "a.xlsx", content))
    second = desk.do(upload_table, UploadTable(KIND, "b.xlsx", content))
    assert first.same_as == ""
    assert second.same_as == first.session_no
    for one in (first, second):
        desk.do(cancel_session, one.id)


@pytest.mark.row(42)
def test_a_firm_has_so_many_open_sessions_and_no_more(desk: Desk) -> None:
    opened = [desk.upload(b"\0%d" % number) for number in range(20)]
    with pytest.raises(Rejected, match="请先提交或取消"):
        desk.upload(b"one more")
    desk.work()
    assert {desk.state(one) for one in opened} == {SessionState.REFUSED}
    desk.upload(b"now there is room")


def test_somebody_without_a_firm_brings_nothing_in(desk: Desk) -> None:
    with pytest.raises(NotAllowed):
        desk.do(upload_table, UploadTable(KIND, "a.xlsx", b"x"), desk.world.caller("huamu01"))
