"""The form of an application for forced review: originals ticked and scans uploaded reason by reason (row 11)."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from models.forced_review import Capacity
from models.normal import BadText
from services.documents.attachments import KeepAttachment, keep_attachment
from services.forced_review.applications import Applied, ApplyReview, Handed, wanted
from services.forced_review.stopped_case import ApplySheet, StopLine
from ui.shell.call import call
from ui.shell.fields import choice_field, reason_field, text_field
from ui.shell.file_box import SCAN, FileBox
from ui.shell.form import Form
from ui.shell.parts import facts, head, note, print_pdf, warning
from ui.shell.place import Place

Send = Callable[[ApplyReview], Awaitable[object]]


@dataclass
class _Line:
    """A material of the form: its tick, its pages, its day of expiry and its scan."""

    code: str
    name: str
    tick: Any = None
    pages: Any = None
    until: Any = None
    file_id: UUID | None = None
    told: Any = None
    files: list[str] = field(default_factory=list)


class ApplyForm:
    """Draws the reasons of a case with what to hand in for each, and sends the application."""

    def __init__(
        self, place: Place, sheet: ApplySheet, send: Send, *, firm: bool, name: str = "", id_no: str = ""
    ) -> None:
        self.place, self.sheet, self._send, self.firm = place, sheet, send, firm
        self.lines: list[_Line] = []
        head(f"申请强制核验：{sheet.case_no}")
        facts({"房屋坐落": sheet.address, "第几次申请": f"第{sheet.attempt}次"}, columns=2)
        if sheet.refused_before:
            warning("上次申请未同意，本次须提交新的材料。")
        if not sheet.stops:
            note("拦截的原因已经消失，提交后立即备案，不需要提交材料。")
        for stop in sheet.stops:
            self._reason(stop)
        head("申请材料")
        capacity = Capacity.FIRM if firm else Capacity.AGENT
        self._table(wanted((), capacity))
        if not firm:
            note("长期有效的材料不填有效期；授权委托书由代理人办理时核对。")
        with Form(columns=1) as self.form:
            if not firm:
                own = {one.value: one.label for one in (Capacity.PARTY, Capacity.AGENT)}
                self.form.add(
                    choice_field("capacity", "申请人身份", own, value=Capacity.PARTY.value, required=True),
                    text_field("name", "申请人姓名", value=name, required=True, longest=60),
                    text_field("id_no", "证件号码", value=id_no, required=True, longest=30),
                )
        with Form(columns=1) as self.why:
            self.why.add(reason_field("申请理由", least=10))
        self.why.sends("提交申请" if firm else "受理", self._submit, mark="send-review")

    def _reason(self, stop: StopLine) -> None:
        head(f"{stop.code} {stop.label}")
        only = "仅区级可以审核" if stop.district_only else ""
        facts({"原因": stop.message, "核验情况": stop.found, "依据": stop.basis, "审核": only}, columns=1)
        self._table([(stop.code, name) for name in stop.materials])

    def _table(self, materials: list[tuple[str, str]]) -> None:
        with web.element("table").classes("sf-compare-table sf-enter"), web.element("tbody"):
            for code, name in materials:
                line = _Line(code, name)
                self.lines.append(line)
                with web.element("tr"):
                    with web.element("th").props("scope=row"):
                        if self.firm:
                            TextElement(tag="span", text=name)
                        else:
                            line.tick = web.checkbox(f"已核原件：{name}").mark(f"tick-{code}-{name}")
                    with web.element("td"):
                        if not self.firm:
                            line.pages = web.number(value=1, min=1, max=999, precision=0)
                            line.pages.props("dense outlined suffix=页").mark(f"pages-{code}-{name}")
                            line.pages.props["aria-label"] = f"{name}页数"
                        line.until = web.input(placeholder="有效期至").props("dense outlined maxlength=10")
                        line.until.props["aria-label"] = f"{name}有效期至"
                    with web.element("td"):
                        self._upload(line)

    def _upload(self, line: _Line) -> None:
        async def take(name: str, content: bytes) -> None:
            answer = await call(keep_attachment, KeepAttachment("强制核验材料", name, content))
            if answer.ok:
                line.file_id = answer.value.id
                line.told.text = name

        box = FileBox(f"上传{line.name}", take, SCAN)
        button = box.button("上传")
        button.props["aria-label"] = f"上传{line.name}的扫描件"
        line.told = TextElement(tag="small", text="").classes("sf-help").props("role=status")

    def _handed(self) -> tuple[Handed, ...]:
        found = []
        for line in self.lines:
            original = bool(line.tick is not None and line.tick.value)
            if original or line.file_id is not None or (self.firm and not line.code):
                until = _day(str(line.until.value or ""))
                # A firm signs the application it sends.
                seen = original or (self.firm and not line.code)
                pages = 1 if line.pages is None else int(line.pages.value or 0)
                found.append(Handed(line.name, line.code, seen, until, line.file_id, pages))
        return tuple(found)

    async def _submit(self, values: dict[str, Any]) -> None:
        own: dict[str, Any] = {}
        capacity = Capacity.FIRM
        if not self.firm:
            own = self.form.complete()
            capacity = Capacity.of(own["capacity"])
        try:
            handed = self._handed()
        except BadText as problem:
            self.place.say(problem.sentence, "bad")
            return
        order = ApplyReview(
            self.sheet.case_id, capacity, values["reason"], handed, own.get("name") or "", own.get("id_no") or ""
        )
        await self._send(order)


def _day(text: str) -> date | None:
    plain = text.strip()
    if not plain:
        return None
    digits = plain.replace("-", "")
    try:
        return date.fromisoformat(f"{digits[:4]}-{digits[4:6]}-{digits[6:]}")
    except ValueError:
        raise BadText(f"材料有效期“{plain}”不是日期，请填写如 2027-03-01") from None


def tell_applied(place: Place, made: Applied) -> None:
    """Say what became of an application, and print the receipt."""
    if made.filing_no:
        place.say(f"拦截原因已消失，已备案，备案编号 {made.filing_no}", "good")
        return
    due = f"，{made.due_on}前办结；请打印回执" if made.due_on else "，受理后三个工作日内办结"
    place.say(f"{made.apply_no}：{made.state.label}{due}", "good")
    if made.receipt_id is not None:
        print_pdf(f"/papers/{made.receipt_id}.pdf")
