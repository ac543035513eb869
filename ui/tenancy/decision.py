"""Step 8: the filing is handed in; its number and papers, or every reason, or a page that waits for the sources (row 7)."""

from collections.abc import Sequence
from enum import Enum, auto
from functools import partial
from uuid import UUID, uuid4

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from models.documents import IssuedDocument
from models.tenancy import GovCase
from models.tenancy_codes import CaseState, ContractState
from services.documents.print_log import Requester
from services.engine.findings import Outcome
from services.tenancy.counter_forms import Progress, case_state, filing_progress
from services.tenancy.filing import check_again, file_lease
from ui.shell.buttons import main_button, plain_button
from ui.shell.call import call
from ui.shell.parts import badge, head, note
from ui.shell.values import shown
from ui.tenancy.filing_form import Step
from ui.tenancy.filing_steps.check import draw_reasons
from ui.tenancy.print_panel import print_issued, print_whole, set_words, show_unissued

_STOPPED = {CaseState.RETURNED, CaseState.INTERCEPTED, CaseState.CORRECTION, CaseState.REFUSED}
POLL_SECONDS = 2.0


class Stage(Enum):
    """Stage of a lease on its way to a filing."""

    UNSIGNED = auto()
    READY = auto()
    WAITING = auto()
    STOPPED = auto()
    FILED = auto()


class DecisionStep(Step):
    key, title, primary = "decision", "提交与结果", "提交备案"

    async def draw(self) -> None:
        self.progress: Progress | None = None
        contract_id = self.form.draft.contract_id
        if contract_id is None:
            note("请先由双方确认合同。")
            return
        answer = await call(filing_progress, contract_id)
        if not answer.ok:
            note("合同暂时不能打开，请稍后重试。")
            return
        self.progress = progress = answer.value
        stage, case = self._stage(), progress.case
        if stage is Stage.FILED:
            await self._draw_filed(progress)
        elif stage is Stage.WAITING and case is not None:
            self._draw_waiting(progress, case.id)
        elif stage is Stage.STOPPED and case is not None:
            await self._draw_stopped(progress, case.state)
        elif stage is Stage.READY:
            head("提交备案")
            note("双方已确认。提交后系统核验全部事项：通过的当场给出备案编号；不通过的一次告知全部原因。")
            preview = partial(show_unissued, file_lease, contract_id)
            plain_button("预览将签发的文书", preview, icon="visibility").mark("preview-papers")
            self.form.buttons("提交备案")
            if case is not None and case.id == self.form.draft.answered:
                plain_button("查看上次核验结果", self._show_result, icon="history").mark("last-result")
        else:
            note(f"合同当前状态为“{progress.contract.state.label}”，请先由双方确认。")
            self.form.buttons("返回确认")

    def _stage(self) -> Stage:
        progress = self.progress
        case = progress.case if progress is not None else None
        if progress is None:
            return Stage.UNSIGNED
        if progress.contract.state is ContractState.EFFECTIVE:
            return Stage.FILED
        if case is not None and case.state is CaseState.CHECKING:
            return Stage.WAITING
        if case is not None and case.state in _STOPPED and self.form.draft.answered != case.id:
            return Stage.STOPPED
        return Stage.READY if self.form.place.may(file_lease, progress.contract) else Stage.UNSIGNED

    def focus(self) -> None:
        self.form.focus_in(".sf-first", ".sf-next", "button")

    async def act(self) -> None:
        progress = self.progress
        if progress is None:
            await self.form.draw()
            return
        stage, case = self._stage(), progress.case
        if stage is Stage.FILED:
            await self._print_all(progress)
        elif stage is Stage.WAITING and case is not None:
            await self._again(case.id)
        elif stage is Stage.STOPPED:
            # The key that prints what is handed over after a success does so after a refusal too.
            await self._print_all(progress)
        elif stage is Stage.READY:
            await self._file(progress)
        else:
            await self.form.go("confirm")

    async def _file(self, progress: Progress) -> None:
        """File the lease; the request id is saved in the draft first, so that a repetition is recognised."""
        draft = self.form.draft
        if not draft.request:
            draft.request = uuid4().hex
            self.form.changed()
            await self.form.saving.save()
        self.form.place.say("正在核验并提交……")
        answer = await call(file_lease, progress.drawn.contract_id, request_id=draft.request)
        if answer.ok:
            # Decided or waiting, this request is answered; putting it right is another one.
            draft.request = ""
            self.form.changed()
            words = {Outcome.PASS: ("备案成功", "good"), Outcome.PENDING: ("正在核验，结果会自动显示", "info")}
            if answer.value.outcome is Outcome.PASS:
                self.form.place.rename(f"备案 {answer.value.filing_no[-10:]}")
                await self.form.finished()
            else:
                await self.form.saving.save()
        await self.form.draw()
        if answer.ok:
            self.form.place.say(*words.get(answer.value.outcome, ("核验未通过，原因见下", "bad")))

    # ---------------------------------------------------------------- filed

    async def _draw_filed(self, progress: Progress) -> None:
        self.form.name_primary("打印全部文书")
        with web.element("div").classes("sf-result").props("role=status"):
            TextElement(tag="span", text="备案编号")
            number = TextElement(tag="output", text=progress.filing_no).classes("sf-number-big")
            number.props["aria-label"] = "备案编号"
            copy = plain_button("复制", icon="content_copy")
            copy.on("click", js_handler=f"() => navigator.clipboard?.writeText({progress.filing_no!r})")
            numbers = f"合同编号 {progress.contract.contract_no}　办件编号 {progress.case_no}"
            TextElement(tag="span", text=numbers)
        head("文书")
        self._draw_papers(progress.papers)
        with web.element("div").classes("sf-buttons sf-step-buttons"):
            self.form.offer_next()
        await self.form.finished()

    def _draw_papers(self, papers: Sequence[IssuedDocument]) -> None:
        if not papers:
            note("文书正在生成，请稍候。")
        with web.element("ul").classes("sf-papers").props("aria-label=文书"):
            for place, paper in enumerate(papers):
                with web.element("li"):
                    TextElement(tag="strong", text=paper.title)
                    TextElement(tag="span", text=f"{paper.number}　{shown(paper.issued_at)}")
                    button = plain_button("打印", partial(self._print, paper), icon="print")
                    button.props["aria-label"] = f"打印{paper.title}"
                    if place == 0:
                        button.classes("sf-first")

    async def _print(self, paper: IssuedDocument) -> bool:
        printed = await print_issued(paper.id, ready=bool(paper.digest), title=paper.title) is not None
        if printed:
            self.form.place.say(f"已打开《{paper.title}》的打印窗口", "good")
        return printed

    async def _print_all(self, progress: Progress) -> None:
        """Print all papers as one document; who signed at the counter receives it, the agent for whom he signed."""
        if progress.papers:
            names = dict.fromkeys(party.agent or party.name for party in progress.drawn.parties)
            done = await print_whole(progress.papers, Requester("、".join(names), "当事人"))
            self.form.place.say(set_words(done), "good")

    # ---------------------------------------------------------------- waiting

    def _draw_waiting(self, progress: Progress, case_id: UUID) -> None:
        with web.element("div").classes("sf-result").props("role=status aria-live=polite"):
            TextElement(tag="strong", text="正在核验")
            TextElement(tag="span", text=f"办件编号 {progress.case_no}，已受理。")
        note("有数据来源暂时没有应答。系统会自动重新核验，有结果后本页自动显示；也可以先关闭本页，之后从草稿中打开。")
        for words in progress.unanswered:
            TextElement(tag="p", text=words).classes("sf-callout")
        self.form.buttons("立即重新核验")

        async def look() -> None:
            answer = await call(case_state, case_id, quiet=True)
            if answer.ok and answer.value is not CaseState.CHECKING:
                timer.cancel()
                await self._show_decided()

        timer = web.timer(POLL_SECONDS, look, immediate=False)

    async def _again(self, case_id: UUID) -> None:
        answer = await call(check_again, case_id)
        if answer.ok and answer.value.outcome is Outcome.PENDING:
            self.form.place.say("数据来源仍没有应答，系统会继续自动核验", "info")
        await self._show_decided()

    async def _show_decided(self) -> None:
        """Draw what has come of the case meanwhile, and say it."""
        await self.form.draw()
        stage = self._stage()
        if stage is Stage.FILED and self.progress is not None:
            self.form.place.rename(f"备案 {self.progress.filing_no[-10:]}")
            self.form.place.say("备案成功", "good")
        elif stage is Stage.STOPPED:
            self.form.place.say("核验未通过，原因见下", "bad")

    # ---------------------------------------------------------------- stopped

    async def _draw_stopped(self, progress: Progress, state: CaseState) -> None:
        intercepted = state is CaseState.INTERCEPTED
        if intercepted:
            # The case itself is kept; a draft beside it would be handed in a second time. Before anything is drawn, so
            # that the keys answer as soon as they are shown.
            await self.form.finished()
        self.form.name_primary("打印全部文书")
        self.form.allow_repair()
        with web.element("div").classes("sf-verdict").props("role=status"):
            badge(state)
            words = (
                "办件已留存；原因均可强制核验的，可以当场申请。请把告知书交给申请人。"
                if intercepted
                else "下列原因一次告知，请把告知单交给申请人。"
            )
            TextElement(tag="span", text=f"办件编号 {progress.case_no}。{words}")
        head(f"原因（{len(progress.findings)}项）")
        draw_reasons(progress.findings, self.form.go_to_field)
        head("文书")
        self._draw_papers(progress.papers)
        with web.element("div").classes("sf-buttons sf-step-buttons"):
            main_button("打印全部文书（F8）", self.form.act)
            repair = "修改后另行提交" if intercepted else "修改后重新提交"
            plain_button(f"{repair}（F9）", self.form.repair, icon="edit").mark("repair")
            if intercepted and progress.case is not None and "forced_apply" in self.form.place.workspace.modules:
                go_on = partial(self.form.place.open, "forced_apply", id=progress.case.id)
                plain_button("申请强制核验", go_on, icon="gavel").mark("forced-apply")
            self.form.offer_next()

    async def _show_result(self) -> None:
        """Open the reasons and papers of the last decision again."""
        self.form.draft.answered = None
        self.form.changed()
        await self.form.draw()

    async def repair(self) -> None:
        """Go back to the form with every reason beside its field; the next submission is a new case."""
        progress = self.progress
        if progress is None or progress.case is None or self._stage() is not Stage.STOPPED:
            return
        case: GovCase = progress.case
        if case.state is CaseState.INTERCEPTED:
            self.form.begin_anew()
        self.form.draft.answered = case.id
        self.sheet.told = {finding.field: [finding] for finding in progress.findings}
        self.form.changed()
        await self.form.go_to_field(progress.findings[0].field if progress.findings else "")
