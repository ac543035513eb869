"""Tables of records brought in: every row judged, good ones become drafts, a number starts an update, what is the same stays."""

from datetime import date
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from models.practitioner_codes import SessionState
from models.records import RevisionState, SourceMode
from services.engine.cycle import acts
from services.engine.cycle_orders import StartUpdate
from services.engine.kinds import kind_named
from services.engine.listings import ListRows
from services.engine.paging import Paging
from services.engine.refusals import Conflict, NotAllowed, NotFound
from services.imports.commit_run import undo_session
from services.imports.corrections import FixLine, fix_line
from services.imports.listings import LINES, SESSIONS, template, view_line
from services.imports.uploads import UploadTable, upload_table
from services.records.sheet_columns import child_columns, columns_of
from tests.services.records.desk import MAKER, RIVAL, Desk, a_name, read_back, workbook

HEADS = (
    "序号",
    "业务编号",
    "名称",
    "许可证号",
    "环线",
    "总价（元）",
    "土地面积（㎡）",
    "套数（套）",
    "发证日期",
    "联系人",
)


def row(name: str, **other: Any) -> list[Any]:
    line = {
        "序号": None,
        "业务编号": None,
        "名称": name,
        "许可证号": "沪(2026)字第1号",
        "环线": "内环内",
        "总价（元）": 1000.5,
        "土地面积（㎡）": "1,200.50",
        "套数（套）": 12,
        "发证日期": date(2026, 3, 1),
        "联系人": "张三",
    }
    line |= other
    return [line[head] for head in HEADS]


@pytest.mark.row(51)
def test_the_template_asks_for_what_the_declaration_says(desk: Desk) -> None:
    content = desk.ask(template, "records.made_estate")
    assert read_back(content)[0] == [
        "序号",
        "业务编号",
        *(one.label for one in columns_of(kind_named("made_estate").fields)),
    ]
    assert read_back(content, 1)[0] == [
        "序号",
        *(one.label for one in child_columns(kind_named("made_estate").children[0])),
    ]
    book = openpyxl.load_workbook(BytesIO(content))
    sheet = book["小区登记"]
    assert sheet.column_dimensions["B"].hidden
    assert {rule.formula1 for rule in sheet.data_validations.dataValidation if rule.type == "list"} == {
        '"内环内,内中环间,外环外"',
        '"是,否"',
    }
    heads = {cell.value: cell for cell in sheet[1]}
    assert heads["名称"].font.color.rgb == "009C2B22"
    assert heads["备注"].font.color.rgb != "009C2B22"
    told = read_back(content, 2)
    assert told[4][:4] == ["小区登记", "许可证号", "否", "与证书一致；文本，最多60字"]


@pytest.mark.row(51)
def test_good_rows_become_drafts_and_bad_ones_say_why(desk: Desk) -> None:
    good, bad = [a_name() for _ in range(3)], a_name()
    rows = [
        row(good[0]),
        row(bad, 环线="火星", **{"套数（套）": "十二", "发证日期": "13/04/2026", "总价（元）": -5}),
        row(good[1], 联系人=None, **{"发证日期": "2026年3月1日", "土地面积（㎡）": "１２００．５"}),
        row(good[2], **{"名称": good[2], "许可证号": None, "环线": None}),
    ]
    session = desk.bring(workbook(HEADS, rows))
    view = desk.session(session)
    assert (view.state, view.good, view.bad) == (SessionState.READY, 3, 1)
    assert {code for _, code in desk.told(session)[3]} == {"FMT", "DATE_AMBIGUOUS"}
    assert {column for column, _ in desk.told(session)[3]} == {"环线", "总价（元）", "套数（套）", "发证日期"}
    # A draft may want what it cannot be submitted without.
    assert ("环线", "REQUIRED_MISSING") in desk.told(session)[5]
    before = len(desk.drafts())
    desk.commit(session)
    made = {draft.title.json(): draft for draft in desk.drafts()[before:]}
    # Ids of one moment have no order.
    assert sorted(made) == sorted(good)
    drafts = [made[title] for title in good]
    assert {draft.source_mode for draft in drafts} == {SourceMode.IMPORTED}
    assert {draft.author_id for draft in drafts} == {desk.who(MAKER).account_id}
    values = desk.view(drafts[1].id).values
    assert (values["issued_on"], values["land"], values["price"]) == ("2026-03-01", "1200.50", "1000.50")
    assert desk.session(session).state is SessionState.READY


@pytest.mark.row(51)
def test_a_bad_row_is_corrected_and_goes_with_the_next_commit(desk: Desk) -> None:
    name = a_name()
    session = desk.bring(workbook(HEADS, [row(name, 环线="火星")]))
    line = desk.ask(view_line, desk.line_id(session, 2)).line
    desk.do(fix_line, FixLine(line.id, {"环线": "外环外"}, line.edited))
    desk.commit(session)
    assert desk.session(session).state is SessionState.DONE
    assert desk.drafts()[-1].payload.json()["values"]["ring"] == "OUTER"
    assert desk.drafts()[-1].title.json() == name


def test_a_number_starts_an_update_and_only_where_something_differs(desk: Desk) -> None:
    same = desk.effective(permit_no="沪(2026)字第1号", price="1000.5", keeper="欧阳锦程", note="原样\n两行")
    other = desk.effective(permit_no="旧号", price="5", land="10")
    heads = ("业务编号", "名称", "许可证号", "环线", "总价（元）", "联系人")
    rows = [
        [same.record_no, same.name, "沪（2026）字第1号", "内环内", "1000.50", "欧**程"],
        [other.record_no, other.name, "新号", "内环内", 5, None],
    ]
    session = desk.bring(workbook(heads, rows))
    assert ("业务编号", "UNCHANGED") in desk.told(session)[2]
    assert ("业务编号", "UNCHANGED") not in desk.told(session)[3]
    desk.commit(session)
    assert desk.session(session).committed == 2
    assert len(desk.versions(same.id)) == 1
    first, second = desk.versions(other.id)
    assert (first.state, second.state, second.version_no) == (RevisionState.EFFECTIVE, RevisionState.DRAFT, 2)
    assert second.source_mode is SourceMode.IMPORTED
    values = second.payload.json()["values"]
    # A column the table has not keeps what there was.
    assert (values["permit_no"], values["land"]) == ("新号", "10.00")
    assert desk.estate(other.id).permit_no == "旧号"


def test_what_cannot_be_updated_is_told_before_it_is_committed(desk: Desk) -> None:
    standing, foreign = desk.effective(), desk.effective(login=RIVAL)
    desk.do(acts("made_estate").update, StartUpdate(standing.id, "先有一版在办理"))
    masked = desk.effective(keeper="欧阳锦程")
    heads = ("业务编号", "名称", "环线", "联系人")
    rows = [
        [standing.record_no, "改名", "内环内", None],
        [foreign.record_no, "改名", "内环内", None],
        ["ES310115270301999999", "改名", "内环内", None],
        [masked.record_no, masked.name, "内环内", "司**程"],
        ["", a_name(), "内环内", "欧**程"],
    ]
    told = desk.told(desk.bring(workbook(heads, rows)))
    assert [codes[-1] for codes in told.values()] == [
        ("业务编号", "OPEN_VERSION"),
        ("业务编号", "NOT_FOUND"),
        ("业务编号", "NOT_FOUND"),
        ("联系人", "MASKED"),
        ("联系人", "MASKED"),
    ]


def test_references_are_found_by_number_or_name_within_what_one_sees(desk: Desk) -> None:
    mine, foreign = desk.effective(), desk.effective(login=RIVAL)
    heads = ("名称", "环线", "相邻小区")
    rows = [
        [a_name(), "内环内", mine.record_no],
        [a_name(), "内环内", mine.name],
        [a_name(), "内环内", f"{mine.name}（{mine.record_no}）"],
        [a_name(), "内环内", foreign.record_no],
        [a_name(), "内环内", foreign.name],
    ]
    session = desk.bring(workbook(heads, rows))
    told = desk.told(session)
    assert [("相邻小区", "REFERENCE") in codes for codes in told.values()] == [False, False, False, True, True]
    desk.commit(session)
    assert [draft.payload.json()["values"]["made_estate_id"] for draft in desk.drafts()[-3:]] == [str(mine.id)] * 3


def test_the_lists_of_a_record_come_from_their_own_sheet(desk: Desk) -> None:
    name = a_name()
    houses = [
        ["序号", "楼号", "位置", "建筑面积（㎡）", "层数"],
        ["1", "1号楼", "内环内", 1200.5, 18],
        ["1", "2号楼", "外环外", "800", 6],
        ["2", "1号楼", "火星", 5, 1],
    ]
    main = [["1", name, "内环内"], ["2", a_name(), "内环内"], [None, a_name(), "内环内"]]
    session = desk.bring(workbook(("序号", "名称", "环线"), main, 楼栋=houses))
    view = desk.session(session)
    assert (view.good, view.bad) == (2, 1)
    assert desk.told(session)[3] == [("楼栋第4行位置", "FMT")]
    desk.commit(session)
    draft = next(one for one in desk.drafts() if one.title.json() == name)
    assert [line["building_no"] for line in draft.payload.json()["children"]["houses"]] == ["1号楼", "2号楼"]
    assert draft.payload.json()["children"]["houses"][0]["gfa"] == "1200.50"


def test_lines_that_belong_to_no_row_stop_the_file(desk: Desk) -> None:
    houses = [["序号", "楼号"], ["7", "1号楼"]]
    session = desk.bring(workbook(("序号", "名称", "环线"), [["1", a_name(), "内环内"]], 楼栋=houses))
    assert desk.session(session).state is SessionState.REFUSED
    assert "7" in desk.session(session).refusal


def test_an_undone_table_leaves_no_drafts_but_not_after_one_was_submitted(desk: Desk) -> None:
    session = desk.bring(workbook(HEADS, [row(a_name()), row(a_name())]))
    before = len(desk.drafts())
    desk.commit(session)
    assert len(desk.drafts()) == before + 2
    assert desk.do(undo_session, session) == 2
    assert len(desk.drafts()) == before
    again = desk.bring(workbook(HEADS, [row(a_name())]))
    desk.commit(again)
    desk.submit(desk.drafts()[-1].id)
    with pytest.raises(Conflict):
        desk.do(undo_session, again)


def test_only_those_who_keep_a_kind_bring_its_tables(desk: Desk) -> None:
    content = workbook(HEADS, [row(a_name())])
    for login in ("binjiang01", "pdshen01", "shichu01"):
        with pytest.raises(NotAllowed):
            desk.do(upload_table, UploadTable("records.made_estate", "x.xlsx", content), login)
        with pytest.raises(NotAllowed):
            desk.ask(template, "records.made_estate", login)
    session = desk.bring(content)
    assert session in {line.id for line in desk.ask(SESSIONS.query, ListRows(paging=Paging(size=200))).lines}
    for login in (RIVAL, "pdchu01", "binjiang01"):
        assert session not in {
            line.id for line in desk.ask(SESSIONS.query, ListRows(paging=Paging(size=200)), login).lines
        }
        with pytest.raises(NotFound):
            desk.session(session, login)


@pytest.mark.parametrize("text", ["=cmd|'/c calc'!A0", "=1+1", "+1", "@x", "-2", "<script>", "' OR 1=1"])
def test_texts_that_look_like_formulas_are_texts(desk: Desk, text: str) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["名称", "环线", "备注"])
    sheet.append([a_name(), "内环内", text])
    sheet["C2"].data_type = "s"
    whole = BytesIO()
    book.save(whole)
    session = desk.bring(whole.getvalue())
    desk.commit(session)
    assert desk.view(desk.drafts()[-1].id).values["note"] == text


def test_formulas_merged_cells_and_other_calendars(desk: Desk) -> None:
    without_value = workbook(("名称", "环线"), [["=A1&B1", "内环内"]])
    session = desk.bring(without_value)
    assert desk.told(session)[2][0] == ("名称", "FORMULA_NO_VALUE")

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for line in (["名称", "环线"], [a_name(), "内环内"], [None, "内环内"]):
        sheet.append(line)
    sheet.merge_cells("A2:A3")
    whole = BytesIO()
    book.save(whole)
    merged = desk.bring(whole.getvalue())
    assert desk.session(merged).state is SessionState.REFUSED
    assert "合并" in desk.session(merged).refusal

    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904
    sheet = book.active
    assert sheet is not None
    sheet.append(["名称", "环线", "发证日期"])
    sheet.append([a_name(), "内环内", date(2026, 3, 1)])
    whole = BytesIO()
    book.save(whole)
    session = desk.bring(whole.getvalue())
    desk.commit(session)
    assert desk.view(desk.drafts()[-1].id).values["issued_on"] == "2026-03-01"


def test_what_was_said_is_what_is_read(desk: Desk) -> None:
    """无 is an answer in a text, and nothing in a number."""
    session = desk.bring(workbook(("名称", "环线", "备注", "套数（套）"), [[a_name(), "内环内", "无", "无"]]))
    desk.commit(session)
    values = desk.view(desk.drafts()[-1].id).values
    assert (values["note"], values.get("sets")) == ("无", None)


def test_the_report_masks_who_is_named(desk: Desk) -> None:
    session = desk.bring(workbook(HEADS, [row(a_name(), 联系人="欧阳锦程" * 30)]))
    page = desk.ask(LINES.query, ListRows({"id": str(session)}))
    assert page.total == 1
    assert "欧阳锦程欧阳锦程" not in str(page.lines)
