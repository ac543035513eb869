"""待办: what must be done until which day, overdue first; opens where it is done, and goes away by the act itself."""

from collections.abc import Callable
from uuid import UUID

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from models.access import MARKET
from models.codes import Toned
from services.engine.notices import NoticeLine, ReadNotice, my_notices, read_notice
from services.inbox.sources import SOURCES
from services.inbox.tasks import TaskFilter, TaskLine, TaskPage, my_tasks, task_counts
from ui.inbox.delegation import show_delegations
from ui.review.quiet import look
from ui.shell.buttons import plain_button
from ui.shell.call import call
from ui.shell.grid import Filter, Grid, View
from ui.shell.modules import Module
from ui.shell.parts import head
from ui.shell.place import Host, Place
from ui.shell.sheet import Column
from ui.shell.values import shown

EVERY_SECONDS = 30.0
#: Each look opens every sealed row that waits, which is not for nothing.
_COUNT_SECONDS = 60.0
_NOTICES = 30
VIEW = "view"
VIEWS = {"": "全部", "overdue": "已超期", "mine": "我本人的", "others": "代同事办理"}


def due_words(line: TaskLine) -> str:
    """Return how long there is, in working days."""
    if line.left is None or line.due is None:
        return ""
    if line.left < 0:
        return Toned(f"超期{-line.left}天", "bad")
    return Toned("今天到期", "warn") if line.left == 0 else Toned(f"还有{line.left}天")


class _Line:
    """A task with what its row shows."""

    def __init__(self, line: TaskLine) -> None:
        self.line = line
        self.left_words = due_words(line)
        self.who = f"代{line.whose}" if line.whose else "本人" if line.mine else "本单位"

    def __getattr__(self, name: str) -> object:
        return getattr(self.line, name)


def order_of(view: View) -> TaskFilter:
    sort = {"left_words": "due", "-left_words": "-due"}.get(view.sort, view.sort)
    return TaskFilter(view.text(VIEW), view.text("source"), view.text("text"), sort, view.page, view.size)


class InboxPage:
    """Tasks on the left, messages on the right."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.chosen: TaskLine | None = None
        self.page: TaskPage | None = None
        self.opening = place.command("打开", self.open, icon="open_in_new", key="f8", needs="请先选择一件待办")
        place.command(
            "委托代办", lambda: show_delegations(self.place, self.reload), icon="supervisor_account", key="f2"
        )
        place.command("刷新", self.reload, icon="refresh", key="f3")
        sources = {name: one.label for name, one in SOURCES.items() if one.roles & place.caller.roles}
        with web.element("div").classes("sf-split sf-inbox"):
            with web.element("section").props("aria-label=待办事项") as self.left:
                self.views = web.element("div").classes("sf-bar").props("role=group aria-label=按范围计数")
                self.grid = Grid(
                    place,
                    my_tasks,
                    order=order_of,
                    columns=(
                        Column("left_words", "期限", sortable=True, width=78),
                        Column("label", "类型", width=118),
                        Column("title", "事项", sortable=True),
                        Column("what", "需要做什么", width=128),
                        Column("who", "归属", width=76),
                        Column("due", "截止日期", width=90),
                        Column("since", "到达", sortable=True, width=84, show=lambda at: shown(at)[:10]),
                    ),
                    filters=(
                        Filter(VIEW, "范围", options={key: label for key, label in VIEWS.items() if key}, width=150),
                        Filter("source", "类型", options=sources, width=170),
                        Filter("text", "查找", personal=True, width=200),
                    ),
                    page_of=lambda found: (found.total, [_Line(line) for line in found.lines]),
                    on_pick=self._pick,
                    on_enter=self._enter,
                    on_loaded=self._loaded,
                    empty="没有待办事项",
                    label="待办",
                )
                self.grid.table.classes("sf-wrap")
            with web.element("section").props("aria-label=消息") as self.right:
                head("消息")
                self.told = web.element("ul").classes("sf-messages")
        web.timer(EVERY_SECONDS, self._watch, immediate=False)

    async def load(self) -> None:
        await self.reload()

    async def reload(self) -> None:
        await self.grid.load()
        answer = await call(my_notices, _NOTICES, quiet=True)
        if answer.ok:
            self._show_notices(answer.value)

    async def _watch(self) -> None:
        """Refresh the tasks in the background, without counting as activity of the session."""
        asked = order_of(self.grid.view)
        found = await look(self.place.desk, (my_tasks, asked), (my_notices, _NOTICES))
        if found is None or self.grid.box.is_deleted or asked != order_of(self.grid.view):
            return
        with self.left:
            await self.grid.show(found[0])
        self._show_notices(found[1])

    def _loaded(self, page: TaskPage) -> None:
        self.page = page
        if self.chosen is None or self.chosen.id not in self.grid.lines:
            self.chosen = None
            self.opening.enable(False)
        self.views.clear()
        with self.views:
            for key, label in VIEWS.items():
                number = page.views.get(key, 0)
                if not number and key in {"others", "overdue"}:
                    continue
                button = plain_button(f"{label} {number}", self._chooser(key)).mark(f"view-{key or 'all'}")
                if self.grid.view.text(VIEW) == key:
                    button.classes("sf-on").props("aria-pressed=true")

    def _chooser(self, key: str) -> Callable[[], None]:
        return lambda: self.grid.set_filter(VIEW, key)

    def _pick(self, line: _Line) -> None:
        self.chosen = line.line
        self.opening.enable()

    async def _enter(self, line: _Line) -> None:
        self._pick(line)
        await self.open()

    async def open(self) -> None:
        """Return where the task is done."""
        if self.chosen is not None:
            await self.place.open(self.chosen.module, **self.chosen.params)

    # ---------------------------------------------------------------- messages

    def _show_notices(self, notices: list[NoticeLine]) -> None:
        if self.told.is_deleted:
            return
        self.told.clear()
        with self.told:
            if not notices:
                TextElement(tag="li", text="没有消息").classes("sf-empty")
            for one in notices:
                with web.element("li").classes("" if one.read else "sf-message-new"):
                    with web.element("div").classes("sf-message-head"):
                        TextElement(tag="strong", text=one.subject)
                        TextElement(tag="time", text=shown(one.at))
                    TextElement(tag="p", text=one.body)
                    if not one.read:
                        plain_button("已读", self._reader(one.id)).mark(f"read-{one.id}")

    def _reader(self, notice_id: UUID) -> Callable[[], object]:
        async def read() -> None:
            # In the page itself: the button goes with the message that is drawn anew.
            with self.right:
                if (await call(read_notice, ReadNotice(notice_id))).ok:
                    answer = await call(my_notices, _NOTICES, quiet=True)
                    if answer.ok:
                        self._show_notices(answer.value)

        return read


async def build(place: Place) -> None:
    await InboxPage(place).load()


def draw_count(workspace: Host) -> None:
    """In the status bar: how many tasks wait and how many of them are overdue; a click opens them."""
    with web.element("button").props("type=button").classes("sf-alarms sf-news").mark("task-count") as button:
        label = TextElement(tag="span", text="")
    button.on("click", lambda: workspace.open("inbox"))
    button.set_visibility(False)

    async def count() -> None:
        found = await look(workspace.desk, (task_counts, None))
        if button.is_deleted or found is None:
            return
        waiting, overdue = found[0][""], found[0]["overdue"]
        label.text = f"待办 {waiting}" + (f"，超期 {overdue}" if overdue else "")
        button.classes(add="" if overdue else "sf-news", remove="sf-news" if overdue else "")
        button.set_visibility(waiting > 0)

    web.timer(_COUNT_SECONDS, count, immediate=True)


INBOX = Module("inbox", "待办", "inbox", "inbox", frozenset(MARKET), build, status=draw_count)
