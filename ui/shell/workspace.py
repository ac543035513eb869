"""The workspace of one browser tab: modules open as inner tabs that can be closed, with an address to come back to."""

import inspect
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from urllib.parse import urlencode

from nicegui import background_tasks
from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from ui.plain import note
from ui.shell.buttons import plain_button
from ui.shell.call import Ended
from ui.shell.desk import Desk
from ui.shell.dialogs import FINDER, confirm, is_covered
from ui.shell.modules import Module
from ui.shell.parts import empty
from ui.shell.place import Command, Place

MOST_TABS = 10


class Workspace:
    """Open tabs and what belongs to the one in front."""

    def __init__(self, desk: Desk, modules: Sequence[Module]) -> None:
        self.desk = desk
        self.modules = {module.key: module for module in modules}
        self.places: dict[str, Place] = {}
        #: Whether a module was refused, because there is none or the user may not use it.
        self.refused = False
        self._tabs: dict[str, tuple[web.tab, web.tab_panel, TextElement]] = {}
        self._last_in_front: Place | None = None
        self._drawing: set[str] = set()
        #: Opens the finder; the frame sets it.
        self.on_find: Callable[[], object] = lambda: None
        #: Opens the manual at the page in front; the frame sets it.
        self.on_help: Callable[[], object] = lambda: None
        #: What follows once the first page is drawn; the frame sets it.
        self.on_opened: Callable[[], Awaitable[object]] = _nothing
        desk.on_acted.append(self._acted)

    def draw(self, toolbar: web.element) -> None:
        """Tab strip and panels into the current container; commands go to `toolbar`."""
        self.toolbar = toolbar
        self.strip = web.tabs(on_change=lambda event: self._in_front(event.value)).classes("sf-tabs")
        self.strip.props("dense no-caps align=left inline-label outside-arrows mobile-arrows aria-label=打开的页面")
        self.panels = web.tab_panels(self.strip, animated=False).classes("sf-panels")

    @property
    def front(self) -> Place | None:
        return self.places.get(str(self.strip.value or ""))

    async def open(self, key: str, params: Mapping[str, str] | None = None) -> Place | None:
        """Bring a module to the front, opening it when it is not open; None when there is no such module for him."""
        module = self.modules.get(key)
        if module is None:
            self.refused = True
            self.desk.say("没有这个功能，或您的岗位不能使用", "bad")
            return None
        params = dict(params or {})
        tab_key = f"{key}:{params.get('id', '')}" if module.several else key
        place = self.places.get(tab_key)
        if place is not None and params and params != place.params and not module.several:
            await self.close(tab_key)
            place = None
        if place is None:
            if len(self.places) >= MOST_TABS:
                self.desk.say(f"最多同时打开{MOST_TABS}个页面，请先关闭不用的页面", "warn")
                return None
            place = Place(self, module.key, module.title, tab_key, params)
            await self._build(place, module)
        elif params and self.front is place:
            # A message about the record in view: it may be another since.
            self._freshen(place)
        else:
            place.stale = place.stale or bool(params)
            self.strip.set_value(tab_key)
        return place

    async def open_anew(self, key: str, params: Mapping[str, str]) -> Place | None:
        """Open a list with these filters and no others, whatever it was narrowed by before."""
        await self.close(key, ask=False)
        return await self.open(key, params)

    def list_module(self, listing: str) -> str:
        """The key of the module that shows a listing to this user, or nothing."""
        return next((key for key, module in self.modules.items() if module.listing == listing), "")

    async def _build(self, place: Place, module: Module) -> None:
        key = place.key
        self.places[key] = place
        with self.strip, web.tab(key, label="").classes("sf-tab") as tab:
            title = TextElement(tag="span", text=place.title)
            # For the mouse alone: a tab may hold nothing else that has the keyboard, which closes it by Delete or Alt+0.
            close = web.element("span").classes("sf-close").props("aria-hidden=true")
            close.props["title"] = f"关闭{place.title}"
            tab.props["aria-keyshortcuts"] = "Delete"
            close.mark(f"close-{key}").on("click.stop", lambda: self.close(key))
        with self.panels, web.tab_panel(key).classes("sf-panel") as panel:
            pass
        self._tabs[key] = (tab, panel, title)
        self._drawing.add(key)
        self.strip.set_value(key)
        try:
            with panel:
                drawn = module.build(place)
                if inspect.isawaitable(drawn):
                    await drawn
        except Ended:
            pass
        except Exception as problem:
            reference = note(problem, module.key)
            if not panel.is_deleted:
                panel.clear()
                with panel:
                    empty(f"此页面未能打开（编号 {reference}）")
                self.desk.say(f"“{place.title}”未能打开，请稍后重试（编号 {reference}）", "bad")
        finally:
            self._drawing.discard(key)
        if self.front is place and not self.strip.is_deleted:
            self._arrive()

    async def close(self, key: str, *, ask: bool = True) -> bool:
        """Close a tab; unsaved input is asked about first. True when it is closed."""
        place = self.places.get(key)
        if place is None:
            return True
        if ask and place.is_dirty():
            await confirm("本页有未保存的内容，确定关闭？", yes="关闭")
        order = list(self.places)
        tab, panel, _ = self._tabs.pop(key)
        del self.places[key]
        if self.strip.value == key:
            at = order.index(key)
            rest = [other for other in order if other != key]
            self.strip.set_value(rest[min(at, len(rest) - 1)] if rest else None)
        self.panels.remove(panel)
        self.strip.remove(tab)
        if not self.places:
            self._in_front(None)
        return True

    def rename(self, place: Place, title: str) -> None:
        self._tabs[place.key][2].text = title

    def commands_changed(self, place: Place) -> None:
        if self.front is place:
            self._draw_commands(place)

    def address_changed(self, place: Place) -> None:
        if self.front is place:
            self._tell_address(place)

    async def hotkey(self, combo: str) -> None:
        """Run a key: a command of the front tab, the n-th tab, or closing the front tab; none under an open dialog."""
        with self.strip.client:
            # The browser sends Ctrl+K from a finder only after its Enter: it asks anew.
            if is_covered() and not (combo == "ctrl+k" and is_covered(FINDER)):
                return
        if combo in ("ctrl+k", "f1"):
            with self.strip:
                self.on_find() if combo == "ctrl+k" else self.on_help()
            return
        if combo == "alt+0":
            if self.front is not None:
                await self.close(self.front.key)
            return
        if combo.startswith("alt+") and combo[4:].isdigit():
            keys = list(self.places)
            number = int(combo[4:]) - 1
            if 0 <= number < len(keys):
                self.strip.set_value(keys[number])
            return
        if self.front is not None:
            meant = [command for command in self.front.commands if command.key == combo]
            if meant:
                await self._run(self.front, *meant)

    async def _run(self, place: Place, *meant: Command) -> None:
        """Run the first of some commands that can be used, or say what they wait for, once a chosen line is read."""
        async with place.taking:
            command = next((one for one in meant if one.enabled), meant[0])
        if not command.enabled:
            self.desk.say(command.needs or f"“{command.label}”现在不能使用", "warn")
            return
        done = command.run()
        if inspect.isawaitable(done):
            await done

    def _in_front(self, key: object) -> None:
        place = self.places.get(str(key or ""))
        left, self._last_in_front = self._last_in_front, place
        if left is not None and left is not place and left.key in self.places:
            left.on_left()
        if left is not place:
            self.desk.moved()
        self._draw_commands(place)
        self._tell_address(place)
        if place is not None and place.stale:
            self._freshen(place)
        # A page that is being drawn puts the keyboard where it wants it; only then it is our turn.
        if place is not None and place.key not in self._drawing:
            self._arrive()
        self.desk.show_findings(())

    def _freshen(self, place: Place) -> None:
        place.stale = False
        if place.refresh is not None and not place.is_dirty():
            background_tasks.create(place.refresh(), name="follow what was done", context=self._tabs[place.key][1])

    def _acted(self) -> None:
        for place in self.places.values():
            place.stale = place is not self.front

    def _arrive(self) -> None:
        """Put the keyboard into the page in front, unless it is in one."""
        self.strip.client.run_javascript("sfArrive()")

    def _draw_commands(self, place: Place | None) -> None:
        self.toolbar.clear()
        if place is None:
            return
        with self.toolbar:
            for command in place.commands:
                command.button = plain_button(command.label, partial(self._run, place, command), icon=command.icon)
                command.show()
                if command.key:
                    with command.button:
                        TextElement(tag="kbd", text=command.key.replace("ctrl", "Ctrl").upper().replace("CTRL", "Ctrl"))

    def _tell_address(self, place: Place | None) -> None:
        query = urlencode({"open": place.module, **place.params}) if place else ""
        address = json.dumps("/?" + query if query else "/")
        # The module's own name: a tab's may be a number or a name, and browsers keep titles.
        title = json.dumps(f"{place.title} · 申房" if place else "申房", ensure_ascii=False)
        module = json.dumps(place.module if place else "")
        web.run_javascript(f"history.replaceState(null, '', {address}); document.title = {title}; sfFront({module})")


async def _nothing() -> None:
    """Do nothing."""
