"""销售方案 of a project: the plans there are, and the buildings ticked for a new one or for a draft (row 76)."""

from functools import partial
from uuid import UUID

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from models.access import MARKET
from models.records import RevisionState
from models.sales_plans import SaleKind
from services.engine.cycle import acts
from services.engine.cycle_orders import RevisionView
from services.engine.findings import numbered
from services.sales.made_plan import (
    AskBuildings,
    BuildingChoice,
    DraftPlan,
    PlanLine,
    TickBuildings,
    buildings_to_sell,
    draft_plan,
    plans_of_project,
    tick_buildings,
)
from services.sales.plan_facts import KIND
from ui.records.beside import beside
from ui.records.record_page import RecordPage, open_record
from ui.shell.buttons import main_button
from ui.shell.call import call
from ui.shell.fields import choice_field
from ui.shell.modules import Module
from ui.shell.parts import badge, empty, head, note, uuid_of
from ui.shell.place import Place

KEY = "sales-plans"
_KINDS = {one.value: one.label for one in SaleKind}


class PlansPage:
    """The plans of a project above, the buildings to tick below; of a draft only the buildings."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.project_id = uuid_of(place.params.get("id", ""))
        self.draft_id = uuid_of(place.params.get("draft", ""))
        self.draft: RevisionView | None = None
        self.kind = SaleKind.PRESALE
        self.ticked: set[str] = set()
        self.root = web.element("div").classes("sf-plans")

    async def load(self) -> None:
        """Show the plans of the project, and what may be sold of it to who may make a plan."""
        with self.root:
            self.root.clear()
            self.place.commands.clear()
            if self.project_id is None:
                empty("请从项目的页面进入销售方案")
                return
            answer = await call(plans_of_project, self.project_id, quiet=True)
            if not answer.ok:
                empty(answer.message)
                return
            found = answer.value
            self.place.keep(id=self.project_id)
            self.place.rename(f"销售方案 {found.project}"[:22])
            self.place.command("刷新", self.load, icon="refresh", key="f3")
            if self.draft_id is not None:
                self.draft = (await call(acts(KIND).revision, self.draft_id)).or_end()
                self.kind = SaleKind.of(self.draft.values.get("sale_kind") or SaleKind.PRESALE)
            else:
                self._draw_plans(found.plans)
            if found.mine and self.place.may(draft_plan):
                self.place.command(self._making, self.make, icon="checklist", key="f8")
                self.choices = web.element("section").props("aria-label=可售楼幢")
                await self._draw_choices(keep=False)

    def _draw_plans(self, plans: tuple[PlanLine, ...]) -> None:
        head(f"方案（{len(plans)}）")
        if not plans:
            note("本项目还没有销售方案。勾选下列楼幢即可生成。")
            return
        with (
            web.element("div").classes("sf-scroll"),
            web.element("table").classes("sf-plain-table").props("aria-label=销售方案"),
        ):
            with web.element("thead"), web.element("tr"):
                for words in ("方案", "状态", "可售", "备案均价", "预售许可证"):
                    TextElement(tag="th", text=words).props("scope=col")
            with web.element("tbody"):
                for one in plans:
                    self._draw_plan(one)

    def _draw_plan(self, one: PlanLine) -> None:
        with web.element("tr"):
            with web.element("th").props("scope=row"):
                label = f"{one.title} {one.number}".strip()
                opens = partial(open_record, self.place, KIND, one.record_id)
                TextElement(tag="button", text=label).classes("sf-link").props("type=button").on("click", opens)
            with web.element("td"):
                badge(one.state)
            TextElement(tag="td", text=f"{one.sets} 套　{one.area}" if one.sets is not None else "—")
            TextElement(tag="td", text=one.price or "—")
            TextElement(tag="td", text="、".join(one.permits) or "—")

    async def _draw_choices(self, *, keep: bool) -> None:
        """List the buildings with a box for each that may be ticked, and the reasons against the others."""
        assert self.project_id is not None
        found = (await call(buildings_to_sell, AskBuildings(self.project_id, self.kind, self.draft_id))).or_end()
        free = {one.number for one in found if not one.reasons}
        self.ticked = (self.ticked if keep else {one.number for one in found if one.ticked}) & free
        self.choices.clear()
        with self.choices:
            head("调整销售楼幢" if self.draft_id is not None else "勾选楼幢，生成方案")
            with web.element("div").style("max-width: 360px"):
                choice_field("sale_kind", "销售方式", _KINDS, value=self.kind.value, on_change=self._choose_kind)
            with web.element("table").classes("sf-plain-table sf-plan-choices").props("aria-label=楼幢"):
                with web.element("thead"), web.element("tr"):
                    for words in ("列入", "楼幢", "用途", "户数", "建筑面积（㎡）", "不能列入的原因"):
                        TextElement(tag="th", text=words).props("scope=col")
                with web.element("tbody"):
                    for one in found:
                        self._draw_choice(one)
            if not found:
                note("本项目还没有关联楼盘表的楼幢，请先关联。")
                main_button("打开楼盘表", partial(self.place.open, "building-tables", id=self.project_id)).mark(
                    "tables"
                )
                return
            self.told = note(self._told()).props("role=status")
            main_button(f"{self._making}（F8）", self.make).mark("make-plan")

    @property
    def _making(self) -> str:
        return "按所选楼幢调整" if self.draft_id is not None else "生成方案"

    def _draw_choice(self, one: BuildingChoice) -> None:
        with web.element("tr"):
            with web.element("td"):
                box = web.checkbox(value=one.number in self.ticked).props("dense").mark(f"tick-{one.number}")
                box.props["aria-label"] = f"列入{one.name}"
                box.on_value_change(lambda event, of=one.number: self._tick(of, on=bool(event.value)))
                box.set_enabled(not one.reasons)
            with web.element("th").props("scope=row"):
                TextElement(tag="span", text=one.name)
                TextElement(tag="small", text=f" {one.number}").classes("sf-note")
            TextElement(tag="td", text=one.use)
            TextElement(tag="td", text=str(one.sets))
            TextElement(tag="td", text=one.area or "—")
            with web.element("td"):
                for code, told in one.reasons:
                    TextElement(tag="div", text=numbered(code, told)).classes("sf-wrong")
                if not one.reasons:
                    TextElement(tag="span", text="—")

    def _tick(self, number: str, *, on: bool) -> None:
        (self.ticked.add if on else self.ticked.discard)(number)
        self.told.text = self._told()

    def _told(self) -> str:
        return f"已勾选{len(self.ticked)}幢" if self.ticked else "尚未勾选楼幢"

    async def _choose_kind(self, event: object) -> None:
        value = str(getattr(event, "value", event) or "")
        if value in _KINDS and value != self.kind.value:
            self.kind = SaleKind.of(value)
            with self.root:
                await self._draw_choices(keep=True)

    async def make(self) -> None:
        """Make the plan of the ticked buildings, or change those of the draft, and open it."""
        with self.root:
            assert self.project_id is not None
            numbers = tuple(sorted(self.ticked))
            if self.draft is not None:
                order = TickBuildings(self.draft.revision_id, self.draft.version, self.kind, numbers)
                (await call(tick_buildings, order)).or_end()
                record_id: UUID = self.draft.record_id
                self.place.say("已按所选楼幢调整，保留楼幢的属性和价格不变", "good")
            else:
                record_id = (await call(draft_plan, DraftPlan(self.project_id, self.kind, numbers))).or_end().record_id
                self.place.say("已生成方案草稿，请补充内容、确定每户属性和价格后提交", "good")
            await open_record(self.place, KIND, record_id)


@beside("project")
def open_plans(page: RecordPage, view: RevisionView) -> None:
    """A project in force has its sales plans."""
    if view.state is RevisionState.EFFECTIVE:
        page.place.command("销售方案", partial(page.place.open, KEY, id=str(view.record_id)), icon="sell")


async def build(place: Place) -> None:
    await PlansPage(place).load()


SALES_PLANS = Module(KEY, "销售方案", "sell", "projects", frozenset(MARKET), build, hidden=True)
