"""合同列表: leases of centralized rooms whose filing runs out, filed again one by one or many at once (row 24)."""

from decimal import Decimal, InvalidOperation
from typing import Any

from models.tenancy_codes import FilingState
from services.privacy.exports import RequestExport, request_export
from services.tenancy.refiling import Refile, refile
from services.tenancy.refiling_list import MOST_NOTICES, NOTICES, READERS, REFILINGS
from ui.shell.call import call
from ui.shell.dialogs import ask_reason
from ui.shell.list_view import ListView
from ui.shell.modules import Module
from ui.shell.place import Place
from ui.tenancy.lists import open_lease


class RefilingPage:
    """The list, with its bulk action, a single one that asks for today's rent, and notices as one document."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.grid = ListView(place, REFILINGS, on_enter=lambda line: open_lease(place, line), on_pick=self._pick)
        self.line: Any = None
        self.one = None
        if place.may(refile):
            self.one = place.command("单件办理", self.refile_one, icon="edit_calendar", needs="请先选择一份合同")
            self.one.enable(False)
            place.command("通知书合并打印", self.notices, icon="picture_as_pdf")

    def _pick(self, line: Any) -> None:
        self.line = line
        if self.one is not None:
            frozen = line.state is FilingState.FROZEN
            self.one.needs = "该备案已冻结，解除冻结后才能办理" if frozen else "请先选择一份合同"
            self.one.enable(not frozen)

    async def refile_one(self) -> None:
        """File one lease again; a rent that differs from the lease's is refused with what to do."""
        line = self.line
        if line is None:
            return
        with self.grid.box:
            told = {
                "备案": line.filing_no,
                "房间": f"{line.project} {line.room_no}",
                "原月租金": f"{line.month_rent:,.2f}元",
            }
            typed = await ask_reason("重新备案", summary=told, yes="重新备案", least=1, label="现在的月租金（元）")
            if typed is None:
                return
            try:
                rent = Decimal(typed.replace(",", "").removesuffix("元"))
            except InvalidOperation:
                self.place.say("月租金请填写数字，例如3200.00", "bad")
                return
            done = (await call(refile, Refile(line.id, rent))).or_end()
            told_too = f"；{'；'.join(done.warnings)}" if done.warnings else ""
            self.place.say(f"已重新备案：{done.filing_no}，有效期{done.valid_from}至{done.valid_to}{told_too}", "good")
            await self.grid.load()

    async def notices(self) -> None:
        """Have the worker bind the notices of the ticked filings, or of those in view, into one PDF."""
        lines = self.grid.ticked or list(self.grid.lines.values())
        ids = [str(line.id) for line in lines][:MOST_NOTICES]
        if not ids:
            self.place.say("没有可以打印的通知书", "warn")
            return
        media = NOTICES.media[0].value
        order = RequestExport(NOTICES.name, {"ids": ",".join(ids)}, media, "合并打印备案通知书")
        done = (await call(request_export, order)).or_end()
        await self.place.open("exports")
        self.place.say(f"{done.request_no}：{len(ids)} 份通知书正在合并", "good")


async def build(place: Place) -> None:
    await RefilingPage(place).grid.load()


REFILING_LIST = Module(
    "refilings", "合同列表", "event_repeat", "counter", frozenset(READERS), build, listing=REFILINGS.name
)
