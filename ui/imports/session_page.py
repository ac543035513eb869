"""导入批次: how far the worker is, every row with what was found, correcting, committing, undoing (row 42)."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from uuid import UUID

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from models.practitioner_codes import SessionState
from services.engine.late import openpyxl
from services.engine.listings import Line, ListRows
from services.engine.paging import Paging
from services.engine.registry import Action
from services.imports.commit_run import cancel_session, commit_session, pause_session, undo_session
from services.imports.listings import LINES, error_workbook, heads_to_match, view_session
from services.imports.sessions import BRINGERS
from services.imports.table_reader import OtherSheet
from services.imports.uploads import MatchHeads, UploadCorrections, match_heads, upload_corrections
from services.imports.workbooks import XLSX
from ui.imports.line_panel import LinePanel
from ui.imports.reasons import show_reasons
from ui.shell.buttons import main_button
from ui.shell.call import call
from ui.shell.dialogs import confirm
from ui.shell.fields import choice_field
from ui.shell.file_box import Accepted, FileBox
from ui.shell.form import Form
from ui.shell.grid import Grid
from ui.shell.list_view import columns_of, filter_of, order_of
from ui.shell.modules import Module
from ui.shell.parts import empty, head, note
from ui.shell.place import Place
from ui.shell.sheet import Column
from ui.shell.status_count import look

_OFTEN = 1.0


class SessionPage:
    """The page of a session, redrawn at each change of state; in between only figures and the bar move."""

    def __init__(self, place: Place, session_id: UUID) -> None:
        self.place, self.id = place, session_id
        self.found: Line | None = None
        self.grid: Grid | None = None
        self.panel: LinePanel | None = None
        box = FileBox("上传改正后的错误表", self._take, Accepted("Excel工作簿（.xlsx）", ".xlsx"))
        self.top = web.element("section").classes("sf-import-top").props("aria-label=批次进度")
        self.body = web.element("div").classes("sf-import-body")
        self.committing = place.command(
            "提交可提交的行", self.commit, icon="playlist_add_check", key="f8", needs="没有可以提交的行"
        )
        self.pausing = place.command("暂停", self.pause, icon="pause", needs="批次不在处理中")
        self.next = place.command("下一条待改正", self.go_on, icon="skip_next", key="f6", needs="没有待改正的行")
        self.sorting = place.command("按原因归类", self.show_reasons, icon="category", key="f4", needs="没有待改正的行")
        self.getting = place.command("下载错误行", self.get_errors, icon="download", needs="没有错误行，或批次仍在处理")
        self.returning = place.command("上传改正表", box.choose, icon="upload_file", needs="这个批次现在不能改正")
        self.cancelling = place.command("取消批次", self.cancel, icon="cancel", needs="这个批次现在不能取消")
        self.undoing = place.command("撤销批次", self.undo, icon="undo", key="f9", needs="这个批次现在不能撤销")
        place.command("刷新", self.load, icon="refresh", key="f3")
        web.timer(_OFTEN, self._watch, immediate=False)

    async def load(self) -> None:
        """Ask again and draw."""
        answer = await call(view_session, self.id)
        if not answer.ok:
            self.body.clear()
            with self.body:
                empty(answer.message)
            return
        await self._show(answer.value)

    async def _show(self, found: Line) -> None:
        before, self.found = self.found, found
        self._draw_top(found)
        self._enable(found)
        if before is None:
            self.place.rename(f"导入 {found.session_no[-9:]}")
        if before is None or before.state is not found.state:
            await self._draw_body(found)

    def _draw_top(self, one: Line) -> None:
        self.top.clear()
        with self.top:
            head(f"{one.session_no}　{one.file_name}", one.state)
            if one.works:
                self._draw_progress(one)
            if one.total and one.state is not SessionState.READING:
                told = f"共 {one.total:,} 行：可提交 {one.good:,}，待改正 {one.bad:,}，已提交 {one.committed:,}"
                note(told).mark("counts")
            if one.state is SessionState.REFUSED:
                note(f"文件未读取：{one.refusal}").mark("refusal")
            elif one.refusal and one.state in (SessionState.READY, SessionState.PAUSED):
                note(one.refusal).mark("refusal")
            for line in one.notes:
                note(line)
            if one.state is SessionState.READY and one.good and one.takes_photos and not one.with_photos:
                note("没有上传照片压缩包：提交后成为草稿，逐人补上照片后再报送。")

    def _draw_progress(self, one: Line) -> None:
        what = "逐行核验" if one.state is SessionState.READING else "提交"
        with web.element("div").classes("sf-import-progress"):
            bar = web.element("progress").props("aria-label=进度").mark("progress")
            if one.step_total:
                bar.props(f"max={one.step_total} value={one.step_done}")
                told = f"正在{what}：{one.step_done:,} / {one.step_total:,}"
            else:
                told = "正在打开文件" if one.state is SessionState.READING else "等待提交"
            TextElement(tag="span", text=told).props("role=status")

    def _enable(self, one: Line) -> None:
        may = self.place.may
        self.committing.enable(may(commit_session, one) and one.good > 0)
        self.pausing.enable(may(pause_session, one))
        self.cancelling.enable(may(cancel_session, one))
        self.undoing.enable(may(undo_session, one) and one.committed > 0)
        self.returning.enable(may(upload_corrections, one) and one.total > 0)
        self.getting.enable(one.bad > 0 and not one.works)
        self.next.enable(one.bad > 0)
        self.sorting.enable(one.bad > 0 and not one.works)

    async def _draw_body(self, one: Line) -> None:
        if one.state is SessionState.MAPPING:
            self._clear()
            with self.body:
                await _draw_heads(self.place, self.id, one.refusal, self.load)
            return
        if not one.total or one.state is SessionState.READING:
            self._clear()
            return
        if self.grid is None:
            self.body.clear()
            with self.body, web.element("div").classes("sf-split"):
                self.grid = self._grid(one)
                self.panel = LinePanel(self.place, self._corrected)
        await self.grid.load()
        if self.panel is not None and self.panel.view is not None and not self.panel.changes():
            await self.panel.show(self.panel.view.line.id)

    def _clear(self) -> None:
        self.body.clear()
        self.grid = self.panel = None

    def _grid(self, one: Line) -> Grid:
        async def choose(line: Line) -> None:
            if self.panel is not None:
                await self.panel.show(line.id)

        # The column that names a row is called as in its table.
        title = Column("title", "姓名" if one.takes_photos else one.title or "名称", width=150)
        today = self.place.desk.door.clock.today()
        grid = Grid(
            self.place,
            LINES.query,
            order=order_of,
            columns=[title if column.key == "title" else column for column in columns_of(LINES)],
            filters=[filter_of(declared, today) for declared in LINES.filters],
            empty=LINES.empty,
            label=LINES.label,
            on_pick=choose,
            on_enter=choose,
        )
        grid.table.classes("sf-wrap")
        return grid

    async def _corrected(self) -> None:
        """Update figures and list after a row was judged again."""
        answer = await call(view_session, self.id, quiet=True)
        if answer.ok:
            await self._show(answer.value)
            if self.grid is not None:
                await self.grid.load()

    async def go_on(self) -> None:
        """The next row to correct; the first one when none is in hand."""
        if self.panel is None:
            return
        if self.panel.view is not None and self.panel.view.next_bad:
            await self.panel.next()
            return
        first = await call(LINES.query, ListRows({"id": str(self.id), "show": "bad"}, Paging(size=1)))
        if first.ok and first.value.lines:
            await self.panel.show(first.value.lines[0].id)

    async def commit(self) -> None:
        one = self.found
        if one is None or not one.good:
            self.place.say("没有可提交的行，请先改正有误的行", "warn")
            return
        waits = f"{one.bad:,} 行待改正的不受影响，可以以后再改。" if one.bad else ""
        summary = {"批次": one.session_no, "提交": f"{one.good:,} 行"}
        await confirm(f"提交可提交的行？{waits}", summary=summary, yes="提交")
        await self._do(commit_session, "正在提交，可以离开本页，系统会继续")

    async def pause(self) -> None:
        await self._do(pause_session, "已暂停，再按 F8 继续")

    async def cancel(self) -> None:
        one = self.found
        if one is None:
            return
        kept = f"已提交的 {one.committed:,} 行保留，可以另行撤销。" if one.committed else ""
        question = f"取消这个批次？没有提交的行不再提交。{kept}"
        await confirm(question, summary={"批次": one.session_no}, yes="取消批次", danger=True)
        await self._do(cancel_session, "批次已取消")

    async def undo(self) -> None:
        one = self.found
        if one is None:
            return
        question, what = "撤销整个批次？已导入的内容全部撤回；其中有一条已提交审核或又有修改，就不能整批撤销。", "行"
        if one.takes_photos:
            question, what = "撤销整个批次？已提交的申请全部撤回；有一份已在验看，就不能整批撤销。", "份申请"
        summary = {"批次": one.session_no, "撤回": f"{one.committed:,} {what}"}
        await confirm(question, summary=summary, yes="撤销批次", danger=True)
        await self._do(undo_session, "批次已撤销")

    async def _do(self, act: Action[Any, Any], told: str) -> None:
        answer = await call(act, self.id)
        await self.load()
        if answer.ok:
            self.place.say(told, "good")

    async def show_reasons(self) -> None:
        with self.body:
            await show_reasons(self.place, self.id, self._corrected)

    async def get_errors(self) -> None:
        answer = await call(error_workbook, self.id)
        if answer.ok and self.found is not None:
            web.download.content(answer.value, f"错误行-{self.found.session_no}.xlsx", XLSX)
            self.place.say("错误表已下载；改好后用“上传改正表”传回，请保留隐藏的行标识列", "good")

    async def _take(self, name: str, content: bytes) -> None:
        answer = await call(upload_corrections, UploadCorrections(self.id, content))
        if answer.ok:
            self.place.say("改正表已上传，正在核验改过的行", "good")
        await self.load()

    async def _watch(self) -> None:
        """While the worker is at it, the figures follow by themselves; that is no activity of the session."""
        if self.found is None or not self.found.works or self.top.is_deleted:
            return
        answers = await look(self.place.desk, (view_session, self.id))
        if answers is None or self.top.is_deleted or answers[0] == self.found:
            return
        await self._show(answers[0])
        if not answers[0].works:
            self._tell_end(answers[0])

    def _tell_end(self, one: Line) -> None:
        figures = f"可提交 {one.good:,} 行，待改正 {one.bad:,} 行，已提交 {one.committed:,} 行"
        if one.refusal:
            self.place.say(one.refusal, "warn" if one.state is SessionState.MAPPING else "bad")
        else:
            self.place.say(f"处理完毕：{figures}", "warn" if one.bad else "good")


async def _draw_heads(place: Place, session_id: UUID, why: str, after: Callable[[], Awaitable[None]]) -> None:
    """Draw the form into the current container; what was understood already is filled in."""
    answer = await call(heads_to_match, session_id)
    if not answer.ok:
        return
    found: Line = answer.value
    if found.sheets:
        _draw_sheets(place, session_id, found.sheets, after)
        return
    options = {str(at): f"{openpyxl.utils.get_column_letter(at + 1)}列：{text}" for at, text in found.heads}
    head("对应表头")
    note(f"{why}；也可以在这里指定每个栏目取自文件的哪一列，没有的选填栏目留空。")
    with Form(columns=2) as form:
        for column in found.columns:
            label, value = column.label, str(found.known.get(column.label, ""))
            empty = "请选择" if column.required else "（不读取）"
            form.add(choice_field(label, label, options, value=value, required=column.required, empty=empty))

    async def match() -> None:
        values = form.complete()
        places = {label: int(value) for label, value in values.items() if value}
        if (await call(match_heads, MatchHeads(session_id, places), button=button)).ok:
            place.say("已按指定的列重新读取", "good")
            await after()

    with web.element("div").classes("sf-buttons sf-pad"):
        button = main_button("按此对应读取", match, icon="done").mark("match-heads")


def _draw_sheets(
    place: Place, session_id: UUID, sheets: Sequence[OtherSheet], after: Callable[[], Awaitable[None]]
) -> None:
    """Draw the choice of the other sheets; nothing is taken for chosen."""
    head("其他表页")
    note("工作簿中还有其他表页。表头相同的可以一并读取；表头不同的不能读取，确认不需要后继续。")
    with Form(columns=2) as form:
        for one in sheets:
            label = f"{one.name}（{one.rows}行{'' if one.fits else '，表头不同'}）"
            options = {"yes": "一并读取", "no": "不读取"} if one.fits else {"no": "不读取"}
            form.add(choice_field(str(one.place), label, options, required=True, empty="请选择"))

    async def choose() -> None:
        values = form.complete()
        chosen = tuple(one.place for one in sheets if values[str(one.place)] == "yes")
        if (await call(match_heads, MatchHeads(session_id, sheets=chosen), button=button)).ok:
            place.say("已按选择重新读取", "good")
            await after()

    with web.element("div").classes("sf-buttons sf-pad"):
        button = main_button("按此选择读取", choose, icon="done").mark("choose-sheets")


async def build(place: Place) -> None:
    try:
        session_id = UUID(place.params.get("id", ""))
    except ValueError:
        empty("没有查到这个批次")
        return
    await SessionPage(place, session_id).load()


IMPORT_SESSION = Module(
    "import_session", "导入批次", "fact_check", "practitioners", frozenset(BRINGERS), build, hidden=True, several=True
)
