"""委托代办: have a colleague see what waits while one is away; what was given and what was taken over, over the page."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any
from uuid import UUID

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from services.engine.listings import Line
from services.inbox.delegations import Delegate, colleagues, delegate, delegations, take_back
from ui.shell.buttons import plain_button
from ui.shell.call import call
from ui.shell.fields import choice_field, date_field, text_field
from ui.shell.form import Form
from ui.shell.parts import badge, head, note
from ui.shell.place import Place


async def show_delegations(place: Place, changed: Callable[[], Awaitable[None]]) -> None:
    """Over the page until it is closed; `changed` is called when something was given or taken back."""
    done = (await call(colleagues)).or_end()
    with (
        web.dialog(value=True).props("persistent").mark("delegations") as dialog,
        web.card().classes("sf-dialog sf-compare"),
    ):
        TextElement(tag="h2", text="委托代办")
        note("委托期间，同事能看到您的待办并以他本人的名义办理；您仍可自己办理。")
        today = place.desk.door.clock.today()
        named = {str(key): label for key, label in done.items()}
        if named:
            _draw_form(place, named, today, lambda: _draw_list(place, box, changed), changed)
        else:
            note("本单位没有相同岗位的其他同事，无法委托。")
        box = web.element("div")
        with web.element("div").classes("sf-buttons"):
            plain_button("关闭", lambda: dialog.submit(None)).mark("delegations-close")
        dialog.on("keydown.escape", lambda: dialog.submit(None))
    dialog.on("hide", dialog.delete)
    await _draw_list(place, box, changed)


def _draw_form(
    place: Place,
    named: dict[str, str],
    today: date,
    drawn: Callable[[], Awaitable[None]],
    changed: Callable[[], Awaitable[None]],
) -> None:
    with Form(columns=2) as form:
        form.add(choice_field("to", "受托人", named, required=True))
        form.add(text_field("reason", "原因", longest=200, required=True))
        form.add(date_field("from", "开始日期", value=today, required=True))
        form.add(date_field("until", "结束日期", required=True))

    async def give(values: dict[str, Any]) -> None:
        order = Delegate(UUID(values["to"]), values["from"], values["until"], values["reason"])
        if (await call(delegate, order)).ok:
            place.say("已委托，到期自动失效", "good")
            form.fill({"reason": "", "until": ""})
            await drawn()
            await changed()

    form.sends("委托", give, mark="delegate")
    form.focus("to")


async def _draw_list(place: Place, box: web.element, changed: Callable[[], Awaitable[None]]) -> None:
    answer = await call(delegations, quiet=True)
    if not answer.ok or box.is_deleted:
        return
    box.clear()
    with box:
        head("委托记录")
        if not answer.value:
            note("没有委托记录")
        with web.element("ul").classes("sf-line-changes").props("aria-label=委托记录"):
            for line in answer.value:
                _draw_line(place, box, line, changed)


def _draw_line(place: Place, box: web.element, line: Line, changed: Callable[[], Awaitable[None]]) -> None:
    async def end() -> None:
        with box:
            if (await call(take_back, line.id)).ok:
                place.say("已收回委托", "good")
                await _draw_list(place, box, changed)
                await changed()

    with web.element("li"):
        badge(line.state)
        TextElement(tag="strong", text=f"委托给{line.who}" if line.out else f"{line.who}委托给我")
        words = f"{line.valid_from.isoformat()} 至 {line.valid_to.isoformat()}　{line.reason}"
        TextElement(tag="span", text=words)
        if line.endable:
            plain_button("收回", end).mark(f"take-back-{line.id}")
