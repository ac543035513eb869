"""办件: an application on one page with materials, checks and every step, and what a clerk may do with it (rows 1, 2)."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from models.codes import Toned
from models.documents import IssuedDocument
from models.one_stop_codes import RefusalGround, StopMaterialKind, StopState
from models.tenancy_codes import Situation
from services.access.visibility import STAFF
from services.engine.findings import Result, Severity
from services.engine.orders import Reasoned
from services.engine.registry import Action
from services.one_stop.case_papers import case_papers
from services.one_stop.case_view import CaseView, CheckLine, MaterialLine, PeerLine, one_case
from services.one_stop.hand import MergeCases, merge_by_hand, part_by_hand
from services.one_stop.intake_checks import AskCorrection, RefuseCase, ask_for_correction, refuse_case
from services.one_stop.withdrawal import withdraw_at_counter
from services.tenancy.rules.catalogue import BY_CODE
from ui.shell.buttons import plain_button
from ui.shell.call import call
from ui.shell.dialogs import ask_reason
from ui.shell.fields import choice_field, flag_field, reason_field, text_field
from ui.shell.form import Form, ask_form
from ui.shell.modules import Module
from ui.shell.parts import badge, empty, facts, head, note, uuid_of
from ui.shell.place import Command, Place
from ui.shell.rows import Rows
from ui.shell.sheet import Column
from ui.tenancy.print_panel import print_issued, printed_words


class CasePage:
    """Form, persons, materials and checks on the left; other applications, papers and the log on the right."""

    def __init__(self, place: Place, case_id: UUID) -> None:
        self.place, self.case_id = place, case_id
        self.view: CaseView | None = None
        self.commands: dict[str, Command] = {}
        with web.element("div").classes("sf-split sf-split-wide"):
            self.body = web.element("section").props("aria-label=办件内容")
            self.side = web.element("section").props("aria-label=办件过程")
        self._command(ask_for_correction, "通知补正", self.correct, "assignment_return", "f4")
        self._command(merge_by_hand, "合并", self.merge, "merge", "f6")
        self._command(part_by_hand, "拆分", self.part, "call_split", "f9")
        self._command(withdraw_at_counter, "登记撤回", self.withdraw, "undo")
        self._command(refuse_case, "不予受理", self.refuse, "block", "f8")
        place.command("刷新", self.load, icon="refresh", key="f3")

    def _command(self, action: Action[Any, Any], label: str, run: object, icon: str, key: str = "") -> None:
        if self.place.may(action):
            needs = f"当前状态不能{label}"
            self.commands[action.name] = self.place.command(label, run, icon=icon, key=key, needs=needs)  # type: ignore[arg-type]

    async def load(self) -> None:
        """Ask again and show."""
        answer = await call(one_case, self.case_id)
        # Asked before anything goes: the row that was printed from is among it.
        papers = await call(case_papers, self.case_id, quiet=True)
        self.body.clear()
        self.side.clear()
        if not answer.ok:
            with self.body:
                empty(answer.message or "没有这个办件，或者不在您的受理范围")
            return
        self.view = view = answer.value
        self.place.rename(f"办件 {view.case_no[-8:]}")
        together = bool(view.merged or view.contradicting)
        for name, command in self.commands.items():
            command.enable(name in view.actions and (name != part_by_hand.name or together))
        with self.body:
            self._draw_form(view)
            _draw_materials(view.materials)
            self._draw_checks(view)
        with self.side:
            self._draw_peers(view)
            self._draw_papers(papers.value if papers.ok else ())
            _draw_notices(view)
            _draw_steps(view)

    def _draw_form(self, view: CaseView) -> None:
        head(f"办件 {view.case_no}", view.situation, view.state)
        facts(
            {
                "事项": f"{view.item_name}（{view.item_code}）",
                "时限": view.clock,
                "备案编号": view.filing_no,
                **dict(view.fields),
                **dict(view.cancelling),
            },
            columns=2,
        )
        with web.element("div").classes("sf-buttons sf-pad"):
            if view.contract_id is not None:
                plain_button("查看合同", lambda: self.place.open("contract", id=view.contract_id))
            if view.cancel_id is not None:
                plain_button("查看注销申请", lambda: self.place.open("cancel_applies", id=view.cancel_id))
            if view.gov_case_id is not None:
                plain_button("全部核验项", lambda: self.place.open("checks", id=view.gov_case_id))
        head("申请人和当事人")
        columns = (
            Column("side", "身份", width=70, value=lambda line: line[0]),
            Column("name", "姓名（名称）", value=lambda line: line[1]),
            Column("id_no", "证件号码", width=170, value=lambda line: line[2]),
            Column("mobile", "联系电话", width=110, value=lambda line: line[3]),
        )
        Rows(columns, view.people, label="申请人和当事人", id_of=None)

    def _draw_checks(self, view: CaseView) -> None:
        head("核验结果", *([Toned(f"{len(view.checks)}项", "warn")] if view.checks else []))
        Rows(
            (
                Column("code", "规则", width=48),
                Column("message", "核验内容与说明", value=_check_words),
                Column("result", "结果", width=64, value=lambda line: Result.stored(line.result)),
                Column("source", "来源", width=96),
                Column("milliseconds", "毫秒", number=True, width=48, show=lambda spent: str(spent or "")),
                Column("forceable", "可强制核验", width=80, value=lambda line: "可" if line.forceable else ""),
            ),
            view.checks,
            label="核验结果",
            empty="各项均已通过" if view.state is StopState.DONE else "没有未通过的项目",
            wraps=True,
        )

    def _draw_peers(self, view: CaseView) -> None:
        if view.merged:
            head(f"合并办理的办件（{view.group_no}）")
            new = view.situation is Situation.NEW
            note(
                "同一合同的申请一并决定，取得同一备案编号。"
                if new
                else "对同一备案的注销申请合并办理；双方申请的终止日期接近的，取较晚的一天。"
            )
            self._draw_peer_rows(view.merged, "合并办理的办件")
        for peer in view.contradicting:
            head(f"与办件 {peer.case_no} 内容不一致", Toned("、".join(peer.differing) or "内容一致", "warn"))
            _draw_comparison(peer)
        if view.contradicting:
            note(
                "确为同一合同的，按“合并”；各不相干的，按“拆分”；双方填写有误的，请当事人更正后重新申请。"
                if view.situation is Situation.NEW
                else "双方申请的终止日期相差较大，由区中心在“注销申请”中核实审定。"
            )
            self._draw_peer_rows(view.contradicting, "内容不一致的办件")
        if view.verdicts:
            # The system compares again before it decides; a verdict that says the same is shown once.
            verdicts = {(one.other_no, one.verdict, one.fields, one.by_hand): one for one in view.verdicts}
            head("比对记录")
            Rows(
                (
                    Column("at", "时间", width=126),
                    Column("other_no", "对照办件", width=160),
                    Column("verdict", "结论", width=88),
                    Column("fields", "不一致的内容"),
                    Column("by_hand", "方式", width=56, value=lambda line: "人工" if line.by_hand else "系统"),
                    Column("reason", "理由"),
                ),
                list(verdicts.values()),
                label="比对记录",
                wraps=True,
            )

    def _draw_peer_rows(self, peers: Sequence[PeerLine], label: str) -> None:
        Rows(
            (
                Column("case_no", "办件编号"),
                Column("role", "申请人身份", width=90),
                Column("state", "状态", width=80),
                Column("own", "", width=110, value=lambda line: "" if line.id else "其他单位受理"),
            ),
            peers,
            label=label,
            id_of=lambda line: line.case_no,
            on_enter=self._open_peer,
        )

    async def _open_peer(self, peer: PeerLine) -> None:
        if peer.id is not None:
            await self.place.open("stop_case", id=peer.id)

    def _draw_papers(self, papers: Sequence[IssuedDocument]) -> None:
        if not papers:
            return
        head("文书")
        Rows(
            (
                Column("title", "文书名称"),
                Column("number", "编号", width=200),
                Column("copies", "已打印", number=True, width=60),
            ),
            papers,
            label="文书",
            on_enter=self._print,
        )
        note("选中文书按回车打印。")

    async def _print(self, paper: IssuedDocument) -> None:
        done = await print_issued(paper.id, ready=bool(paper.digest), title=paper.title)
        if done is not None:
            self.place.say(printed_words(done), "good")
            await self.load()

    async def correct(self) -> None:
        """Ask the applicant once for everything that is missing."""
        view = self._view
        missing = {line.label for line in view.materials if line.needed and line.state in ("",)}

        def draw(form: Form) -> None:
            for kind in StopMaterialKind:
                form.add(flag_field(kind.value, kind.label, value=kind.label in missing))
            form.add(reason_field("还需补正的其他内容", least=4, key="words"))

        told = ("一次列全需要补正的材料和内容；申请人补正前，办件不进入核验。",)
        asked = await ask_form("通知补正", draw, yes="发出通知", summary=_of(view), told=told, classes="sf-dialog-wide")
        kinds = tuple(kind for kind in StopMaterialKind if asked[kind.value])
        await self._done(ask_for_correction, AskCorrection(view.id, kinds, asked["words"]), "补正通知已发出")

    async def merge(self) -> None:
        """Merge this application with another about the same lease."""
        view = self._view
        first = view.contradicting[0].case_no if view.contradicting else ""

        def draw(form: Form) -> None:
            form.add(text_field("other_no", "另一办件的编号", value=first, required=True, longest=40))
            form.add(reason_field("合并理由", least=4))

        told = ("合并后一并核验，以先受理的办件内容为准；理由记入办件日志。",)
        asked = await ask_form("人工合并", draw, yes="合并", summary=_of(view), told=told)
        order = MergeCases(view.id, asked["other_no"], asked["reason"])
        await self._done(merge_by_hand, order, "已合并，两个办件一并核验")

    async def part(self) -> None:
        """Part this application from those it is merged with or contradicts."""
        await self._with_reason(part_by_hand, "拆分后单独核验，不再与其他办件一并决定", "拆分", "已拆分，单独核验")

    async def withdraw(self) -> None:
        """Withdraw the application on its applicant's word."""
        await self._with_reason(withdraw_at_counter, "登记申请人撤回？办件随即结束", "登记撤回", "已撤回")

    async def refuse(self) -> None:
        """Refuse the application with a written reason."""
        view = self._view

        def draw(form: Form) -> None:
            form.add(choice_field("ground", "决定事由", RefusalGround.labels(), required=True))
            form.add(reason_field("理由", least=10))

        told = ("决定书写明事由、理由、法律依据和救济途径；签发后在“文书”中打印，办件随即结束。",)
        asked = await ask_form("不予受理", draw, yes="不予受理", summary=_of(view), told=told)
        order = RefuseCase(view.id, RefusalGround.of(asked["ground"]), asked["reason"], view.version)
        await self._done(refuse_case, order, "已不予受理")

    async def _with_reason(self, action: Action[Reasoned, Any], question: str, yes: str, said: str) -> None:
        view = self._view
        words = await ask_reason(question, summary=_of(view), yes=yes)
        await self._done(action, Reasoned(view.id, words, view.version), said)

    async def _done(self, action: Action[Any, Any], order: object, said: str) -> None:
        answer = await call(action, order)
        if answer.ok:
            await self.load()
            self.place.say(said, "good")

    @property
    def _view(self) -> CaseView:
        assert self.view is not None
        return self.view


def _of(view: CaseView) -> dict[str, str]:
    return {"办件编号": view.case_no, "情形": view.situation.label, "状态": view.state.label}


def _check_words(line: CheckLine) -> str:
    label = BY_CODE[line.code].label if line.code in BY_CODE else line.code
    severity = f"（{Severity.stored(line.severity).label}）" if line.severity else ""
    return f"{label}：{line.message}{severity}" if line.message else label


def _material_state(line: MaterialLine) -> object:
    return line.state or (Toned("缺", "bad") if line.needed else "")


def _draw_materials(materials: Sequence[MaterialLine]) -> None:
    head("材料")
    Rows(
        (
            Column("label", "材料", value=lambda line: line.label + ("" if line.needed else "（另附）")),
            Column("source", "来源", width=96),
            Column("file_name", "文件", width=150),
            Column("size", "大小", number=True, width=70, show=lambda size: f"{size / 1024:,.0f} KB" if size else ""),
            Column("state", "审查结果", width=76, value=_material_state),
            Column("note", "说明"),
        ),
        materials,
        label="材料",
        empty="没有材料",
        id_of=lambda line: line.label,
        wraps=True,
    )


def _draw_comparison(peer: PeerLine) -> None:
    """Draw the compared values side by side, those that differ marked."""
    Rows(
        (
            Column("field", "内容", width=80, value=lambda line: line[0]),
            Column("mine", "本办件", value=lambda line: line[1]),
            Column("theirs", peer.case_no, value=lambda line: line[2]),
            Column("same", "", width=66, value=lambda line: Toned("不一致", "bad") if line[1] != line[2] else ""),
        ),
        peer.values,
        label=f"与 {peer.case_no} 比对",
        id_of=lambda line: line[0],
        wraps=True,
    )


def _draw_notices(view: CaseView) -> None:
    if not view.notices:
        return
    head("补正通知")
    for one in view.notices:
        with web.element("div").classes("sf-pad"):
            answered = Toned("已补正", "good") if one.answered_at else Toned(f"补正至 {one.until}", "warn")
            badge(answered)
            with web.element("ul"):
                for words in one.words:
                    TextElement(tag="li", text=words)


def _short_answer(answer: str) -> str:
    """Shorten a receipt number of the case library, which is longer than any code."""
    return answer if len(answer) <= 12 else f"{answer[:10]}…"


def _draw_steps(view: CaseView) -> None:
    head("办理过程")
    Rows(
        (
            Column("at", "时间", width=126),
            Column("actor", "办理人", width=76),
            Column("act", "事项", width=96),
            Column("answer", "应答码", width=96, show=_short_answer),
            Column("milliseconds", "毫秒", number=True, width=52, show=lambda spent: str(spent or "")),
            Column("note", "说明"),
        ),
        view.steps,
        label="办理过程",
        wraps=True,
    )


async def build(place: Place) -> None:
    case_id = uuid_of(place.params.get("id", ""))
    if case_id is None:
        empty("地址中没有办件，请从“办件列表”进入")
        return
    await CasePage(place, case_id).load()


STOP_CASE = Module("stop_case", "办件", "description", "review", frozenset(STAFF), build, hidden=True, several=True)
