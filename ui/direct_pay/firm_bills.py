"""账单: the firm's bills with their states; taken back before sending; many at a time by workbook (row 18)."""

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from models.codes import Toned
from services.direct_pay.bill_workbook import MOST_ROWS, WorkbookReport, submit_workbook
from services.direct_pay.bills import cancel_bill
from services.direct_pay.firm_desk import filled_template
from services.direct_pay.firm_lists import BILLS
from services.direct_pay.orders import CancelBill
from services.engine.listings import Line
from services.imports.workbooks import XLSX
from ui.shell.buttons import plain_button
from ui.shell.call import call
from ui.shell.dialogs import confirm
from ui.shell.file_box import FileBox
from ui.shell.list_desk import ListDesk, desk_module
from ui.shell.parts import head, note
from ui.shell.rows import Rows
from ui.shell.sheet import Column

_TAKEN = {True: Toned("已接收", "good"), False: Toned("未接收", "bad")}


class BillList(ListDesk[Line]):
    """The report of a workbook above, when there is one; the list below, with the bill in hand beside it."""

    listing = BILLS
    part = "账单详情"
    classes = ""

    def above(self) -> None:
        self.report_box = web.element("section").props("aria-label=上传结果")
        self.report_box.set_visibility(False)
        box = FileBox("上传账单工作簿", self._take_book)
        with web.element("div").classes("sf-bar"):
            web.space()
            box.button("上传账单工作簿")

    def begin(self) -> None:
        self.command(
            "撤销账单",
            self.cancel,
            icon="undo",
            key="f9",
            needs="请先选择一张可以撤销的账单；送往公积金中心后不能撤销",
            when=lambda line: line.may_cancel,
        )
        self.place.command("下载空白模板", lambda: self.template(filled=False), icon="description")
        self.place.command("下载预填模板", lambda: self.template(filled=True), icon="fact_check")

    async def enter(self, line: Line) -> None:
        if line.entrustment_id is None:
            self.place.say("这笔账单没有对应到委托", "warn")
            return
        await self.place.open("mandate", id=line.entrustment_id)

    async def cancel(self, line: Line) -> None:
        """Take back the bill in hand; once it is on its way it cannot be."""
        summary = {"账单编号": line.bill_no, "账期": line.period, "租金": f"{line.rent_fee:,.2f} 元"}
        await confirm("撤销这笔账单？撤销后该账期可以重新报送。", summary=summary, yes="撤销", danger=True)
        await self.act(cancel_bill, CancelBill(line.bill_no), f"账单 {line.bill_no} 已撤销")

    async def template(self, *, filled: bool) -> None:
        done = (await call(filled_template, filled)).or_end()
        web.download.content(done, "账单预填模板.xlsx" if filled else "账单模板.xlsx", XLSX)
        self.place.say("模板已下载，填写后上传；账单编号由企业编制，不能重复", "good")

    async def _take_book(self, name: str, content: bytes) -> None:
        self.place.say("正在逐行核验，请稍候")
        answer = await call(submit_workbook, content)
        if not answer.ok:
            with self._report():
                head("工作簿未接收")
                note(answer.message)
            return
        report = answer.value
        self._draw_report(report)
        await self.grid.load()
        tone = "warn" if report.refused else "good"
        self.place.say(f"工作簿处理完毕：接收 {report.accepted} 笔，未接收 {report.refused} 笔", tone)

    def _report(self) -> web.element:
        """Return the box of the report, emptied and shown."""
        self.report_box.clear()
        self.report_box.set_visibility(True)
        return self.report_box

    def _draw_report(self, report: WorkbookReport) -> None:
        with self._report():
            with web.element("div").classes("sf-head"):
                title = f"上传结果：{len(report.rows)} 行，接收 {report.accepted} 笔，未接收 {report.refused} 笔"
                TextElement(tag="span", text=title).mark("workbook-report")
                plain_button("收起", lambda: self.report_box.set_visibility(False), icon="expand_less")
            refused = [row for row in report.rows if not row.accepted or row.notes]
            if not refused:
                note("全部账单已接收")
                return
            rows = Rows(
                (
                    Column("number", "行号", number=True, width=56),
                    Column("bill_no", "账单编号", width=190),
                    Column("accepted", "结果", width=80, show=_TAKEN.__getitem__),
                    Column("reasons", "原因", show="；".join),
                    Column("notes", "提示", width=260, show="；".join),
                ),
                label="上传结果",
            )
            rows.table.classes("sf-wrap")
            rows.show(refused[:MOST_ROWS])
            if report.refused:
                note("改正后把整个工作簿再传一次：已接收的不会重复入账；未接收而写了账单编号的，请换一个编号。")


FIRM_BILLS = desk_module(BillList, "firm_bills", "receipt_long", "direct")
