"""委托与出账: the firm's mandates; the one in hand is billed on the right, with the rent its period comes to (row 18)."""

from datetime import date
from decimal import Decimal
from functools import partial

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from models.normal import BadText, parse_day
from services.access.visibility import ENTERPRISE
from services.direct_pay.bill_hint import AskHint, BillHint, bill_hint
from services.direct_pay.bills import submit_bills
from services.direct_pay.firm_desk import NewBillNumber, new_bill_number
from services.direct_pay.firm_lists import MANDATES
from services.direct_pay.orders import Answer, NewBill, SubmitBills
from services.engine.listings import Line
from ui.shell.buttons import main_button
from ui.shell.call import call
from ui.shell.dialogs import confirm
from ui.shell.fields import date_field, money_field, text_field
from ui.shell.findings import draw_findings
from ui.shell.form import Form
from ui.shell.list_desk import ListDesk, desk_module
from ui.shell.parts import head

_NONE = Decimal("0.00")


class MandateList(ListDesk[Line]):
    """Mandates on the left, the bill of the one in hand on the right."""

    listing = MANDATES
    part = "开具账单"
    classes = ""

    def begin(self) -> None:
        self.form: Form | None = None
        self.hinted: BillHint | None = None
        self.command(
            "报送账单",
            self.submit,
            icon="send",
            key="f8",
            needs="请先选择一份可以报送账单的委托",
            when=lambda line: self.hinted is not None and self.hinted.open,
        )
        self.place.command("申请终止", self.end, icon="block", key="f9")

    async def enter(self, line: Line) -> None:
        await self.place.open("mandate", id=line.id)

    async def draw(self, view: Line) -> None:
        """Fill the form with the period that is open next."""
        # Until it is drawn there is no bill to send: what was typed was for another mandate.
        self.form = self.hinted = None
        answer = await call(bill_hint, AskHint(view.id), quiet=True)
        hint: BillHint | None = answer.value if answer.ok else None
        order = NewBillNumber(view.entrust_no, hint.start if hint else None)
        number = await call(new_bill_number, order, quiet=True)
        if self.line is view:
            self._draw(view, hint, number.value if number.ok else "")

    def _draw(self, line: Line, hint: BillHint | None, number: str) -> None:
        self.hinted, self.form = hint, None
        self.detail.clear()
        with self.detail:
            head(f"开具账单：{line.entrust_no}（{line.tenant}）")
            self.hint = TextElement(tag="p", text="").classes("sf-note").props("role=status").mark("bill-hint")
            if hint is None or not hint.open:
                self.hint.text = hint.words if hint is not None else f"委托“{line.state.label}”，不能出账"
                return
            with Form(columns=1) as self.form:
                self.form.add(
                    text_field("bill_no", "账单编号", value=number, required=True, longest=40, help="本企业内不重复"),
                    date_field("period_start", "账期起", value=hint.start, required=True),
                    date_field("period_end", "账期止", value=hint.end, required=True),
                    money_field("rent_fee", "租金", value=hint.rent, required=True, help="只有租金由公积金支付"),
                    money_field("deposit_fee", "押金", value=_NONE, help="仅供参考，不计入应付合计"),
                    money_field("other_fee", "其他费用", value=_NONE, help="仅供参考，不计入应付合计"),
                    text_field("subject", "摘要", value="房租", longest=100),
                    text_field("corrects", "更正的账单编号", longest=40, help="更正一笔未支付账单时填写其编号"),
                )
            for key in ("period_start", "period_end"):
                self.form.fields[key].control.on("blur", self.follow)
            self.found = web.element("div")
            with web.element("div").classes("sf-buttons sf-pad"):
                self.button = main_button("报送账单", partial(self.submit, line)).mark("submit-bill")
        self.hint.text = hint.words

    async def follow(self) -> None:
        """Compute another period's rent, and fill it in unless the user typed another."""
        if self.form is None or self.line is None:
            return
        start, end = (_day(self.form.fields[key].value) for key in ("period_start", "period_end"))
        if start is None or end is None or self.hinted is None or (start, end) == (self.hinted.start, self.hinted.end):
            return
        answer = await call(bill_hint, AskHint(self.line.id, start, end), quiet=True)
        if not answer.ok or self.form is None:
            return
        earlier, self.hinted = self.hinted, answer.value
        self.hint.text = answer.value.words
        rent = self.form.fields["rent_fee"]
        if str(rent.value or "") == f"{earlier.rent.normalize():f}" and answer.value.rent:
            rent.value = f"{answer.value.rent.normalize():f}"

    def _bill(self) -> NewBill | None:
        values = self.form.read() if self.form is not None else None
        if values is None or self.line is None:
            return None
        return NewBill(
            bill_no=values["bill_no"],
            entrust_no=self.line.entrust_no,
            period_start=values["period_start"],
            period_end=values["period_end"],
            bill_time=self.place.desk.door.clock.now(),
            rent_fee=values["rent_fee"],
            deposit_fee=values["deposit_fee"] or _NONE,
            other_fee=values["other_fee"] or _NONE,
            total_amount=values["rent_fee"],
            subject=values["subject"] or "",
            corrects=values["corrects"] or "",
        )

    async def submit(self, line: Line) -> None:
        """Submit the bill; every reason against it is shown beside its field."""
        bill = self._bill()
        if bill is None or self.form is None:
            return
        summary = {
            "账单编号": bill.bill_no,
            "账期": f"{bill.period_start} 至 {bill.period_end}",
            "租金": f"{bill.rent_fee:,.2f} 元",
        }
        await confirm("报送这笔账单？送达公积金中心后不能修改或撤销。", summary=summary, yes="报送")
        done = (await call(submit_bills, SubmitBills((bill,)), button=self.button)).or_end()
        told: Answer = done[0]
        rest = self.form.mark(told.reasons)
        self.found.clear()
        if not told.accepted:
            with self.found:
                draw_findings(rest)
            self.place.say(f"账单未接收：{told.reasons[0].message if told.reasons else told.note}", "bad")
            return
        await self.reload()
        self.place.say(f"账单 {told.number} 已接收（{told.note}）", "good")

    async def end(self) -> None:
        await self.place.open("firm_terminations", entrust_no=self.line.entrust_no if self.line else "")


def _day(text: object) -> date | None:
    try:
        return parse_day(str(text or ""))
    except BadText:
        return None


FIRM_MANDATES = desk_module(MandateList, "firm_mandates", "assignment", "direct", title="委托与出账", roles=ENTERPRISE)
