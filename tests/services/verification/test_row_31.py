"""Row 31: codes and requests are found by any key, and 2,000 of a workbook are answered in its order."""

import io
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from models.house import RestrictionKind
from models.verification_codes import CodeState
from services.engine.callers import SYSTEM
from services.engine.refusals import Rejected
from services.files.file_refusals import FileRefused
from services.verification.find_many import MOST_ROWS, FindMany, Found, answers_book, find_many
from services.verification.listings import CODES, REQUESTS
from services.verification.restrictions import NoteRestriction, note_restriction
from services.verification.views import view_request
from tests.services.verification.firm import BROKER, RENTAL, Firms

HEAD = "核验码或权属证明编号"


def _book(*values: Any, head: str = HEAD) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append([head])
    for value in values:
        sheet.append([value])
        if isinstance(value, str):
            sheet.cell(sheet.max_row, 1).data_type = "s"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _find(firms: Firms, *values: Any, who: str = "shi01", head: str = HEAD) -> Found:
    caller = firms.world.caller(who) if who != "firm" else firms.caller()
    return firms.world.door.perform(find_many, caller, FindMany(_book(*values, head=head), "核实房源"))


@pytest.mark.row(31)
def test_answers_come_in_the_order_of_the_file_with_what_was_not_found(firms: Firms) -> None:
    flat = firms.flat()
    told = firms.verify(firms.home(flat))
    found = _find(
        firms, "310115270300000000", told.code_no, flat.cert_no, told.code_no, "沪(1999)浦字不动产权第000001号"
    )
    assert [str(line.result) for line in found.lines] == ["未查到", "已查到", "已查到", "已查到", "未查到"]
    assert [line.number for line in found.lines] == [2, 3, 4, 5, 6]
    assert (found.total, found.missing) == (5, 2)
    assert {line.code_no for line in found.lines[1:4]} == {told.code_no}


@pytest.mark.row(31)
def test_a_number_that_a_spreadsheet_has_eaten_is_told_and_not_guessed(firms: Firms) -> None:
    found = _find(firms, 310115270300000012, "15270300000012345")
    eaten, short = found.lines
    assert "文本" in eaten.note
    assert str(eaten.result) == "未查到"
    assert "18位" in short.note


@pytest.mark.row(31)
@pytest.mark.parametrize("values", [(), ("", "")])
def test_an_empty_file_is_refused(firms: Firms, values: tuple[str, ...]) -> None:
    with pytest.raises(Rejected):
        _find(firms, *values)


@pytest.mark.row(31)
def test_a_wrong_column_and_one_line_too_many_are_refused(firms: Firms) -> None:
    with pytest.raises((Rejected, FileRefused)):
        _find(firms, "310115270300000012", head="小区名称")
    with pytest.raises((Rejected, FileRefused)) as refused:
        _find(firms, *["310115270300000012"] * (MOST_ROWS + 1))
    assert "2,000" in str(refused.value) or "2000" in str(refused.value)


@pytest.mark.row(31)
def test_two_thousand_lines_are_answered(firms: Firms) -> None:
    assert len(_find(firms, *["310115270300000012"] * MOST_ROWS).lines) == MOST_ROWS


@pytest.mark.row(31)
def test_a_firm_finds_its_own_only_and_a_district_its_own(firms: Firms) -> None:
    mine, others = firms.flat(), firms.flat()
    own = firms.verify(firms.home(mine))
    theirs = firms.verify(firms.home(others, BROKER), BROKER)
    found = _find(firms, own.code_no, theirs.code_no, others.cert_no, who="firm")
    assert [str(line.result) for line in found.lines] == ["已查到", "未查到", "未查到"]
    numbers = {line.code_no for line in firms.world.listed(CODES, firms.caller(), size=100).lines}
    assert own.code_no in numbers
    assert theirs.code_no not in numbers
    other_district = "pdju01" if mine.line["district_code"] != "310115" else "xhju01"
    assert own.code_no not in {one.code_no for one in firms.world.listed(CODES, other_district, size=100).lines}


@pytest.mark.row(31)
def test_a_code_is_found_by_number_prefix_certificate_address_owner_firm_and_restriction(firms: Firms) -> None:
    flat = firms.flat()
    told = firms.verify(firms.home(flat))
    owner = flat.owners[0]
    searches: dict[str, Any] = {
        "number": told.code_no,
        "cert": flat.cert_no,
        "address": f"{flat.line['road']} {flat.line['room']}",
        "owner": owner.id_no,
        "firm": RENTAL,
        "state": "VALID",
    }
    for key, text in searches.items():
        numbers = {line.code_no for line in firms.world.listed(CODES, "shi01", size=200, **{key: text}).lines}
        assert told.code_no in numbers, key
    prefix = {line.code_no for line in firms.world.listed(CODES, "shi01", size=200, number=told.code_no[:8]).lines}
    assert told.code_no in prefix
    kind = RestrictionKind.EXPROPRIATION
    firms.world.door.perform(note_restriction, SYSTEM, NoteRestriction(flat.code, kind, firms.today))
    page = firms.world.listed(CODES, "shi01", restriction=kind.value, number=told.code_no)
    assert [line.state for line in page.lines] == [CodeState.INVALID]
    assert firms.world.listed(REQUESTS, "shi01", owner=owner.name, cert=flat.cert_no).total >= 1


@pytest.mark.row(31)
def test_a_code_past_its_last_day_is_shown_ended_before_the_job_has_run(firms: Firms) -> None:
    told = firms.verify(firms.home(firms.flat(), BROKER), BROKER)
    firms.world.let_pass(days=61)
    assert firms.world.listed(CODES, "shi01", number=told.code_no, state="VALID").total == 0
    line = firms.world.listed(CODES, "shi01", number=told.code_no, state="INVALID").lines[0]
    assert line.state_now is CodeState.INVALID
    assert _find(firms, told.code_no).lines[0].why == "期满"


@pytest.mark.row(31)
def test_what_begins_like_a_formula_is_text_in_the_answer(firms: Firms) -> None:
    found = _find(firms, "=1+1", "-310115", "@SUM(A1)")
    sheet = load_workbook(io.BytesIO(answers_book(found))).active
    assert sheet is not None
    cells = [row[1] for row in sheet.iter_rows(min_row=2)]
    assert all(cell.data_type != "f" for cell in cells)


@pytest.mark.row(31)
def test_a_request_is_opened_masked_with_every_reason_and_what_to_do(firms: Firms) -> None:
    flat = firms.flat()
    given = firms.submit(firms.home(flat, owner_name="别人名", owner_phone=""))
    firms.check(given)
    view = firms.world.door.ask(view_request, firms.caller(), given.id)
    assert [one.code for one in view.reasons] == ["H02", "V05"]
    assert "*" in view.owner_name
    assert "*" in view.owner_id_no
    assert flat.cert_no not in view.cert_no
