"""A person's application: filled in, tried, handed in; a returned one shows why and goes on (row 39)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from models.practitioner_codes import ApplyKind, ApplyState
from services.access.visibility import ENTERPRISE
from services.engine.findings import Finding, Severity
from services.engine.listings import Line
from services.engine.orders import OneRow
from services.practitioners.applications import apply_for_card, withdraw, would_pass
from services.practitioners.doubles import likely_doubles
from services.practitioners.identity_checks import check_again
from services.practitioners.inspection_views import APPLIES, InspectionSheet, inspection_sheet
from services.practitioners.listings import card_holder
from services.practitioners.orders import ApplyFor, PersonData
from ui.practitioners.inspection import draw_checks, draw_decisions, person_values
from ui.practitioners.parts import portrait, told
from ui.practitioners.person_form import PersonForm
from ui.records.shown import draw_beside
from ui.shell.buttons import main_button, plain_button
from ui.shell.call import call
from ui.shell.dialogs import answer_buttons, answer_of, confirm, question
from ui.shell.findings import draw_findings
from ui.shell.list_view import ListView
from ui.shell.modules import Module
from ui.shell.parts import badge, empty, head, note, uuid_of, warning
from ui.shell.place import Place
from ui.shell.values import shown


def _begun(kind: ApplyKind = ApplyKind.NEW, **known: Any) -> Line:
    """Make the line of an application that is not stored yet, such as the change of a card."""
    nothing = {"id": None, "version": 0, "apply_no": "", "portrait_id": None, "card_id": None, "taken_by": ""}
    return Line(**nothing | known, kind=kind, state=ApplyState.DRAFT)


@dataclass(frozen=True)
class _InHand:
    """The subject of the page: nothing yet, a card to be changed, or a stored application with its sheet."""

    line: Line = field(default_factory=_begun)
    person: PersonData = PersonData("", "11", "")  # noqa: RUF009
    card_no: str = ""
    sheet: InspectionSheet | None = None


class ApplyPage:
    """The form on the left, what was found and said on the right."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.opened = _InHand()
        self.form: PersonForm | None = None
        self.save = place.command("保存草稿", self.save_draft, icon="save", key="ctrl+s", needs="这份申请不能再修改")
        self.trying = place.command("试核验", self.try_it, icon="fact_check", key="f6", needs="这份申请不能再修改")
        self.sending = place.command("提交", self.submit, icon="send", key="f8", needs="这份申请已提交或已办结")
        self.taking = place.command("撤回", self.take_back, icon="undo", needs="只能撤回已提交、尚未验看的申请")
        self.asking = place.command("重新核验", self.check_again, icon="sync", needs="申请提交后才能重新核验")
        with web.element("div").classes("sf-split"):
            self.left = web.element("section").props("aria-label=申请内容")
            self.right = web.element("section").props("aria-label=核验结果")
        place.is_dirty = lambda: self.form is not None and self.form.changed

    async def load(self) -> None:
        """The application, or the card to be changed, that the address names; a new one when it names none."""
        with self.left:
            apply_id, card_id = uuid_of(self.place.params.get("id", "")), uuid_of(self.place.params.get("card", ""))
            if apply_id is None and card_id is not None:
                holder = await call(card_holder, card_id)
                if not holder.ok:
                    self._draw_refusal(holder.message)
                    return
                apply_id = holder.value.open_apply
                if apply_id is None:
                    card = holder.value
                    line = _begun(ApplyKind.CHANGE, portrait_id=card.portrait_id, card_id=card.card_id)
                    self._draw(_InHand(line, card.person, card.card_no))
                    return
                self.place.keep(id=apply_id, card="")
            if apply_id is None:
                self._draw(_InHand())
                return
            sheet = await call(inspection_sheet, apply_id)
            if sheet.ok:
                self._draw(_InHand(sheet.value.line, sheet.value.person, sheet.value.card_no, sheet.value))
            else:
                self._draw_refusal(sheet.message)

    def _draw_refusal(self, message: str) -> None:
        self.left.clear()
        with self.left:
            empty(message)

    def _draw(self, opened: _InHand) -> None:
        self.opened = opened
        # A window's application is the holder's, not the firm's.
        open_to_firm = opened.line.kind is not ApplyKind.CANCEL
        may = partial(self.place.may, record=opened.line)
        writable = open_to_firm and may(apply_for_card)
        for command in (self.save, self.trying, self.sending):
            command.enable(writable)
        self.taking.enable(open_to_firm and opened.line.id is not None and may(withdraw))
        self.asking.enable(open_to_firm and may(check_again))
        self.place.rename(_title(opened))
        self.left.clear()
        self.form = None
        with self.left:
            if opened.line.state is ApplyState.RETURNED and opened.sheet is not None and opened.sheet.decisions:
                reason = opened.sheet.decisions[-1].words
                warning(f"退回原因：{reason}。请修改后重新提交。")
            if writable:
                self._draw_form(opened)
            else:
                self._draw_shown(opened)
        self._draw_right(())

    def _draw_form(self, opened: _InHand) -> None:
        fixed = opened.line.kind is ApplyKind.CHANGE
        if fixed:
            note(f"变更信息卡 {opened.card_no}：验看通过前，原信息继续有效，卡号不变。")
        self.form = PersonForm(opened.person, opened.line.portrait_id, fixed=fixed, taken=self._photo_taken)
        with web.element("div").classes("sf-buttons sf-pad"):
            plain_button("先试核验（F6）", self.try_it).mark("try")
            self.button = main_button("提交申请（F8）", self.submit).mark("submit-apply")
        self.form.focus_first()

    def _photo_taken(self) -> None:
        self.place.say("照片已保存，随申请一并提交", "good")

    def _draw_shown(self, opened: _InHand) -> None:
        person = opened.person
        with web.element("div").classes("sf-with-portrait"):
            portrait(opened.line.portrait_id, person.name, large=True)
            told(person_values(person))

    def _draw_right(self, findings: Sequence[Finding], *, tried: bool = False) -> None:
        """Draw new findings, else the stored ones."""
        opened = self.opened
        self.right.clear()
        with self.right:
            with web.element("div").classes("sf-head"):
                TextElement(tag="span", text=opened.line.apply_no or f"{opened.line.kind.label}申请")
                badge(opened.line.state).mark("apply-state")
            if words := _next_words(opened):
                note(words)
            if tried or findings:
                head("试核验结果" if tried else "未能提交的原因")
                if all(one.severity is Severity.WARN for one in findings):
                    note("未发现问题，可以提交。")
                if findings:
                    draw_findings(findings, go=self._go)
            if opened.sheet is not None:
                self._draw_sheet(opened.sheet)

    def _draw_sheet(self, sheet: InspectionSheet) -> None:
        line = sheet.line
        told({"类别": line.kind, "方式": line.channel, "提交时间": shown(line.submitted_at)}, columns=1)
        if line.checked_at is not None:
            draw_checks(sheet.checks)
        if sheet.decisions:
            head("验看意见")
            draw_decisions(sheet.decisions)

    def _go(self, field: str) -> None:
        if self.form is not None:
            self.form.focus(field)

    # ---------------------------------------------------------------- acts

    def _order(self, person: PersonData, *, submit: bool) -> ApplyFor:
        assert self.form is not None
        return ApplyFor(
            person=person,
            portrait_id=self.form.photo.portrait_id,
            kind=self.opened.line.kind,
            card_id=self.opened.line.card_id if self.opened.line.kind is ApplyKind.CHANGE else None,
            draft_id=self.opened.line.id,
            submit=submit,
            version=self.opened.line.version,
        )

    async def save_draft(self) -> None:
        """Keep what is typed; it may be incomplete."""
        if self.form is None:
            return
        person = self.form.typed()
        if not person.id_no:
            self.place.say("请先填写证件号码，再保存草稿", "warn")
            self.form.focus("id_no")
            return
        done = (await call(apply_for_card, self._order(person, submit=False))).or_end()
        await self._kept(done.apply_id)
        self.place.say(f"草稿 {done.apply_no} 已保存", "good")

    async def _kept(self, apply_id: UUID | None) -> None:
        if self.form is not None:
            self.form.keep()
        if apply_id is not None:
            self.place.keep(id=apply_id, card="")
            await self.load()

    async def try_it(self) -> None:
        """Would it pass? Everything that would be found, nothing written."""
        if self.form is None:
            return
        person = self.form.typed()
        answer = await call(would_pass, self._order(person, submit=True), quiet=True)
        if not answer.ok:
            self.place.say(answer.message, "bad")
            return
        self.form.mark(tuple(answer.value))
        self._draw_right(answer.value, tried=True)
        stopping = sum(one.severity is not Severity.WARN for one in answer.value)
        self.place.say(
            f"试核验：发现 {stopping} 个问题" if stopping else "试核验通过，可以提交", "warn" if stopping else "good"
        )

    async def submit(self) -> None:
        """Submit the application; every reason against it is shown beside its field."""
        if self.form is None:
            return
        person = self.form.read()
        if person is None:
            return
        with self.left:
            await self._ask_about_doubles(person)
        answer = await call(apply_for_card, self._order(person, submit=True), button=self.button)
        if not answer.ok:
            if self.form is not None:
                self.form.mark(answer.findings)
                self._draw_right(answer.findings)
            return
        done = answer.value
        await self._kept(done.apply_id)
        tone = "good" if done.state in (ApplyState.INSPECTING, ApplyState.SUBMITTED) else "bad"
        words = {
            ApplyState.INSPECTING: "核验通过，等待区房屋管理部门验看",
            ApplyState.SUBMITTED: "已提交，正在核验，稍后自动转验看",
        }
        self.place.say(f"{done.apply_no}：{words.get(done.state, f'{done.state.label}，原因见右侧')}", tone)

    async def _ask_about_doubles(self, person: PersonData) -> None:
        """Show colleagues who may be the same person beside him; submit only when he is another."""
        if self.opened.line.kind is not ApplyKind.NEW:
            return
        found: Sequence[Finding] = (await call(likely_doubles, person, quiet=True)).or_end()
        if not found:
            return
        with question("可能已有此人的信息卡", classes="sf-compare") as dialog:
            dialog.mark("doubles")
            for one in found:
                note(f"{one.message}。")
                draw_beside(one)
            answer_buttons(dialog, "不是同一人，提交", lambda: dialog.submit(True))
        await answer_of(dialog, bool)

    async def take_back(self) -> None:
        opened = self.opened
        if opened.line.id is None:
            return
        await confirm(
            "撤回这份申请？撤回后不再办理，需要时请重新申请。",
            summary={"申请编号": opened.line.apply_no},
            yes="撤回",
            danger=True,
        )
        if (await call(withdraw, OneRow(opened.line.id, opened.line.version))).ok:
            await self._kept(opened.line.id)
            self.place.say(f"{opened.line.apply_no} 已撤回", "good")

    async def check_again(self) -> None:
        if self.opened.line.id is not None and (await call(check_again, OneRow(self.opened.line.id))).ok:
            self.place.say("已重新安排核验，请稍后刷新查看", "good")


def _title(opened: _InHand) -> str:
    if opened.line.id is None:
        return "变更信息卡" if opened.line.kind is ApplyKind.CHANGE else "新增人员"
    return f"申请 {opened.line.apply_no[-8:]}"


def _next_words(opened: _InHand) -> str:
    """Return what happens next, in a sentence."""
    return {
        ApplyState.DRAFT: "填写后可先试核验，再提交。照片、手机号和证件号码请逐项核对。"
        if opened.line.id is None
        else "草稿尚未提交。",
        ApplyState.SUBMITTED: "正在核验身份和黑名单；系统未应答时会自动重试，不需要重新提交。",
        ApplyState.INSPECTING: "核验已通过，等待区房屋管理部门验看。"
        + ("验看人员已领取。" if opened.line.taken_by else ""),
        ApplyState.PASSED: "验看已通过，请在“激活”中激活信息卡。" if opened.line.kind is ApplyKind.NEW else "已办结。",
        ApplyState.AUTO_REJECTED: "核验未通过，不占用一人一卡名额；问题解决后可以重新申请。",
        ApplyState.WITHDRAWN: "已撤回。",
    }.get(opened.line.state, "")


async def open_new(place: Place) -> None:
    """An empty application in a tab of its own, also while an earlier one is still open."""
    await place.open(FIRM_APPLY.key, id=f"new-{uuid4().hex[:8]}")


FIRM_APPLY = Module(
    "firm_apply",
    "信息卡申请",
    "badge",
    "practitioners",
    frozenset(ENTERPRISE),
    lambda place: ApplyPage(place).load(),
    hidden=True,
    several=True,
)


async def build(place: Place) -> None:
    async def open_apply(line: Line) -> None:
        await place.open("firm_apply", id=line.id)

    place.command("新增人员", partial(open_new, place), icon="person_add", key="f2")
    await ListView(place, APPLIES, on_enter=open_apply).load()


FIRM_APPLIES = Module(
    "firm_applies",
    "信息卡申办",
    "recent_actors",
    "practitioners",
    frozenset(APPLIES.roles),
    build,
    listing=APPLIES.name,
)
