"""项目总览: the stages of a project, what is missing and why, what is due, under review and alerted; a click goes there."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import NamedTuple
from uuid import UUID

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from models.access import MARKET
from models.alerts import UNANSWERED
from services.cockpit.desk import PROJECTS, DueLine, Point, ProjectDesk, StageView, project_desk, to_fill_in
from services.engine.cycle_orders import RevisionView
from services.engine.dependencies import Node, NodeRecord, NodeState
from services.engine.kinds import KINDS, may_draft
from services.engine.listings import Line, ListRows
from ui.cockpit.graph import Needs, words_of
from ui.construction.building_tables_page import BUILDING_TABLES
from ui.construction.ties_page import TIES
from ui.progress.board_page import PROJECT_PROGRESS
from ui.records.beside import beside, own_page_of
from ui.records.list_page import begin_record, list_key
from ui.records.record_page import RecordPage, open_record
from ui.shell.buttons import icon_button
from ui.shell.call import call
from ui.shell.list_view import ListView
from ui.shell.modules import Module
from ui.shell.parts import badge, empty, uuid_of
from ui.shell.place import Place
from ui.shell.values import large_money, shown

KEY = "cockpit"
#: Pages about a whole project that are no record of their own.
_PAGES = ((TIES, "关联规划建筑物"), (BUILDING_TABLES, "楼盘表"), (PROJECT_PROGRESS, "进度监测"))
_STANDING = {"done": "已完成", "now": "当前阶段", "later": "未到"}
#: The stages whose records stand in the left column and in the middle one.
_LEFT, _MIDDLE = slice(0, 2), slice(2, None)
#: States of what a project still has to fill in.
_OWED = frozenset({NodeState.MISSING, NodeState.DRAFT, NodeState.RETURNED})
#: A day is called soon when it is at most this many days away.
_SOON = 30


class _Entry(NamedTuple):
    """An entry of a panel: what it is about, words in their tone, and where a click goes."""

    what: str
    words: str
    tone: str
    go: Callable[[], object]


class CockpitPage:
    """A project chosen first where there are several, then its desk."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.desk: ProjectDesk | None = None
        self.picked: Line | None = None
        self.root = web.element("div").classes("sf-cockpit")

    async def load(self) -> None:
        """The project the address names, the only one there is, or the list to choose from."""
        project_id = uuid_of(self.place.params.get("id", ""))
        if project_id is not None:
            await self._show(project_id)
            return
        answer = await call(PROJECTS.query, ListRows())
        if answer.ok and len(answer.value.lines) == 1:
            await self._show(answer.value.lines[0].id)
        elif answer.ok:
            await self.choose()

    # ---------------------------------------------------------------- choosing

    def _commands(self) -> None:
        place = self.place
        place.commands.clear()
        if self.desk is not None:
            place.command(
                "打开项目", lambda: self._open("project", self.desk_of.project_id), icon="open_in_new", key="f8"
            )
            for module, label in _PAGES:
                place.command(label, partial(place.open, module.key, id=str(self.desk.project_id)), icon=module.icon)
            place.command("选择项目", self.choose, icon="list", key="f2")
            place.command("刷新", self.load, icon="refresh", key="f3")
        else:
            place.command("打开", self._show_picked, icon="open_in_new", key="f8")

    @property
    def desk_of(self) -> ProjectDesk:
        assert self.desk is not None
        return self.desk

    async def choose(self) -> None:
        """Show the list of projects to choose from."""
        self.place.keep(id="")
        self.desk = self.picked = None
        self._commands()
        self.place.rename("项目总览")
        with self.root:
            self.root.clear()
            await ListView(self.place, PROJECTS, on_enter=lambda line: self._show(line.id), on_pick=self._pick).load()

    def _pick(self, line: Line) -> None:
        self.picked = line
        self.place.say(f"已选择 {line.name}，按 F8 或回车打开")

    async def _show_picked(self) -> None:
        if self.picked is None:
            self.place.say("请先选择一个项目", "warn")
            return
        await self._show(self.picked.id)

    # ---------------------------------------------------------------- one project

    async def _show(self, project_id: UUID) -> None:
        with self.root:
            answer = await call(project_desk, project_id, quiet=True)
            self.desk = answer.value if answer.ok else None
            self._commands()
            self.root.clear()
            with self.root:
                if self.desk is None:
                    empty(answer.message)
                    return
                self.place.keep(id=project_id)
                self.place.rename(f"总览 {self.desk.name}"[:22])
                self._draw(self.desk)

    def _draw(self, desk: ProjectDesk) -> None:
        with web.element("div").classes("sf-tile"):
            self._draw_head(desk)
            with web.element("ol").classes("sf-life").props("aria-label=项目阶段"):
                for stage in desk.stages:
                    self._draw_stage(stage)
        with web.element("div").classes("sf-cockpit-columns"):
            with web.element("div"):
                for stage in desk.stages[_LEFT]:
                    self._draw_records(stage)
                self._draw_changes(desk)
            with web.element("div"):
                for stage in desk.stages[_MIDDLE]:
                    self._draw_records(stage)
                self._draw_points(desk)
            with web.element("div"):
                self._panel("待填报", list(self._todo(desk)), "本阶段应填报的都已填报")
                self._panel("到期事项", [self._due(one) for one in desk.due], "近半年没有到期事项", "天为自然日")
                self._panel("审核中", [self._review(one) for one in desk.reviews], "没有在审核的记录")
                self._panel("预警", [self._alert(one) for one in desk.alerts], "没有未了结的预警")
        with web.element("section").classes("sf-tile").props("aria-label=前后置关系"):
            _tile_head("前后置关系", "从左到右依次办理；虚线框的须等左边的生效后才能提交。点击方框可前往。")
            Needs(desk.graph, leads=self._leads, opened=self._opened)

    def _draw_head(self, desk: ProjectDesk) -> None:
        with web.element("header").classes("sf-record-head"):
            TextElement(tag="h2", text=desk.name).classes("sf-title")
            TextElement(tag="span", text=desk.stage.label).classes("sf-badge sf-info")
            if desk.suspended:
                TextElement(tag="span", text="停工").classes("sf-badge sf-bad")
            if not desk.in_force:
                TextElement(tag="span", text="项目尚未生效").classes("sf-badge sf-warn")
            whose = "　".join(part for part in (desk.record_no, desk.company, desk.head, desk.district) if part)
            TextElement(tag="span", text=whose).classes("sf-record-no")

    def _draw_stage(self, stage: StageView) -> None:
        today = self.place.desk.door.clock.today()
        late = stage.standing == "later" and stage.planned is not None and stage.planned < today
        with web.element("li").classes(f"sf-stage sf-stage-{'late' if late else stage.standing}"):
            with web.element("div").classes("sf-stage-head"):
                TextElement(tag="strong", text=stage.stage.label)
                TextElement(tag="small", text="已过计划" if late else _STANDING[stage.standing])
            if stage.planned:
                TextElement(tag="small", text=f"计划 {stage.planned.isoformat()}")

    def _draw_records(self, stage: StageView) -> None:
        """Draw the records of a stage, each with its state, what there is of it or what it waits for."""
        owed = sum(1 for one in stage.records if one.state in _OWED and not one.optional)
        told = f"{len(stage.records)}项" + (f"，{owed}项要填" if owed else "")
        with web.element("section").classes("sf-tile").props(f"aria-label={stage.stage.label}"):
            _tile_head(stage.stage.label, "未到" if stage.standing == "later" and not owed else told)
            with web.element("ul").classes("sf-stage-records"):
                for record in stage.records:
                    with web.element("li"):
                        self._draw_record(record)

    def _draw_record(self, record: Line) -> None:
        link = TextElement(tag="button", text=record.label).classes("sf-link").props("type=button")
        link.on("click", partial(self._go, record.kind, record.records)).mark(f"stage-{record.kind}")
        if record.state is None:
            # No kept record, but a page of the project.
            return
        state = "可不填" if record.optional and record.state is NodeState.MISSING else record.state.label
        tone = "muted" if state == "可不填" else record.state.tone
        TextElement(tag="span", text=state).classes(f"sf-badge sf-{tone}")
        TextElement(tag="span", text=_said(record)).classes("sf-stage-said")
        kind = KINDS[record.kind]
        more = record.records and kind.makers.several and kind.makers.about == "project"
        if more and self.desk_of.keeps and may_draft(kind, self.place.caller) and own_page_of(kind.name) is None:
            begin = partial(begin_record, self.place, kind, self.desk_of.project_id)
            icon_button("add", f"新增{record.label}", begin).mark(f"more-{record.kind}")

    def _draw_changes(self, desk: ProjectDesk) -> None:
        """Draw what was last done with the project's records."""
        with web.element("section").classes("sf-tile").props("aria-label=最近变化"):
            _tile_head("最近变化")
            with web.element("ul").classes("sf-stage-records"):
                if not desk.changes:
                    TextElement(tag="li", text="还没有记录").classes("sf-help")
                for one in desk.changes:
                    with web.element("li"):
                        go = partial(open_record, self.place, one.kind, one.record_id, one.revision_id)
                        link = TextElement(tag="button", text=one.label).classes("sf-link").props("type=button")
                        link.on("click", go)
                        badge(one.state)
                        TextElement(tag="span", text=f"第{one.version_no}版 · {shown(one.at)[5:]}").classes(
                            "sf-stage-said"
                        )

    def _draw_points(self, desk: ProjectDesk) -> None:
        """Draw the main figures of the project."""
        if not desk.points:
            return
        with web.element("section").classes("sf-tile").props("aria-label=要点"):
            _tile_head("要点")
            with web.element("dl").classes("sf-points"):
                for one in desk.points:
                    with web.element("div"):
                        TextElement(tag="dt", text=one.label)
                        TextElement(tag="dd", text=_in_unit(one))

    # ---------------------------------------------------------------- what there is to do

    def _panel(self, title: str, lines: Sequence[_Entry], nothing: str, told: str = "") -> None:
        """Draw a panel of things to do; a click on an entry opens it."""
        with web.element("section").classes("sf-tile").props(f"aria-label={title}"):
            _tile_head(title, "，".join(part for part in (f"{len(lines)}项" if lines else "", told) if part))
            with web.element("ul").classes("sf-cockpit-lines"):
                if not lines:
                    TextElement(tag="li", text=nothing).classes("sf-help")
                for line in lines:
                    with web.element("li"):
                        link = TextElement(tag="button", text=line.what).classes("sf-link").props("type=button")
                        link.on("click", line.go)
                        TextElement(tag="span", text=line.words).classes(f"sf-badge sf-{line.tone} sf-cockpit-words")

    def _todo(self, desk: ProjectDesk) -> Iterator[_Entry]:
        for record in to_fill_in(desk):
            words = f"等待{'、'.join(record.because)}" if record.because else record.state.label
            tone = "muted" if record.because else record.state.tone
            yield _Entry(record.label, words, tone, partial(self._go, record.kind, record.records))

    def _due(self, line: DueLine) -> _Entry:
        tone = "bad" if line.left < 0 else "warn" if line.left <= _SOON else "muted"
        what = f"{line.what} {line.on.isoformat()}"
        return _Entry(what, _left(line), tone, partial(self._open, line.kind, line.record_id))

    def _review(self, one: Line) -> _Entry:
        where = one.level + (f"，{one.holder}" if one.holder else "")
        due = f"，期限 {one.due.isoformat()}" if one.due else ""
        return _Entry(
            f"{one.kind_label} 第{one.version_no}版",
            f"{where}{due}{'，已超期' if one.overdue else ''}",
            "bad" if one.overdue else "info",
            partial(open_record, self.place, one.kind, one.record_id, one.id),
        )

    def _alert(self, one: Line) -> _Entry:
        told = f"处理期限 {one.due_on.isoformat()}" if one.state in UNANSWERED else one.state.label
        words = f"{one.grade.label}，{told}"
        going = partial(self.place.open, "alerts", id=one.id)
        subject = one.subject_label.removeprefix(f"{self.desk_of.name} ")
        return _Entry(f"{one.title}（{subject}）", words, one.grade.tone, going)

    # ---------------------------------------------------------------- going there

    def _leads(self, node: Node) -> bool:
        kind = KINDS.get(node.kind)
        return kind is not None and (bool(node.records) or (self.desk_of.keeps and kind.makers.about == "project"))

    async def _opened(self, kind: str) -> None:
        node = self.desk_of.graph.node(kind)
        self.place.say(f"{node.label}：{words_of(node)}", "warn" if node.state is NodeState.BLOCKED else "info")
        await self._go(kind, node.records)

    async def _open(self, kind: str, record_id: UUID) -> None:
        await open_record(self.place, kind, record_id)

    async def _go(self, kind: str, records: tuple[NodeRecord, ...]) -> None:
        """Open the only record, the list of several, or a new one for its keeper."""
        own = own_page_of(kind)
        if own is not None and (records or self.desk_of.in_force):
            await own(self.place, self.desk_of.project_id, kind, records[0].record_id if len(records) == 1 else None)
        elif kind not in KINDS:
            self.place.say("项目生效以后可以查看", "warn")
        elif len(records) == 1:
            await self._open(kind, records[0].record_id)
        elif records:
            # Those of this project alone; kinds of its company or its land are not narrowed by it.
            about = KINDS[kind].makers.about
            filters = {"project_id": str(self.desk_of.project_id)} if about == "project" else {}
            await self.place.workspace.open_anew(list_key(KINDS[kind]), filters)
        elif self.desk_of.keeps and may_draft(KINDS[kind], self.place.caller) and KINDS[kind].makers.about == "project":
            await begin_record(self.place, KINDS[kind], self.desk_of.project_id)
        else:
            self.place.say(f"还没有{KINDS[kind].label}", "warn")


def _tile_head(title: str, told: str = "") -> None:
    with web.element("div").classes("sf-tile-head"):
        TextElement(tag="h2", text=title)
        TextElement(tag="small", text=told)


def _in_unit(one: Point) -> str:
    large = large_money(one.value) if one.unit == "元" else ""
    return large.strip("（）") or f"{shown(one.value)} {one.unit}"


def _said(record: Line) -> str:
    """Return the number of a record's kind, or what it waits for."""
    if record.because:
        return f"等{'、'.join(record.because)}"
    if len(record.records) > 1:
        return f"{len(record.records)}条"
    return str(record.records[0].title or record.records[0].record_no) if record.records else ""


def _left(line: DueLine) -> str:
    if line.left < 0:
        return f"已过{-line.left}天"
    return "就是今天" if line.left == 0 else f"还有{line.left}天（自然日）"


@beside("project")
def offer_desk(page: RecordPage, view: RevisionView) -> None:
    """Offer a button on a project's page that opens its desk."""
    place = page.place
    place.command("项目总览", lambda: place.open(KEY, id=view.record_id), icon="dashboard")


async def build(place: Place) -> None:
    await CockpitPage(place).load()


COCKPIT = Module(KEY, "项目总览", "dashboard", "projects", frozenset(MARKET), build)
