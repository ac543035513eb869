"""项目监测: projects by their gravest alert; a project's reasons and its plan beside what was reached (row 75)."""

from functools import partial
from uuid import UUID

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from models.access import MARKET
from models.alerts import UNANSWERED
from models.records import RevisionState
from services.engine.cycle_orders import RevisionView
from services.engine.listings import Line
from services.progress.board import BOARD, ProjectProgress, project_progress
from services.progress.planned_figures import plan_works
from services.progress.plans import PROGRESS_PLAN
from services.progress.summary_notices import summary_month
from ui.progress.gantt import draw_gantt
from ui.progress.routes import SUMMARIES
from ui.records.beside import beside
from ui.records.record_page import RecordPage, open_record
from ui.shell.buttons import plain_button
from ui.shell.call import call
from ui.shell.fields import choice_field
from ui.shell.form import Form, ask_form
from ui.shell.list_view import ListView
from ui.shell.modules import Module
from ui.shell.months import month_options
from ui.shell.parts import badge, empty, head, print_pdf, uuid_of
from ui.shell.place import Place

KEY, ONE = "progress-board", "project-progress"
#: What the chart has a line for.
_WORKS, _BUILDINGS = "单位工程", "自然幢"


class Board:
    """The list of projects; Enter opens the reasons of one."""

    def __init__(self, place: Place) -> None:
        self.place = place

    async def load(self) -> None:
        place = self.place

        async def enter(line: Line) -> None:
            await place.open(ONE, id=str(line.id))

        place.command("月报", self._print_summary, icon="summarize", key="ctrl+p")
        await ListView(place, BOARD, on_enter=enter).load()
        # A message about a month's summary leads here.
        if (summary := uuid_of(place.params.get("id", ""))) is not None:
            print_pdf(f"{SUMMARIES}{(await call(summary_month, summary)).or_end()}.pdf")

    async def _print_summary(self) -> None:
        """Ask for a month and print its summary over the projects that the user sees."""
        today = self.place.desk.door.clock.today()
        months = month_options(today)
        last = list(months)[1]

        def draw(form: Form) -> None:
            form.add(choice_field("month", "月份", months, value=last, required=True))

        asked = await ask_form("打印项目进度监测月报", draw, yes="打印")
        print_pdf(f"{SUMMARIES}{asked['month']}.pdf")


class ProjectProgressPage:
    """A project's open alerts, each leading to its explanation, and the Gantt of its works."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.root = web.element("div").classes("sf-cockpit")

    async def load(self) -> None:
        with self.root:
            self.root.clear()
            self.place.commands.clear()
            project_id = uuid_of(self.place.params.get("id", ""))
            if project_id is None:
                empty("请从项目监测的列表进入")
                return
            answer = await call(project_progress, project_id, quiet=True)
            if not answer.ok:
                empty(answer.message)
                return
            view: ProjectProgress = answer.value
            self.place.rename(f"监测 {view.name}"[:22])
            self.place.command("刷新", self.load, icon="refresh", key="f3")
            if self.place.may(plan_works):
                self.place.command("按计划日期更新", partial(self._plan, project_id), icon="update", key="f8")
            with web.element("header").classes("sf-record-head"):
                TextElement(tag="h2", text=view.name).classes("sf-title")
                told = f"{view.stage}，最近填报{view.reported}" if view.reported else f"{view.stage}，尚无进度填报"
                TextElement(tag="span", text=told).classes("sf-help")
            self._draw_alerts(view)
            head("计划与实际")
            self.ways = web.element("div").classes("sf-bar").props("role=group aria-label=显示方式")
            self.chart = web.element("div")
            self._draw_chart(view, _WORKS)

    def _draw_chart(self, view: ProjectProgress, of: str) -> None:
        """Show the chart by unit work or by natural building, and the buttons that change it where there are both."""
        self.ways.clear()
        self.ways.set_visibility(bool(view.buildings))
        if view.buildings:
            with self.ways:
                for one in (_WORKS, _BUILDINGS):
                    button = plain_button(f"按{one}", partial(self._draw_chart, view, one)).mark(f"by-{one}")
                    if one == of:
                        button.classes("sf-on").props("aria-pressed=true")
        self.chart.clear()
        with self.chart:
            draw_gantt(view.buildings if of == _BUILDINGS else view.lines, view.today, of)

    def _draw_alerts(self, view: ProjectProgress) -> None:
        head(f"未了结的预警（{len(view.alerts)}）")
        with web.element("ul").classes("sf-cockpit-lines sf-reasons").props("aria-label=未了结的预警"):
            if not view.alerts:
                TextElement(tag="li", text="没有未了结的预警").classes("sf-help")
            for one in view.alerts:
                with web.element("li"):
                    badge(one.grade)
                    subject = one.subject_label.removeprefix(f"{view.name} ")
                    link = TextElement(tag="button", text=f"{one.title}（{subject}）").classes("sf-link")
                    link.props("type=button").on("click", partial(self.place.open, "alerts", id=str(one.id)))
                    TextElement(tag="span", text=one.why)
                    told = one.state.label + (f"，处理期限{one.due_on}" if one.state in UNANSWERED else "")
                    TextElement(tag="span", text=told).classes("sf-help")

    async def _plan(self, project_id: UUID) -> None:
        """Open a draft of the plan with the planned days of the works; its company checks and submits it."""
        begun = (await call(plan_works, project_id)).or_end()
        await open_record(self.place, PROGRESS_PLAN.name, begun.record_id, begun.revision_id)
        self.place.say("已按各单位工程的计划日期生成进度计划草稿，请核对后提交", "good")


@beside("project")
def open_progress(page: RecordPage, view: RevisionView) -> None:
    """A project in force has its plan and alerts."""
    if view.state is RevisionState.EFFECTIVE:
        page.place.command("进度监测", partial(page.place.open, ONE, id=str(view.record_id)), icon="timeline")


async def build(place: Place) -> None:
    await Board(place).load()


async def build_one(place: Place) -> None:
    await ProjectProgressPage(place).load()


PROGRESS_BOARD = Module(KEY, "项目监测", "traffic", "alerts", frozenset(MARKET), build, listing="progress_board")
PROJECT_PROGRESS = Module(ONE, "项目计划与实际", "timeline", "alerts", frozenset(MARKET), build_one, hidden=True)
