"""从业人员 and 激活: the firm's people with their cards; change, cancel, object, download, activate (rows 39, 41, 42)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from models.practitioner_codes import LIVE, CardState
from services.access.visibility import ENTERPRISE
from services.engine.paging import Paging
from services.practitioners.activation import activate_many
from services.practitioners.cancellation import leave
from services.practitioners.card_files import DownloadCards, download_cards
from services.practitioners.desk_views import lapse_days
from services.practitioners.listings import PeopleFilter, PeoplePage, PersonLine, count_people, list_people
from services.practitioners.orders import LeaveFirm, Several, Told
from services.practitioners.tasks import dispute
from ui.practitioners.apply_page import open_new
from ui.practitioners.card_dialogs import ask_leaving, ask_media
from ui.practitioners.parts import portrait
from ui.shell.buttons import danger_button, main_button, plain_button
from ui.shell.call import call
from ui.shell.dialogs import ask_reason, confirm
from ui.shell.export import offer_export
from ui.shell.grid import Filter, Grid, View
from ui.shell.modules import Module
from ui.shell.parts import facts, note
from ui.shell.place import Place
from ui.shell.row_results import in_words, show_results
from ui.shell.sheet import Column
from ui.shell.values import shown

_LISTING = "practitioners"
COUNTED = (
    ("", "全部"),
    (CardState.PASSED, "未生效"),
    (CardState.ACTIVE, "有效"),
    (CardState.SUSPENDED, "暂停"),
    (CardState.CANCELLED, "已注销"),
    (CardState.LAPSED, "逾期未激活"),
)
_EMPTY = "没有符合条件的人员。请在“信息卡申办”中新增人员，或用“批量导入”一次申办多人。"
_NONE_WAITS = "没有等待激活的信息卡。区房屋管理部门验看通过后，信息卡会出现在这里。"


class PeopleList:
    """The list with its counts; the person in hand on the right. With `days` only the cards that wait for activation."""

    def __init__(self, place: Place, *, days: int = 0) -> None:
        self.place, self.days = place, days
        self.line: PersonLine | None = None
        self.counts: dict[str, int] = {}
        with web.element("div").classes("sf-split"):
            with web.element("section").props(f"aria-label={place.module.title}列表"):
                self.bar = web.element("div").classes("sf-bar").props("role=group aria-label=按状态计数")
                self.bar.set_visibility(not days)
                self._draw_grid()
            self.detail = web.element("section").props("aria-label=人员详情")
        if not days:
            place.command("新增人员", lambda: open_new(place), icon="person_add", key="f2")
        self.activating = place.command(
            "激活勾选的卡", self.activate_ticked, icon="task_alt", key="f8", needs="请先勾选待激活的信息卡"
        )
        place.command("下载信息卡", self.download, icon="badge", key="f9")
        place.command("刷新", self.load, icon="refresh", key="f3")
        if not days:
            offer_export(place, self.grid, _LISTING)
        self._draw_detail()

    def _draw_grid(self) -> None:
        states = () if self.days else (Filter("state", "状态", options=CardState.labels(), width=160),)
        dates = (
            (Column("issued_on", "最迟激活", sortable=True, width=90, show=self._last_day),)
            if self.days
            else (
                Column("issued_on", "制卡日期", sortable=True, width=88),
                Column("active_from", "激活日期", sortable=True, width=88),
            )
        )
        self.grid = Grid(
            self.place,
            list_people,
            order=self._order,
            columns=(
                Column("card_no", "信息卡编号", sortable=True, width=124),
                Column("name", "姓名", width=76),
                Column("id_no", "证件号码", width=156),
                Column("post", "岗位", width=84),
                Column("store", "门店"),
                Column("state", "状态", width=90),
                *dates,
            ),
            filters=(
                *states,
                Filter("name", "姓名", personal=True, width=140),
                Filter("card_no", "卡号", width=180),
                Filter("store", "门店", width=150),
                Filter("batch", "导入批次", width=210),
            ),
            empty=_NONE_WAITS if self.days else _EMPTY,
            on_pick=self.choose,
            on_enter=self.choose,
            on_loaded=self._loaded,
            on_ticks=self._ticked,
        )

    def _last_day(self, issued: date | None) -> str:
        return shown(issued + timedelta(days=self.days)) if issued else ""

    def _order(self, view: View) -> PeopleFilter:
        return replace(self._filters(view), paging=Paging(view.page, view.size, view.sort))

    def _filters(self, view: View) -> PeopleFilter:
        return PeopleFilter(
            name=view.text("name"),
            card_no=view.text("card_no"),
            state=CardState.PASSED.value if self.days else view.text("state"),
            batch=view.text("batch"),
            store=view.text("store"),
        )

    async def load(self) -> None:
        if not self.days:
            answer = await call(count_people, PeopleFilter(), quiet=True)
            if answer.ok:
                self.counts = dict(answer.value)
        await self.grid.load()

    def _loaded(self, page: PeoplePage) -> None:
        self._draw_counts()
        if self.line is not None:
            self.line = self.grid.lines.get(str(self.line.id))
        elif wanted := self.place.params.get("id"):
            self.line = self.grid.lines.get(wanted)
        self._draw_detail()

    def _draw_counts(self) -> None:
        self.bar.clear()
        with self.bar:
            for state, label in COUNTED:
                count = self.counts.get(str(state), 0) if state else sum(self.counts.values())
                button = plain_button(f"{label} {count:,}", self._chooser(str(state))).mark(f"state-{state or 'all'}")
                if self.grid.view.text("state") == str(state):
                    button.classes("sf-on").props("aria-pressed=true")

    def _chooser(self, state: str) -> Callable[[], None]:
        return lambda: self.grid.set_filter("state", state)

    # ---------------------------------------------------------------- the person in hand

    def choose(self, line: PersonLine) -> None:
        self.line = line
        self.place.keep(id=line.id)
        self._draw_detail()
        self.place.reveal(self.detail)

    def _draw_detail(self) -> None:
        line = self.line
        self.detail.clear()
        with self.detail:
            if line is None:
                with web.element("div").classes("sf-head"):
                    TextElement(tag="span", text="人员详情")
                TextElement(tag="p", text="请在列表中选择一名人员").classes("sf-empty")
                return
            with web.element("div").classes("sf-head"):
                TextElement(tag="span", text=f"{line.name}　{line.card_no}")
                TextElement(tag="span", text=line.state.label).classes(f"sf-badge sf-{line.state.tone}")
            with web.element("div").classes("sf-with-portrait"):
                portrait(line.portrait_id, line.name)
                facts(
                    {
                        "证件种类": line.id_type,
                        "证件号码": line.id_no,
                        "手机号": line.mobile,
                        "岗位": line.post,
                        "从业类型": line.duty,
                        "门店": line.store,
                        "入职日期": line.hired_on,
                        "来源": line.origin,
                        "制卡日期": line.issued_on,
                        "激活日期": line.active_from,
                        "注销日期": line.cancelled_on,
                        "注销原因": line.cancel_reason,
                    },
                    columns=1,
                )
            self._draw_acts(line, line.state)

    def _draw_acts(self, line: PersonLine, state: CardState) -> None:
        if state is CardState.PASSED:
            note("验看已通过，激活后信息卡生效并公示。人员已离职的，请直接注销。")
        elif line.practitioner_id is None and state in LIVE:
            note("该信息卡由其他来源登记，变更和注销请联系区房屋管理部门。")
        elif state is CardState.SUSPENDED:
            note("信息卡已暂停，由区房屋管理部门处理；恢复前不能用于备案和房源发布。")
        with web.element("div").classes("sf-buttons sf-pad"):
            if state is CardState.PASSED:
                main_button("激活", lambda: self._activate([line])).mark("activate-one")
            if state is CardState.ACTIVE and line.practitioner_id is not None:
                plain_button("变更信息", self.change, icon="edit").mark("change-card")
            if state in LIVE and line.practitioner_id is not None:
                danger_button("离职注销", self.leave).mark("leave-card")
            if state in (CardState.CANCELLED, CardState.SUSPENDED):
                plain_button("提出异议", self.object).mark("object-card")

    async def change(self) -> None:
        if self.line is not None:
            await self.place.open("firm_apply", id=f"change-{self.line.id}", card=self.line.id)

    async def leave(self) -> None:
        """Cancel the card of a person who left, at once."""
        line = self.line
        if line is None:
            return
        with self.detail:
            today = self.place.desk.door.clock.today()
            summary = {"人员": line.name, "信息卡": f"{line.card_no}（{line.state.label}）"}
            left = await ask_leaving(summary, today, active=line.state is not CardState.PASSED)
            if left is None:
                return
            answer = await call(leave, LeaveFirm(line.id, left.on, left.words))
            if answer.ok:
                await self.load()
                self.place.say(f"信息卡 {answer.value.card_no} 已注销", "good")

    async def object(self) -> None:
        """The firm does not agree with what was done with a card; nothing waits for it."""
        line = self.line
        if line is None:
            return
        with self.detail:
            words = await ask_reason(
                "对这张信息卡的处理提出异议？异议由区房屋管理部门核实，不影响已办理的事项。",
                summary={"人员": line.name, "信息卡": f"{line.card_no}（{line.state.label}）"},
                yes="提出异议",
                least=5,
                label="异议内容",
            )
            if words is not None and (await call(dispute, Told(line.id, words))).ok:
                self.place.say("异议已提交区房屋管理部门", "good")

    # ---------------------------------------------------------------- several at once

    def _ticked(self) -> None:
        waiting = any(line.state is CardState.PASSED for line in self.grid.ticked)
        self.activating.enable(waiting)

    async def activate_ticked(self) -> None:
        """Put the ticked cards in force, each by itself."""
        lines = [line for line in self.grid.ticked if line.state is CardState.PASSED]
        if lines:
            await self._activate(lines)

    async def _activate(self, lines: list[PersonLine]) -> None:
        # Not in the context of the button that was pressed: it stands in what is drawn anew.
        with self.bar:
            count = f"{len(lines)} 张"
            question = "激活信息卡？激活后立即生效并公示。"
            if not await confirm(question, summary={"信息卡": count}, yes="激活"):
                return
            answer = await call(activate_many, Several(tuple(line.id for line in lines)))
            if not answer.ok:
                return
            results = answer.value
            self.grid.untick()
            await self.load()
            done = all(one.done for one in results)
            self.place.say(f"激活信息卡：{in_words(results)}", "good" if done else "warn")
            if len(results) > 1 or not done:
                await show_results("激活信息卡", results)

    async def download(self) -> None:
        """Have the worker make a file of the ticked cards, or of all that are found."""
        ids: tuple[UUID, ...] = tuple(line.id for line in self.grid.ticked)
        if not ids and not self.grid.total:
            self.place.say("没有可以下载的信息卡", "warn")
            return
        media = await ask_media(f"勾选的 {len(ids)} 张" if ids else f"当前查询结果 {self.grid.total:,} 张")
        if media is None:
            return
        answer = await call(download_cards, DownloadCards(media, ids, self._filters(self.grid.view)))
        if not answer.ok:
            return
        asked = answer.value
        await self.place.workspace.close("exports", ask=False)
        await self.place.open("exports")
        left = f"；{len(asked.left_out)} 张不能下载，文件中会写明" if asked.left_out else ""
        self.place.say(f"{asked.request_no}：{asked.cards} 张信息卡正在生成{left}", "warn" if left else "good")


async def build_people(place: Place) -> None:
    await PeopleList(place).load()


async def build_activation(place: Place) -> None:
    days = await call(lapse_days)
    if days.ok:
        note(f"验看通过的信息卡须在 {days.value} 日内激活，逾期失效，须重新申办。勾选（X）后按 F8 激活。")
        await PeopleList(place, days=days.value).load()


FIRM_PEOPLE = Module("firm_people", "从业人员", "groups", "practitioners", frozenset(ENTERPRISE), build_people)
FIRM_ACTIVATION = Module(
    "firm_activation", "激活", "task_alt", "practitioners", frozenset(ENTERPRISE), build_activation
)
