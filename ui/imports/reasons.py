"""按原因归类: the reasons of the rows that wait, each with one repair for all its rows."""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from uuid import UUID

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from services.imports.repairs import MendAll, Reason, mend_all, reasons
from ui.shell.buttons import main_button, plain_button
from ui.shell.call import call
from ui.shell.dialogs import answer_of, question
from ui.shell.fields import text_field
from ui.shell.form import Form, ask_form
from ui.shell.parts import empty, note
from ui.shell.place import Place

_SHOWN = 60


async def show_reasons(place: Place, session_id: UUID, changed: Callable[[], Awaitable[object]]) -> None:
    """Show the reasons over the page until one is chosen to be repaired, then repair all its rows."""
    found: Sequence[Reason] = (await call(reasons, session_id)).or_end()
    total = len(found)
    with question(f"待改正的原因：{total}类", classes="sf-outcomes") as dialog:
        if not found:
            empty("没有待改正的行")
        with web.element("ul").classes("sf-said").props("aria-label=待改正的原因"):
            for number, one in enumerate(found[:_SHOWN]):
                with web.element("li"):
                    TextElement(tag="strong", text=f"{one.rows:,} 行")
                    with web.element("div"):
                        value = f"“{one.value}”" if one.value else "（空）"
                        TextElement(tag="span", text=f"{one.column}{value}：{one.message}")
                        rows = "、".join(str(row) for row in one.sheet_rows) + ("等" if one.rows > 10 else "")
                        TextElement(tag="p", text=f"第{rows}行").classes("sf-help")
                        if one.repeated:
                            note("逐行改正：各行改为同一内容仍会重复")
                            continue
                        pick = partial(dialog.submit, one)
                        mend = plain_button(f"全部改正（{one.rows:,} 行）", pick, icon="build").mark(f"mend-{number}")
                        mend.props("" if number else "autofocus")
        with web.element("div").classes("sf-buttons"):
            main_button("关闭", lambda: dialog.submit(None)).props("" if found else "autofocus").mark("reasons-close")
    chosen: Reason = await answer_of(dialog, Reason)
    await _mend(place, session_id, chosen)
    await changed()


async def _mend(place: Place, session_id: UUID, one: Reason) -> None:
    def draw(form: Form) -> None:
        # Of what should not be there, the repair is an empty cell.
        clears = "不填即清空" if one.value else ""
        form.add(text_field("text", f"{one.column}改为", longest=200, required=not one.value, help=clears))

    told = [
        f"{one.rows:,} 行的“{one.column}”现为“{one.value or '空'}”：{one.message}",
        "每行重新核验，逐行留存改正记录。",
    ]
    asked = await ask_form("同类错误全部改正", draw, yes="全部改正", told=told)
    good = bad = 0
    refused: list[str] = []
    line_id = one.line_id
    while True:
        order = MendAll(session_id, line_id, one.column, one.code, asked["text"] or "")
        done = (await call(mend_all, order)).or_end()
        good, bad = good + done.good, bad + done.bad
        refused += done.refused
        if not done.left or not (done.good or done.bad):
            break
        after = (await call(reasons, session_id)).or_end()
        same = [two for two in after if (two.column, two.code, two.value) == (one.column, one.code, one.value)]
        if not same:
            break
        line_id = same[0].line_id
    words = f"已改正 {good + bad:,} 行，其中可提交 {good:,} 行，仍待改正 {bad:,} 行"
    words += f"；未办理 {len(refused):,} 行（{refused[0]}）" if refused else ""
    place.say(words, "good" if not bad and not refused else "warn")
