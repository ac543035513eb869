"""制证异常: failed licence messages; the filing is valid, the city sends them again (row 7)."""

from services.access.visibility import STAFF
from services.engine.outbox import Resend, resend
from services.engine.paging import Paging
from services.tenancy.filed_lease import contract_of_filing
from services.tenancy.licence_failures import FailureFilter, FailurePage, FailureRow, licence_failures
from ui.shell.call import call
from ui.shell.dialogs import confirm
from ui.shell.grid import Filter, Grid, View
from ui.shell.modules import Module
from ui.shell.place import Place
from ui.shell.sheet import Column
from ui.tenancy.parts import STATE_TONES


def order_of(view: View) -> FailureFilter:
    return FailureFilter(dead=view.text("dead") == "dead", paging=Paging(view.page, view.size, view.sort))


class FailuresPage:
    """The list; the line in hand can be sent again by the city."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.line: FailureRow | None = None
        self.grid = Grid(
            place,
            licence_failures,
            order=order_of,
            columns=(
                Column("filing_no", "备案编号", width=190),
                Column("address", "房屋坐落"),
                Column("filing_state", "备案状态", width=100, tones=STATE_TONES),
                Column("operation", "业务", width=60),
                Column("state", "发送状态", width=120, tones={"发送失败": "bad"}),
                Column("attempts", "已试", sortable=True, number=True, width=60),
                Column("next_at", "下次发送", width=130),
                Column("error", "原因", width=120),
                Column("created_at", "产生时间", sortable=True, width=130),
            ),
            filters=(Filter("dead", "范围", options={"dead": "只看发送失败"}, width=200, all="失败和重试中"),),
            empty="没有发送失败的电子证照",
            on_pick=self.choose,
            on_enter=self.open_lease,
            on_loaded=self._loaded,
        )
        self.again = None
        if place.may(resend):
            self.again = place.command("重新发送", self.resend, icon="send", key="f8", needs="没有发送失败的证照")
        place.command("刷新", self.grid.load, icon="refresh", key="f3")

    def _loaded(self, page: FailurePage) -> None:
        self.line = None
        if self.again is not None:
            self.again.enable(page.dead > 0)

    def choose(self, line: FailureRow) -> None:
        self.line = line
        self.place.say(f"已选择 {line.filing_no}（{line.state}）")

    async def open_lease(self, line: FailureRow) -> None:
        answer = await call(contract_of_filing, line.filing_id)
        if answer.ok:
            await self.place.open("contract", id=answer.value)

    async def resend(self) -> None:
        """Put the chosen message, or every dead one of this page, back into the outbox."""
        chosen = [self.line] if self.line is not None else list(self.grid.lines.values())
        dead = [line for line in chosen if line.dead]
        if not dead:
            self.place.say("所选的消息还在自动重试，不需要重新发送", "warn")
            return
        summary = {"消息数": f"{len(dead)} 条", "备案编号": "、".join(line.filing_no for line in dead[:5])}
        if not await confirm("重新发送？仍用原请求号，对方已收到的不会重复生效。", summary=summary, yes="重新发送"):
            return
        sent = 0
        for line in dead:
            answer = await call(resend, Resend(line.id))
            if answer.gone:
                return
            sent += answer.ok
        await self.grid.load()
        self.place.say(f"已重新排队发送 {sent} 条", "good")


async def build(place: Place) -> None:
    await FailuresPage(place).grid.load()


LICENCE_FAILURES = Module("licence_failures", "制证异常", "sms_failed", "exchange", frozenset(STAFF), build)
