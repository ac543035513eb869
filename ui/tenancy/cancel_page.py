"""合同注销: who asks and why, the papers that takes, the rules' word first, then the notice at once (row 8)."""

from functools import partial
from operator import eq
from uuid import UUID, uuid4

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from models.codes import Toned
from models.tenancy_codes import CancelMode, CancelReason, CancelState, FilingState
from services.access.matches import CARD, ORIGINAL
from services.engine.findings import Finding, Outcome, Severity
from services.tenancy.cancel_views import ApplyView, apply_view
from services.tenancy.cancellation import COUNTER_REASONS, CancelDecision, CancelLease, cancel_lease, try_cancelling
from services.tenancy.contract_search import find_contract
from services.tenancy.contract_views import ContractView, PartyView, contract_view
from services.tenancy.intake import ShowDocument, show_document
from ui.shell.buttons import main_button, plain_button
from ui.shell.call import call
from ui.shell.dialogs import confirm
from ui.shell.fields import choice_field, date_field, flag_field, text_field
from ui.shell.findings import draw_findings
from ui.shell.form import Form
from ui.shell.modules import Module
from ui.shell.parts import empty, facts, head, note, uuid_of
from ui.shell.place import Place
from ui.shell.rows import Rows
from ui.shell.sheet import Column
from ui.tenancy.card_reader import read_card
from ui.tenancy.contract_find import FindPanel
from ui.tenancy.contract_page import draw_lease_head
from ui.tenancy.lists import FilingsPage
from ui.tenancy.print_panel import print_issued, printed_words, show_unissued
from ui.tenancy.scan_upload import MaterialField
from ui.tenancy.sheet import focus_selector

MODES = {
    CancelMode.BOTH.value: "双方共同申请",
    CancelMode.ONE.value: "单方申请（告知对方）",
    CancelMode.COURT.value: "凭生效法律文书",
}
REASONS = {reason.value: reason.label for reason in CancelReason if reason in COUNTER_REASONS}
_USUAL = {
    CancelMode.BOTH.value: CancelReason.EARLY_BOTH.value,
    CancelMode.ONE.value: CancelReason.EARLY_ONE.value,
    CancelMode.COURT.value: CancelReason.COURT.value,
}
_MATERIALS = {
    "agreement": ("解约协议", CancelMode.BOTH.value),
    "commitment": ("书面承诺", CancelMode.ONE.value),
    "court_paper": ("生效法律文书", CancelMode.COURT.value),
}
TYPED = "注销"


class CancelPage:
    """The form on the left, the rules' word and the result on the right."""

    def __init__(self, place: Place, contract_id: UUID) -> None:
        self.place, self.contract_id = place, contract_id
        self.view: ContractView | None = None
        self.away: set[UUID] = set()
        self.typed: list[str] = []
        self.asked: tuple[CancelLease, str] | None = None
        self.done: CancelDecision | None = None
        with web.element("div").classes("sf-split"):
            with web.element("section").props("aria-label=注销申请"):
                self.top = web.element("div")
                head("到场当事人")
                self._draw_people()
                with web.element("div") as self.filling:
                    self._draw_card()
                    head("注销内容")
                    self._draw_form()
            with web.element("section").props("aria-label=核验与结果") as self.side:
                self.result = web.element("div")
        needs = "该合同不能注销，或注销申请已经提交"
        checking = place.command("预检", self.check, icon="rule", key="f9", needs=needs)
        self.submit = place.command("提交注销", self.send, icon="link_off", key="f8", needs=needs)
        self.before = (checking, place.command("读卡", self.card_read, icon="badge", key="f4", needs=needs))
        for command in (self.submit, *self.before):
            command.enable()
        place.is_dirty = lambda: self.done is None and self.form.changed

    def _draw_people(self) -> None:
        self.people = Rows(
            (
                Column("side", "身份", width=80),
                Column("name", "姓名（名称）"),
                Column("id_no", "证件号码", width=190),
                Column("present", "到场", width=110, value=self._presence),
            ),
            label="当事人",
            on_pick=self._toggle,
        )

    def _draw_card(self) -> None:
        with Form(columns=2) as self.card:
            self.card.add(
                text_field("card", "读取证件", longest=30, help="按F4读卡；不能读卡的，核对原件后输入号码按回车")
            )
            self.card.fields["card"].control.on("keydown.enter", self.take_number)
        note("读取证件或核对原件的当事人记为到场；空格键可改为未到场。")

    def _draw_form(self) -> None:
        today = self.place.desk.door.clock.today()
        with Form(columns=2) as self.form:
            self.form.add(
                choice_field(
                    "mode", "申请方式", MODES, value=CancelMode.BOTH.value, required=True, on_change=self._mode_changed
                ),
                choice_field("reason", "注销原因", REASONS, value=CancelReason.EARLY_BOTH.value, required=True),
                date_field("terminated_on", "合同终止日期", value=today, required=True),
                flag_field("agent", "由代理人申请"),
                text_field("agent_id", "代理人证件号码", longest=30, required=True),
                text_field("principal_id", "委托人证件号码", longest=30, required=True, help="委托书须载明代办注销"),
            )
            self.materials = {key: MaterialField(self.form, key, label) for key, (label, _) in _MATERIALS.items()}
            self.form.add(text_field("note", "说明", longest=200, lines=2, span=2))
        self.form.only_when("agent", bool, "agent_id", "principal_id")
        for key, (_, mode) in _MATERIALS.items():
            self.form.only_when("mode", partial(eq, mode), key)

    async def load(self) -> None:
        """Show the lease as of now."""
        answer = await call(contract_view, self.contract_id)
        self.top.clear()
        if not answer.ok:
            with self.top:
                empty(answer.message or "没有这份合同，或当日未对您开放")
            self.submit.enable(False)
            return
        self.view = view = answer.value
        self.place.rename(f"注销 {view.title[-9:]}")
        with self.top:
            draw_lease_head(view, *([Toned(f"备案{view.filing.state}", "info")] if view.filing is not None else []))
            number = view.filing.filing.filing_no if view.filing else "未备案"
            facts({**view.facts, "备案编号": number}, columns=2)
        self._show_people()
        if view.central:
            self.submit.enable(False)
            self.place.say("集中式房源的合同请在“集中式网签备案”中办理退租注销", "warn")
        elif view.frozen:
            self.submit.enable(False)
            self.place.say("该备案已冻结，解除冻结后才能注销", "warn")

    @property
    def _asked_for(self) -> list[PartyView]:
        """The parties of the lease, who can apply."""
        return [one for one in self.view.parties if one.side != "共同居住人"] if self.view is not None else []

    def _show_people(self) -> None:
        self.people.show(self._asked_for)

    def _presence(self, party: PartyView) -> Toned:
        if not party.seen:
            return Toned("未核对证件")
        return Toned("未到场") if party.id in self.away else Toned("到场", "good")

    def _toggle(self, party: PartyView) -> None:
        if self.done is not None:
            return
        if not party.seen:
            self.place.say("请先读取该当事人的证件，或者核对原件", "warn")
            return
        self.away ^= {party.id}
        self._show_people()

    async def take_number(self, how: str = ORIGINAL) -> None:
        """Record the document of a party, or of the agent, in the field: read, or with the original seen."""
        field = self.card.fields["card"]
        id_no = str(field.value or "").strip()
        if not id_no or self.view is None:
            return
        if not self.place.may(find_contract):
            # A firm has no counter: its own number and those it acts with are typed, and the rules look at them.
            self.typed = [*self.typed, id_no]
            field.value = ""
            self.place.say(f"已记入申请人，共{len(self.typed)}个证件号码", "good")
            return
        if how == ORIGINAL:
            await confirm(
                "该证件未经读卡。请查看证件原件，核对照片、姓名和号码与到场人一致；核对人记入审计。",
                summary={"证件号码": id_no},
                yes="原件已核对",
            )
        answer = await call(show_document, ShowDocument(self.contract_id, id_no, how), quiet=True)
        if not answer.ok and self.form.fields["agent"].value:
            order = ShowDocument(self.contract_id, id_no, how, agent=True)
            if (await call(show_document, order, quiet=True)).ok:
                self.form.fields["agent_id"].value, field.value = id_no, ""
                self.place.say("已记为到场的代理人", "good")
                return
        if not answer.ok:
            field.mark("该证件号码不是本合同的当事人；由代理人申请的，请先勾选“由代理人申请”")
            return
        field.value = ""
        await self.load()
        self._go_on()
        self.place.say("证件与合同相符，已记为到场", "good")

    async def card_read(self) -> None:
        """A party's card from the reader."""
        card = await read_card("读取到场当事人证件")
        self.card.fields["card"].value = card.id_no
        await self.take_number(CARD)

    def _to_card(self) -> None:
        self.card.focus("card")

    def _go_on(self) -> None:
        """Put the keyboard where the next card is taken or, with all parties there, to what is filled in next."""
        if all(party.seen for party in self._asked_for):
            self.form.focus("mode")
        else:
            self._to_card()

    def _mode_changed(self) -> None:
        mode = str(self.form.fields["mode"].value or "")
        if mode in _USUAL:
            self.form.fields["reason"].value = _USUAL[mode]

    def order(self) -> CancelLease | None:
        """Return the form's order, or None with each fault shown beside its field."""
        values = self.form.read()
        if values is None or self.view is None:
            return None
        mode = CancelMode.of(values["mode"])
        applicants = [party.id_no for party in self.view.parties if party.seen and party.id not in self.away]
        applicants += self.typed
        principals: list[str] = []
        if values["agent"]:
            applicants.append(values["agent_id"])
            principals.append(values["principal_id"])
        cited = {
            key: self.materials[key].reference if mode.value == wanted else ""
            for key, (_, wanted) in _MATERIALS.items()
        }
        if mode is CancelMode.BOTH and not cited["agreement"]:
            self.materials["agreement"].field.mark("请上传解约协议或填写纸质件编号")
            self.place.say("请上传解约协议或填写纸质件编号", "bad")
            self.form.focus("agreement")
            return None
        return CancelLease(
            contract_id=self.contract_id,
            mode=mode,
            reason=CancelReason.of(values["reason"]),
            terminated_on=values["terminated_on"],
            applicants=tuple(applicants),
            principals=tuple(principals),
            agreement_digest=cited["agreement"],
            commitment_digest=cited["commitment"],
            court_digest=cited["court_paper"],
            note=values["note"] or "",
        )

    async def check(self) -> CancelLease | None:
        """Run the rules and show every word of theirs; the order when nothing stops it."""
        order = self.order()
        if order is None:
            return None
        answer = await call(try_cancelling, order)
        if not answer.ok:
            return None
        judgement = answer.value
        self.form.mark(judgement.findings)
        stopped = judgement.outcome is not Outcome.PASS
        self._show_findings(tuple(judgement.findings), "不符合注销条件" if stopped else "符合注销条件", stopped)
        if stopped:
            self.place.say(f"不符合注销条件，共{len(judgement.stopping)}项，请按右侧提示处理", "bad")
            return None
        self.place.say("预检通过，可以提交", "good")
        return order

    def _show_findings(self, findings: tuple[Finding, ...], words: str, stopped: bool) -> None:
        self.result.clear()
        with self.result:
            head("预检结果", Toned(words, "bad" if stopped else "good"))
            if findings:
                draw_findings(findings, go=self._go)
            else:
                note("各项核验均已通过。")

    def _go(self, field: str) -> None:
        if field == "applicants":
            self._to_card()
        else:
            self.form.focus(field)

    async def send(self) -> None:
        """Check, ask for the typed word, cancel once, and print the notice."""
        if self.done is not None or not self.submit.enabled:
            return
        self.submit.enable(False)
        try:
            await self._send()
        finally:
            self.submit.enable(self.done is None)

    async def _send(self) -> None:
        order = await self.check()
        if order is None or self.view is None:
            return
        one_sided = order.mode is CancelMode.ONE
        summary = {
            "合同": self.view.title,
            "房屋坐落": self.view.address,
            "申请方式": MODES[order.mode.value],
            "注销原因": order.reason.label,
            "合同终止日期": order.terminated_on.isoformat(),
        }
        question = (
            "提交后将告知对方当事人，异议期满由区中心审定。" if one_sided else "注销后备案立即失效，通知书随即签发。"
        )
        preview = None if one_sided else lambda _: show_unissued(cancel_lease, order)
        await confirm(question, summary=summary, yes="提交注销", danger=True, typed=TYPED, preview=preview)
        # The same order sent again after a broken line is the same request; a changed one is another.
        if self.asked is None or self.asked[0] != order:
            self.asked = (order, uuid4().hex)
        done = (await call(cancel_lease, order, request_id=self.asked[1])).or_end()
        await self._show_decision(done)

    async def _show_decision(self, decision: CancelDecision) -> None:
        if decision.state is CancelState.REJECTED:
            self._show_findings(decision.findings, f"未通过（{decision.apply_no}）", True)
            self.place.say("注销申请未通过，原因见右侧", "bad")
            return
        self.done = decision
        view: ApplyView = (await call(apply_view, decision.apply_id)).or_end()
        self._draw_result(view, decision)
        await self.load()
        self.place.say(f"{decision.apply_no}：{view.apply.state.label}", "good")
        # What was decided is no more to be filled in: the keyboard goes to the paper.
        self.filling.set_visibility(False)
        for command in (self.submit, *self.before):
            command.enable(False)
        focus_selector(self.side.client, f"[id='{self.result.html_id}'] button")
        self.place.reveal(self.side)
        if decision.state is CancelState.APPROVED:
            await self.print_notice(view)

    def _draw_result(self, view: ApplyView, decision: CancelDecision) -> None:
        warned = tuple(one for one in decision.findings if one.severity is Severity.WARN)
        self.result.clear()
        with self.result:
            head("办理结果", view.apply.state)
            TextElement(tag="p", text=view.apply.apply_no).classes("sf-number-big").mark("apply-no")
            if decision.state is CancelState.NOTICE:
                days = f"对方当事人可在 {decision.objection_until} 前（5个工作日）提出异议。"
                note(f"单方申请已受理，已告知对方。{days}期满无异议的自动注销，有异议的由区中心审定。")
            else:
                note("合同与备案已同时注销，备案注销通知书已签发。")
            if warned:
                draw_findings(warned)
            with web.element("div").classes("sf-buttons sf-pad"):
                if view.papers:
                    main_button("打印注销通知书", lambda: self.print_notice(view), icon="print")
                plain_button("查看申请", lambda: self.place.open("cancel_applies", id=view.apply.id))

    async def print_notice(self, view: ApplyView) -> None:
        """Put D3 into the browser's print dialog."""
        if not view.papers:
            return
        paper = view.papers[0]
        done = await print_issued(paper.id, ready=bool(paper.digest), purpose="当事人留存")
        if done is not None:
            self.place.say(f"备案已注销。{printed_words(done)}", "good")


async def build(place: Place) -> None:
    contract_id = uuid_of(place.params.get("id", ""))
    if contract_id is None and not place.may(find_contract):
        note("选中要注销的备案，按回车打开它的注销页。")
        place.params.setdefault("state", FilingState.ACTIVE.value)
        await FilingsPage(place, "cancel_lease").grid.load()
        return
    if contract_id is None:
        FindPanel(place, "cancel_lease")
        return
    page = CancelPage(place, contract_id)
    await page.load()
    if page.view is not None and place.may(find_contract):
        # The applicant at the counter shows a card next.
        page.card.focus("card")


CANCEL_LEASE = Module("cancel_lease", "合同注销", "link_off", "counter", cancel_lease.roles, build, several=True)
