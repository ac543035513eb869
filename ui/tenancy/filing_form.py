"""The guided form of a filing: its draft, a step of it, and the form that mounts one step at a time (row 6)."""

from abc import ABC, abstractmethod
from asyncio import Lock
from collections.abc import Callable, Coroutine, Iterable, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, ClassVar, Concatenate, ParamSpec, TypeVar
from uuid import UUID

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement
from pydantic import TypeAdapter

from services.engine.drafts import OpenedDraft, SavedDraft, SaveDraft, drop_draft, save_draft
from services.engine.findings import Finding, Severity
from services.tenancy.counter_forms import check_form, new_form
from services.tenancy.counter_house import FormHouse
from ui.shell.autosave import Saver
from ui.shell.buttons import main_button, plain_button, reload_button
from ui.shell.call import call
from ui.shell.place import Place
from ui.tenancy.elements import Rail
from ui.tenancy.sheet import Sheet, focus_selector

DRAFT_KIND = "filing"
#: Steps that need a contract drawn up.
_LATE = ("confirm", "decision")


@dataclass
class FilingDraft:
    """The registered house with the question it answers, the contract drawn up, and what was handed in.

    `request` is the request id of a filing under way; `answered` is the stopped case that is being put right.
    """

    asked: list[str] = field(default_factory=list)
    house: FormHouse | None = None
    contract_id: UUID | None = None
    request: str = ""
    answered: UUID | None = None

    @classmethod
    def of(cls, kept: Any) -> "FilingDraft":
        """Read a draft as it was kept."""
        return _DRAFT.validate_python(kept or {})

    def json(self) -> Any:
        """Return the draft as it is kept."""
        return _DRAFT.dump_python(self, mode="json")


_DRAFT: TypeAdapter[FilingDraft] = TypeAdapter(FilingDraft)


class Step(ABC):
    """`owns` are the beginnings of the paths this step asks for."""

    key: ClassVar[str] = ""
    title: ClassVar[str] = ""
    primary: ClassVar[str] = "下一步"
    owns: ClassVar[tuple[str, ...]] = ()

    def __init__(self, form: "FilingForm") -> None:
        self.form = form
        self.begin()

    def begin(self) -> None:  # noqa: B027 - most steps keep nothing
        """Set what the step keeps while another one is mounted."""

    @property
    def sheet(self) -> Sheet:
        return self.form.sheet

    @abstractmethod
    async def draw(self) -> None:
        """Draw into the current container."""

    async def act(self) -> None:
        """The primary action, F8."""
        await self.form.turn(1)

    async def read_card(self) -> None:
        """F4."""
        self.form.place.say("本步骤不需要读取证件", "info")

    async def repair(self) -> None:
        """F9 on the result of a filing that was stopped; other steps have nothing to put right."""
        self.form.place.say("核验未通过后，可修改表单重新提交", "info")

    async def settle(self) -> None:  # noqa: B027 - most steps have nothing to settle
        """Apply the consequences of leaving a field, for a key pressed before the field reports it."""

    def faults(self) -> list[Finding]:
        """Return what this step asks for beyond what every lease form must have."""
        return []

    def aim(self, path: str) -> None:  # noqa: B027 - most steps show all they have
        """Open the part of the step that contains a field about to be shown."""

    def owns_finding(self, finding: Finding) -> bool:
        return any(finding.field == name or finding.field.startswith(f"{name}.") for name in self.owns)

    def focus(self) -> None:
        """Return where the cursor goes when the step opens."""
        self.sheet.focus_first()


Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")


def rooted(
    method: Callable[Concatenate["FilingForm", Parameters], Coroutine[Any, Any, Result]],
) -> Callable[Concatenate["FilingForm", Parameters], Coroutine[Any, Any, Result]]:
    """Run a method in the form's own context, because its button disappears with its step."""

    @wraps(method)
    async def go_on(form: "FilingForm", /, *given: Parameters.args, **named: Parameters.kwargs) -> Result:
        with form.root:
            return await method(form, *given, **named)

    return go_on


class FilingForm:
    """The whole form; only the step in hand is mounted. `draft` is kept beside what is typed."""

    def __init__(self, place: Place, draft: OpenedDraft | None, steps: Sequence[type[Step]]) -> None:
        self.place = place
        self.client = web.context.client
        payload: dict[str, Any] = draft.payload if draft else {}
        today = place.desk.door.clock.today()
        self.sheet = Sheet(payload.get("raw") or new_form(today), today=today, changed=self.changed)
        self.draft = FilingDraft.of(payload.get("kept"))
        self.draft_id = draft.id if draft else None
        self.steps = {kind.key: kind(self) for kind in steps}
        self.step = self._step_named(str(payload.get("step") or ""))
        self._drawing = 0
        #: A step asks before it draws; two at once would draw both into the panel.
        self._at_work = Lock()
        self._moving = False
        self._warned: set[tuple[str, str]] = set()
        self._wrong: set[str] = set()
        self._seen: set[str] = set(payload.get("seen") or ())
        with web.element("div").classes("sf-guide") as self.root:
            self.rail = Rail(
                [(kind.key, kind.title) for kind in steps], go=self.go_by_rail, turn=self.turn_by_key, leave=self.leave
            )
            with web.element("section").classes("sf-step"):
                with web.element("header").classes("sf-step-head"):
                    self.title = TextElement(tag="h2", text="").classes("sf-title")
                    self.saving = Saver(
                        save_draft,
                        draft.version if draft else 0,
                        order=self._order,
                        saved=self._saved,
                        overtaken=self._overtaken,
                        words="已打开草稿" if draft else "尚未保存",
                    )
                    self._apart = web.element("div").classes("sf-buttons")
                    with self._apart:
                        reload_button("刷新，载入另一页面的内容")
                        plain_button("以本页内容另存为新草稿", self.save_apart)
                    self._apart.set_visibility(False)
                self.panel = web.element("div").classes("sf-enter sf-step-body")
        place.is_dirty = lambda: self.saving.dirty
        self.primary = place.command("下一步", self.act, icon="arrow_forward", key="f8")
        place.command("读卡", self.read_card, icon="badge", key="f4")
        place.command("保存", self.save, icon="save", key="ctrl+s")
        self.next_one = place.command("下一件", self.begin_next, icon="arrow_forward", key="f2", needs="有结果后可用")
        self.repairing = place.command(
            "修改重报", self.repair, icon="edit", key="f9", needs="核验未通过后，可修改表单重新提交"
        )

    # ---------------------------------------------------------------- steps

    @property
    def current(self) -> Step:
        return self.steps[self.step]

    @rooted
    async def draw(self) -> None:
        """Mount the step in hand, and nothing else."""
        async with self._at_work:
            await self._draw()

    async def _draw(self) -> None:
        step = self.current
        self.sheet.unmount()
        self.sheet.more = step.faults
        self.panel.clear()
        self._drawing += 1
        self.panel.props["data-drawing"] = str(self._drawing)
        place = list(self.steps).index(step.key) + 1
        self.name_primary(step.primary)
        self.repairing.enable(False)
        self.next_one.enable(False)
        with self.panel:
            await step.draw()
        self.title.text = f"{place}. {step.title}"
        self._show_rail()
        self.sheet.show()
        step.focus()

    def focus_in(self, *selectors: str) -> None:
        """Focus the first of some elements of the step that is being drawn."""
        # The drawing's number distinguishes it from the step that may still be in the browser.
        focus_selector(self.client, *(f"[data-drawing='{self._drawing}'] {selector}" for selector in selectors))

    def name_primary(self, label: str) -> None:
        """Return what F8 does now, on its button in the toolbar."""
        self.primary.label = label
        if self.primary.button is not None and not self.primary.button.is_deleted:
            self.primary.button.text = label

    def buttons(self, primary: str = "") -> web.button:
        """The last line of a step: back, and its primary action, where Enter arrives after the last field."""
        self.name_primary(primary or self.current.primary)
        with web.element("div").classes("sf-buttons sf-step-buttons"):
            if self.step != next(iter(self.steps)):
                plain_button("上一步（PgUp）", lambda: self.turn_by_key(-1))
            return main_button(f"{primary or self.current.primary}（F8）", self.act)

    @rooted
    async def act(self) -> None:
        """The primary action of the step in hand."""
        await self._once(self.current.act())

    @rooted
    async def repair(self) -> None:
        """Put right what a filing was stopped for; the result stays open until then."""
        await self._once(self.current.repair())

    def allow_repair(self) -> None:
        """Offer the way back to the form, on the result of a filing that was stopped."""
        self.repairing.enable()

    def offer_next(self) -> web.button:
        """Offer the next case, by a button and by F2, on a result."""
        self.next_one.enable()
        return plain_button("办理下一件（F2）", self.begin_next, icon="arrow_forward")

    async def begin_next(self) -> None:
        """Leave the case in hand and take in the next person, with nothing of the last one on the screen."""
        await self.place.workspace.open_anew("intake", {})
        await self.place.close()

    @rooted
    async def read_card(self) -> None:
        await self.current.read_card()

    @rooted
    async def save(self) -> None:
        if await self.saving.save():
            self.place.say("草稿已保存", "good")

    @rooted
    async def leave(self) -> None:
        """Esc: the draft keeps everything, so the tab may go."""
        if await self.saving.save():
            await self.place.close()

    @rooted
    async def turn_by_key(self, by: int) -> None:
        await self._once(self.turn(by))

    @rooted
    async def go_by_rail(self, key: str) -> None:
        await self._once(self.go(key))

    async def _once(self, moving: Coroutine[Any, Any, None]) -> None:
        """Run one move at a time, so that a key pressed twice does not skip a step."""
        if self._moving:
            moving.close()
            return
        self._moving = True
        try:
            await moving
        finally:
            self._moving = False

    @rooted
    async def turn(self, by: int) -> None:
        """Go to the next or previous step, after reporting faults of this one."""
        keys = list(self.steps)
        at = keys.index(self.step) + by
        if not 0 <= at < len(keys):
            return
        if by > 0 and not await self._may_go_on():
            return
        await self.go(keys[at])

    @rooted
    async def go(self, key: str, path: str = "") -> None:
        """Open a step, at a field when one is named."""
        if not self._reachable(key):
            self.place.say("请先完成核验，再由双方确认和提交", "warn")
            return
        if key == self.step and path:
            self.current.aim(path)
        self._seen.add(self.step)
        left, self.step = self.step, key
        if key != left:
            self.place.desk.moved()
        if path:
            self.current.aim(path)
        self.changed()
        await self.draw()
        if path:
            self.sheet.focus(path)
        self.saving.at_once()

    @rooted
    async def go_to_field(self, path: str) -> None:
        """Jump from a reason to the field it is about."""
        finding = Finding("", "", path)
        key = next((step.key for step in self.steps.values() if step.owns_finding(finding)), next(iter(self.steps)))
        await self.go(key, path)

    def _reachable(self, key: str) -> bool:
        return key not in _LATE or self.draft.contract_id is not None or (key == "confirm" and self.step == "check")

    def _step_named(self, key: str) -> str:
        return key if key in self.steps and (key not in _LATE or self.draft.contract_id is not None) else "house"

    async def _may_go_on(self) -> bool:
        """Return whether the step may be left: faults of the form stop it, findings of rules are shown once."""
        step = self.current
        self.sheet.settle()
        await step.settle()
        reading = self.sheet.reading()
        self.sheet.be_strict()
        own = [finding for finding in (*reading.findings, *step.faults()) if step.owns_finding(finding)]
        if own:
            self._wrong.add(step.key)
            self._tell_wrong(own)
            return False
        answer = await call(check_form, reading.form, quiet=True)
        found = [finding for finding in answer.value if finding.severity is not Severity.WARN] if answer.ok else []
        # Nothing is shown of steps still to come: they are simply not filled in yet.
        seen = [self.steps[key] for key in self._seen | {step.key}]
        self.sheet.tell(finding for finding in found if any(one.owns_finding(finding) for one in seen))
        mine = [finding for finding in found if step.owns_finding(finding)]
        fresh = {(finding.code, finding.field) for finding in mine if finding.code != "FORM"} - self._warned
        self._wrong.discard(step.key)
        if mine:
            self._wrong.add(step.key)
        if any(finding.code == "FORM" for finding in mine):
            self._tell_wrong(mine)
            return False
        if fresh:
            self._warned |= fresh
            self._tell_wrong(mine)
            here = self.step
            told = f"{mine[0].message}（再按一次可先继续填写）"
            self.place.desk.say(told, "bad", holds=lambda: self.step == here)
            return False
        return True

    def _tell_wrong(self, findings: Iterable[Finding]) -> None:
        words = list(dict.fromkeys(finding.message for finding in findings))
        self._show_rail()
        told = f"本步骤有{len(words)}处需要处理：{'；'.join(words[:4])}"
        shown = self.sheet.is_faulty()
        self.place.desk.say(told, "bad", holds=lambda: not shown or self.sheet.is_faulty())
        self.sheet.focus_first()

    def _show_rail(self) -> None:
        states = dict.fromkeys(self._seen, "done") | dict.fromkeys(self._wrong, "wrong")
        self.rail.show(self.step, states)

    # ---------------------------------------------------------------- the draft

    def name_tab(self) -> None:
        """The tab is named for the house once it is known."""
        house = self.sheet.text("house.address")
        # Cut so that it can be seen: half a room number would be another room.
        self.place.rename(f"备案 {house if len(house) <= 18 else house[:17] + '…'}" if house else "新增备案")

    def changed(self) -> None:
        """Note a change beside the typed fields, to be saved soon."""
        self.saving.changed()

    def _order(self, version: int) -> SaveDraft:
        # The title is stored in the open: an address is no personal fact, names are.
        house = self.sheet.text("house.address") or self.sheet.text("house.cert_no")
        # A copy: the save runs in a thread while the clerk types on.
        payload = {
            "raw": deepcopy(self.sheet.raw),
            "kept": self.draft.json(),
            "step": self.step,
            "seen": sorted(self._seen),
        }
        return SaveDraft(DRAFT_KIND, house or "未填写房屋", payload, self.draft_id, version)

    async def _saved(self, saved: SavedDraft) -> None:
        if self.draft_id is None:
            self.draft_id = saved.id
            self.place.keep(id=saved.id)

    async def _overtaken(self, message: str) -> None:
        self._apart.set_visibility(True)

    async def save_apart(self) -> None:
        """Leave the draft to the other page; this one goes on with a draft of its own."""
        self._apart.set_visibility(False)
        self.begin_anew(dirty=True)
        await self.saving.save()

    def begin_anew(self, *, dirty: bool = False) -> None:
        """Go on with what is on the page as a new draft."""
        self.draft_id = None
        self.saving.go_on(0, dirty=dirty)

    @rooted
    async def finished(self) -> None:
        """The filing exists: the draft is no longer needed."""
        self.saving.stop()
        if self.draft_id is not None:
            await call(drop_draft, self.draft_id, quiet=True)
            self.draft_id = None
            self.place.keep(id="")
