"""An outline that is looked at: map, points, areas beside those of papers, what was found, and files to take along (row 80)."""

from collections.abc import Callable, Sequence
from functools import partial

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from models.codes import Toned
from services.engine.cycle_orders import RevisionView
from services.space.planes import Pair
from services.space.red_line import KIND
from services.space.red_line_papers import FORMS, ExportRedLine, export_red_line
from services.space.red_line_views import LookAt, OutlineView, look_at
from services.space.space_findings import SpaceFinding
from ui.records.shown import DRAWN
from ui.shell.buttons import plain_button
from ui.shell.call import call
from ui.shell.parts import badge, note
from ui.space.outline_box import OutlineBox


def draw_found(findings: Sequence[SpaceFinding], go: Callable[[Pair], object], *, sound: bool = True) -> None:
    """Draw what was found in an outline, each with the way to its place; nothing found is said where it means something."""
    if not findings and not sound:
        return
    with web.element("section").classes("sf-outline-found").props("aria-label=检查结果"):
        if not findings:
            TextElement(
                tag="p", text="检查通过：闭合、界址点、相交、坐标范围、面积、相邻范围、行政区均未发现问题"
            ).classes("sf-note").mark("outline-sound")
            return
        with web.element("ul").classes("sf-outline-faults"):
            for finding in findings:
                with web.element("li"):
                    badge(Toned("提示", "warn") if finding.note or finding.warns else Toned("须改正", "bad"))
                    TextElement(tag="span", text=f"{finding.rule} {finding.message}".strip())
                    if finding.place is not None:
                        plain_button("定位", partial(go, finding.place)).mark("finding-place")


def draw_compared(view: OutlineView) -> None:
    """Draw area and perimeter, and the areas that papers state."""
    told = f"按坐标计算：面积{view.area:,.2f}平方米，{view.area / 10000:.4f}公顷，{view.area * 3 / 2000:.3f}亩；周长{view.perimeter:,.2f}米。{view.label}"
    TextElement(tag="p", text=told).classes("sf-outline-area").mark("outline-area")
    if not view.compared:
        return
    heads = ("依据", "所载面积（㎡）", "按坐标计算与其相差（㎡）", "相差比例")
    with web.element("table").classes("sf-compare-table"):
        with web.element("thead"), web.element("tr"):
            for words in heads:
                TextElement(tag="th", text=words).props("scope=col")
        with web.element("tbody"):
            for one in view.compared:
                with web.element("tr"):
                    TextElement(tag="th", text=one.paper).props("scope=row")
                    cells = (f"{one.stated:,.2f}", f"{one.difference:+,.2f}", f"{one.percent:+.2f}%")
                    for label, words in zip(heads[1:], cells, strict=True):
                        cell = TextElement(tag="td", text=words)
                        cell.props["data-label"] = label


def draw_seen(view: RevisionView) -> None:
    """Draw the outline of a version once it was read."""
    with web.element("div").classes("sf-outline-seen") as box:
        note("正在载入界址范围……")

        async def load() -> None:
            answer = await call(look_at, LookAt(view.revision_id), quiet=True)
            if box.is_deleted:
                return
            box.clear()
            with box:
                if answer.ok:
                    _draw(view, answer.value)
                else:
                    note(answer.message)

        web.timer(0.05, load, once=True)


def _draw(view: RevisionView, seen: OutlineView) -> None:
    of_red_line = view.kind == KIND
    if of_red_line:
        with web.element("div").classes("sf-outline-bring"):
            for form, label in FORMS.items():
                plain_button(label, partial(_take_along, view, form), icon="download").mark(f"export-{form}")
    map_ = OutlineBox("", label="界址范围", editable=False)
    map_.show_shape(seen.polygons, "已载入")
    map_.show(seen)
    draw_found(seen.findings, map_.go, sound=of_red_line)
    draw_compared(seen)


async def _take_along(view: RevisionView, form: str) -> None:
    made = (await call(export_red_line, ExportRedLine(view.revision_id, form))).or_end()
    web.download.content(made.content, made.file_name, made.media_type)


DRAWN["outline"] = draw_seen
