"""项目监测: projects by their gravest alert; a project's reasons and its plan beside what was reached (row 75)."""

from datetime import date, timedelta
from functools import partial

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from models.access import MARKET
from models.records import RevisionState
from services.engine.cycle_orders import RevisionView
from services.engine.listings import Line
from services.progress.board import BOARD, GanttLine, ProjectProgress, project_progress
from ui.records.beside import beside
from ui.records.record_page import RecordPage
from ui.shell.call import call
from ui.shell.list_view import ListView
from ui.shell.modules import Module
from ui.shell.parts import badge, empty, head, note, uuid_of
from ui.shell.place import Place

KEY, ONE = "progress-board", "project-progress"
_LEFT, _WIDTH, _ROW = 170, 760, 26


class Board:
    """The list of projects; Enter opens the reasons of one."""

    def __init__(self, place: Place) -> None:
        self.place = place

    async def load(self) -> None:
        place = self.place

        async def enter(line: Line) -> None:
            await place.open(ONE, id=str(line.id))

        await ListView(place, BOARD, on_enter=enter).load()


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
            with web.element("header").classes("sf-record-head"):
                TextElement(tag="h2", text=view.name).classes("sf-title")
            head(f"未了结的预警（{len(view.alerts)}）")
            with web.element("ul").classes("sf-cockpit-lines").props("aria-label=未了结的预警"):
                if not view.alerts:
                    TextElement(tag="li", text="没有未了结的预警").classes("sf-help")
                for one in view.alerts:
                    with web.element("li"):
                        badge(one.grade)
                        link = TextElement(tag="button", text=f"{one.title}（{one.subject_label}）").classes("sf-link")
                        link.props("type=button").on("click", partial(self.place.open, "alerts", id=str(one.id)))
                        TextElement(tag="span", text=f"{one.rule}，处理期限{one.due_on}").classes("sf-help")
            head("计划与实际")
            note("灰色为计划，绿色为已完成，红色为逾期；竖线为今天。调整前的计划见提示。")
            draw_gantt(view.lines, view.today)


def draw_gantt(lines: tuple[GanttLine, ...], today: date) -> None:
    """Draw planned and reached days of each work; a table for readers of the page says the same."""
    days = [day for line in lines for bar in line.bars for day in (bar.planned, bar.reached) if day is not None]
    if not days:
        empty("还没有节点计划。项目公司填报“进度计划”并审核生效后，在此按楼幢显示。")
        return
    first, last = min(*days, today) - timedelta(days=15), max(*days, today) + timedelta(days=15)
    scale = _WIDTH / max((last - first).days, 1)

    def at(day: date) -> float:
        return _LEFT + (day - first).days * scale

    parts = []
    for row, line in enumerate(lines):
        top = 24 + row * _ROW
        parts.append(f'<text x="4" y="{top + 15}">{_plain(line.name)[:12]}</text>')
        planned = [bar.planned for bar in line.bars if bar.planned]
        if planned:
            left, right = at(min(planned)), at(max(planned))
            parts.append(
                f'<rect class="sf-gantt-plan" x="{left:.0f}" y="{top + 12}" width="{max(right - left, 2):.0f}" height="4"/>'
            )
        for bar in line.bars:
            told = f"{line.name} {bar.milestone.label}：计划{bar.planned or '—'}，实际{bar.reached or '—'}"
            told += f"，原计划{'、'.join(map(str, bar.earlier))}" if bar.earlier else ""
            tone = "sf-gantt-late" if bar.late(today) else "sf-gantt-done" if bar.reached else "sf-gantt-plan"
            day = bar.reached or bar.planned
            if day is not None:
                place = f'cx="{at(day):.0f}" cy="{top + 14}" r="5"'
                parts.append(f'<circle class="{tone}" {place}><title>{_plain(told)}</title></circle>')
    height = 34 + len(lines) * _ROW
    now = f'<line class="sf-gantt-today" x1="{at(today):.0f}" x2="{at(today):.0f}" y1="6" y2="{height}"/>'
    label = "各单位工程的计划与实际"
    with web.element("div").classes("sf-gantt").props(f"role=img aria-label={label}"):
        web.html(
            f'<svg width="{_LEFT + _WIDTH + 20}" height="{height}" viewBox="0 0 {_LEFT + _WIDTH + 20} {height}">'
            f"{''.join(parts)}{now}</svg>",
            sanitize=False,
        )


def _plain(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


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
