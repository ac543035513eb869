"""The history of a record: steps with actor and time, and versions, any two of which can be compared."""

from collections.abc import Awaitable, Callable
from functools import partial
from uuid import UUID

from nicegui import events
from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from services.engine.cycle_orders import RevisionView
from services.engine.kinds import Kind
from ui.records.shown import show_comparison
from ui.shell.buttons import plain_button
from ui.shell.parts import badge, head
from ui.shell.sheet import Column, Sheet
from ui.shell.values import shown


class History:
    """Drawn into the current container. `go(revision)` shows another version."""

    def __init__(self, kind: Kind, view: RevisionView, go: Callable[[UUID], Awaitable[None]]) -> None:
        self.kind, self.view, self._go = kind, view, go
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
        if len(versions) > 1:
            with web.element("div").classes("sf-buttons sf-pad"):
                plain_button("对比所选两版", self._compare, icon="difference").mark("compare-two")
                before = [one.version_no for one in versions if one.version_no < self.view.version_no]
                if before:
                    plain_button(
                        "与上一版对比",
                        partial(show_comparison, self.kind, self.view.record_id, max(before), self.view.version_no),
                    ).mark("compare-before")

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
