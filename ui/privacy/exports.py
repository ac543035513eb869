"""导出记录: the own exports to download, and those of the units below to decide (H23)."""

from typing import Any

from nicegui import ui as web

from services.engine.listings import Line
from services.privacy.exports import EXPORTS as EXPORT_LIST
from services.privacy.exports import DecideExport, decide_export
from ui.shell.dialogs import ask_reason, confirm
from ui.shell.list_desk import ListDesk, desk_module
from ui.shell.reveal import confirm_password

POLL_SECONDS = 2.0


class Exports(ListDesk[Line]):
    """The list; the line in hand is downloaded or decided."""

    listing = EXPORT_LIST
    part = "导出详情"
    classes = ""

    def begin(self) -> None:
        get, decide = "请先选择一份本人已生成的文件", "请先选择一份待审批的申请"
        self.command("下载", self.download, icon="download", key="f8", needs=get, when=lambda line: line.ready)
        if self.place.may(decide_export):
            self.command("批准", self.approve, icon="check", key="f9", needs=decide, when=lambda line: line.may_decide)
            self.command("不批准", self.turn_down, icon="block", needs=decide, when=lambda line: line.may_decide)
        self.timer = web.timer(POLL_SECONDS, self.grid.load, active=False)

    def loaded(self, page: Any) -> None:
        # While one of them is being made the list looks again by itself.
        self.timer.active = any(line.waiting for line in page.lines)

    async def enter(self, line: Line) -> None:
        await self.choose(line)
        if line.ready:
            await self.download(line)
        elif line.may_decide:
            await self.approve(line)

    async def download(self, line: Line) -> None:
        """Fetch the file of the line in hand; one in clear wants the password first."""
        if line.full:
            await confirm_password()
        web.navigate.to(f"/exports/{line.id}")
        self.place.say("已开始下载；文件带有您的标记，请按用途使用，不得外传", "good")

    async def approve(self, line: Line) -> None:
        await confirm("批准这次导出？", summary=_summary(line), yes="批准")
        await self.act(decide_export, DecideExport(line.id, True), "已批准，文件由系统生成")

    async def turn_down(self, line: Line) -> None:
        reason = await ask_reason("不批准这次导出？", summary=_summary(line), yes="不批准", danger=True)
        await self.act(decide_export, DecideExport(line.id, False, reason), "已退回申请人")


def _summary(line: Line) -> dict[str, str]:
    return {
        "申请号": line.request_no,
        "申请人": f"{line.who}（{line.unit}）",
        "清单": f"{line.listing}，{line.rows:,} 条",
        "内容": line.content,
        "用途": line.reason,
    }


EXPORTS = desk_module(Exports, "exports", "download", "manage")
