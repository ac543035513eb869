"""主体一览: groups, head and project companies with their state; coverage of the city's list (row 51)."""

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from models.access import AUTHORITY, MARKET, PROJECT_OFFICE, Role
from models.companies import AdmissionState
from services.companies.directory import KINDS_OF_COMPANIES, CompanyLine, FindCompanies, find_companies
from services.companies.overview import Coverage, coverage
from services.engine.paging import Paging
from ui.companies.parts import draw_related, open_company
from ui.shell.call import call
from ui.shell.grid import Column, Filter, Grid, View
from ui.shell.modules import Module
from ui.shell.parts import head
from ui.shell.place import Place

_STATES = {state.value: state.label for state in AdmissionState if state is not AdmissionState.NOT_ADMITTED}


class DirectoryPage:
    """A kind at a time; Enter opens a company."""

    def __init__(self, place: Place) -> None:
        self.place = place
        #: What is shown before somebody chooses: the kind whoever looks has to do with.
        self.first = "project_company" if place.caller.has(*PROJECT_OFFICE) else "head_company"
        self.above = web.element("section").props("aria-label=覆盖率")
        self.grid = Grid(
            place,
            find_companies,
            order=self._order,
            columns=(
                Column("name", "企业名称", sortable=True),
                Column("uscc", "信用代码", sortable=True, width=172),
                Column("state_label", "状态", width=92),
                Column("district", "管理区", width=84),
                Column("above", "上级", width=190),
                Column("grade", "预警", width=64),
                Column("record_no", "编号", sortable=True, width=176),
            ),
            filters=(
                Filter(
                    "kind",
                    "类别",
                    options={key: label for key, label in KINDS_OF_COMPANIES.items() if key != self.first},
                    width=140,
                    all=KINDS_OF_COMPANIES[self.first],
                ),
                Filter("text", "企业名称或信用代码", width=260),
                Filter("state", "准入状态", options=_STATES, width=140),
            ),
            on_enter=self.choose,
            empty="没有符合条件的企业",
        )
        place.command("企业主页", self.open_picked, icon="apartment", key="f8")
        place.command("刷新", self.load, icon="refresh", key="f3")
        self._picked: CompanyLine | None = None
        self.grid.on_pick = self._pick

    def _order(self, view: View) -> FindCompanies:
        kind = view.text("kind") or self.first
        return FindCompanies(kind, view.text("text"), view.text("state"), Paging(view.page, view.size, view.sort))

    def _pick(self, line: CompanyLine) -> None:
        self._picked = line

    async def open_picked(self) -> None:
        if self._picked is None:
            self.place.say("请先在列表中选择企业", "warn")
            return
        await self.choose(self._picked)

    async def choose(self, line: CompanyLine) -> None:
        await open_company(self.place, line.kind, line.id)

    async def load(self) -> None:
        if self.place.caller.has(*AUTHORITY, Role.ANALYST):
            answer = await call(coverage, quiet=True)
            if answer.ok and not self.above.is_deleted:
                self._draw_coverage(answer.value)
        await self.grid.load()

    def _draw_coverage(self, found: Coverage) -> None:
        self.above.clear()
        with self.above:
            head("集团公司覆盖率")
            with web.element("div").classes("sf-coverage"):
                TextElement(tag="strong", text=f"{found.share}%")
                TextElement(tag="span", text=f"名录内{found.listed}家，已有项目{found.covered}家")
                bar = web.element("progress").props(f"max={max(found.listed, 1)} value={found.covered}")
                bar.props["aria-label"] = "覆盖率"
            if found.open:
                with web.element("details").classes("sf-uncovered"):
                    TextElement(tag="summary", text=f"尚无项目的{len(found.open)}家")
                    draw_related(self.place, found.open, empty="")


async def build(place: Place) -> None:
    await DirectoryPage(place).load()


DIRECTORY = Module("companies", "主体一览", "apartment", "subjects", frozenset(MARKET | {Role.ANALYST}), build)
