"""A firm in front of its tables: drops one, follows the bar, corrects a row by keyboard, commits, undoes (row 42)."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import openpyxl
import pytest
from nicegui import ui as web
from nicegui.elements.upload_files import SmallFileUpload
from nicegui.testing import User
from sqlmodel import select

from models.enterprise import Enterprise
from models.imports import ImportSession
from models.practitioner_codes import RowState, SessionState
from services.engine.callers import Caller
from tests.people_made import HEADS, person, table
from tests.services.imports.desk import Desk, saved
from tests.ui.direct_pay.firm import HERE, LOGIN, Firm
from tests.ui.people import Crowd, page_of, until
from tests.ui.tenancy.hands import WAIT, choose, key, pick, press, put_instead
from tests.world import World

CODE = "91310105MAYM16EN8E"


class OwnDesk(Desk):
    """The desk of the firm that signs in here."""

    @property
    def caller(self) -> Caller:
        return self.world.caller(LOGIN)


@pytest.fixture
def desk(world: World, firm: Firm) -> Iterator[OwnDesk]:
    """The firm with a sound credit code, as its people's table has to have it."""
    mine = Enterprise.id == firm.mandates.firms[HERE]
    before = world.read(lambda work: work.session.exec(select(Enterprise.uscc).where(mine)).one())
    world.rewrite(Enterprise, mine, uscc=CODE)
    yield OwnDesk(world)
    world.rewrite(Enterprise, mine, uscc=before)


def newest(desk: Desk) -> UUID:
    found = select(ImportSession.id, ImportSession.created_at)
    rows: list[tuple[UUID, Any]] = desk.world.read(lambda work: work.session.exec(found).all())
    return max(rows, key=lambda one: one[1])[0]


def report(user: User) -> list[dict[str, Any]]:
    """The rows of the report; the list of sessions may be open beside it."""
    sheets: list[Any] = list(user.find(marker="grid").elements)
    return next((list(sheet.rows) for sheet in sheets if sheet.props["label"] == "导入的行"), [])


async def drop(user: User, name: str, content: bytes) -> None:
    upload: Any = user.find(web.upload).elements.pop()
    with page_of(user):
        await upload.handle_uploads([SmallFileUpload(name=name, content_type="", _data=content)])


@pytest.mark.row(42)
async def test_a_table_is_dropped_followed_corrected_committed_and_undone(crowd: Crowd, desk: OwnDesk) -> None:
    user = await crowd.open(LOGIN, "/?open=imports")
    await user.should_see("尚未选择表格", retries=WAIT)
    people = [person(1, CODE), person(2, CODE, 学历="研究僧"), person(3, CODE, 手机号="12")]
    await drop(user, "人员.xlsx", table(people))
    await user.should_see("表格：人员.xlsx", retries=WAIT)
    press(user, "send-table")
    await user.should_see("正在打开文件", retries=WAIT)
    session_id = newest(desk)
    desk.work()
    await user.should_see("可提交 1，待改正 2，已提交 0", retries=WAIT)
    assert await until(lambda: len(report(user)) == 3)
    told = {row["sheet_row"]: row for row in report(user)}
    assert told["3"]["codes"] == "学历"
    assert person(1)["证件号码"] not in repr(told)

    key(user, "f6")
    await user.should_see("第 3 行", retries=WAIT)
    choose(user, "学历", "硕士")
    press(user, "save-line")
    await user.should_see("第 3 行已可提交", retries=WAIT)
    await user.should_see("第 4 行", retries=WAIT)
    put_instead(user, "手机号", "19300000003")
    press(user, "save-line")
    await user.should_see("可提交 3，待改正 0，已提交 0", retries=WAIT)

    key(user, "f8")
    await user.should_see("提交可提交的行？", retries=WAIT)
    press(user, "dialog-yes")
    await user.should_see("正在提交，可以离开本页", retries=WAIT)
    desk.work()
    await user.should_see("可提交 0，待改正 0，已提交 3", retries=WAIT)
    assert desk.state(session_id) is SessionState.DONE

    key(user, "f9")
    await user.should_see("撤销整个批次？", retries=WAIT)
    press(user, "dialog-yes")
    await user.should_see("批次已撤销", retries=WAIT)
    assert set(desk.states(session_id).values()) == {RowState.UNDONE}


@pytest.mark.row(42)
async def test_what_should_not_be_there_is_cleared_in_all_its_rows(crowd: Crowd, desk: OwnDesk) -> None:
    user = await crowd.open(LOGIN, "/?open=imports")
    await user.should_see("尚未选择表格", retries=WAIT)
    await drop(user, "人员.xlsx", table([person(number, CODE, 学历="研究僧") for number in (11, 12)]))
    await user.should_see("表格：人员.xlsx", retries=WAIT)
    press(user, "send-table")
    await user.should_see("正在打开文件", retries=WAIT)
    desk.work()
    await user.should_see("可提交 0，待改正 2，已提交 0", retries=WAIT)
    key(user, "f4")
    await user.should_see(marker="mend-0", retries=WAIT)
    press(user, "mend-0")
    await user.should_see("不填即清空", retries=WAIT)
    press(user, "dialog-yes")
    # Checked again, and asked for where the column must be filled in.
    await user.should_see("已改正 2 行，其中可提交 0 行", retries=WAIT)


@pytest.mark.row(42)
async def test_a_session_is_there_after_a_reload_and_its_errors_come_back_corrected(
    crowd: Crowd, desk: OwnDesk
) -> None:
    session_id = desk.read(table([person(11, CODE, 学历="?"), person(12, CODE)]))
    user = await crowd.open(LOGIN, f"/?open=import_session&id={session_id}&show=bad")
    await user.should_see("可提交 1，待改正 1", retries=WAIT)
    assert await until(lambda: [row["sheet_row"] for row in report(user)] == ["2"])
    book = desk.errors(session_id)
    sheet = book.worksheets[0]
    sheet.cell(2, HEADS.index("学历") + 1).value = "大专"
    await drop(user, "错误行.xlsx", saved(book))
    await user.should_see("改正表已上传", retries=WAIT)
    desk.work()
    await user.should_see("1行改正过", retries=WAIT)
    await user.should_see("可提交 2，待改正 0", retries=WAIT)


@pytest.mark.row(42)
async def test_strange_heads_are_matched_on_the_page(crowd: Crowd, desk: OwnDesk) -> None:
    heads = ["员工" if head == "姓名" else head for head in HEADS]
    session_id = desk.read(table([{**person(21, CODE), "员工": person(21)["姓名"]}], heads))
    user = await crowd.open(LOGIN, f"/?open=import_session&id={session_id}")
    await user.should_see(marker="match-heads", retries=WAIT)
    choose(user, "姓名", "0")
    press(user, "match-heads")
    await user.should_see("已按指定的列重新读取", retries=WAIT)
    desk.work()
    await user.should_see("可提交 1，待改正 0", retries=WAIT)


@pytest.mark.row(42)
async def test_other_sheets_are_chosen_on_the_page(crowd: Crowd, desk: OwnDesk) -> None:
    book = openpyxl.Workbook()
    for page, number in ((book.worksheets[0], 22), (book.create_sheet("续表"), 23)):
        page.append(list(HEADS))
        page.append([person(number, CODE)[head] for head in HEADS])
    session_id = desk.read(saved(book))
    user = await crowd.open(LOGIN, f"/?open=import_session&id={session_id}")
    await user.should_see(marker="choose-sheets", retries=WAIT)
    choose(user, "1", "yes")
    press(user, "choose-sheets")
    await user.should_see("已按选择重新读取", retries=WAIT)
    desk.work()
    await user.should_see("可提交 2，待改正 0", retries=WAIT)
    await user.should_see("表页“续表”已一并读取", retries=WAIT)


@pytest.mark.row(42)
async def test_a_refused_file_says_what_to_do(crowd: Crowd, desk: OwnDesk) -> None:
    session_id = desk.read(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    user = await crowd.open(LOGIN, f"/?open=import_session&id={session_id}")
    await user.should_see("另存为", retries=WAIT)


@pytest.mark.row(42)
async def test_a_committed_row_cannot_be_typed_over(crowd: Crowd, desk: OwnDesk) -> None:
    session_id = desk.read(table([person(31, CODE)]))
    desk.commit(session_id)
    user = await crowd.open(LOGIN, f"/?open=import_session&id={session_id}")
    await user.should_see("共 1 条", retries=WAIT)
    assert await until(lambda: len(report(user)) == 1)
    pick(user, "grid", desk.lines(session_id)[0].id)
    await user.should_see("这一行已经办结，不能再改。", retries=WAIT)
