"""无账单结果: payment results that fit no bill; the city gives each to its bill or closes it with a reason (row 19)."""

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from models.direct_pay_codes import ResultState
from services.access.visibility import CITY
from services.direct_pay.queries import Ask, BillLine, Page, ResultLine, ResultView, open_result, result_lines
from services.direct_pay.results import HandleOrphan, OrphanWay, handle_orphan
from ui.shell.call import call
from ui.shell.dialogs import ask_reason
from ui.shell.grid import Filter, Grid, View
from ui.shell.modules import Module
from ui.shell.parts import facts, head
from ui.shell.place import Place
from ui.shell.rows import Rows
from ui.shell.sheet import Column
from ui.shell.values import shown


def order_of(view: View) -> Ask:
    state = ResultState.HANDLED if view.text("state") == "HANDLED" else ResultState.ORPHAN
    return Ask(view.text("number"), str(state), None, view.page, view.size)


class OrphanList:
    """Results on the left; the one in hand with the bills it may have meant on the right."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.line: ResultLine | None = None
        self.bill: BillLine | None = None
        with web.element("div").classes("sf-split sf-split-wide"):
            self.grid = Grid(
                place,
                result_lines,
                order=order_of,
                columns=(
                    Column("result_no", "结果编号", width=150),
                    Column("entrust_no", "委托书编号", width=150),
                    Column("bill_no", "所指账单", width=150),
                    Column("outcome", "结果", width=80),
                    Column("amount", "金额", number=True, width=90),
                    Column("decided_at", "处理时间", width=126),
                ),
                filters=(
                    Filter("number", "编号", width=220),
                    Filter("state", "范围", options={"HANDLED": "已处理"}, width=150, all="待处理"),
                ),
                empty="没有无对应账单的支付结果",
                on_pick=self.choose,
                on_enter=self.choose,
                on_loaded=self._loaded,
            )
            self.detail = web.element("section").props("aria-label=结果详情")
        self._draw_nothing()
        self.matching = self.closing = None
        if place.may(handle_orphan):
            self.matching = place.command(
                "对应到账单", self.match, icon="link", key="f8", needs="请先选择一条待处理的结果和它的账单"
            )
            self.closing = place.command(
                "退回核实", self.close, icon="undo", key="f9", needs="请先选择一条待处理的结果"
            )
        place.command("查询", self.grid.search, icon="search", key="f3")

    def _loaded(self, page: Page[ResultLine]) -> None:
        if self.line is not None and str(self.line.id) not in self.grid.lines:
            self._draw_nothing()

    def _draw_nothing(self) -> None:
        self.line = self.bill = None
        self.detail.clear()
        with self.detail:
            head("结果详情")
            TextElement(tag="p", text="请在列表中选择一条支付结果").classes("sf-empty")

    async def choose(self, line: ResultLine) -> None:
        answer = await call(open_result, line.id)
        if not answer.ok:
            return
        self.line, self.bill = line, None
        self._draw(answer.value)
        self._enable()
        self.place.reveal(self.detail)

    def _enable(self) -> None:
        waits = self.line is not None and self.place.may(handle_orphan, self.line)
        if self.matching is not None and self.closing is not None:
            self.matching.enable(waits and self.bill is not None)
            self.closing.enable(waits)

    def _draw(self, one: ResultView) -> None:
        line = one.line
        self.detail.clear()
        with self.detail:
            head(f"支付结果 {line.result_no}")
            facts(
                {
                    "委托书编号": line.entrust_no,
                    "所指账单": line.bill_no,
                    "结果": line.outcome,
                    "金额": line.amount,
                    "说明": line.reason,
                    "银行流水号": one.bank_flow_no,
                    "支付日期": one.paid_on,
                    "处理时间": line.decided_at,
                    "处理结果": f"{line.state.label}：{one.handled_note}" if one.handled_at else "",
                    "处理完成": one.handled_at,
                },
                columns=2,
            )
            if not self.place.may(handle_orphan, line):
                return
            head("可对应的账单（按空格选择）")
            rows = Rows(
                (
                    Column("bill_no", "账单编号", width=150),
                    Column("period_start", "账期起", width=90),
                    Column("period_end", "账期止", width=90),
                    Column("rent_fee", "租金", number=True, width=90),
                    Column("state", "状态", width=120),
                ),
                label="可对应的账单",
                empty="没有可对应的账单，只能退回公积金中心核实",
                on_pick=self._take,
                on_enter=self._take,
            )
            rows.show(one.candidates)

    def _take(self, bill: BillLine) -> None:
        self.bill = bill
        self._enable()
        self.place.say(f"已选择账单 {bill.bill_no}（{bill.period_start} 至 {bill.period_end}）")

    async def match(self) -> None:
        line, bill = self.line, self.bill
        if line is None or bill is None:
            return
        summary = {
            "支付结果": f"{line.result_no}，{line.outcome} {shown(line.amount)} 元",
            "账单": f"{bill.bill_no}，{bill.period_start} 至 {bill.period_end}，{shown(bill.rent_fee)} 元",
        }
        note = await ask_reason(
            "把这条结果对应到账单？结果随后推送企业。", summary=summary, yes="对应", label="处理说明"
        )
        if note is not None:
            await self._handle(HandleOrphan(line.id, OrphanWay.MATCH, note, bill.id), "已对应到账单")

    async def close(self) -> None:
        line = self.line
        if line is None:
            return
        summary = {"支付结果": line.result_no, "所指账单": line.bill_no}
        note = await ask_reason(
            "退回公积金中心核实？这条结果不再对应任何账单。", summary=summary, yes="退回", label="处理说明", danger=True
        )
        if note is not None:
            await self._handle(HandleOrphan(line.id, OrphanWay.CLOSE, note), "已退回核实")

    async def _handle(self, order: HandleOrphan, told: str) -> None:
        if (await call(handle_orphan, order)).ok:
            await self.grid.load()
            self.place.say(told, "good")


async def build(place: Place) -> None:
    await OrphanList(place).grid.load()


ORPHANS = Module("orphans", "无账单结果", "link_off", "direct", frozenset(CITY), build)
