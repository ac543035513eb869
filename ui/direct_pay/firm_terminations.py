"""直付终止: the firm asks the fund to stop for one tenant and sees what came of it (rows 20-22)."""

from collections.abc import Iterator
from datetime import date

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from models.direct_pay_codes import LEASE_IS_OVER, TermReason
from models.normal import BadText
from services.access.visibility import ENTERPRISE
from services.direct_pay.firm_desk import firm_keys
from services.direct_pay.firm_lists import MANDATES, TERMINATIONS
from services.direct_pay.firm_terminations import request_termination
from services.direct_pay.orders import Answer, RequestTermination
from services.engine.listings import Line, ListRows
from services.engine.paging import Paging
from ui.shell.buttons import main_button
from ui.shell.call import call
from ui.shell.dialogs import confirm
from ui.shell.fields import choice_field, date_field, text_field
from ui.shell.findings import draw_findings
from ui.shell.form import Form
from ui.shell.list_view import ListView
from ui.shell.modules import Module
from ui.shell.parts import head, note
from ui.shell.place import Place

_MONTHS_AHEAD = 12
_REASONS = {str(reason): reason.label for reason in TermReason if reason is not TermReason.TENANT_WISH}


def _has_a_day(reason: str | None) -> bool:
    """Return whether a reason asks for the day it came up; the end of a lease is known."""
    return bool(reason) and TermReason.of(str(reason)) not in LEASE_IS_OVER


class TerminationList:
    """Open requests on the left; a new request on the right."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.form: Form | None = None
        with web.element("div").classes("sf-split"):
            self.grid = ListView(place, TERMINATIONS, on_enter=self.open)
            self.detail = web.element("section").props("aria-label=申请终止")
        place.command("提交终止申请", self.submit, icon="send", key="f8")
        place.command("新申请", self.fresh, icon="add", key="f2")

    async def open(self, line: Line) -> None:
        if line.entrustment_id is not None:
            await self.place.open("mandate", id=line.entrustment_id)

    async def fresh(self) -> None:
        """The form, with the mandate its address names."""
        done = (await call(firm_keys)).or_end()
        self._draw(self.place.params.get("entrust_no", ""), done)

    def _draw(self, entrust_no: str, keys: list[Line]) -> None:
        usable = {key.serial: f"{key.serial}（有效至 {key.valid_to}）" for key in keys if key.usable}
        today = self.place.desk.door.clock.today()
        months = {month: month for month in _months(today)}
        self.detail.clear()
        with self.detail:
            head("申请终止直付")
            note("只为退租、合同终止等情形申请；合同仍在履行的，请先办理备案注销。提交后送公积金中心审核，不能撤回。")
            with Form(columns=1) as self.form:
                self.form.add(
                    text_field("entrust_no", "委托书编号", value=entrust_no, required=True, longest=40, read=_number),
                    choice_field("reason", "原因", _REASONS, required=True),
                    date_field("reason_on", "发生日期", required=True, help="事由发生的日期"),
                    choice_field("effective_month", "停止提取月", months, required=True, help="自该月起不再提取"),
                    text_field("note", "说明", longest=200, lines=3),
                    choice_field("key_serial", "企业密钥", usable, value=next(iter(usable), ""), required=True),
                )
            self.form.only_when("reason", _has_a_day, "reason_on")
            self.tenant = TextElement(tag="p", text="").classes("sf-note").props("role=status")
            self.form.fields["entrust_no"].control.on("blur", self.follow)
            if not usable:
                note("本企业没有有效的密钥，不能提交。请先更换密钥。")
            self.found = web.element("div")
            with web.element("div").classes("sf-buttons sf-pad"):
                self.button = main_button("提交终止申请", self.submit).mark("submit-termination")
        self.form.focus("reason" if entrust_no else "entrust_no")

    async def follow(self) -> str:
        """Show the tenant of the typed mandate, so that no other tenant's is ended."""
        if self.form is None:
            return ""
        number = str(self.form.fields["entrust_no"].value or "").strip()
        self.tenant.text = ""
        if not number:
            return ""
        answer = await call(MANDATES.query, ListRows({"number": number}, Paging(size=2)), quiet=True)
        lines = answer.value.lines if answer.ok else ()
        if len(lines) != 1 or lines[0].entrust_no != number:
            self.form.fields["entrust_no"].mark("没有查到本企业的这份委托")
            return ""
        self.form.fields["entrust_no"].mark("")
        self.tenant.text = f"承租人 {lines[0].tenant}，合同 {lines[0].contract_no}，{lines[0].state.label}"
        return str(self.tenant.text)

    async def submit(self) -> None:
        """Confirm with tenant, month and key in view, then submit; every reason against it is shown."""
        if self.form is None:
            await self.fresh()
            return
        values = self.form.complete()
        tenant = await self.follow()
        if not tenant:
            return
        reason = TermReason.of(values["reason"])
        summary = {
            "委托书": values["entrust_no"],
            "承租人": tenant,
            "原因": reason.label,
            "停止提取": f"自 {values['effective_month']} 起",
            "确认密钥": values["key_serial"],
        }
        question = "提交终止申请？送公积金中心审核后不能撤回。"
        await confirm(question, summary=summary, yes="用密钥确认提交", danger=True)
        order = RequestTermination(
            entrust_no=values["entrust_no"],
            reason=reason,
            effective_month=values["effective_month"],
            reason_on=values["reason_on"],
            note=values["note"] or "",
            key_serial=values["key_serial"],
        )
        told: Answer = (await call(request_termination, order, button=self.button)).or_end()
        self.found.clear()
        if not told.accepted:
            rest = self.form.mark(told.reasons)
            with self.found:
                draw_findings(rest)
            self.place.say("未提交：" + "；".join(finding.message for finding in told.reasons), "bad")
            return
        self.place.keep(entrust_no="")
        await self.fresh()
        await self.grid.load()
        self.place.say(f"终止申请 {told.number} 已提交，等待公积金中心审核", "good")


def _number(text: str) -> str:
    if not text.strip():
        raise BadText("请填写委托书编号")
    return text.strip()


def _months(today: date) -> Iterator[str]:
    """This month and the year after it."""
    for ahead in range(_MONTHS_AHEAD + 1):
        year, month = divmod(today.year * 12 + today.month - 1 + ahead, 12)
        yield f"{year}-{month + 1:02d}"


async def build(place: Place) -> None:
    page = TerminationList(place)
    await page.fresh()
    await page.grid.load()


FIRM_TERMINATIONS = Module(
    "firm_terminations", "直付终止", "block", "direct", frozenset(ENTERPRISE), build, listing=TERMINATIONS.name
)
