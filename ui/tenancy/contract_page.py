"""合同查询及打印: find a lease for its party, look at it masked, reveal with a reason, print (row 9)."""

from collections.abc import Mapping
from functools import partial
from typing import Any
from uuid import UUID

from nicegui import ui as web

from models.access import Role
from models.codes import Toned
from models.documents import IssuedDocument
from models.tenancy_codes import ContractState, LicenceState
from services.access.visibility import ENTERPRISE, STAFF
from services.documents.paper_sets import handed_out
from services.engine.drafts import SaveDraft, save_draft
from services.engine.listings import Line, ListRows
from services.engine.orders import Reasoned
from services.engine.registry import Action
from services.records.looks import looks
from services.tenancy.cancel_views import APPLIES
from services.tenancy.cancellation import cancel_lease
from services.tenancy.contract_views import ContractView, PartyView, contract_view
from services.tenancy.counter_forms import FollowOn, follow_on_form
from services.tenancy.filing import file_lease
from services.tenancy.frozen_filings import AT_FAULT, RevokeFiling, freeze_filing, revoke_filing, unfreeze_filing
from services.tenancy.papers import IssueRecordSheet, issue_record_sheet
from ui.shell.buttons import plain_button
from ui.shell.call import call
from ui.shell.dialogs import ask_reason
from ui.shell.fields import flag_field, reason_field
from ui.shell.form import Form, ask_form
from ui.shell.looks import show_looks
from ui.shell.modules import Module
from ui.shell.parts import empty, facts, head, note, uuid_of
from ui.shell.place import Command, Place
from ui.shell.reveal import Revealing
from ui.shell.rows import Rows
from ui.shell.sheet import Column
from ui.tenancy.filing_form import DRAFT_KIND
from ui.tenancy.print_panel import PrintPanel

# In the order in which they are offered.
_FIELDS = {
    "id_no": "证件号码",
    "name": "姓名",
    "mobile": "联系电话",
    "agent_name": "代理人姓名",
    "agent_id_no": "代理人证件号码",
}
#: What of a person who was read here today is in clear already.
_OPEN = frozenset({"id_no", "name", "mobile"})
#: What the authorities do with a filing, and the state it asks for.
_HELD = ((freeze_filing, "ac_unit", "有效"), (unfreeze_filing, "lock_open", "已冻结"), (revoke_filing, "gavel", "有效"))
#: The states in which a lease may be changed, and let again, and the words of the others.
_FOLLOWED = (
    ({ContractState.EFFECTIVE}, "这份合同已失效，请按新合同备案"),
    ({ContractState.EFFECTIVE, ContractState.EXPIRED}, "这份合同没有备案，不能续租"),
)
_WHY = "依据和理由"
_FROZEN = "该备案已冻结，解除冻结后才能办理"


class ContractPage:
    """A lease: particulars, parties, papers and applications on the left, printing on the right."""

    def __init__(self, place: Place, contract_id: UUID) -> None:
        self.place, self.contract_id = place, contract_id
        self.view: ContractView | None = None
        self.revealing = Revealing(place, "contract_party", _FIELDS, self._show_parties, noun="当事人")
        self.party: PartyView | None = None
        staff = place.caller.has(*STAFF)
        with web.element("div").classes("sf-split"):
            with web.element("section").props("aria-label=合同内容"):
                self.body = web.element("div")
                head("当事人")
                self.parties = Rows(
                    (
                        Column("side", "身份", width=90),
                        Column("name", "姓名（名称）", value=partial(self._text, "name")),
                        Column("id_type", "证件类型", width=110),
                        Column("id_no", "证件号码", width=180, value=partial(self._text, "id_no")),
                        Column("mobile", "联系电话", width=120, value=partial(self._text, "mobile")),
                        Column("agent", "代理人", width=110, value=self._agent),
                        Column("seen", "", width=110, value=self._seen),
                    ),
                    label="当事人",
                    on_enter=self.reveal if staff else None,
                    on_pick=self._pick if staff else None,
                )
                if staff:
                    with web.element("div").classes("sf-buttons sf-pad"):
                        plain_button("查看完整信息", self.reveal_picked, icon="visibility").mark("reveal")
                        plain_button("全部显示", self.reveal_all, icon="groups").mark("reveal-all")
                    note(
                        "选中一行按回车，或选中后点“查看完整信息”，须填写理由；今日已核对证件或登记号码的本人直接显示。"
                    )
                head("文书")
                self.papers = Rows(
                    (
                        Column("title", "文书名称"),
                        Column("number", "编号", width=210),
                        Column("issued_at", "签发时间", width=130),
                        Column("copies", "已打印", number=True, width=70),
                    ),
                    label="文书",
                    empty="没有已签发的文书",
                    on_enter=self._choose_paper,
                )
                head("发放记录")
                self.handouts = Rows(
                    (
                        Column("at", "时间", width=130),
                        Column("title", "文书名称"),
                        Column("version", "版本", width=170),
                        Column("copy_no", "第几份", number=True, width=60),
                        Column("receiver", "领取人", width=120),
                        Column("purpose", "用途", width=110),
                        Column("clerk", "经办人", width=70),
                    ),
                    label="发放记录",
                    empty="还没有发放过文书",
                )
                self.applies_head = head("注销申请")
                self.applies = Rows(
                    (
                        Column("apply_no", "申请编号", width=190),
                        Column("mode", "申请方式", width=80),
                        Column("reason", "原因"),
                        Column("terminated_on", "终止日期", width=100),
                        Column("state", "状态", width=110),
                    ),
                    label="注销申请",
                    empty="没有注销申请",
                    on_enter=self._open_apply,
                )
            with web.element("section").props("aria-label=打印"):
                self.printing = PrintPanel(place, changed=self.load, issue=self._issue_sheet)
        self.cancel = None
        if place.may(cancel_lease):
            self.cancel = place.command("注销", self._cancel, icon="link_off", key="f9")
        self.next: list[Command] = []
        if place.may(file_lease):
            for label, icon, renews in (("变更", "edit", False), ("续租", "update", True)):
                key = "" if renews else "f8"
                self.next.append(place.command(label, partial(self._follow, renews), icon=icon, key=key))
        self.held: list[tuple[Action[Any, None], Command]] = []
        for act, icon, needs in _HELD:
            if place.may(act):
                run = partial(self._hold, act)
                self.held.append(
                    (act, place.command(act.label, run, icon=icon, needs=f"只有{needs}的备案可以{act.label}"))
                )
        place.command("打印", self.printing.print, icon="print", key="ctrl+p")
        place.command("预览", self.printing.preview, icon="visibility")
        if place.may(looks):
            place.command("查阅记录", self._show_looks, icon="manage_search")
        place.command("刷新", self.load, icon="refresh", key="f3")

    async def load(self) -> None:
        """Ask again and show."""
        answer = await call(contract_view, self.contract_id)
        if not answer.ok:
            self._absent(answer.message)
            return
        self.view = view = answer.value
        applies = await call(APPLIES.query, ListRows({"contract": str(self.contract_id)}))
        self.place.rename(f"合同 {view.title[-9:]}")
        self.body.clear()
        with self.body:
            self._draw(view)
        self._show_parties()
        self.papers.show(view.papers)
        handouts = await call(handed_out, tuple(paper.id for paper in view.papers), quiet=True)
        self.handouts.show(handouts.value if handouts.ok else ())
        lines = applies.value.lines if applies.ok else ()
        self.applies.show(lines)
        people = {
            f"{party.name}／{party.side}": f"{party.name}（{party.side}）" for party in view.parties if party.open
        }
        self.printing.show(
            view.papers,
            people,
            sheet=view.contract.paper_only and view.filing is not None and self.place.may(issue_record_sheet),
        )
        if self.cancel is not None:
            self.cancel.needs = _FROZEN if view.frozen else "这份合同已失效，不能注销"
            self.cancel.enable(self.place.may(cancel_lease, view.contract) and not view.frozen)
        for command, (states, over) in zip(self.next, _FOLLOWED, strict=False):
            command.needs = _FROZEN if view.frozen else over
            command.enable(view.filing is not None and view.contract.state in states and not view.frozen)
        for act, command in self.held:
            command.enable(view.filing is not None and self.place.may(act, view.filing.filing))

    async def _hold(self, act: Action[Any, None]) -> None:
        if self.view is None or self.view.filing is None:
            return
        filing = self.view.filing.filing
        summary = {"备案编号": filing.filing_no, "房屋坐落": self.view.address}
        order: Reasoned | RevokeFiling
        if act is revoke_filing:
            order = await self._ask_revoking(filing.id, summary)
        else:
            words = await ask_reason(f"{act.label}？", summary=summary, yes=act.label, least=10, label=_WHY)
            order = Reasoned(filing.id, words)
        (await call(act, order)).or_end()
        await self.load()
        self.place.say(f"已{act.label}", "good")

    async def _ask_revoking(self, filing_id: UUID, summary: Mapping[str, str]) -> RevokeFiling:
        """Ask why a filing is false, and which sides get a credit record for it."""

        def draw(form: Form) -> None:
            form.add(reason_field(_WHY, least=10))
            for side in AT_FAULT:
                form.add(flag_field(side.value, f"{side.label}有责", value=True))

        told = ("撤销后不能恢复。勾选的一方计入信用记录，再办备案须到窗口核实；被冒名、受骗的一方不要勾选。",)
        asked = await ask_form("撤销备案？", draw, yes="撤销备案", summary=summary, told=told)
        sides = frozenset(side for side in AT_FAULT if asked[side.value])
        return RevokeFiling(filing_id, asked["reason"], sides)

    async def _show_looks(self) -> None:
        await show_looks(f"合同 {self.view.title}" if self.view is not None else "合同", self.contract_id)

    def _absent(self, message: str) -> None:
        self.body.clear()
        with self.body:
            empty(message or "没有这份合同，或当日未对您开放")
        self.parties.show(())
        self.papers.show(())
        self.handouts.show(())
        self.applies.show(())

    def _draw(self, view: ContractView) -> None:
        contract = view.contract
        draw_lease_head(view)
        facts(
            {
                "房屋坐落": view.address,
                "权属证明": view.cert_no,
                **view.facts,
                "折合月租金": f"{contract.month_rent:,.2f} 元",
                "押金": f"{contract.deposit:,.2f} 元",
                "出租方式": contract.mode,
                "成交方式": contract.deal,
            }
        )
        head("备案", *([view.filing.state] if view.filing is not None else []))
        if view.filing is None:
            note("本合同没有备案记录。")
            return
        filing = view.filing.filing
        if filing.licence_state is LicenceState.FAILED:
            note("电子证照发送失败，备案不受影响；由市级人员重新发送。")
        facts(
            {
                "备案编号": filing.filing_no,
                "备案日期": filing.filed_on,
                "有效期": f"{filing.valid_from} 至 {filing.valid_to}",
                "备案方式": filing.way,
                "受理单位": view.filing.unit,
                "居住人数": f"{filing.persons} 人",
                "电子证照": filing.licence_state,
            }
        )

    def _show_parties(self) -> None:
        self.parties.show(self.view.parties if self.view is not None else ())

    def _text(self, key: str, party: PartyView) -> str:
        return self.revealing.value(party.id, key, getattr(party, key))

    def _agent(self, party: PartyView) -> str:
        return f"{self._text('agent_name', party)} {self._text('agent_id_no', party)}".strip()

    def _seen(self, party: PartyView) -> str:
        if party.open:
            return Toned("今日已核对证件", "good") if party.seen else Toned("今日已登记号码", "info")
        return Toned("已显示明文", "warn") if self.revealing.shows(party.id) else ""

    def _pick(self, party: PartyView) -> None:
        self.party = party

    async def reveal_picked(self) -> None:
        """The button's way: for the row in hand."""
        if self.party is None:
            self.place.say("请先选择一位当事人", "warn")
            return
        await self.reveal(self.party)

    async def reveal(self, party: PartyView) -> None:
        """Show one field of one person in clear for a reason."""
        self.party = party
        if party.open and not party.agent_name:
            self.place.say("该当事人的证件号码今日已在本窗口登记，已直接显示")
            return
        hidden = [key for key in _FIELDS if getattr(party, key) and not (party.open and key in _OPEN)]
        await self.revealing.ask(party.id, f"{party.side} {party.name}", hidden)

    async def reveal_all(self) -> None:
        """Reveal all persons of this lease after a repeated password check."""
        if self.view is not None:
            masked = [party.id for party in self.view.parties if not party.open]
            if masked:
                await self.revealing.ask_all(masked, f"合同 {self.view.title} 各方当事人")
            else:
                self.place.say("各方当事人已直接显示")

    def _choose_paper(self, paper: IssuedDocument) -> None:
        self.printing.form.fields["paper"].value = str(paper.id)
        self.printing.form.focus("purpose")

    async def _open_apply(self, line: Line) -> None:
        await self.place.open("cancel_applies", id=line.id)

    async def _follow(self, renews: bool) -> None:
        """Open the form of the lease that follows, as a draft, so that no name enters the address."""
        raw = (await call(follow_on_form, FollowOn(self.contract_id, renews))).or_end()
        assert self.view is not None
        payload = {"raw": raw, "kept": {}, "step": "house"}
        done = (await call(save_draft, SaveDraft(DRAFT_KIND, self.view.address, payload))).or_end()
        await self.place.open("filing_form", id=done.id)

    async def _cancel(self) -> None:
        await self.place.open("cancel_lease", id=self.contract_id)

    async def _issue_sheet(self, purpose: str) -> UUID | None:
        answer = await call(issue_record_sheet, IssueRecordSheet(self.contract_id, purpose))
        return answer.value.paper_id if answer.ok else None


def draw_lease_head(view: ContractView, *more: str) -> None:
    """Draw the number of a lease with its state and what is special of it."""
    special = (
        (view.direct_rent, Toned("公积金直付中", "warn")),
        (view.contract.paper_only, Toned("仅有纸质文本", "info")),
        (view.central, Toned("集中式房源", "info")),
    )
    head(f"合同 {view.title}", view.contract.state, *more, *(word for holds, word in special if holds))


async def build(place: Place) -> None:
    contract_id = uuid_of(place.params.get("id", ""))
    if contract_id is None:
        empty("地址中没有合同，请从“合同查询及打印”进入")
        return
    await ContractPage(place, contract_id).load()


CONTRACT = Module(
    "contract",
    "合同",
    "description",
    "counter",
    frozenset(STAFF | ENTERPRISE | {Role.DISTRICT_BUREAU}),
    build,
    hidden=True,
    several=True,
)
