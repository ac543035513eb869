"""The association's ledger as a file: what the list shows, masked, whole and noted; in clear by two people's word (H23)."""

import csv
from io import BytesIO, StringIO
from typing import Any

import pytest
from openpyxl import load_workbook

from models.privacy import PersonAccess, Shown
from models.sealed import index_of
from services.engine import list_pages
from services.engine.jobs import run_job
from services.engine.listings import ListRows
from services.engine.paging import Paging
from services.engine.refusals import NotAllowed, Rejected
from services.practitioners.association_events import LEDGER
from services.privacy.export_download import DownloadExport, download_export
from services.privacy.exports import DecideExport, RequestedExport, RequestExport, decide_export, request_export
from services.privacy.reauthentication import Reauthenticate, reauthenticate
from tests.services.practitioners.association.desk import ANJU, HUYU, Desk
from tests.services.privacy.test_revealing import rows, set_parameter
from tests.services.tenancy.counter import Person, somebody
from tests.world import sealer

pytestmark = [pytest.mark.row(45), pytest.mark.row(46), pytest.mark.proves("H23")]


def asked(desk: Desk, login: str = "shi01", **changes: Any) -> RequestedExport:
    order = {"listing": "association_ledger", "criteria": {}, "media": "csv", "reason": "季度对账", **changes}
    done: RequestedExport = desk.world.door.perform(request_export, desk.world.caller(login), RequestExport(**order))
    return done


def file_of(desk: Desk, request: RequestedExport, login: str = "shi01") -> bytes:
    assert run_job(desk.world.door, "exports.make")
    content: bytes = desk.world.door.ask(download_export, desk.world.caller(login), DownloadExport(request.id)).content
    return content


def table_of(content: bytes) -> list[list[str]]:
    """The rows of a file in CSV without the blanks that mark it, nor the line that says whose it is."""
    return [[cell.rstrip() for cell in line] for line in list(csv.reader(StringIO(content.decode("utf-8-sig"))))[:-1]]


def in_force_and_refused(desk: Desk) -> tuple[Person, str]:
    """Somebody with three events: recorded, activated, and a cancellation by another firm that was not believed."""
    who = somebody("司徒来往")
    card_no = desk.in_force(who)
    assert desk.cancel(card_no, HUYU)["state"] == "CONFLICT"
    return who, card_no


def test_the_file_says_what_the_list_says_and_no_more(desk: Desk) -> None:
    who, card_no = in_force_and_refused(desk)
    head, *lines = table_of(file_of(desk, asked(desk, criteria={"person": who.id_no})))
    assert [line[1:3] for line in lines] == [["协会报来", "登记"], ["告知协会", "激活"], ["协会报来", "注销"]]
    told = [dict(zip(head, line, strict=True)) for line in lines]
    assert {line["姓名"] for line in told} == {"司**往"}
    assert {line["信息卡编号"] for line in told} == {card_no}
    assert [line["状态"] for line in told] == ["已办理", "已办理", "待核对"]
    assert told[1]["送达"] == "待发送"
    assert "诚信平台信息不一致" in told[2]["说明"]
    assert not any(hidden in str(lines) for hidden in (who.id_no, who.name))
    page = desk.world.door.ask(LEDGER.query, desk.world.caller("shi01"), ListRows({"person": who.id_no}))
    assert {line.event_no for line in page.lines} == {line["事件编号"] for line in told}


@pytest.mark.parametrize(
    "criteria",
    [
        {"view": "DIFFERS"},
        {"way": "OUT", "kind": "ACTIVATED"},
        {"firm": ANJU, "since": "2027-03-01", "until": "2027-03-01"},
        {"state": "CONFLICT", "until": "2027-02-28"},
    ],
)
def test_every_filter_of_the_list_narrows_the_file(desk: Desk, criteria: dict[str, str]) -> None:
    in_force_and_refused(desk)
    page = desk.world.door.ask(LEDGER.query, desk.world.caller("shi01"), ListRows(criteria, Paging(1, 200)))
    if not page.total:
        with pytest.raises(Rejected, match="没有符合条件的记录"):
            asked(desk, criteria=criteria)
        return
    lines = table_of(file_of(desk, asked(desk, criteria=criteria)))[1:]
    assert {line[0] for line in lines} == {line.event_no for line in page.lines}
    assert len(lines) == page.total


def test_a_file_of_several_parts_is_whole_and_everybody_on_it_is_noted(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(list_pages, "_PART", 3)
    people = [in_force_and_refused(desk)[0] for _ in range(3)]
    request = asked(desk)
    lines = table_of(file_of(desk, request))[1:]
    assert len(lines) == request.rows == len({tuple(line) for line in lines})
    noted = {
        look.id_no_index: look.what for look in rows(desk.world, PersonAccess, PersonAccess.object_id == request.id)
    }
    assert {noted[index_of(sealer(), "id_no", who.id_no)] for who in people} == {Shown.MASKED}


def test_names_and_numbers_in_clear_want_the_password_and_the_bureau_s_word(desk: Desk) -> None:
    who, _ = in_force_and_refused(desk)
    wanted: dict[str, Any] = {"criteria": {"person": who.id_no}, "full": True}
    with pytest.raises(Exception, match="口令"):
        asked(desk, **wanted)
    world = desk.world
    assert world.door.perform(reauthenticate, world.caller("shi01"), Reauthenticate("shi01")).ok
    request = asked(desk, **wanted)
    assert request.waits
    with pytest.raises(NotAllowed):
        world.door.perform(decide_export, world.caller("shi02"), DecideExport(request.id, True))
    world.door.perform(decide_export, world.caller("shiju01"), DecideExport(request.id, True))
    assert {tuple(line[5:7]) for line in table_of(file_of(desk, request))[1:]} == {(who.name, who.id_no)}
    (look,) = rows(world, PersonAccess, PersonAccess.object_id == request.id)
    assert look.what is Shown.FULL


def test_a_long_ledger_waits_for_the_bureau(desk: Desk) -> None:
    in_force_and_refused(desk)
    set_parameter(desk.world, "export.row_limit", "2")
    try:
        assert asked(desk).waits
    finally:
        set_parameter(desk.world, "export.row_limit", "10000")


@pytest.mark.parametrize("login", ["pdju01", "pudong01", "huyu01", "huamu01"])
def test_nobody_but_the_city_has_it(desk: Desk, login: str) -> None:
    in_force_and_refused(desk)
    with pytest.raises(NotAllowed):
        asked(desk, login)


@pytest.mark.parametrize("criteria", [{"since": "2027-02-30"}, {"state": "NONE"}, {"no_such": "1"}])
def test_a_filter_that_is_none_of_the_page_s_leaves_with_no_file(desk: Desk, criteria: dict[str, str]) -> None:
    with pytest.raises(Rejected):
        asked(desk, criteria=criteria)


@pytest.mark.proves("H40")
def test_what_begins_like_a_formula_stays_text(desk: Desk) -> None:
    wanted = {"person": in_force_and_refused(desk)[0].id_no, "way": "OUT"}
    with desk.firm_became(name="=cmd|'/c calc'!A1"):
        text = table_of(file_of(desk, asked(desk, criteria=wanted)))
        book = load_workbook(BytesIO(file_of(desk, asked(desk, criteria=wanted, media="xlsx"))))
    assert {line[8] for line in text[1:]} == {"'=cmd|'/c calc'!A1"}
    cells = [row[8] for row in book.worksheets[0].iter_rows(min_row=2, max_row=2)]
    assert {cell.data_type for cell in cells} <= {"s", "inlineStr"}
    assert {str(cell.value).rstrip() for cell in cells} == {"=cmd|'/c calc'!A1"}
