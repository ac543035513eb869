"""信息卡申办: the firm's applications in every state; a new one, one to go on with, one to take back (row 39)."""

from collections.abc import Callable

from nicegui import ui as web

from models.practitioner_codes import ApplyKind, ApplyState
from services.access.visibility import ENTERPRISE
from services.engine.paging import Paging
from services.practitioners.inspection_views import QueueFilter, QueueLine, QueuePage, count_queue, list_queue
from ui.practitioners.apply_page import open_new
from ui.shell.buttons import plain_button
from ui.shell.call import call
from ui.shell.grid import Filter, Grid, View
from ui.shell.modules import Module
from ui.shell.place import Place
from ui.shell.sheet import Column

#: The order in which the counts stand above the list.
COUNTED = (
    ("", "全部"),
    (ApplyState.DRAFT, "草稿"),
    (ApplyState.SUBMITTED, "核验中"),
    (ApplyState.INSPECTING, "待验看"),
    (ApplyState.RETURNED, "已退回"),
    (ApplyState.PASSED, "已通过"),
    (ApplyState.AUTO_REJECTED, "核验未通过"),
)


def order_of(view: View) -> QueueFilter:
    return QueueFilter(
        state=view.text("state"),
        kind=view.text("kind"),
        word=view.text("word"),
        paging=Paging(view.page, view.size, view.sort),
    )


class ApplyList:
    """The list with its counts; Enter opens an application."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.states: dict[str, int] = {}
        self.counts = web.element("div").classes("sf-bar").props("role=group aria-label=按状态计数")
        self.grid = Grid(
            place,
            list_queue,
            order=order_of,
            columns=(
                Column("apply_no", "申请编号", sortable=True, width=190),
                Column("name", "姓名", width=90),
                Column("id_no", "证件号码", width=160),
                Column("kind", "类别", width=60),
                Column("channel", "方式", width=110),
                Column("post", "岗位", width=90),
                Column("state_label", "状态", width=96),
                Column("words", "原因"),
                Column("submitted_at", "提交时间", sortable=True, width=126),
            ),
            filters=(
                Filter("state", "状态", options=ApplyState.labels(), width=160),
                Filter("kind", "类别", options=ApplyKind.labels(), width=130),
                # A name or a number may be typed here, which no address keeps.
                Filter("word", "查找", personal=True, width=300),
            ),
            empty="没有符合条件的申请。按 F2 新增一名从业人员，或用“批量导入”一次申办多人。",
            on_enter=self.open,
            on_loaded=self._draw_counts,
        )
        place.command("新增人员", lambda: open_new(place), icon="person_add", key="f2")
        place.command("刷新", self.load, icon="refresh", key="f3")

    async def load(self) -> None:
        answer = await call(count_queue, quiet=True)
        if answer.ok:
            self.states = answer.value.states
        await self.grid.load()

    def _draw_counts(self, page: QueuePage) -> None:
        self.counts.clear()
        with self.counts:
            for state, label in COUNTED:
                count = self.states.get(str(state), 0) if state else sum(self.states.values())
                button = plain_button(f"{label} {count:,}", self._chooser(str(state))).mark(f"state-{state or 'all'}")
                if self.grid.view.text("state") == str(state):
                    button.classes("sf-on").props("aria-pressed=true")

    def _chooser(self, state: str) -> Callable[[], None]:
        return lambda: self.grid.set_filter("state", state)

    async def open(self, line: QueueLine) -> None:
        await self.place.open("firm_apply", id=line.id)


async def build(place: Place) -> None:
    await ApplyList(place).load()


FIRM_APPLIES = Module("firm_applies", "信息卡申办", "how_to_reg", "practitioners", frozenset(ENTERPRISE), build)
