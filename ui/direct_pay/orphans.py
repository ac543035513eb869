"""无账单结果: payment results that fit no bill; the city gives each to its bill or closes it with a reason (row 19)."""

from services.direct_pay.orphans import ORPHANS as RESULTS
from services.direct_pay.orphans import OrphanView, open_orphan
from services.direct_pay.results import HandleOrphan, OrphanWay, handle_orphan
from services.engine.listings import Line
from ui.shell.dialogs import ask_reason
from ui.shell.list_desk import ListDesk, desk_module
from ui.shell.parts import facts, head
from ui.shell.rows import Rows
from ui.shell.sheet import Column
from ui.shell.values import shown


class Orphans(ListDesk[OrphanView]):
    """The result in hand with the bills it may have meant."""

    listing = RESULTS
    look = open_orphan
    part = "结果详情"

    def begin(self) -> None:
        self.bill: Line | None = None
        if not self.place.may(handle_orphan):
            return
        self.matching = self.command(
            "对应到账单",
            self.match,
            icon="link",
            key="f8",
            needs="请先选择一条待处理的结果和它的账单",
            when=lambda view: self._waits(view) and self.bill is not None,
        )
        self.command("退回核实", self.close, icon="undo", key="f9", needs="请先选择一条待处理的结果", when=self._waits)

    def _waits(self, view: OrphanView) -> bool:
        return self.place.may(handle_orphan, view.line)

    def draw(self, view: OrphanView) -> None:
        self.bill = None
        line = view.line
        head(f"支付结果 {line.result_no}")
        facts(
            {
                "委托书编号": line.entrust_no,
                "所指账单": line.bill_no,
                "结果": line.outcome,
                "金额": line.amount,
                "说明": line.reason,
                "银行流水号": line.bank_flow_no,
                "支付日期": line.paid_on,
                "公积金中心处理": line.decided_at,
                "处理结果": f"{line.state.label}：{line.handled_note}" if line.handled_at else "",
                "处理完成": line.handled_at,
            },
            columns=2,
        )
        if not self._waits(view):
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
            on_pick=self._take_bill,
            on_enter=self._take_bill,
        )
        rows.show(view.candidates)

    def _take_bill(self, bill: Line) -> None:
        self.bill = bill
        self.matching.enable()
        self.place.say(f"已选择账单 {bill.bill_no}（{bill.period_start} 至 {bill.period_end}）")

    async def match(self, view: OrphanView) -> None:
        """Give the result to the chosen bill, with a note."""
        line, bill = view.line, self.bill
        if bill is None:
            return
        summary = {
            "支付结果": f"{line.result_no}，{line.outcome.label} {shown(line.amount)} 元",
            "账单": f"{bill.bill_no}，{bill.period_start} 至 {bill.period_end}，{shown(bill.rent_fee)} 元",
        }
        note = await ask_reason(
            "把这条结果对应到账单？结果随后推送企业。", summary=summary, yes="对应", label="处理说明"
        )
        await self.act(handle_orphan, HandleOrphan(line.id, OrphanWay.MATCH, note, bill.id), "已对应到账单")

    async def close(self, view: OrphanView) -> None:
        """Return the result to the fund, with a note."""
        summary = {"支付结果": view.line.result_no, "所指账单": view.line.bill_no}
        note = await ask_reason(
            "退回公积金中心核实？这条结果不再对应任何账单。", summary=summary, yes="退回", label="处理说明", danger=True
        )
        await self.act(handle_orphan, HandleOrphan(view.line.id, OrphanWay.CLOSE, note), "已退回核实")


ORPHANS = desk_module(Orphans, "orphans", "help_center", "direct")
