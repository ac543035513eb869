"""The page of a record of any kind: filled in, checked, submitted, followed, updated, faults beside fields."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any
from uuid import UUID

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from models.access import KEEPERS, SPATIAL_OFFICE
from models.codes import Toned
from models.records import RevisionState
from services.engine.cycle import acts
from services.engine.cycle_orders import FillIn, RevisionView, Save, Saved, Submit
from services.engine.findings import Finding, Severity
from services.engine.kinds import KINDS, Kind, Prefill
from services.records.looks import looks
from ui.record_routes import SHEETS
from ui.records import record_verbs as verbs
from ui.records.beside import below_of, beside_of
from ui.records.consulted import consulted_box
from ui.records.files import FilesField, draw_files
from ui.records.form import RecordForm, found_in, reach_part
from ui.records.history import History
from ui.records.record_dialogs import Choice, ask_reasons, choose_between
from ui.records.shown import FINDING_WORDS, draw_values, reason_label, who_submits
from ui.records.turns import Turns, rooted
from ui.shell.autosave import Saver
from ui.shell.buttons import main_button, plain_button
from ui.shell.call import call
from ui.shell.findings import draw_findings
from ui.shell.modules import Module
from ui.shell.parts import badge, empty, head, note, print_pdf, uuid_of
from ui.shell.place import Place
from ui.shell.values import shown

KEY = "record"
FOUND = "record-found"
#: The other verbs, by what a version's `ways` call them; updating is named by its kind.
_VERBS = (
    ("withdraw", "撤回", verbs.withdraw, "undo", ""),
    ("undo", "撤销决定", verbs.undo, "undo", ""),
    ("update", "", verbs.update, "edit", "f8"),
    ("next_period", "填报下期", verbs.next_period, "post_add", "f9"),
    ("reassign", "转交审核", verbs.reassign, "swap_horiz", "f9"),
    ("drop", "删除草稿", verbs.drop, "delete", ""),
    ("void", "作废", verbs.void, "block", ""),
)
_STOPS = frozenset({Severity.REFUSE, Severity.CORRECT, Severity.ROUTE, Severity.INTERCEPT})


class RecordPage:
    """The form or its content on the left; findings, versions and history on the right."""

    def __init__(self, place: Place, kind: Kind) -> None:
        self.place, self.kind, self.acts = place, kind, acts(kind)
        self.turns = Turns()
        self.view: RevisionView | None = None
        self.form: RecordForm | None = None
        self.files: FilesField | None = None
        self.saver: Saver | None = None
        self.parts: dict[str, TextElement] = {}
        self.findings: tuple[Finding, ...] = ()
        #: What they were found in, and those of them that are shown.
        self.checked: dict[str, Any] = {}
        self.shown: tuple[Finding, ...] = ()
        with web.element("div").classes("sf-split sf-record") as self.root:
            self.left = web.element("section").props("aria-label=填报内容")
            self.right = web.element("section").props("aria-label=核验结果和版本")
        place.is_dirty = lambda: self.saver is not None and self.saver.dirty
        place.on_left = lambda: self.saver.at_once() if self.saver is not None else None

    # ---------------------------------------------------------------- what is shown

    async def load(self) -> None:
        """Load the version named in the address, else the record as the caller sees it."""
        record_id = uuid_of(self.place.params.get("id", ""))
        revision_id = uuid_of(self.place.params.get("revision", ""))
        with self.root:
            if revision_id is not None:
                answer = await call(self.acts.revision, revision_id, quiet=True)
            elif record_id is not None:
                answer = await call(self.acts.record, record_id, quiet=True)
            else:
                self._tell_absent("没有这条记录")
                return
            if not answer.ok:
                self._tell_absent(answer.message)
                return
            await self._draw(answer.value)

    def _tell_absent(self, message: str) -> None:
        self._commands_of(None)
        self.left.clear()
        self.right.clear()
        with self.left:
            empty(message)

    async def _draw(self, view: RevisionView) -> None:
        self.view, self.findings = view, view.findings
        self.form = self.files = None
        if self.saver is not None:
            self.saver.stop()
            self.saver = None
        self.place.keep(id=view.record_id)
        if self.left.is_deleted:
            return
        self.left.clear()
        box = None
        with self.left:
            self._draw_head(view)
            if view.editable:
                self._draw_form(view)
            else:
                draw_values(self.kind, view)
                draw_files(self.kind, view)
                box = consulted_box(self.place, view, self._show_steps)
            for draw in below_of(self.kind.name):
                await draw(self.place, view)
        self._name(view.title)
        self._commands_of(view)
        self._draw_right(view)
        if self.form is not None:
            returned = view.state is RevisionState.RETURNED
            self.form.mark([one for one in self.findings if returned or one.code == "FMT"])
            self.form.show_differences(view.differences)
            self.form.point_at(view.pointed if view.state is RevisionState.RETURNED else ())
            self.form.focus_first()
        if box is not None:
            # Last: the page can be worked with while it is asked for.
            await box.load()

    def _name(self, title: str) -> None:
        """Show the record's name on page and tab; a person's name is shown on neither."""
        title_field = next((one for one in self.kind.fields if one.name == self.kind.look.title), None)
        if title_field is not None and title_field.personal and self.view is not None:
            title = self.view.title
        self.title.text = title
        self.place.rename(f"{self.kind.label} {title}"[:24])

    def _draw_head(self, view: RevisionView) -> None:
        with web.element("header").classes("sf-record-head"):
            self.title = TextElement(tag="h2", text=view.title).classes("sf-title")
            badge(view.state).mark("record-state")
            about = view.about if view.about != view.title else ""
            told = "　".join(part for part in (view.record_no, f"第{view.version_no}版", about) if part)
            TextElement(tag="span", text=told).classes("sf-record-no")
            self.saving = web.element("div").classes("sf-record-saving")
            self._draw_parts(view)
        if words := _next_words(view):
            tone = "sf-callout-bad" if view.state in {RevisionState.RETURNED, RevisionState.REJECTED} else ""
            TextElement(tag="p", text=words).classes(f"sf-callout {tone}").props("role=status")
        if view.state is RevisionState.RETURNED and view.pointed:
            labels = {field.name: field.label for field in self.kind.fields}
            note("审核指出的内容：" + "、".join(labels.get(name, name) for name in view.pointed))
        if view.change_reason and view.based_on:
            note(f"{self.kind.look.change}原因：{view.change_reason}（在第{view.based_on}版基础上）")
        if view.differences and not view.editable and view.source:
            since = f"（{shown(view.source_at)}）" if view.source_at else ""
            note(
                f"与{view.source}{since}有{len(view.differences)}处不一致，记录没有改动，请核对后{self.kind.look.change}。"
            )
        if view.frozen:
            note(view.frozen)

    def _draw_parts(self, view: RevisionView) -> None:
        """Name the lists below the fields, each with its number of lines, and lead to them."""
        self.parts = {}
        if not self.kind.children:
            return
        with web.element("div").classes("sf-record-parts").props("role=group aria-label=明细"):
            for child in self.kind.children:
                count = "" if child.name in view.closed else f" {len(view.children.get(child.name, ()))}"
                reach = partial(reach_part, f"child-{child.name}", self.root)
                button = TextElement(tag="button", text=child.label + count).classes("sf-link").props("type=button")
                self.parts[child.name] = button.mark(f"part-{child.name}").on("click", reach)

    def _draw_form(self, view: RevisionView) -> None:
        with self.saving:
            self.saver = Saver(
                self.acts.save, view.version, order=self._order, saved=self._saved, overtaken=self._overtaken
            )
        if (prefill := self.kind.facts.prefill) is not None:
            self._draw_prefill(view, prefill)
        self.form = RecordForm(self.place, self.kind, view, changed=self.saver.changed)
        self.files = self.form.files = FilesField(self.kind, view, changed=self._files_changed)
        self.checked = self.form.content()
        with web.element("div").classes("sf-buttons sf-pad"):
            plain_button("预检（F6）", self.try_it).mark("try")
            if "submit" in view.ways:
                main_button("提交（F8）", self.submit).mark("submit-record")

    def _draw_prefill(self, view: RevisionView, prefill: Prefill) -> None:
        with web.element("div").classes("sf-prefill").props("role=group aria-label=自动带入"):
            TextElement(tag="span", text=prefill.label).classes("sf-label")
            key = web.input(value=str(view.values.get(prefill.key) or "")).props(
                "dense outlined autocomplete=off maxlength=80"
            )
            key.props["aria-label"] = prefill.label
            key.mark("prefill-key").on("keydown.enter", lambda: self.fill_in(str(key.value or "")))
            plain_button("带入", lambda: self.fill_in(str(key.value or "")), icon="download").mark("prefill")
            told = (
                f"来源：{view.source}，{shown(view.source_at)}" if view.source else f"从{prefill.source}带入，可再修改"
            )
            self.prefilled = TextElement(tag="span", text=told).classes("sf-help").mark("prefill-told")

    async def _show_steps(self) -> None:
        """Show what was done beside the form, such as an opinion asked for."""
        assert self.view is not None
        self._draw_right((await call(self.acts.revision, self.view.revision_id)).or_end())

    def _draw_right(self, view: RevisionView) -> None:
        self.right.clear()
        with self.right:
            self.found = web.element("div").props(f"id={FOUND} tabindex=-1")
            self.shown = ()
            self._show_findings(view, self.findings, tried=False)
            if view.state is RevisionState.SUBMITTED:
                self._draw_review(view)
            History(self.kind, view, self.show_version, asks=self.place.may(looks))

    def _draw_review(self, view: RevisionView) -> None:
        head("审核", *((Toned("超期", "bad"),) if view.overdue else ()))
        note(
            "，".join(
                part
                for part in (
                    view.level,
                    f"{view.holder}正在审核" if view.holder else _waiting(view),
                    f"期限 {view.due.isoformat()}" if view.due else "",
                )
                if part
            )
        )

    def _show_findings(self, view: RevisionView, findings: tuple[Finding, ...], *, tried: bool) -> None:
        """Show new findings, else those of the stored ones whose cause has not been touched since."""
        if not tried and findings == self.shown:
            return
        self.shown = findings
        self.found.clear()
        with self.found:
            if not findings and not tried:
                return
            head("核验结果")
            if not findings:
                note(f"未发现问题，{who_submits(view)}。")
                return
            go = self._go if self.form is not None else None
            draw_findings(findings, go=go, words=FINDING_WORDS)
            if view.reasons:
                labels = "；".join(f"{reason_label(code)}：{reason}" for code, reason in view.reasons.items())
                note(f"已说明：{labels}")

    def _go(self, name: str) -> None:
        if self.form is not None and not self.form.reach(name):
            reach_part(name.replace(".", "-"), self.root)

    # ---------------------------------------------------------------- commands

    def _commands_of(self, view: RevisionView | None) -> None:
        """Fill the toolbar with the commands that are possible now."""
        place = self.place
        place.commands.clear()
        ways = view.ways if view is not None else frozenset()
        if "save" in ways:
            place.command("保存", self.save, icon="save", key="ctrl+s")
            place.command("预检", self.try_it, icon="fact_check", key="f6")
        if "submit" in ways:
            place.command("提交", self.submit, icon="send", key="f8")
        elif "save" in ways:
            named = "、".join(sorted(role.label for role in self.kind.makers.submit))
            place.command("提交", self.submit, icon="send", key="f8", needs=f"填好后请{named}提交，本岗位不能提交")
        if ways & {"approve", "take"}:
            place.command("去审核", self.review, icon="rate_review", key="f8")
        for way, label, verb, icon, key in _VERBS:
            if way in ways:
                place.command(label or self.kind.look.change, partial(self.do, verb), icon=icon, key=key)
        if view is not None:
            for add in beside_of(self.kind.name):
                add(self, view)
            place.command("打印", self.print, icon="print", key="ctrl+p")
        place.command("刷新", self.refresh, icon="refresh", key="f3")

    # ---------------------------------------------------------------- filling in

    def _order(self, version: int) -> Save:
        assert self.view is not None
        assert self.form is not None
        assert self.files is not None
        return Save(self.view.revision_id, version, self.form.values(), self.form.children(), self.files.ids())

    async def _saved(self, saved: Saved) -> None:
        """Show findings of the form at their fields, and current differences from the source."""
        if self.form is None or self.view is None:
            return
        now = self.form.content()
        for child in self.kind.children:
            self.parts[child.name].text = f"{child.label} {sum(map(bool, now[child.name]))}"
        kept = tuple(one for one in self.findings if found_in(now, one.field) == found_in(self.checked, one.field))
        self.form.mark((*saved.findings, *(one for one in kept if one.code != "FMT")))
        self._show_findings(self.view, kept, tried=False)
        titled = None if self.kind.look.titled is not None else self.form.values().get(self.kind.look.title)
        self._name(str(titled or self.view.title))
        if self.view.source:
            answer = await call(self.acts.revision, self.view.revision_id, quiet=True)
            if answer.ok and self.form is not None:
                self.form.show_differences(answer.value.differences)

    def _files_changed(self) -> None:
        if self.saver is not None:
            self.saver.changed()
            self.saver.at_once()

    async def _overtaken(self, message: str) -> None:
        """A colleague saved this draft meanwhile: take his, or compare and keep one's own."""
        if self.view is None:
            return
        with self.root:
            latest = await call(self.acts.revision, self.view.revision_id, quiet=True)
            if not latest.ok or self.form is None or self.saver is None:
                return
            view = latest.value
            if not view.editable:
                self.place.say("本记录已由他人提交或办理，已载入最新内容", "warn")
                await self._draw(view)
                return
            chosen = await choose_between(self.kind, message, self.form.values(), view)
            if chosen is Choice.LATEST:
                await self._draw(view)
                self.place.say("已载入最新内容", "good")
            elif chosen is Choice.MINE:
                self.saver.go_on(view.version, dirty=True)
                if await self.saver.save():
                    self.place.say("已按您填写的内容保存", "good")

    @rooted
    async def save(self) -> None:
        if self.saver is not None and await self.saver.save():
            self.place.say("已保存", "good")

    @rooted
    async def fill_in(self, key: str) -> None:
        """Fill the form by its key; what was typed by hand stays unless the user says otherwise."""
        if self.saver is None or self.view is None or not key.strip():
            self.place.say("请先填写要带入的编号", "warn")
            return
        if self.saver.dirty and not await self.saver.save():
            return
        order = FillIn(self.view.revision_id, self.saver.version, key.strip())
        assert self.acts.fill_in is not None
        done = (await call(self.acts.fill_in, order)).or_end()
        told = [one for one in done.findings if one.code == "PRE"]
        await self.load()
        self.place.say("；".join(one.message for one in told) or "已带入，请核对后提交", "warn" if told else "good")

    @rooted
    async def try_it(self) -> None:
        """Every rule as at submitting; nothing is submitted."""
        if await self._check():
            stops = sum(one.severity in _STOPS for one in self.findings)
            said = f"有{stops}处需要修改" if stops else f"未发现需要修改的内容，{who_submits(self.view)}"
            self.place.say(f"预检完成：{said}", "warn" if stops else "good")

    async def _check(self) -> bool:
        if self.saver is None or self.view is None or not await self.saver.save():
            return False
        answer = await call(self.acts.trial, self.view.revision_id)
        if not answer.ok:
            return False
        self.take_findings(tuple(answer.value))
        return True

    def take_findings(self, findings: tuple[Finding, ...]) -> None:
        self.findings = findings
        if self.view is not None:
            self._show_findings(self.view, findings, tried=True)
        if self.form is not None:
            self.checked = self.form.content()
            self.form.mark(findings)
            stops = [one for one in findings if one.severity in _STOPS]
            first = next((one for one in stops if one.field), None)
            if first is not None:
                self._go(first.field)
            elif stops:
                # About no field: the keyboard goes to where it is shown.
                reach_part(FOUND, self.root)

    @rooted
    async def submit(self) -> None:
        """Check, ask for the reasons warnings need, hand in."""
        if not await self._check() or self.view is None or self.saver is None:
            return
        stops = [one for one in self.findings if one.severity in _STOPS]
        if stops:
            self.place.say(f"不能提交：有{len(stops)}处需要修改，见右侧列表", "bad")
            return
        warnings = [one for one in self.findings if one.severity is Severity.WARN]
        reasons = await ask_reasons(warnings, self.view.reasons)
        answer = await call(self.acts.submit, Submit(self.view.revision_id, self.saver.version, reasons))
        if answer.ok:
            self.saver.stop()
            await self.load()
            # Some take effect at once.
            effective = self.view is not None and self.view.state is RevisionState.EFFECTIVE
            self.place.say("已提交，已经生效" if effective else "已提交，等待审核", "good")
        elif answer.findings:
            self.take_findings(answer.findings)

    # ---------------------------------------------------------------- the other verbs

    @rooted
    async def do(self, verb: Callable[[Place, Kind, RevisionView], Awaitable[str]]) -> None:
        """Run a verb of `record_verbs` on the version in view, then show what came of it."""
        if self.view is None:
            return
        said = await verb(self.place, self.kind, self.view)
        if self.saver is not None:
            self.saver.stop()
        if self.place.params.get("id"):
            await self.reload(said)
        else:
            self.place.say(said, "good")
            await self.place.close()

    async def review(self) -> None:
        """This very record in the queue, where a word is spoken about it."""
        if self.view is not None:
            await self.place.open("record_review", id=self.view.revision_id)

    async def print(self) -> None:
        """The sheet of the version in view, made after what was typed is saved."""
        if self.saver is not None and not await self.saver.save():
            return
        if self.view is not None:
            print_pdf(f"{SHEETS}{self.view.revision_id}.pdf")

    @rooted
    async def refresh(self) -> None:
        if self.saver is None or await self.saver.save():
            await self.load()

    @rooted
    async def show_version(self, revision_id: UUID) -> None:
        """Show another version of the record in this tab."""
        if self.saver is not None and not await self.saver.save():
            return
        self.place.keep(revision=revision_id)
        await self.load()

    async def reload(self, told: str) -> None:
        """Reload the record and report what was done."""
        await self.load()
        self.place.say(told, "good")


def _waiting(view: RevisionView) -> str:
    """Return whom the version waits for; the reviewer's name only for the authority."""
    if view.once_assigned:
        return f"原指定{view.once_assigned}（已不能审核），等待其他审核人员领取"
    return f"已指定{view.assigned}审核" if view.assigned else "等待审核人员领取"


def _next_words(view: RevisionView) -> str:
    """Return what to do now, in one sentence."""
    if view.state is RevisionState.RETURNED:
        return f"退回意见：{view.opinion}。请修改后重新提交。"
    if view.state is RevisionState.REJECTED:
        return f"不予通过：{view.opinion}"
    if view.state is RevisionState.SUBMITTED:
        standing = f"审核通过前，第{view.based_on}版继续有效。" if view.based_on else ""
        return f"已提交，审核期间不能修改。{standing}"
    if view.state is RevisionState.VOIDED:
        return f"本记录已作废{'：' + view.opinion if view.opinion else ''}"
    if view.state is RevisionState.SUPERSEDED:
        return "这是历史版本，已被新版替代。"
    if view.state is RevisionState.DRAFT and not view.editable:
        return "这是其他单位或同事的草稿，只能查看。"
    return ""


async def build(place: Place) -> None:
    kind = KINDS.get(place.params.get("kind", ""))
    if kind is None:
        empty("没有这类记录")
        return
    await RecordPage(place, kind).load()


RECORD = Module(KEY, "记录", "description", "projects", KEEPERS | SPATIAL_OFFICE, build, hidden=True, several=True)


async def open_record(place: Place, kind: str, record_id: UUID, revision_id: UUID | None = None) -> None:
    """Open a record of any kind beside this page."""
    more = {"revision": revision_id} if revision_id is not None else {}
    await place.open(KEY, kind=kind, id=record_id, **more)
