"""Matching heads: which column of the file each of ours is taken from."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from nicegui import ui as web
from openpyxl.utils import get_column_letter

from services.engine.listings import Line
from services.imports.listings import heads_to_match
from services.imports.uploads import MatchHeads, match_heads
from ui.shell.buttons import main_button
from ui.shell.call import call
from ui.shell.fields import choice_field
from ui.shell.form import Form
from ui.shell.parts import head, note
from ui.shell.place import Place


async def draw_heads(place: Place, session_id: UUID, why: str, after: Callable[[], Awaitable[None]]) -> None:
    """Draw the form into the current container; what was understood already is filled in."""
    answer = await call(heads_to_match, session_id)
    if not answer.ok:
        return
    found: Line = answer.value
    options = {str(at): f"{get_column_letter(at + 1)}列：{text}" for at, text in found.heads}
    head("对应表头")
    note(f"{why}；也可以在这里指定每个栏目取自文件的哪一列，没有的选填栏目留空。")
    with Form(columns=2) as form:
        for column in found.columns:
            label, value = column.label, str(found.known.get(column.label, ""))
            empty = "请选择" if column.required else "（不读取）"
            form.add(choice_field(label, label, options, value=value, required=column.required, empty=empty))

    async def match() -> None:
        values = form.read()
        if values is None:
            return
        places = {label: int(value) for label, value in values.items() if value}
        if (await call(match_heads, MatchHeads(session_id, places), button=button)).ok:
            place.say("已按指定的列重新读取", "good")
            await after()

    with web.element("div").classes("sf-buttons sf-pad"):
        button = main_button("按此对应读取", match, icon="done").mark("match-heads")
