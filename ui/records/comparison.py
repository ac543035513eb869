"""Two versions of a record in comparison: added, removed and changed values by field and line."""

from uuid import UUID

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from services.engine.cycle import acts
from services.engine.cycle_orders import Compare, Comparison, VersionLine
from services.engine.kinds import Kind
from ui.records.shown import HOW, draw_as_typed, draw_changed_lines
from ui.shell.buttons import main_button
from ui.shell.call import call
from ui.shell.parts import badge, head, note
from ui.shell.values import shown


async def compare(kind: Kind, record_id: UUID, left: int, right: int) -> Comparison | None:
    """Return the differences between two versions; None, without a message, when they are not available."""
    answer = await call(acts(kind).compare, Compare(record_id, left, right), quiet=True)
    return answer.value if answer.ok else None


async def show_comparison(kind: Kind, record_id: UUID, left: int, right: int) -> None:
    """Over the page until it is closed."""
    answer = await call(acts(kind).compare, Compare(record_id, left, right))
    if not answer.ok:
        return
    with web.dialog().props("persistent") as dialog, web.card().classes("sf-dialog sf-compare").mark("comparison"):
        draw_comparison(kind, answer.value)
        with web.element("div").classes("sf-buttons"):
            main_button("关闭", lambda: dialog.submit(None)).props("autofocus").mark("compare-close")
        dialog.on("keydown.escape", lambda: dialog.submit(None))
    await dialog
    if not dialog.is_deleted:
        dialog.delete()


def draw_comparison(kind: Kind, found: Comparison) -> None:
    """Draw both versions' heads, then every difference."""
    TextElement(tag="h2", text=f"{kind.label}：第{found.left.version_no}版 与 第{found.right.version_no}版")
    if not found.fields and not found.lines:
        note("两个版本的内容完全相同。")
        return
    if found.fields:
        with web.element("div").classes("sf-scroll"), web.element("table").classes("sf-compare-table"):
            with web.element("thead"), web.element("tr"):
                for words in ("项目", _named(found.left), _named(found.right), "变化"):
                    TextElement(tag="th", text=words).props("scope=col")
            with web.element("tbody"):
                for one in found.fields:
                    with web.element("tr").classes(f"sf-change-{one.how}"):
                        TextElement(tag="th", text=one.label).props("scope=row")
                        _side(one.left, one.left_typed, "原")
                        _side(one.right, one.right_typed, "现")
                        with web.element("td"):
                            badge(HOW.get(one.how, one.how))
    for child in kind.children:
        if lines := [line for line in found.lines if line.child == child.name]:
            head(f"{child.label}：{len(lines)}行有变化")
            draw_changed_lines(lines)


def _side(text: str, typed: str, label: str) -> None:
    """A value of one version, with what was typed where that is another form of it."""
    with web.element("td").props(f"data-label={label}"):
        TextElement(tag="span", text=text or "—")
        if typed:
            draw_as_typed(typed)


def _named(version: VersionLine) -> str:
    at = version.effective_from or version.submitted_at
    return f"第{version.version_no}版（{version.state.label}{'，' + shown(at)[:10] if at else ''}）"
