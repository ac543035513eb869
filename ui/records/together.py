"""Several records on one page: each with its own form, state and submission; the toolbar serves the one with the keyboard."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from services.engine.cycle import acts
from services.engine.cycle_orders import Begin
from services.engine.dependencies import NodeRecord
from services.engine.kinds import Kind, may_draft
from ui.records.record_page import RecordPage
from ui.shell.buttons import plain_button
from ui.shell.call import call
from ui.shell.choice import Choice
from ui.shell.desk import Desk
from ui.shell.parts import empty, uuid_of
from ui.shell.place import Command, Place


class _Within:
    """The host of a record's page inside another page, whose place it shares."""

    def __init__(self, together: "Together", name: str) -> None:
        self.together, self.name = together, name
        self._outer = together.place
        self.desk: Desk = self._outer.desk

    @property
    def modules(self) -> Mapping[str, object]:
        return self._outer.workspace.modules

    @property
    def front(self) -> Place | None:
        return self._outer.workspace.front

    async def open(self, key: str, params: Mapping[str, str] | None = None) -> Place | None:
        return await self._outer.workspace.open(key, params)

    async def open_anew(self, key: str, params: Mapping[str, str]) -> Place | None:
        return await self._outer.workspace.open_anew(key, params)

    def list_module(self, listing: str) -> str:
        return self._outer.workspace.list_module(listing)

    async def close(self, key: str, *, ask: bool = True) -> bool:
        """Show that the record of this part is gone."""
        await self.together.load()
        return True

    def rename(self, place: Place, title: str) -> None:
        """The tab is named by the whole page."""

    def commands_changed(self, place: Place) -> None:
        self.together.follow(self.name)

    def address_changed(self, place: Place) -> None:
        self._outer.keep(**{self.name: place.params.get("id", "")})


class Together:
    """`kinds` side by side; `load` is asked for the page's content again, `own` are the page's own commands."""

    def __init__(
        self,
        place: Place,
        kinds: Sequence[Kind],
        *,
        about: UUID,
        load: Callable[[], Any],
        own: Callable[[], Sequence[Command]],
    ) -> None:
        self.place, self.kinds, self.about = place, {kind.name: kind for kind in kinds}, about
        self.load, self._own = load, own
        self.parts: dict[str, Place] = {}
        self.pages: dict[str, RecordPage] = {}
        self._boxes: dict[str, web.element] = {}
        self.active = next(iter(self.kinds))
        place.is_dirty = lambda: any(part.is_dirty() for part in self.parts.values())
        place.on_left = lambda: [part.on_left() for part in self.parts.values()]

    async def draw(self, records: Mapping[str, Sequence[NodeRecord]], *, keeps: bool) -> None:
        """Draw a part for each kind, with the record that the address names or the one that is on its way."""
        self.parts, self.pages = {}, {}
        with web.element("div").classes("sf-together-forms"):
            for name, kind in self.kinds.items():
                box = self._boxes[name] = web.element("section").classes("sf-together-form")
                box.props["aria-label"] = kind.label
                box.on("focusin", partial(self.turn_to, name))
        for name, kind in self.kinds.items():
            with self._boxes[name]:
                await self._draw_part(kind, tuple(records.get(name, ())), keeps=keeps)
        self.turn_to(self.active, anew=True)

    async def _draw_part(self, kind: Kind, records: Sequence[NodeRecord], *, keeps: bool) -> None:
        drafts = keeps and may_draft(kind, self.place.caller)
        wanted = uuid_of(self.place.params.get(kind.name, ""))
        chosen = next((one for one in records if one.record_id == wanted), None) or _first(records)
        with web.element("div").classes("sf-head sf-child-head"):
            TextElement(tag="span", text=kind.label)
            web.space()
            if len(records) > 1:
                names = {str(one.record_id): _named(one) for one in records}
                value = str(chosen.record_id) if chosen else ""
                Choice(names, value=value, name=f"选择{kind.label}", on_change=partial(self._choose, kind)).mark(
                    f"choose-{kind.name}"
                )
            if drafts:
                plain_button("新增", partial(self.begin, kind), icon="add").mark(f"begin-{kind.name}")
        if chosen is None:
            empty(f"还没有{kind.label}" + ("，点“新增”开始填写" if drafts else ""))
            return
        part = Place(_Within(self, kind.name), self.place.module, kind.label, f"{self.place.key}:{kind.name}")
        part.params = {"id": str(chosen.record_id)}
        self.parts[kind.name] = part
        self.pages[kind.name] = RecordPage(part, kind)
        await self.pages[kind.name].load()

    async def begin(self, kind: Kind) -> None:
        """Begin a record of a kind on this page, after what is typed is saved."""
        await self.save()
        done = (await call(acts(kind).begin, Begin(about=self.about))).or_end()
        self.active = kind.name
        self.place.keep(**{kind.name: done.record_id})
        await self.load()

    async def _choose(self, kind: Kind, event: Any) -> None:
        if event.value and event.value != self.place.params.get(kind.name):
            await self.save()
            self.active = kind.name
            self.place.keep(**{kind.name: event.value})
            await self.load()

    # ---------------------------------------------------------------- the part with the keyboard

    def turn_to(self, name: str, *, anew: bool = False) -> None:
        """Let the toolbar serve a part."""
        if name == self.active and not anew:
            return
        self.active = name
        for other, box in self._boxes.items():
            box.classes(
                add="sf-together-now" if other == name else "", remove="" if other == name else "sf-together-now"
            )
        self.follow(name)

    def follow(self, name: str) -> None:
        """Show the commands of the part with the keyboard, and those of the page."""
        if name != self.active:
            return
        part = self.parts.get(name)
        self.place.commands[:] = [*(part.commands if part is not None else ()), *self._own()]
        self.place.workspace.commands_changed(self.place)

    def next_part(self) -> None:
        """Put the keyboard into the next part."""
        names = list(self.kinds)
        name = names[(names.index(self.active) + 1) % len(names)]
        self.turn_to(name)
        page = self.pages.get(name)
        if page is not None and page.form is not None:
            page.form.focus_first()
        else:
            self._boxes[name].run_method("scrollIntoView", {"block": "nearest"})
        self.place.say(f"已切换到{self.kinds[name].label}", "info")

    async def save(self) -> None:
        """Save what is typed in any part."""
        for page in self.pages.values():
            if page.saver is not None:
                await page.saver.save()

    async def submit_all(self) -> None:
        """Submit every part that may be submitted, each by its own rules; what stops one does not stop another."""
        ready = [name for name, page in self.pages.items() if page.view is not None and "submit" in page.view.ways]
        if not ready:
            self.place.say("没有可以提交的记录", "warn")
            return
        for name in ready:
            self.turn_to(name)
            await self.pages[name].submit()
        left = [name for name in ready if (view := self.pages[name].view) is not None and "submit" in view.ways]
        if left:
            self.place.say(
                "未能提交：" + "、".join(self.kinds[name].label for name in left) + "，见各表的核验结果", "bad"
            )
        else:
            self.place.say(f"已提交{len(ready)}份记录", "good")


def _first(records: Sequence[NodeRecord]) -> NodeRecord | None:
    """Return what is on its way, else what came last."""
    return next((one for one in records if one.open_revision is not None), records[-1] if records else None)


def _named(one: NodeRecord) -> str:
    state = one.open_state.label if one.open_state is not None else "生效" if one.in_force else ""
    return f"{one.title}（{state}）" if state else one.title
