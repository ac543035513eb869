"""信息卡查询: every card of a district or the city; suspended while something is looked into, and put back (3.8)."""

from collections.abc import Callable
from dataclasses import replace

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from models.practitioner_codes import CardState
from services.access.visibility import CITY
from services.engine.paging import Paging
from services.engine.registry import Action
from services.practitioners.listings import PeopleFilter, PeoplePage, PersonLine, count_people, list_people
from services.practitioners.orders import CardMove, Told
from services.practitioners.suspension import resume, suspend
from services.practitioners.visibility import DISTRICT
from ui.practitioners.parts import portrait
from ui.practitioners.people_list import COUNTED
from ui.shell.buttons import danger_button, main_button, plain_button
from ui.shell.call import call
from ui.shell.dialogs import ask_reason
from ui.shell.export import offer_export
from ui.shell.grid import Filter, Grid, View
from ui.shell.modules import Module
from ui.shell.parts import facts, note
from ui.shell.place import Place
from ui.shell.sheet import Column


def order_of(view: View) -> PeopleFilter:
    return PeopleFilter(
        name=view.text("name"),
        card_no=view.text("card_no"),
        state=view.text("state"),
        firm=view.text("firm"),
        paging=Paging(view.page, view.size, view.sort),
    )


class CardRegister:
    """The list with its counts on the left; the card in hand on the right."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.line: PersonLine | None = None
        self.counts: dict[str, int] = {}
        with web.element("div").classes("sf-split"):
            with web.element("section").props("aria-label=信息卡列表"):
                self.bar = web.element("div").classes("sf-bar").props("role=group aria-label=按状态计数")
                self.grid = Grid(
                    place,
                    list_people,
                    order=order_of,
                    columns=(
                        Column("card_no", "信息卡编号", sortable=True, width=124),
                        Column("name", "姓名", width=80),
                        Column("id_no", "证件号码", width=156),
                        Column("firm", "企业"),
                        Column("duty", "从业类型", width=84),
                        Column("state", "状态", width=90),
                        Column("issued_on", "制卡日期", sortable=True, width=88),
                        Column("active_from", "激活日期", sortable=True, width=88),
                    ),
                    filters=(
                        Filter("state", "状态", options=CardState.labels(), width=160),
                        Filter("name", "姓名", personal=True, width=140),
                        Filter("card_no", "卡号", width=180),
                        Filter("firm", "企业", width=220),
                    ),
                    empty="没有符合条件的信息卡",
                    on_pick=self.choose,
                    on_enter=self.choose,
                    on_loaded=self._loaded,
                )
            self.detail = web.element("section").props("aria-label=信息卡详情")
        place.command("刷新", self.load, icon="refresh", key="f3")
        offer_export(place, self.grid, "practitioners")
        self._draw_detail()

    async def load(self) -> None:
        answer = await call(count_people, replace(order_of(self.grid.view), state=""), quiet=True)
        if answer.ok:
            self.counts = dict(answer.value)
        await self.grid.load()

    def _loaded(self, page: PeoplePage) -> None:
        self.bar.clear()
        with self.bar:
            for state, label in COUNTED:
                count = self.counts.get(str(state), 0) if state else sum(self.counts.values())
                button = plain_button(f"{label} {count:,}", self._chooser(str(state)))
                if self.grid.view.text("state") == str(state):
                    button.classes("sf-on").props("aria-pressed=true")
        if self.line is not None:
            self.line = self.grid.lines.get(str(self.line.id))
        self._draw_detail()

    def _chooser(self, state: str) -> Callable[[], None]:
        return lambda: self.grid.set_filter("state", state)

    def choose(self, line: PersonLine) -> None:
        self.line = line
        self._draw_detail()
        self.place.reveal(self.detail)

    def _draw_detail(self) -> None:
        line = self.line
        self.detail.clear()
        with self.detail:
            if line is None:
                with web.element("div").classes("sf-head"):
                    TextElement(tag="span", text="信息卡详情")
                TextElement(tag="p", text="请在列表中选择一张信息卡").classes("sf-empty")
                return
            with web.element("div").classes("sf-head"):
                TextElement(tag="span", text=f"{line.name}　{line.card_no}")
                TextElement(tag="span", text=line.state.label).classes(f"sf-badge sf-{line.state.tone}")
            with web.element("div").classes("sf-with-portrait"):
                portrait(line.portrait_id, line.name)
                facts(
                    {
                        "企业": line.firm,
                        "证件种类": line.id_type,
                        "证件号码": line.id_no,
                        "手机号": line.mobile,
                        "岗位": line.post,
                        "从业类型": line.duty,
                        "门店": line.store,
                        "来源": line.origin,
                        "制卡日期": line.issued_on,
                        "激活日期": line.active_from,
                        "注销日期": line.cancelled_on,
                        "注销原因": line.cancel_reason,
                    },
                    columns=1,
                )
            self._draw_acts(line)

    def _draw_acts(self, line: PersonLine) -> None:
        may_suspend, may_resume = self.place.may(suspend, line), self.place.may(resume, line)
        if may_suspend:
            note("调查期间可以暂停；暂停后扫码和公示页立即显示“暂停”，企业收到通知。")
        with web.element("div").classes("sf-buttons sf-pad"):
            if may_suspend:
                danger_button("暂停信息卡", lambda: self._move(suspend, "暂停")).mark("suspend-card")
            if may_resume:
                main_button("恢复信息卡", lambda: self._move(resume, "恢复")).mark("resume-card")

    async def _move(self, act: Action[Told, CardMove], word: str) -> None:
        line = self.line
        if line is None:
            return
        # Not in the context of the button that was pressed: it stands in what is drawn anew.
        with self.grid.box:
            reason = await ask_reason(
                f"{word}这张信息卡？",
                summary={"信息卡": f"{line.card_no}，{line.name}", "企业": line.firm},
                yes=f"{word}信息卡",
                least=5,
                danger=word == "暂停",
                label=f"{word}原因",
            )
            if reason is None:
                return
            answer = await call(act, Told(line.id, reason, line.version))
            if answer.gone:
                return
            await self.load()
            if answer.ok and act is resume and answer.value.state is CardState.SUSPENDED:
                self.place.say(f"信息卡 {answer.value.card_no} 的调查已结束，企业恢复服务后自动恢复", "warn")
            elif answer.ok:
                self.place.say(f"信息卡 {answer.value.card_no} 已{word}", "good")
            else:
                self.place.say(answer.message, "bad")


async def build(place: Place) -> None:
    await CardRegister(place).load()


CARD_REGISTER = Module("cards", "信息卡查询", "contact_page", "search", frozenset(DISTRICT | CITY), build)
