"""试点范围: which firms and projects take part in direct rent; proposed by one, agreed by another (leasing 2.10)."""

from collections.abc import Awaitable, Callable

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from models.direct_pay_codes import PilotState
from services.access.visibility import CITY
from services.direct_pay.pilot import (
    DecidePilot,
    EndPilot,
    PilotLine,
    ProposePilot,
    decide_pilot,
    end_pilot,
    pilot_lines,
    propose_pilot,
)
from services.direct_pay.visibility import DISTRICT
from ui.shell.buttons import danger_button, main_button, plain_button
from ui.shell.call import call
from ui.shell.dialogs import confirm
from ui.shell.fields import date_field, text_field
from ui.shell.form import Form
from ui.shell.grid import Grid, View
from ui.shell.modules import Module
from ui.shell.parts import facts, head
from ui.shell.place import Place
from ui.shell.sheet import Column
from ui.shell.values import shown


def lines_of(answer: list[PilotLine]) -> tuple[int, list[PilotLine]]:
    """All of them on one page: a pilot has some dozens, never thousands."""
    return len(answer), answer


class PilotsPage:
    """The list on the left; on the right the line in hand, or the form of a new proposal."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.chosen = ""
        self.may_propose = place.may(propose_pilot)
        with web.element("div").classes("sf-split"):
            self.grid = Grid(
                place,
                pilot_lines,
                order=_everything,
                columns=(
                    Column("enterprise", "企业"),
                    Column("project", "项目"),
                    Column("valid_from", "自", width=90),
                    Column("valid_to", "至", width=90),
                    Column("state", "状态", width=80),
                ),
                page_of=lines_of,
                on_pick=self.choose,
                on_enter=self.choose,
                on_loaded=lambda _: self.draw(),
                empty="还没有企业参加试点",
                size=200,
            )
            self.detail = web.element("section").props("aria-label=试点详情")
        if self.may_propose:
            place.command("提出试点", self.propose, icon="add", key="f8")
        place.command("刷新", self.grid.load, icon="refresh", key="f3")

    async def choose(self, line: PilotLine) -> None:
        self.chosen = str(line.id)
        self.draw()
        self.place.reveal(self.detail)

    def propose(self) -> None:
        """The form of a new proposal takes the place of the line in hand."""
        self.chosen = ""
        self.draw()
        self.place.reveal(self.detail)

    def draw(self) -> None:
        self.detail.clear()
        line: PilotLine | None = self.grid.lines.get(self.chosen)
        with self.detail:
            if line is not None:
                self._draw_line(line)
            elif self.may_propose:
                self._draw_form()
            else:
                head("试点详情")
                TextElement(tag="p", text="请在列表中选择一项").classes("sf-empty")

    def _draw_line(self, line: PilotLine) -> None:
        head("试点详情")
        facts(
            {
                "企业": line.enterprise,
                "项目": line.project,
                "生效日期": line.valid_from,
                "失效日期": line.valid_to or "未定",
                "确认文号": line.fund_letter,
                "状态": line.state.label,
            },
            columns=1,
        )
        if self.place.may(decide_pilot, line):
            if line.own:
                TextElement(tag="p", text="您提出的试点须由另一位同事复核").classes("sf-empty")
                return
            with web.element("div").classes("sf-buttons sf-pad"):
                plain_button("不同意", self._decider(line, agree=False))
                main_button("同意", self._decider(line, agree=True)).mark("agree")
        elif line.state is PilotState.CONFIRMED and self.may_propose:
            self._draw_ending(line)

    def _draw_form(self) -> None:
        head("提出试点")
        with Form(columns=1) as form:
            form.add(
                text_field("enterprise_uscc", "信用代码", required=True, longest=18, help="企业的统一社会信用代码"),
                text_field("project_no", "项目编号", longest=40, help="不填为该企业全部项目"),
                date_field("valid_from", "生效日期", required=True, value=self.place.desk.door.clock.today()),
                date_field("valid_to", "失效日期", help="不填为长期"),
                text_field("fund_letter", "确认文号", required=True, longest=60, help="公积金中心的确认函"),
            )

        async def send() -> None:
            values = form.read()
            if values is None:
                return
            # What was left empty is as the order has it.
            given = {key: value for key, value in values.items() if value is not None}
            answer = await call(propose_pilot, ProposePilot(**given), button=button)
            if answer.ok:
                self.place.say("已提出，待另一位同事复核后生效", "good")
                self.chosen = str(answer.value)
                await self.grid.load()

        with web.element("div").classes("sf-buttons sf-pad"):
            button = main_button("提交复核", send)

    def _draw_ending(self, line: PilotLine) -> None:
        head("终止试点")
        with Form(columns=1) as form:
            today = self.place.desk.door.clock.today()
            form.add(date_field("last_day", "最后一日", required=True, value=today, help="此后不再接收新的委托"))

        async def end() -> None:
            values = form.read()
            if values is None:
                return
            summary = {"企业": line.enterprise, "项目": line.project, "最后一日": shown(values["last_day"])}
            question = "确定终止试点？已在执行的委托不受影响。"
            if not await confirm(question, summary=summary, yes="终止", danger=True):
                return
            if (await call(end_pilot, EndPilot(line.id, values["last_day"]))).ok:
                self.place.say("已终止", "good")
                await self.grid.load()

        with web.element("div").classes("sf-buttons sf-pad"):
            danger_button("终止试点", end).mark("end-pilot")

    def _decider(self, line: PilotLine, *, agree: bool) -> Callable[[], Awaitable[None]]:
        async def decide() -> None:
            summary = {"企业": line.enterprise, "项目": line.project, "确认文号": line.fund_letter}
            question = "确定同意？生效后即可接收该范围的委托。" if agree else "确定不同意？"
            if not await confirm(question, summary=summary, yes="同意" if agree else "不同意", danger=not agree):
                return
            if (await call(decide_pilot, DecidePilot(line.id, agree))).ok:
                self.place.say("已复核", "good")
                await self.grid.load()

        return decide


def _everything(view: View) -> None:
    return None


async def build(place: Place) -> None:
    await PilotsPage(place).grid.load()


PILOTS = Module("pilots", "试点范围", "fact_check", "direct", frozenset(CITY | DISTRICT), build)
