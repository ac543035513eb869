"""审核环节: what waits for a reviewer's word and in whose hands it is; given to another, one by one or all of one person's."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from services.engine.cycle_orders import QueueLine, QueuePage
from services.engine.cycle_reassignment import (
    AT_ONCE,
    OVERSEERS,
    Holder,
    ReassignMany,
    Steps,
    open_steps,
    reassign_many,
    step_holders,
)
from services.engine.listings import RowResult
from ui.records.fields import districts_by_code
from ui.records.reassignment import ask_who
from ui.records.record_page import open_record
from ui.records.review import kinds_by_name
from ui.shell.call import call
from ui.shell.grid import Filter, Grid, View
from ui.shell.modules import Module
from ui.shell.place import Place
from ui.shell.row_results import in_words, show_results
from ui.shell.sheet import Column
from ui.shell.values import shown

KEY = "record_steps"
_MOST = 200


class StepLine:
    """An open step as the grid shows it."""

    def __init__(self, line: QueueLine) -> None:
        self.line = line
        self.id = line.revision_id
        self.version = f"v{line.version_no}"
        self.district = districts_by_code().get(line.district_code, "")
        self.due_words = f"{line.due.isoformat()}{' 超期' if line.overdue else ''}" if line.due else ""
        self.who = holder_words(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.line, name)


def holder_words(line: QueueLine) -> str:
    """Return who holds a step or was assigned it, or that the assigned reviewer can review no more."""
    if line.holder:
        return line.holder
    if line.once_assigned:
        return f"原指定{line.once_assigned}，可领取"
    return f"指定{line.assigned}" if line.assigned else "无人领取"


def order_of(view: View) -> Steps:
    sort = {"due_words": "due", "-due_words": "-due"}.get(view.sort, view.sort)
    return Steps(
        view.text("holder"),
        view.text("kind"),
        view.text("text"),
        view.text("overdue") == "1",
        sort,
        view.page,
        view.size,
    )


class StepsPage:
    """An administrator in front of everything that waits for reviewers."""

    def __init__(self, place: Place, holders: Sequence[Holder]) -> None:
        self.place = place
        self.chosen: StepLine | None = None
        self.ticked_moving = place.command(
            "转交所选", self.move_ticked, icon="swap_horiz", key="f8", needs="请先勾选要转交的步骤"
        )
        self.all_moving = place.command(
            "转交此人全部", self.move_all, icon="group_remove", key="f2", needs="请先按承办人查询"
        )
        self.opening = place.command("打开", self.open, icon="open_in_new", needs="请先选择一个步骤")
        place.command("刷新", self.reload, icon="refresh", key="f3")
        self.names = {str(one.id): one.name for one in holders}
        self.grid = Grid(
            place,
            open_steps,
            order=order_of,
            columns=(
                Column("record_no", "业务编号", sortable=True, width=160),
                Column("kind_label", "类别", width=110),
                Column("title", "名称"),
                Column("version", "版次", width=40),
                Column("level", "环节", width=70),
                Column("district", "区", width=72),
                Column("who", "承办人", width=96),
                Column("due_words", "期限", sortable=True, width=116),
                Column("submitted_at", "提交时间", sortable=True, width=84, show=lambda at: shown(at)[:10]),
            ),
            filters=(
                Filter("holder", "承办人", options=_options(holders), width=250),
                Filter("kind", "类别", options=kinds_by_name(), width=170),
                Filter("overdue", "期限", options={"1": "已超期"}, width=130),
                Filter("text", "查找", personal=True, width=170),
            ),
            page_of=_page,
            on_pick=self._pick,
            on_enter=self._enter,
            on_loaded=self._loaded,
            on_ticks=self._ticked,
            empty="没有等待审核的环节",
            label="审核环节",
        )

    async def reload(self) -> None:
        """The list, and how many each person has."""
        await self.grid.load()
        answer = await call(step_holders)
        if answer.ok:
            self._offer(answer.value)

    def _offer(self, holders: Sequence[Holder]) -> None:
        options, chosen = _options(holders), self.grid.view.text("holder")
        # Whose steps have all gone stays chosen: that list is empty now, and shows so.
        if chosen in self.names and chosen not in options:
            options[chosen] = f"{self.names[chosen]}（0件）"
        self.names |= {str(one.id): one.name for one in holders}
        self.grid.offer("holder", options)

    def _pick(self, line: StepLine) -> None:
        self.chosen = line
        self.opening.enable()

    async def _enter(self, line: StepLine) -> None:
        self._pick(line)
        await self.open()

    async def open(self) -> None:
        """The record, where one step is given away too."""
        if self.chosen is not None:
            await open_record(self.place, self.chosen.kind, self.chosen.record_id, self.chosen.id)

    def _loaded(self, found: QueuePage) -> None:
        self.chosen = None
        self.opening.enable(False)
        self.all_moving.enable(bool(self.grid.view.text("holder")) and found.total > 0)

    def _ticked(self) -> None:
        self.ticked_moving.enable(bool(self.grid.ticked))

    # ---------------------------------------------------------------- giving away

    async def move_ticked(self) -> None:
        """Reassign the ticked steps."""
        lines = [one.line for one in self.grid.ticked]
        if lines:
            await self._move(lines, f"已勾选 {len(lines)} 个审核环节。")

    async def move_all(self) -> None:
        """Reassign all open steps of the filtered person, over all pages."""
        holder = self.grid.view.text("holder")
        if not holder:
            return
        lines: list[QueueLine] = []
        page = 1
        while True:
            answer = await call(open_steps, Steps(holder=holder, sort="record_no", page=page, size=_MOST))
            if not answer.ok:
                return
            lines.extend(answer.value.lines)
            if not answer.value.lines or len(lines) >= answer.value.total:
                break
            page += 1
        if lines:
            await self._move(lines, f"{self.names.get(holder, '该人员')}名下的 {len(lines)} 个审核环节全部转交。")

    async def _move(self, lines: Sequence[QueueLine], told: str) -> None:
        held = any(line.holder or line.assigned or line.once_assigned for line in lines)
        wanted = await ask_who([line.revision_id for line in lines[:_MOST]], told, held=held)
        if wanted is None:
            return
        results: list[RowResult] = []
        for start in range(0, len(lines), AT_ONCE):
            some = lines[start : start + AT_ONCE]
            order = ReassignMany(
                tuple(line.revision_id for line in some),
                tuple(line.lock_version for line in some),
                wanted.to,
                wanted.reason,
            )
            answer = await call(reassign_many, order, request_id=uuid4().hex)
            if not answer.ok:
                break
            results.extend(answer.value)
        if not results:
            return
        self.grid.untick()
        await self.reload()
        done = all(one.done for one in results)
        self.place.say(f"转交审核：{in_words(results)}", "good" if done else "warn")
        await show_results("转交审核", results)


def _page(found: QueuePage) -> tuple[int, list[StepLine]]:
    return found.total, [StepLine(line) for line in found.lines]


def _options(holders: Sequence[Holder]) -> dict[str, str]:
    return {str(one.id): f"{one.name}（{one.holds}件{'，已不能登录' if one.gone else ''}）" for one in holders}


async def build(place: Place) -> None:
    answer = await call(step_holders)
    page = StepsPage(place, answer.value if answer.ok else ())
    await page.grid.load()


STEPS = Module(KEY, "审核环节", "swap_horiz", "review", frozenset(OVERSEERS), build)
