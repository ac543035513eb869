"""Conflict with a colleague's save of the draft: both contents are shown, and nothing is overwritten unasked (market
3.4).
"""

from collections.abc import Mapping
from enum import Enum
from typing import Any

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from services.engine.cycle_orders import RevisionView
from services.engine.field_types.field import Field
from services.engine.field_types.refs import Ref
from services.engine.kinds import Kind
from ui.shell.buttons import danger_button, main_button, plain_button
from ui.shell.dialogs import answer_of, question


class Choice(Enum):
    LATEST = "latest"
    MINE = "mine"


async def choose_between(kind: Kind, message: str, mine: Mapping[str, Any], latest: RevisionView) -> Choice | None:
    """Ask which content to keep; None when the user postpones the choice."""
    with question("这份草稿已被修改", classes="sf-compare") as dialog:
        dialog.mark("overtaken")
        TextElement(tag="p", text=message)
        box = web.element("div")
        with web.element("div").classes("sf-buttons"):
            plain_button("稍后处理", lambda: dialog.submit(None))
            plain_button("对比", lambda: _draw(box, kind, mine, latest), icon="difference").mark("overtaken-compare")
            danger_button("保留我填写的", lambda: dialog.submit(Choice.MINE)).mark("overtaken-mine")
            main_button("载入最新", lambda: dialog.submit(Choice.LATEST)).props("autofocus").mark("overtaken-latest")
    return await answer_of(dialog, Choice)


def _draw(box: web.element, kind: Kind, mine: Mapping[str, Any], latest: RevisionView) -> None:
    """Draw every field that differs."""
    box.clear()
    different = [
        field
        for field in kind.fields
        if field.as_text(mine.get(field.name)) != field.as_text(latest.values.get(field.name))
    ]
    with box:
        if not different:
            TextElement(tag="p", text="各栏内容相同，明细或附件可能有变化。")
            return
        with web.element("table").classes("sf-compare-table"):
            with web.element("thead"), web.element("tr"):
                for words in ("项目", "我填写的", f"最新（{latest.updated_by}）"):
                    TextElement(tag="th", text=words).props("scope=col")
            with web.element("tbody"):
                for field in different:
                    with web.element("tr").classes("sf-change-changed"):
                        TextElement(tag="th", text=field.label).props("scope=row")
                        TextElement(tag="td", text=_words(field, mine.get(field.name))).props("data-label=我填写的")
                        TextElement(tag="td", text=_words(field, latest.values.get(field.name))).props(
                            "data-label=最新"
                        )


def _words(field: Field, value: Any) -> str:
    text = field.as_text(value)
    if not text:
        return "—"
    return "（另一条记录）" if isinstance(field, Ref) else field.options().get(text, text)
