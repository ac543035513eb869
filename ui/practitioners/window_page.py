"""信息卡注销 at the window: the holder's document is read, a receipt printed; a second person confirms (row 43)."""

from nicegui import events
from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from models.practitioner_codes import CardEnd
from models.tenancy_codes import IdType
from services.engine.listings import Line
from services.practitioners.cancellation import (
    WINDOW_CANCELS,
    WINDOW_ENDS,
    ReadHolder,
    WindowReceipt,
    cancel_at_window,
    confirm_at_window,
    read_holder,
    return_at_window,
    window_case,
)
from services.practitioners.import_columns import ID_TYPES
from services.practitioners.orders import CancelAtWindow, Told
from services.practitioners.visibility import WINDOW
from ui.practitioners.parts import is_free, portrait, standing_by, told
from ui.review.declaration import Decision, Queue
from ui.review.queue import review_module
from ui.shell.buttons import danger_button, main_button, plain_button
from ui.shell.call import call
from ui.shell.choice import Choice
from ui.shell.dialogs import confirm
from ui.shell.fields import choice_field, text_field
from ui.shell.form import Form
from ui.shell.modules import Module
from ui.shell.parts import draw_cells, head, note, warning
from ui.shell.place import Place
from ui.tenancy.card_reader import Card, card_of, cards_of_demo, draw_demo_cards, read_card
from ui.tenancy.print_panel import print_issued, printed_words
from ui.tenancy.sheet import focus_selector

_KINDS = {code: label for label, code in ID_TYPES.items()}


class WindowPage:
    """The document above; below the card it belongs to, then the receipt."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.client = web.context.client
        self.document: Card | None = None
        self.card: Line | None = None
        self.receipt: WindowReceipt | None = None
        place.command("读卡", self.read, icon="badge", key="f4")
        self.sending = place.command("受理注销", self.submit, icon="person_off", key="f8", needs="请先读取持卡人证件")
        self.printing = place.command(
            "打印回执", self.print_receipt, icon="print", key="ctrl+p", needs="受理注销后才能打印回执"
        )
        place.command("换人办理", self.start_over, icon="restart_alt", key="f3")
        place.command("复核列表", lambda: place.open("card_cancel_confirm"), icon="how_to_reg")

    async def draw(self) -> None:
        self.demo = await cards_of_demo()
        with web.element("div").classes("sf-intake"):
            with web.element("div").classes("sf-filters sf-enter-own").props("role=search"):
                TextElement(tag="label", text="持卡人证件").classes("sf-label").props("for=sf-holder-number")
                self.kind = (
                    Choice(_KINDS, value=IdType.ID_CARD.value, name="证件种类")
                    .classes("sf-intake-kind")
                    .mark("holder-kind")
                )
                self.box = web.input(placeholder="请读取持卡人证件（F4）").classes("sf-intake-number")
                self.box.props(
                    "dense outlined autocomplete=off maxlength=120 autofocus for=sf-holder-number aria-label=证件号码"
                ).mark("holder-number")
                self.box.on("keydown.enter", self._entered, js_handler="(e) => emit(e.target.value)")
                plain_button("读卡（F4）", self.read, icon="badge")
                self.wrong = TextElement(tag="span", text="").classes("sf-wrong").props("role=alert")
            self.result = web.element("div").classes("sf-intake-result").props("aria-live=polite")
        self.start_over()

    def start_over(self) -> None:
        """The next person."""
        self.document = self.card = self.receipt = None
        self.sending.enable(False)
        self.printing.enable(False)
        self.wrong.text = ""
        self.box.set_value("")
        self.result.clear()
        with self.result:
            head("从业人员本人注销信息卡")
            note(
                "须由持卡人本人持身份证件到场。居民身份证须用读卡器读取；护照等读卡器不能读取的证件，可以核对原件后输入号码。"
            )
            draw_demo_cards(self.demo)
        focus_selector(self.client, "[name=sf-holder-number]")

    async def _entered(self, event: events.GenericEventArguments) -> None:
        card = card_of(str(event.args or ""), self.demo, reader=False)
        if card is None:
            self.wrong.text = "请读取证件，或输入完整的证件号码"
            return
        kind = card.id_type if card.read else str(self.kind.value or IdType.ID_CARD.value)
        await self._show(Card(card.id_no, card.name, kind, card.address, card.mobile, card.read))

    async def read(self) -> None:
        await self._show(await read_card("读取持卡人证件"))

    async def _show(self, document: Card) -> None:
        self.wrong.text = ""
        self.document, self.card, self.receipt = document, None, None
        self.sending.enable(False)
        self.printing.enable(False)
        order = ReadHolder(document.id_no, "CARD" if document.read else "TYPED")
        with self.result:
            answer = await call(read_holder, order, quiet=True)
            self.result.clear()
            with self.result:
                if answer.ok:
                    self.card = answer.value
                    self._draw_card(answer.value, document)
                else:
                    warning(answer.message)
                    note("请核对证件后重新读取；需要换人的，按 F3。")
                    self.place.say(answer.message, "bad")
        self.box.set_value("")

    def _draw_card(self, card: Line, document: Card) -> None:
        head(f"{card.name}　{card.card_no}", card.state)
        with web.element("div").classes("sf-with-portrait"):
            portrait(card.portrait_id, card.name, large=True)
            told(
                {
                    "姓名": card.name,
                    "证件号码": card.id_no,
                    "所在企业": card.firm,
                    "从业类型": card.duty,
                    "制卡日期": card.issued_on,
                    "激活日期": card.active_from,
                }
            )
        if card.waiting_no:
            note(f"该信息卡已有注销申请 {card.waiting_no} 待复核，无需重复受理。")
            return
        head("注销申请")
        reasons = {end.value: end.label for end in WINDOW_ENDS}
        with Form(columns=2) as self.form:
            if not document.name:
                # A typed number says nothing of the name on the document.
                self.form.add(text_field("name", "证件姓名", required=True, longest=60, help="照证件原件填写"))
            self.form.add(
                choice_field("reason", "注销原因", reasons, value=CardEnd.IN_PERSON.value, required=True),
                text_field("note", "说明", longest=200, help="如：企业不予办理"),
            )
        note("受理后打印回执交本人，由另一位同事复核；复核通过立即注销，企业同时收到通知。")
        with web.element("div").classes("sf-buttons sf-pad"):
            self.button = danger_button("受理注销（F8）", self.submit).mark("submit-cancel")
        self.sending.enable()
        if not document.name:
            self.form.focus("name")
        else:
            self.form.focus("note")

    async def submit(self) -> None:
        """Take the wish in and print the receipt."""
        card, document = self.card, self.document
        if card is None or document is None or self.receipt is not None:
            return
        values = self.form.complete()
        name = document.name or str(values.get("name") or "")
        summary = {"持卡人": card.name, "信息卡": f"{card.card_no}（{card.state.label}）", "企业": card.firm}
        await confirm("持卡人本人已到场，受理注销申请？", summary=summary, yes="受理并打印回执")
        order = CancelAtWindow(
            card_id=card.id,
            name=name,
            id_type=document.id_type,
            id_no=document.id_no,
            reason=CardEnd.of(values["reason"]),
            note=values.get("note") or "",
        )
        with self.result:
            answer = await call(cancel_at_window, order, button=self.button)
            if not answer.ok:
                self.form.mark(answer.findings)
                told_words = "；".join(finding.message for finding in answer.findings)
                if told_words:
                    self.place.say(f"{answer.message}：{told_words}", "bad")
                return
            self.receipt = answer.value
            self.sending.enable(False)
            self.printing.enable()
            self.result.clear()
            with self.result:
                self._draw_receipt(answer.value, card)
        await self.print_receipt()

    def _draw_receipt(self, receipt: WindowReceipt, card: Line) -> None:
        with web.element("div").classes("sf-result").props("role=status"):
            TextElement(tag="strong", text="已受理")
            number = TextElement(tag="output", text=receipt.apply_no).classes("sf-number-big")
            number.props["aria-label"] = "申请编号"
            TextElement(tag="span", text=f"信息卡 {card.card_no} 待另一位同事复核，复核通过后立即注销。")
        with web.element("div").classes("sf-buttons sf-pad"):
            main_button("打印回执（Ctrl+P）", self.print_receipt).mark("print-receipt")
            plain_button("办理下一位（F3）", self.start_over)

    async def print_receipt(self) -> None:
        if self.receipt is None:
            return
        done = await print_issued(self.receipt.paper_id, ready=False, purpose="当事人留存")
        if done is not None:
            self.place.say(f"已受理 {self.receipt.apply_no}，回执{printed_words(done)}", "good")


WINDOW_CANCEL = Module(
    "card_cancel", "信息卡注销", "person_off", "counter", frozenset(WINDOW), lambda place: WindowPage(place).draw()
)


def draw_case(place: Place, line: Line) -> None:
    """Draw who came, which card, who took it in."""
    draw_cells(WINDOW_CANCELS, line, without=("standing", "decided_at", "words"), columns=2)
    note("本人到场，已读取身份证件。")
    note("复核通过后信息卡立即注销，企业和行业协会同时收到通知；企业有异议的可以提出，不影响注销。")
    if line.decided_at is not None:
        head("复核结果")
        told({"复核时间": line.decided_at, "意见": line.words}, columns=1)


WINDOW_QUEUE = review_module(
    Queue(
        WINDOW_CANCELS,
        "how_to_reg",
        group="practitioners",
        sheet=window_case,
        free=is_free(confirm_at_window),
        standing=standing_by(
            confirm_at_window,
            lambda line: f"{line.name}　{line.card_no}",
            own="这件申请由您受理，须由另一位同事复核",
            state="standing",
        ),
        draw=draw_case,
        decisions=(
            Decision(
                confirm_at_window,
                "确认注销",
                "p",
                Told,
                "信息卡已注销",
                ask="确认注销这张信息卡？注销后立即公示，不能恢复。",
                danger=True,
            ),
            Decision(
                return_at_window,
                "退回",
                "r",
                Told,
                "已退回，信息卡不变",
                reason="退回原因",
                phrases=("持卡人证件与信息卡不符", "受理信息有误，请重新受理"),
            ),
        ),
    )
)
