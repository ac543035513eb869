"""Lists of records as files, by the house's rules; what was exported changes nothing when it is brought in again."""

from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import openpyxl
import pytest

from models.practitioner_codes import SessionState
from models.privacy import ExportMedia, ExportState
from services.engine.listings import ListRows
from services.engine.paging import Paging
from services.engine.refusals import NotAllowed, NotFound, Rejected
from services.privacy.export_download import DownloadExport, download_export
from services.privacy.export_files import make_waiting
from services.privacy.exports import (
    EXPORTS,
    DecideExport,
    RequestedExport,
    RequestExport,
    decide_export,
    request_export,
)
from services.records.sheet_checks import UNCHANGED
from tests.services.privacy.test_revealing import set_parameter
from tests.services.records.desk import MAKER, RIVAL, Desk, a_name
from tests.services.records.estate import Ring

LISTING = "records.made_estate"


def requested(desk: Desk, criteria: dict[str, str], login: str = MAKER, **other: Any) -> RequestedExport:
    order = RequestExport(LISTING, criteria, other.pop("media", ExportMedia.XLSX.value), "核对小区登记内容", **other)
    answer: RequestedExport = desk.do(request_export, order, login)
    return answer


def exported(desk: Desk, criteria: dict[str, str], login: str = MAKER, **other: Any) -> bytes:
    asked = requested(desk, criteria, login, **other)
    assert not asked.waits
    make_waiting(desk.market.world.door)
    content: bytes = desk.ask(download_export, DownloadExport(asked.id), login).content
    return content


def sheet_of(content: bytes) -> list[list[Any]]:
    """The rows without the blanks that mark whose export it is."""
    sheet = openpyxl.load_workbook(BytesIO(content)).worksheets[0]
    return [[one.strip() if isinstance(one, str) else one for one in row] for row in sheet.iter_rows(values_only=True)]


def full_row(word: str, number: int, **other: Any) -> dict[str, Any]:
    return {
        "name": f"{word}{number}",
        "permit_no": "沪(2026)浦字不动产权第000001号",
        "ring": Ring.OUTER,
        "price": Decimal("1234567890123456.78"),
        "land": Decimal("1200.5000"),
        "green": Decimal("35.1200"),
        "far": Decimal("2.3456"),
        "sets": 1200,
        "sold": False,
        "issued_on": date(2026, 3, 1),
        "opened_at": datetime(2026, 3, 1, 4, 30, 15, 123456, tzinfo=UTC),
        "keeper": "欧阳锦程",
        "note": "无\n第二行 =1+1",
        **other,
    }


@pytest.mark.row(51, 58)
def test_what_was_exported_changes_nothing_when_it_comes_back(desk: Desk) -> None:
    word = a_name("往返")
    neighbour, foreign = desk.effective(), desk.effective(login=RIVAL)
    rows = [
        full_row(word, 0),
        full_row(word, 1, made_estate_id=neighbour.id, sold=True, note="长" * 20_000),
        full_row(word, 2, made_estate_id=foreign.id, permit_no="000123", sets=0, price=Decimal("0.00")),
        {"name": f"{word}=cmd|'/c calc'!A0"},
        {"name": f"{word}'+1", "note": "-"},
    ]
    ids = desk.load(rows)
    for media in (ExportMedia.XLSX.value, ExportMedia.CSV.value):
        content = exported(desk, {"text": word}, media=media)
        session = desk.bring(content)
        view = desk.session(session)
        assert (view.state, view.refusal, view.good, view.bad) == (SessionState.READY, "", len(rows), 0)
        assert all(("业务编号", UNCHANGED) in codes for codes in desk.told(session).values()), desk.told(session)
        desk.commit(session)
    assert [len(desk.versions(row_id)) for row_id in ids] == [0] * len(ids)


@pytest.mark.row(51)
def test_an_export_is_masked_and_within_ones_rights(desk: Desk) -> None:
    word = a_name("导出")
    desk.load([full_row(word, 0), full_row(word, 1)])
    desk.load([full_row(word, 2)], head=desk.market.jianghai)
    rows = sheet_of(exported(desk, {"text": word}))
    assert [row[2] for row in rows[1:3]] == [f"{word}0", f"{word}1"]
    assert len(rows) == 4
    assert "欧**程" in rows[1]
    assert "欧阳锦程" not in str(rows)
    assert len(sheet_of(exported(desk, {"text": word}, "shishen01"))) == 5
    assert len(sheet_of(exported(desk, {"text": word, "sets-from": "1", "sets-to": "2000"}, "pdshen01"))) == 5
    with pytest.raises(Rejected):
        requested(desk, {"text": word}, "xhshen01")
    with pytest.raises(Rejected):
        requested(desk, {"text": word, "keeper": "王"})


@pytest.mark.row(51)
def test_what_leaves_in_clear_waits_for_a_reviewer_of_the_market(desk: Desk) -> None:
    word = a_name("明文")
    desk.load([full_row(word, 0)])
    with pytest.raises((NotAllowed, Rejected)):
        requested(desk, {"text": word}, full=True)
    set_parameter(desk.market.world, "export.row_limit", "0")
    asked = requested(desk, {"text": word})
    set_parameter(desk.market.world, "export.row_limit", "200")
    assert asked.waits
    for login in (MAKER, "shenpu_admin", "xhshen01", RIVAL):
        with pytest.raises((NotAllowed, NotFound)):
            desk.do(decide_export, DecideExport(asked.id, True), login)
    seen = {line.id for line in desk.ask(EXPORTS.query, ListRows(paging=Paging(size=200)), "pdshen01").lines}
    assert asked.id in seen
    # The bureaus of the rental side have no part in it.
    assert asked.id not in {
        line.id for line in desk.ask(EXPORTS.query, ListRows(paging=Paging(size=200)), "shi01").lines
    }
    desk.do(decide_export, DecideExport(asked.id, True), "pdshen01")
    make_waiting(desk.market.world.door)
    line = next(line for line in desk.ask(EXPORTS.query, ListRows()).lines if line.id == asked.id)
    assert line.state is ExportState.READY


def test_a_grid_is_exported_by_the_filters_it_shows(desk: Desk) -> None:
    word = a_name("筛选")
    desk.load([full_row(word, 0, sold=True), full_row(word, 1, ring=Ring.INNER), full_row(word, 2, land=Decimal(5))])
    rows = sheet_of(exported(desk, {"text": word, "land-from": "10", "ring": "OUTER"}))
    assert [row[2] for row in rows[1:-1]] == [f"{word}0"]
