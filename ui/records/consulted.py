"""加签与抄送 below a version: opinions and copies, with the buttons for what the reader may do about them."""

from collections.abc import Awaitable, Callable
from functools import partial
from uuid import UUID

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from models.access import Role
from services.engine.cycle_orders import RevisionView
from services.engine.opinions import (
    OFFICIALS,
    AskOpinion,
    Consulted,
    CopyLine,
    GiveOpinion,
    OpinionLine,
    TellCopy,
    ask_opinion,
    consulted,
    copy_people,
    give_opinion,
    opinion_people,
    read_copy,
    tell_copy,
    withdraw_opinion,
)
from services.engine.words import LEAST_WORDS
from ui.review.keys import Letters
from ui.shell.buttons import main_button, plain_button
from ui.shell.call import call
from ui.shell.fields import choice_field, reason_field, text_field
from ui.shell.form import Form, ask_form
from ui.shell.parts import badge, head, note
from ui.shell.place import Place
from ui.shell.values import shown

_READERS: frozenset[Role] = OFFICIALS
Act = Callable[[], Awaitable[None]]


def consulted_box(place: Place, view: RevisionView, acted: Act | None = None) -> "ConsultedBox | None":
    """Draw the box of opinions and copies for officials, who alone see who reviews; it is to be loaded."""
    return ConsultedBox(place, view, acted) if place.caller.has(*_READERS) else None


class ConsultedBox:
    """Drawn into the current container; draws itself anew after each act, then calls `acted`."""

    def __init__(self, place: Place, view: RevisionView, acted: Act | None) -> None:
        self.place, self.view, self._acted = place, view, acted
        self.box = web.element("div")

    async def load(self) -> None:
        """Load opinions and copies; a copy that is opened counts as read."""
        answer = await call(consulted, self.view.revision_id, quiet=True)
        if not answer.ok or self.box.is_deleted:
            return
        found: Consulted = answer.value
        self.box.clear()
        with self.box:
            if found.opinions or found.copies or found.may_ask or found.may_tell:
                self._draw(found)
        for one in found.copies:
            if one.mine:
                await call(read_copy, one.id, quiet=True)

    def _draw(self, found: Consulted) -> None:
        head("加签与抄送")
        if found.may_ask and not found.opinions:
            words = "决定须待意见答复" if found.waits else "决定不必等待答复"
            note(f"作出决定前可征求同级审核人员的意见；{words}。")
        if found.opinions or found.copies:
            with web.element("ul").classes("sf-said").props("aria-label=加签与抄送"):
                for one in found.opinions:
                    self._draw_opinion(one)
                for copy in found.copies:
                    self._draw_copy(copy)
        with web.element("div").classes("sf-buttons sf-pad"):
            if found.may_ask:
                plain_button("征求意见（Q）", self._here(self._ask), icon="group_add").mark("ask-opinion")
            if found.may_tell:
                plain_button("抄送（C）", self._here(self._tell), icon="forward_to_inbox").mark("tell-copy")
        acts = {"q": self._ask} if found.may_ask else {}
        acts |= {"c": self._tell} if found.may_tell else {}
        for one in found.opinions:
            if one.mine:
                acts["a"] = partial(self._give, one)
        Letters(acts, lambda letter: self._here(acts[letter])())

    def _draw_opinion(self, one: OpinionLine) -> None:
        with web.element("li"):
            TextElement(tag="time", text=shown(one.answered_at or one.created_at))
            with web.element("div"):
                badge(one.state)
                TextElement(tag="span", text=f" {one.by}征求{one.of}的意见")
                TextElement(tag="p", text=one.question).classes("sf-opinion")
                if one.words:
                    verdict = "同意" if one.agrees else "不同意"
                    TextElement(tag="p", text=f"{one.of}：{verdict}。{one.words}").classes("sf-opinion")
                if one.mine:
                    main_button("答复意见（A）", self._here(partial(self._give, one))).mark("give-opinion")
                if one.asked_by_me:
                    plain_button("撤回征求", self._here(partial(self._take_back, one))).mark("withdraw-opinion")

    def _draw_copy(self, one: CopyLine) -> None:
        with web.element("li"):
            TextElement(tag="time", text=shown(one.created_at))
            with web.element("div"):
                read = f"，{shown(one.read_at)} 已阅" if one.read_at else "，未阅"
                TextElement(tag="span", text=f"{one.by}抄送{one.to}{read}")
                if one.words:
                    TextElement(tag="p", text=one.words).classes("sf-opinion")

    def _here(self, act: Act) -> Act:
        """Run an act in the page's own context, because its button is drawn anew."""

        async def run() -> None:
            with self.box:
                await act()
                await self.load()
                if self._acted is not None:
                    await self._acted()

        return run

    async def _ask(self) -> None:
        people = (await call(opinion_people, self.view.revision_id)).or_end()
        if not people:
            self.place.say("没有其他可以对本记录提出意见的同级审核人员", "warn")
            return

        def draw(form: Form) -> None:
            form.add(choice_field("of", "征求谁的意见", _options(people), required=True))
            form.add(reason_field("征求事项", least=LEAST_WORDS, lines=2))

        asked = await ask_form("征求意见（加签）", draw, yes="征求", told=[self.view.title])
        order = AskOpinion(self.view.revision_id, self.view.version, UUID(asked["of"]), asked["reason"])
        (await call(ask_opinion, order)).or_end()
        self.place.say("已征求意见，对方在待办中看到", "good")

    async def _give(self, one: OpinionLine) -> None:
        def draw(form: Form) -> None:
            form.add(choice_field("agrees", "是否同意", {"yes": "同意", "no": "不同意"}, required=True))
            form.add(reason_field("意见", least=LEAST_WORDS, lines=3))

        said = await ask_form("答复意见", draw, yes="答复", told=[one.question])
        (await call(give_opinion, GiveOpinion(one.id, said["agrees"] == "yes", said["reason"]))).or_end()
        self.place.say("已答复意见", "good")

    async def _take_back(self, one: OpinionLine) -> None:
        (await call(withdraw_opinion, one.id)).or_end()
        self.place.say("已撤回征求", "good")

    async def _tell(self) -> None:
        people = (await call(copy_people, self.view.revision_id)).or_end()

        def draw(form: Form) -> None:
            form.add(choice_field("to", "抄送给", _options(people), required=True))
            form.add(text_field("words", "说明"))

        told = await ask_form("抄送", draw, yes="抄送", told=["对方只能查看这一版内容，不能办理。"])
        (await call(tell_copy, TellCopy(self.view.revision_id, (UUID(told["to"]),), told["words"] or ""))).or_end()
        self.place.say("已抄送，对方在待办中看到", "good")


def _options(people: dict[UUID, str]) -> dict[str, str]:
    return {str(key): name for key, name in people.items()}
