"""A row to correct: every cell with what is wrong beside it; saving goes on to the next row that is."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from models.practitioner_codes import RowState
from services.imports.corrections import FixLine, fix_line
from services.imports.listings import CellView, LineView, view_line
from services.imports.sheets import Level, Verdict
from ui.shell.buttons import main_button, plain_button
from ui.shell.call import call
from ui.shell.fields import Field, choice_field, text_field
from ui.shell.form import Form
from ui.shell.parts import badge, empty, note
from ui.shell.place import Place


class LinePanel:
    """The right side of a session's page."""

    def __init__(self, place: Place, changed: Callable[[], Awaitable[None]]) -> None:
        self.place, self.changed = place, changed
        self.view: LineView | None = None
        self.form: Form | None = None
        self.section = web.element("section").props("aria-label=改正一行")
        with self.section:
            self.box = web.element("div")
        self._draw()

    def _here(self, act: Callable[[], Awaitable[None]]) -> Callable[[], Awaitable[None]]:
        """Run a method in the page's own context, because its button is redrawn meanwhile."""

        async def run() -> None:
            with self.section:
                await act()

        return run

    async def show(self, line_id: UUID) -> None:
        """Show a row by its id."""
        self.view = (await call(view_line, line_id)).or_end()
        self._draw()
        self.place.reveal(self.box)

    async def next(self) -> None:
        """Go on to the next row that cannot be imported yet, from the top again after the last."""
        if self.view is not None and self.view.next_bad:
            await self.show(self.view.next_bad)
        else:
            self.place.say("后面没有待改正的行")

    def _draw(self) -> None:
        view = self.view
        self.box.clear()
        with self.box:
            with web.element("div").classes("sf-head"):
                TextElement(tag="span", text=f"第 {view.line.sheet_row} 行" if view else "改正一行")
                if view is not None:
                    badge(Verdict.of(view.line.verdict))
                    badge(view.line.state)
            if view is None:
                empty("请在列表中选择一行，或按 F6 从第一条待改正的行开始")
                self.form = None
                return
            if not view.may_fix:
                settled = view.line.state in (RowState.COMMITTED, RowState.DROPPED, RowState.UNDONE)
                note("这一行已经办结，不能再改。" if settled else "该批次现在不能改正，请稍候。")
            with Form(columns=1) as self.form:
                for cell in view.cells:
                    self.form.add(_field(cell))
            for cell in view.cells:
                self._mark(cell)
            with web.element("div").classes("sf-buttons sf-pad"):
                self.saving = main_button("保存并核验", self._here(self.save), icon="done").mark("save-line")
                self.saving.set_enabled(view.may_fix)
                if view.next_bad:
                    plain_button("下一条待改正", self._here(self.next), icon="skip_next").mark("next-bad")
        wrong = next((cell for cell in view.cells if cell.wrong), None)
        if wrong is not None and view.may_fix:
            self.form.focus(wrong.column.label)

    def _mark(self, cell: CellView) -> None:
        assert self.form is not None
        told = [one.message for one in cell.findings if one.level is not Level.NOTE]
        if told:
            self.form.fields[cell.column.label].mark("；".join(told))

    def changes(self) -> dict[str, str]:
        """Return what was typed over, by column."""
        if self.form is None or self.view is None:
            return {}
        fields = self.form.fields
        return {
            cell.column.label: str(fields[cell.column.label].value or "")
            for cell in self.view.cells
            if fields[cell.column.label].changed
        }

    async def save(self) -> None:
        """Have the row judged with what was typed."""
        view, cells = self.view, self.changes()
        if view is None or not view.may_fix:
            return
        if not cells:
            self.place.say("没有修改任何内容", "warn")
            return
        fixed = (await call(fix_line, FixLine(view.line.id, cells, view.line.edited), button=self.saving)).or_end()
        also = f"；第{'、'.join(str(row) for row in fixed.also[:5])}行随之重新核验" if fixed.also else ""
        bad = fixed.state is RowState.BAD
        told = "仍有错误" if bad else "已可提交"
        self.place.say(f"第 {view.line.sheet_row} 行{told}{also}", "bad" if bad else "good")
        await self.show(view.next_bad if view.next_bad and not bad else view.line.id)
        await self.changed()


def _field(cell: CellView) -> Field:
    repaired = any(one.level is Level.NOTE for one in cell.findings)
    kept = f"已读取为：{cell.value}" if repaired and cell.value else ""
    label = cell.column.label
    if cell.column.choices:
        options = {choice: choice for choice in cell.column.choices}
        value = cell.text if cell.text in options else cell.value
        found = f"文件中为：{cell.text}" if cell.text and cell.text != value else kept
        return choice_field(label, label, options, value=value, help=found)
    told = cell.column.hint if cell.wrong else kept
    return text_field(label, label, value=cell.text, longest=500, help=told)
