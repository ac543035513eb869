"""Step 7: the text is drawn up; each party shows his card and signs, on the pad or on paper (decision 28)."""

from dataclasses import dataclass
from html import escape
from typing import Any

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from models.normal import BadText, clean_text
from models.tenancy_codes import AgentKind, ContractState, LeaseMode, PayCycle, RentUnit, Side
from services.engine.findings import Finding
from services.engine.orders import Reasoned
from services.tenancy.contracts import (
    ConfirmContract,
    DrawnUp,
    DrawUpContract,
    PartyLine,
    confirm_contract,
    draw_up_contract,
    void_contract,
)
from services.tenancy.counter_forms import filing_progress
from ui.shell.buttons import plain_button
from ui.shell.call import call
from ui.shell.dialogs import ask_reason
from ui.shell.parts import badge, head, show_pdf, warning
from ui.tenancy.card_reader import read_card
from ui.tenancy.elements import SignaturePad, head_box
from ui.tenancy.filing_form import Step
from ui.tenancy.scan_upload import ScanUpload


@dataclass
class Signed:
    """The ways in which a signer has signed so far; nothing of it is kept in the draft."""

    drawing: str = ""
    sheet_no: str = ""
    scan: ScanUpload | None = None

    def reference(self) -> str:
        """Return the drawing, or what cites the signed page; refused where there is neither."""
        if self.drawing:
            return self.drawing
        if self.scan is not None and self.scan.digest:
            return f"paper-signature-scan:{self.scan.digest}"
        sheet_no = clean_text(self.sheet_no, 60)
        if len(sheet_no) < 4:
            raise BadText("请当事人在签名板上签名，或填写纸质签字页编号（不少于4位），或上传扫描件")
        return f"paper-signature-page:{sheet_no}"


class ConfirmStep(Step):
    key, title, primary = "confirm", "双方确认", "确认"
    owns = ("text",)

    def begin(self) -> None:
        self.drawn: DrawnUp | None = None
        #: What was read and signed, by the party's place among the signers; nothing of it is kept in the draft.
        self._read: dict[int, str] = {}
        self._signed = Signed()

    async def draw(self) -> None:
        reading = self.sheet.reading()
        if not reading.clean:
            TextElement(tag="p", text="表单还有没有填好的内容，请先回到“核验”处理。").classes(
                "sf-callout sf-callout-bad"
            )
            self.form.buttons("返回核验")
            return
        if not await self._draw_up(reading):
            self.form.buttons("重试")
            return
        assert self.drawn is not None
        with head_box("合同文本"):
            plain_button("预览全文", self._preview, icon="picture_as_pdf")
            plain_button("作废合同", self._void, icon="delete_outline")
        web.html(self._summary()).classes("sf-contract")
        head("当事人确认")
        self._draw_signers(self.drawn)
        self.form.buttons("下一步" if self._all_done() else "确认")

    def focus(self) -> None:
        self.form.focus_in(".sf-signing input", ".sf-next")

    def faults(self) -> list[Finding]:
        return [] if self._all_done() else [Finding("FORM", "请双方当事人确认并签名", "text")]

    async def _draw_up(self, reading: Any) -> bool:
        draft = self.form.draft
        if draft.contract_id is not None:
            progress = await call(filing_progress, draft.contract_id, quiet=True)
            if not progress.ok or progress.value.contract.state is ContractState.VOID:
                draft.contract_id = None
            elif not self.form.place.may(void_contract, progress.value.contract):
                self.drawn = progress.value.drawn
                return True
        order = DrawUpContract(reading.form, draft.contract_id)
        answer = await call(draw_up_contract, order)
        if not answer.ok:
            warning(answer.message)
            return False
        if self.drawn is not None and self.drawn.text_digest != answer.value.text_digest:
            self._read.clear()
            self._signed = Signed()
            self.form.place.say("合同内容已变化，请双方重新确认", "warn")
        self.drawn = answer.value
        if draft.contract_id != answer.value.contract_id:
            draft.contract_id = answer.value.contract_id
            self.form.changed()
            # A contract that cannot be found again would be worse than a slow page.
            await self.form.saving.save()
        return True

    def _all_done(self) -> bool:
        return self.drawn is not None and all(line.confirmed for line in self.drawn.parties)

    def _place(self) -> int | None:
        """The first who has not confirmed."""
        lines = self.drawn.parties if self.drawn else ()
        return next((place for place, line in enumerate(lines) if not line.confirmed), None)

    def _draw_signers(self, drawn: DrawnUp) -> None:
        now = self._place()
        with web.element("ol").classes("sf-signers"):
            for place, line in enumerate(drawn.parties):
                with web.element("li"):
                    TextElement(tag="strong", text=f"{line.side.label}　{line.name}")
                    if line.agent:
                        TextElement(tag="span", text=f"由{line.agent}代理")
                    if line.confirmed:
                        badge("已确认", "good")
                    elif place != now:
                        badge("待确认", "muted")
                if place == now:
                    with web.element("li").classes("sf-signing"):
                        self._draw_signing(place, line)
        if now is None:
            TextElement(tag="p", text="双方均已确认，按 F8 到下一步提交。").classes("sf-callout").props("role=status")

    def _draw_signing(self, place: int, line: PartyLine) -> None:
        number = self._number_of(place)
        who = line.agent or line.name
        with web.element("div").classes("sf-row"):
            if number:
                badge(f"{who}的证件已读取", "good")
            else:
                badge(f"请读取{who}的证件（F4）", "warn")
                plain_button("读卡（F4）", self.read_card, icon="badge")
        with web.element("div").classes("sf-sign-ways"):
            with web.element("div"):
                TextElement(tag="span", text="在签名板上签名")
                self.pad = SignaturePad(f"{who}的签名板", self._draw_sign)
                plain_button("清除", self._clear, icon="backspace")
            with web.element("div"):
                TextElement(tag="span", text="或：已在纸质签字页上签名，填写签字页编号")
                box = web.input(value=self._signed.sheet_no).bind_value_to(self._signed, "sheet_no")
                box.props("dense outlined autocomplete=off maxlength=60 aria-label=纸质签字页编号").mark("sheet-no")
                self._signed.scan = ScanUpload("签字页", self._say, label="签字页扫描件", earlier=self._signed.scan)
        self.wrong = TextElement(tag="p", text="").classes("sf-wrong").props("role=alert")

    def _draw_sign(self, image: str) -> None:
        self._signed.drawing = image

    def _clear(self) -> None:
        self._signed.drawing = ""
        self.pad.clear_pad()

    def _number_of(self, place: int) -> str:
        """The number read for a signer: now, or when he was entered on this form."""
        if place in self._read:
            return self._read[place]
        people = [*self.sheet.raw["lessors"], *self.sheet.raw["lessees"]]
        party = people[place] if place < len(people) else {}
        own = party.get("agent_kind") in {None, "", AgentKind.NONE.value}
        if not (own and party.get("card_read")):
            return ""
        form = self.sheet.reading().form
        return [*form.lessors, *form.lessees][place].id_no

    async def read_card(self) -> None:
        place = self._place()
        if place is None or self.drawn is None:
            return
        line = self.drawn.parties[place]
        card = await read_card(f"读取证件：{line.agent or line.name}")
        self._read[place] = card.id_no
        await self.form.draw()

    async def act(self) -> None:
        if self.drawn is None:
            await self.form.go("check" if not self.sheet.reading().clean else self.key)
            return
        place = self._place()
        if place is None:
            await self.form.turn(1)
            return
        await self._confirm(place, self.drawn)

    async def _confirm(self, place: int, drawn: DrawnUp) -> None:
        number = self._number_of(place)
        if not number:
            self._say("请先读取当事人（代理人）的证件，按 F4")
            return
        try:
            signature = self._signed.reference()
        except BadText as problem:
            self._say(problem.sentence)
            return
        order = ConfirmContract(drawn.contract_id, drawn.parties[place].id, drawn.text_digest, number, signature)
        answer = await call(confirm_contract, order)
        if not answer.ok:
            self._read.pop(place, None)
            self._say(answer.message)
            return
        self.drawn, self._signed = answer.value, Signed()
        side = drawn.parties[place].side.label
        await self.form.draw()
        self.form.place.say(f"{side}已确认" if not self._all_done() else "双方均已确认，按 F8 到下一步提交", "good")

    def _say(self, words: str) -> None:
        self.wrong.text = words
        self.form.place.say(words, "bad")
        web.run_javascript("sfRefused()")

    def _preview(self) -> None:
        if self.drawn is not None:
            show_pdf(f"/papers/contract/{self.drawn.contract_id}.pdf")

    async def _void(self) -> None:
        if self.drawn is None:
            return
        reason = await ask_reason("作废这份合同？已填写的内容仍保留在草稿中。", yes="作废", danger=True)
        (await call(void_contract, Reasoned(self.drawn.contract_id, reason))).or_end()
        self.drawn = None
        self._read.clear()
        self.form.draft.contract_id = None
        self.form.changed()
        await self.form.go("check")
        self.form.place.say("合同已作废", "good")

    def _summary(self) -> str:
        """Return what both sides agree on, in the order they are asked; every word escaped."""
        form = self.sheet.reading().form
        house = self.form.draft.house
        part = "整套" if form.mode is LeaseMode.WHOLE else f"{form.mode.label}：{'、'.join(form.rooms)}"
        cycle = (
            "一次性付清" if form.pay_cycle is PayCycle.ONCE else f"{form.pay_cycle.label}支付，每期{form.pay_day}日前"
        )
        unit = "元／月" if form.rent_unit is RentUnit.MONTH else form.rent_unit.label
        lessor = "、".join(fee.item for fee in form.fees if fee.by == Side.LESSOR.value)
        lines = {
            "房屋坐落": f"{house.place if house else ''}{form.house.address}",
            "出租部位": part,
            "出租人": "、".join(party.name for party in form.lessors),
            "承租人": "、".join(party.name for party in form.lessees),
            "共同居住人": "、".join(one.name for one in form.residents) or "无",
            "租赁期限": f"{form.start}至{form.end}",
            "租金": f"{form.rent:,.2f}{unit}，{cycle}" if form.rent is not None else "",
            "押金": f"{form.deposit:,.2f}元，退租后{form.deposit_return_days}天内返还" if form.deposit else "无",
            "费用": "部分费用由出租人承担，见合同全文" if lessor else "水、电、燃气等费用由承租人承担",
        }
        return (
            "<dl>"
            + "".join(f"<dt>{escape(key)}</dt><dd>{escape(value)}</dd>" for key, value in lines.items())
            + "</dl>"
        )
