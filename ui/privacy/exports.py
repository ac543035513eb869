"""导出记录: the own exports to download, and those of the units below to decide (H23)."""

from nicegui import ui as web

from models.privacy import ExportState
from services.privacy.exports import (
    ASKERS,
    DecideExport,
    ExportFilter,
    ExportLine,
    ExportPage,
    decide_export,
    list_exports,
)
from ui.shell.call import call
from ui.shell.dialogs import ask_reason, confirm
from ui.shell.grid import Filter, Grid, View
from ui.shell.modules import Module
from ui.shell.place import Place
from ui.shell.reveal import confirm_password
from ui.shell.sheet import Column

POLL_SECONDS = 2.0


def order_of(view: View) -> ExportFilter:
    return ExportFilter(view.text("state"), view.page, view.size)


class ExportsPage:
    """The list; the line in hand is downloaded or decided."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.line: ExportLine | None = None
        self.grid = Grid(
            place,
            list_exports,
            order=order_of,
            columns=(
                Column("request_no", "申请号", width=190),
                Column("listing", "清单", width=110),
                Column("rows", "条数", number=True, width=60),
                Column("content", "内容", width=110),
                Column("media", "格式", width=110),
                Column("reason", "用途"),
                Column("who", "申请人", width=80),
                Column("unit", "申请单位", width=190),
                Column("state", "状态", width=90),
                Column("progress", "进度", width=80),
                Column("requested_at", "申请时间", width=126),
                Column("expires_at", "有效至", width=126),
            ),
            filters=(Filter("state", "状态", options=ExportState.labels(), width=170),),
            empty="没有导出记录。请在列表页面查询后点“导出”。",
            on_enter=self.enter,
            on_pick=self.choose,
            on_loaded=self._loaded,
        )
        self.get = place.command("下载", self.download, icon="download", key="f8", needs="请先选择一份本人已生成的文件")
        self.agree = self.refuse = None
        if place.may(decide_export):
            self.agree = place.command("批准", self.approve, icon="check", key="f9", needs="请先选择一份待审批的申请")
            self.refuse = place.command("不批准", self.turn_down, icon="block", needs="请先选择一份待审批的申请")
        place.command("刷新", self.grid.load, icon="refresh", key="f3")
        self.timer = web.timer(POLL_SECONDS, self.grid.load, active=False)

    def _loaded(self, page: ExportPage) -> None:
        # While one of them is being made the list looks again by itself.
        self.timer.active = page.working
        self._take(self.grid.lines.get(str(self.line.id)) if self.line is not None else None)

    def choose(self, line: ExportLine) -> None:
        self._take(line)
        self.place.say(f"已选择 {line.request_no}（{line.state}）" + (f"：{line.opinion}" if line.opinion else ""))

    def _take(self, line: ExportLine | None) -> None:
        self.line = line
        self.get.enable(line is not None and line.mine and line.ready)
        for command in (self.agree, self.refuse):
            if command is not None:
                command.enable(line is not None and line.may_decide)

    async def enter(self, line: ExportLine) -> None:
        self._take(line)
        if line.mine and line.ready:
            await self.download()
        elif line.may_decide:
            await self.approve()

    async def download(self) -> None:
        """Fetch the file of the line in hand; one in clear wants the password first."""
        line = self.line
        if line is None or not (line.mine and line.ready):
            self.place.say("请先选择一条可下载的本人申请", "warn")
            return
        if line.full and not await confirm_password():
            return
        web.navigate.to(f"/exports/{line.id}")
        self.place.say("已开始下载；文件带有您的标记，请按用途使用，不得外传", "good")

    async def approve(self) -> None:
        line = self.line
        if line is None or not line.may_decide:
            return
        if await confirm("批准这次导出？", summary=_summary(line), yes="批准"):
            await self._decide(DecideExport(line.id, True), "已批准，文件由系统生成")

    async def turn_down(self) -> None:
        line = self.line
        if line is None or not line.may_decide:
            return
        reason = await ask_reason("不批准这次导出？", summary=_summary(line), yes="不批准", danger=True)
        if reason is not None:
            await self._decide(DecideExport(line.id, False, reason), "已退回申请人")

    async def _decide(self, order: DecideExport, told: str) -> None:
        answer = await call(decide_export, order)
        if answer.ok:
            await self.grid.load()
            self.place.say(told, "good")


def _summary(line: ExportLine) -> dict[str, str]:
    return {
        "申请号": line.request_no,
        "申请人": f"{line.who}（{line.unit}）",
        "清单": f"{line.listing}，{line.rows:,} 条",
        "内容": line.content,
        "用途": line.reason,
    }


async def build(place: Place) -> None:
    await ExportsPage(place).grid.load()


EXPORTS = Module("exports", "导出记录", "download", "manage", frozenset(ASKERS), build)
