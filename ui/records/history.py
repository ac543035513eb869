"""The history of a record: steps with actor and time, and versions, any two of which can be compared."""

from collections.abc import Awaitable, Callable
from functools import partial
from uuid import UUID

from nicegui import events
from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from services.engine.change_history import OnDay, changes, on_day
from services.engine.cycle_orders import RevisionView
from services.engine.kinds import Kind
from ui.records.shown import show_comparison
from ui.shell.buttons import main_button, plain_button
from ui.shell.call import call
from ui.shell.dialogs import answer_of, question
from ui.shell.fields import date_field
from ui.shell.form import Form, ask_form
from ui.shell.looks import show_looks
from ui.shell.parts import badge, head, note
from ui.shell.sheet import Column, Sheet
from ui.shell.values import shown


class History:
    """Drawn into the current container. `go(revision)` shows another version; `asks` who may ask who looked."""

    def __init__(
        self, kind: Kind, view: RevisionView, go: Callable[[UUID], Awaitable[None]], *, asks: bool = False
    ) -> None:
        self.kind, self.view, self._go, self._asks = kind, view, go, asks
        self.ticked: list[int] = []
        self._draw_versions()
        self._draw_steps()

    def _draw_versions(self) -> None:
        versions = sorted(self.view.versions, key=lambda one: -one.version_no)
        self.lines = {str(one.version_no): one for one in versions}
        head(f"版本（{len(versions)}）")
        with web.element("div").classes("sf-grid sf-rows"):
            self.table = Sheet(
                (
                    Column("version_no", "版本", width=64, show=lambda number: f"第{number}版"),
                    Column("state", "状态", width=76),
                    Column(
                        "since", "时间", width=82, value=lambda one: shown(one.effective_from or one.submitted_at)[:10]
                    ),
                    Column("author", "填报人", width=64),
                    Column("change_reason", "变更原因"),
                ),
                label="版本",
                ticks=len(versions) > 1,
            ).mark("versions")
            self.table.classes("sf-wrap")
            self.table.on("ticks", self._tick)
            self.table.on("enter", self._open)
        self.table.show(versions, ids=list(self.lines))
        if not (self._asks or len(versions) > 1):
            return
        with web.element("div").classes("sf-buttons sf-pad"):
            if self._asks:
                whose = partial(show_looks, self.view.title, self.view.record_id)
                plain_button("查阅记录", whose, icon="visibility").mark("looks")
            if len(versions) > 1:
                plain_button("对比所选两版", self._compare, icon="difference").mark("compare-two")
                before = [one.version_no for one in versions if one.version_no < self.view.version_no]
                if before:
                    plain_button(
                        "与上一版对比",
                        partial(show_comparison, self.kind, self.view.record_id, max(before), self.view.version_no),
                    ).mark("compare-before")
                plain_button("变更说明", self._tell_changes, icon="notes").mark("changes")
                plain_button("某日内容", self._on_day, icon="event").mark("on-day")

    def _tick(self, event: events.GenericEventArguments) -> None:
        sent = event.args if isinstance(event.args, list) else []
        self.ticked = sorted(int(one) for one in map(str, sent) if one in self.lines)

    async def _open(self, event: events.GenericEventArguments) -> None:
        line = self.lines.get(str(event.args))
        if line is not None and line.revision_id != self.view.revision_id:
            await self._go(line.revision_id)

    async def _compare(self) -> None:
        """The two that are ticked, or the newest two."""
        chosen = self.ticked if len(self.ticked) == 2 else sorted(line.version_no for line in self.lines.values())[-2:]
        await show_comparison(self.kind, self.view.record_id, *chosen)

    async def _tell_changes(self) -> None:
        """Show over the page what changed from version to version, as sentences."""
        found = (await call(changes, self.view.record_id)).or_end()
        with question(f"{self.view.title}：变更说明", classes="sf-outcomes") as dialog:
            if not found:
                note("只有一个版本生效过，没有变更。")
            with web.element("ul").classes("sf-said").props("aria-label=变更说明"):
                for one in found:
                    with web.element("li"):
                        TextElement(tag="time", text=shown(one.at)[:16])
                        with web.element("div"):
                            why = f"，原因：{one.reason}" if one.reason else ""
                            TextElement(tag="strong", text=f"第{one.version_no}版，{one.by}提交{why}")
                            for sentence in one.sentences:
                                TextElement(tag="p", text=sentence).classes("sf-opinion")
            with web.element("div").classes("sf-buttons"):
                main_button("关闭", lambda: dialog.submit(None)).props("autofocus").mark("changes-close")
        await answer_of(dialog, object)

    async def _on_day(self) -> None:
        """Show the version that was in force on a day."""

        def draw(form: Form) -> None:
            form.add(date_field("day", "日期", required=True))

        asked = await ask_form("查看某日内容", draw, yes="查看", told=["显示当日终了时生效的版本。"])
        found = (await call(on_day, OnDay(self.view.record_id, asked["day"]))).or_end()
        await self._go(found.revision_id)

    def _draw_steps(self) -> None:
        if not self.view.steps:
            return
        head("办理经过")
        with web.element("ul").classes("sf-said").props("aria-label=办理经过"):
            for one in reversed(self.view.steps):
                with web.element("li"):
                    TextElement(tag="time", text=shown(one.at))
                    with web.element("div"):
                        badge(one.verdict)
                        level = one.level if one.level != one.verdict.label else ""
                        who = "，".join(part for part in (level, one.by, one.unit) if part)
                        TextElement(tag="span", text=f" {who}")
                        if one.opinion:
                            TextElement(tag="p", text=one.opinion).classes("sf-opinion")
