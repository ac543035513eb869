"""待办: what must be done until which day, overdue first; opens where it is done, and goes away by the act itself."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from uuid import UUID

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from models.access import MARKET
from services.engine.listings import Line
from services.engine.notices import NoticeLine, my_notices, read_notice
from services.inbox.tasks import TASKS, task_counts
from ui.inbox.delegation import show_delegations
from ui.shell.buttons import plain_button
from ui.shell.call import call
from ui.shell.list_view import ListView, order_of
from ui.shell.message_pages import Way, way_to
from ui.shell.modules import Module
from ui.shell.parts import head
from ui.shell.place import Place
from ui.shell.status_count import look, status_count
from ui.shell.values import shown

EVERY_SECONDS = 30.0
#: Each look opens every sealed row that waits, which is not for nothing.
_COUNT_SECONDS = 60.0
_NOTICES = 30


class InboxPage:
    """Tasks on the left, messages on the right."""

    def __init__(self, place: Place) -> None:
        self.place = place
        place.command(
            "委托代办", lambda: show_delegations(self.place, self.reload), icon="supervisor_account", key="f2"
        )
        with web.element("div").classes("sf-split sf-inbox"):
            with web.element("section").props("aria-label=待办事项") as self.left:
                self.grid = ListView(place, TASKS, opens=self._open)
            with web.element("section").props("aria-label=消息") as self.right:
                head("消息")
                self.told = web.element("ul").classes("sf-messages")
        web.timer(EVERY_SECONDS, self._watch, immediate=False)

    async def _open(self, line: Line) -> None:
        """Open where the task is done."""
        await self.place.open(line.task.module, **line.task.params)

    async def reload(self) -> None:
        await self.grid.load()
        answer = await call(my_notices, _NOTICES, quiet=True)
        if answer.ok:
            self._show_notices(answer.value)

    async def _watch(self) -> None:
        """Refresh the tasks in the background, without counting as activity of the session."""
        asked = order_of(self.grid.view)
        found = await look(self.place.desk, (TASKS.query, asked), (my_notices, _NOTICES))
        if found is None or self.grid.box.is_deleted or asked != order_of(self.grid.view):
            return
        with self.left:
            await self.grid.show(found[0])
        self._show_notices(found[1])

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
                        way = way_to(self.place.workspace, one.object_kind, one.object_id)
                        if way is not None:
                            link = TextElement(tag="button", text=one.subject).classes("sf-link").props("type=button")
                            link.mark(f"open-{one.id}").on("click", partial(self._open_notice, one, way))
                        else:
                            TextElement(tag="strong", text=one.subject)
                        TextElement(tag="time", text=shown(one.at))
                    TextElement(tag="p", text=one.body)
                    if not one.read:
                        plain_button("已读", self._reader(one.id)).mark(f"read-{one.id}")

    async def _open_notice(self, one: NoticeLine, way: Way) -> None:
        """Open what a message is about, and take it as read."""
        # In the page itself: the button goes with the message that is drawn anew.
        with self.right:
            opened = await way()
        if opened is not None:
            await self._reader(one.id)()

    def _reader(self, notice_id: UUID) -> Callable[[], Awaitable[None]]:
        async def read() -> None:
            # In the page itself: the button goes with the message that is drawn anew.
            with self.right:
                if (await call(read_notice, notice_id)).ok:
                    answer = await call(my_notices, _NOTICES, quiet=True)
                    if answer.ok:
                        self._show_notices(answer.value)

        return read


async def build(place: Place) -> None:
    page = InboxPage(place)
    place.refresh = page.reload
    await page.reload()


def _told(counts: Mapping[str, int]) -> tuple[int, str]:
    waiting, overdue = counts[""], counts["overdue"]
    return waiting, f"待办 {waiting}" + (f"，超期 {overdue}" if overdue else "")


_COUNT = status_count(
    task_counts,
    "inbox",
    _told,
    mark="task-count",
    is_urgent=lambda counts: counts["overdue"] > 0,
    every=_COUNT_SECONDS,
)
INBOX = Module("inbox", "待办", "inbox", "inbox", frozenset(MARKET), build, status=_COUNT)
