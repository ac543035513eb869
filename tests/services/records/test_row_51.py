"""集团公司 by the table: five hundred rows of which three are wrong, looked at first, then all or the good ones (row 51)."""

from typing import Any

import pytest
from sqlmodel import col, select

from models.companies import GroupCompany
from models.practitioner_codes import RowState, SessionState
from models.records import Revision, RevisionState
from services.engine.kinds import kind_named
from services.engine.listings import ListRows
from services.engine.proposals import read_form
from services.imports.corrections import FixLine, fix_line
from services.imports.listings import LINES, error_workbook, view_line
from services.records.sheet_columns import columns_of
from tests.conformance.samples_companies import company_values
from tests.market import credit_code
from tests.services.records.desk import Desk, read_back, workbook

CITY, TABLE = "shichu01", "records.group_company"


def columns() -> Any:
    return columns_of(kind_named("group_company").fields)


def row(number: int, **other: Any) -> list[Any]:
    values = {**company_values(f"导入{number}集团有限公司", credit_code(4000 + number, "310000")), "in_city_list": True}
    parsed = read_form(kind_named("group_company"), {**values, **other}).values
    return [
        other.get(one.field.name) or one.field.shown(parsed.get(one.field.name), {}, full=True) for one in columns()
    ]


def revisions(desk: Desk) -> list[Revision]:
    wanted = select(Revision).where(Revision.kind == "group_company")
    found: list[Revision] = desk.read(lambda work: work.session.exec(wanted.order_by(col(Revision.id))).all())
    return found


@pytest.mark.row(51)
@pytest.mark.parametrize("count", [50, pytest.param(500, marks=pytest.mark.soak)])
def test_five_hundred_rows_with_three_wrong_ones(desk: Desk, count: int) -> None:
    rows = [row(number) for number in range(count)]
    place = {one.field.name: at for at, one in enumerate(columns())}
    rows[10][place["uscc"]] = "91310000000000000X"
    rows[20][place["name"]] = None
    rows[30][place["established_on"]] = "2099-01-01"
    before = len(revisions(desk))
    session = desk.bring(workbook([one.label for one in columns()], rows), TABLE, CITY)
    view = desk.session(session, CITY)
    assert (view.state, view.total, view.good, view.bad) == (SessionState.READY, count, count - 3, 3)
    # Looked at only: nothing is there yet.
    assert len(revisions(desk)) == before
    bad = desk.ask(LINES.query, ListRows({"id": str(session), "show": "bad"}), CITY)
    assert [line.sheet_row for line in bad.lines] == [12, 22, 32]
    assert all(line.found and line.expected for line in bad.lines)
    assert len(read_back(desk.ask(error_workbook, session, CITY))) == 4

    desk.commit(session, CITY)
    assert desk.session(session, CITY).state is SessionState.READY
    assert len(revisions(desk)) == before + count - 3
    # The registry does not know them: somebody has to say why they are kept all the same.
    assert {one.state for one in revisions(desk)[before:]} == {RevisionState.DRAFT}

    for number, name, text in ((12, "uscc", credit_code(4900, "310000")), (22, "name", "补名集团有限公司")):
        line = desk.ask(view_line, desk.line_id(session, number), CITY).line
        head = next(one.label for one in columns() if one.field.name == name)
        assert desk.do(fix_line, FixLine(line.id, {head: text}, line.edited), CITY).state is RowState.GOOD
    desk.commit(session, CITY)
    assert (desk.session(session, CITY).committed, desk.session(session, CITY).bad) == (count - 1, 1)


@pytest.mark.row(51)
def test_what_the_registry_knows_takes_effect_at_once(desk: Desk) -> None:
    known = desk.market.row(GroupCompany, desk.market.ids["G-1"])
    heads = ["业务编号", *(one.label for one in columns() if one.field.name in ("name", "in_city_list"))]
    session = desk.bring(workbook(heads, [[known.record_no, known.name, "否"]]), TABLE, CITY)
    assert desk.session(session, CITY).good == 1
    desk.commit(session, CITY)
    after = desk.market.row(GroupCompany, desk.market.ids["G-1"])
    assert (after.version_no, after.in_city_list) == (known.version_no + 1, False)
    assert after.uscc == known.uscc


@pytest.mark.row(51)
def test_while_the_registry_is_silent_rows_stay_drafts(desk: Desk) -> None:
    known = desk.market.row(GroupCompany, desk.market.ids["G-2"])
    heads = ["业务编号", *(one.label for one in columns() if one.field.name in ("name", "in_city_list"))]
    session = desk.bring(workbook(heads, [[known.record_no, known.name, "否"]]), TABLE, CITY)
    desk.market.world.fault("legal_entities", "error")
    try:
        desk.commit(session, CITY)
    finally:
        desk.market.world.heal()
    assert desk.market.row(GroupCompany, known.id).version_no == known.version_no
    assert desk.versions(known.id)[-1].state is RevisionState.DRAFT
