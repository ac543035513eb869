"""消息与待办 (the bell): tasks and messages of the user; each opens the thing it is about."""

from functools import partial
from typing import Any

from nicegui import background_tasks
from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from services.engine.listings import LISTINGS, ListRows
from services.engine.notices import NoticeLine, my_notices, read_notice, unread_notices
from services.engine.paging import Paging
from ui.shell.buttons import icon_button, plain_button
from ui.shell.call import call
from ui.shell.message_pages import Way, way_to
from ui.shell.parts import badge, empty
from ui.shell.status_count import look
from ui.shell.values import shown
from ui.shell.workspace import Workspace

_EVERY_SECONDS = 60.0
_MOST_NOTICES, _MOST_TASKS = 30, 8
_TASKS = "inbox"
#: Alt and this letter open the panel; no menu has it.
_LETTER = "N"


class Bell:
    """The button in the menu bar with its count, and the panel it opens."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        with icon_button("notifications_none", "消息与待办", self.open).classes("sf-bell").mark("bell") as self.button:
            self.button.props["data-alt"] = _LETTER.lower()
            self.button.props["aria-keyshortcuts"] = f"Alt+{_LETTER}"
            self.button.props["title"] = f"消息与待办（Alt+{_LETTER}）"
            self.count = TextElement(tag="span", text="").classes("sf-bell-count").props("aria-hidden=true")
        self.count.set_visibility(False)
        web.timer(_EVERY_SECONDS, self.watch, immediate=True)
        name = f"bell {self.button.client.id}"
        workspace.desk.on_acted.append(lambda: background_tasks.create_lazy(self.watch(), name=name))

    async def watch(self) -> None:
        """Count again in the background."""
        found: Any = await look(self.workspace.desk, (unread_notices, None))
        if found is None or self.button.is_deleted:
            return
        number = found[0]
        words = "99+" if number > 99 else str(number)
        if words != self.count.text:
            self.count.text = words
            self.count.set_visibility(number > 0)
            self.button.props["aria-label"] = f"消息与待办，未读消息 {words} 条" if number else "消息与待办"

    async def open(self) -> None:
        """Open the panel with what waits first, then the messages."""
        with (
            web.dialog(value=True).props("position=right").mark("bell-panel") as dialog,
            web.card().classes("sf-dialog sf-bell-panel"),
        ):
            with web.element("div").classes("sf-buttons"):
                TextElement(tag="h2", text="消息与待办")
                icon_button("close", "关闭消息", dialog.close).props("autofocus")
            body = web.element("div").classes("sf-bell-body")
        dialog.on("hide", dialog.delete)
        with body:
            await self._draw(dialog, body)

    async def _draw(self, dialog: web.dialog, body: web.element) -> None:
        tasks = await self._tasks()
        told = await call(my_notices, _MOST_NOTICES, quiet=True)
        if body.is_deleted:
            return
        notices = [one for one in told.value if not one.read] if told.ok else []
        body.clear()
        with body:
            if tasks:
                self._draw_tasks(dialog, tasks)
            TextElement(tag="h3", text=f"未读消息 {len(notices)}")
            if not notices:
                empty("没有未读消息。办完的事项自动从这里消失")
            with web.element("ul").classes("sf-messages"):
                for one in notices:
                    self._draw_notice(dialog, body, one)
        # The keyboard begins at the first thing that can be opened.
        body.client.run_javascript(f"document.querySelector('#{body.html_id} .sf-link')?.focus()")

    async def _tasks(self) -> list[Any]:
        """Return the tasks of the user, soonest first, where the user has a list of them."""
        listing = LISTINGS.get(_TASKS)
        if listing is None or (not self.workspace.list_module(_TASKS) and _TASKS not in self.workspace.modules):
            return []
        answer = await call(listing.query, ListRows({}, Paging(size=_MOST_TASKS)), quiet=True)
        return list(answer.value.lines) if answer.ok else []

    def _draw_tasks(self, dialog: web.dialog, tasks: list[Any]) -> None:
        with web.element("div").classes("sf-bell-head"):
            TextElement(tag="h3", text="待办")
            plain_button("全部待办", partial(self._go, dialog, _TASKS, {}))
        with web.element("ul").classes("sf-messages"):
            for line in tasks:
                with web.element("li"), web.element("div").classes("sf-message-head"):
                    link = TextElement(tag="button", text=line.title).classes("sf-link").props("type=button")
                    link.on("click", partial(self._go, dialog, line.task.module, dict(line.task.params)))
                    if words := LISTINGS[_TASKS].columns[0].show:
                        badge(words(line.left)) if line.left is not None else None
                    TextElement(tag="span", text=line.what)

    def _draw_notice(self, dialog: web.dialog, body: web.element, one: NoticeLine) -> None:
        way = way_to(self.workspace, one.object_kind, one.object_id)
        with web.element("li").classes("sf-message-new"):
            with web.element("div").classes("sf-message-head"):
                if way is not None:
                    link = TextElement(tag="button", text=one.subject).classes("sf-link").props("type=button")
                    link.mark(f"bell-{one.id}").on("click", partial(self._open_notice, dialog, one, way))
                else:
                    TextElement(tag="strong", text=one.subject)
                TextElement(tag="time", text=shown(one.at))
            TextElement(tag="p", text=one.body)

            async def read() -> None:
                with body:
                    if (await call(read_notice, one.id)).ok:
                        await self._draw(dialog, body)

            plain_button("已读", read).mark(f"bell-read-{one.id}")

    async def _open_notice(self, dialog: web.dialog, one: NoticeLine, way: Way) -> None:
        """Open what a message is about, and take it as read."""
        dialog.close()
        with self.workspace.strip:
            if await way() is not None:
                await call(read_notice, one.id, quiet=True)
            await self.watch()

    async def _go(self, dialog: web.dialog, module: str, params: dict[str, str]) -> None:
        dialog.close()
        with self.workspace.strip:
            await self.workspace.open(module, params)
