"""A version of a record to be read: its sections, lists, what differs from its source, and two versions in comparison."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from models.codes import Toned
from services.engine.cycle import acts
from services.engine.cycle_orders import (
    Changed,
    ChangedLine,
    Compare,
    Comparison,
    Difference,
    RevisionView,
    VersionLine,
)
from services.engine.doubles import DOUBLE
from services.engine.field_types.field import Field
from services.engine.findings import Finding, Severity, rule_number
from services.engine.kinds import Child, Kind
from services.engine.listings import Line
from ui.records.list_editors import editor_of
from ui.shell.buttons import main_button
from ui.shell.call import call
from ui.shell.dialogs import answer_of, question
from ui.shell.parts import badge, head, note
from ui.shell.rows import Rows
from ui.shell.sheet import Column
from ui.shell.values import large_money, shown

#: A wider text takes the whole width.
_WIDE = 24
#: So many differences of a list from its source are shown.
_MOST_TOLD = 20
#: What is drawn below the text of a value, by the control its type names, such as a map below an outline.
DRAWN: dict[str, Callable[[RevisionView], None]] = {}


def draw_values(
    kind: Kind, view: RevisionView, *, changed: Comparison | None = None, beside: Callable[[Field], None] | None = None
) -> None:
    """Draw fields by section, then the lists. Those in `changed` are marked; `beside` draws beside each."""
    sections = kind.look.sections
    was = {one.field: one.left for one in changed.fields} if changed else {}
    differs = {one.field: one.given for one in view.differences}
    typed = view.typed if not view.editable else {}
    if not kind.fields or kind.fields[0].name not in sections:
        head("基本信息")
    box = None
    for field in kind.fields:
        if field.name in sections:
            head(sections[field.name])
            box = None
        box = box or web.element("div").classes("sf-form sf-record-shown").style("--columns: 2")
        with box:
            _draw_field(field, view.values.get(field.name), was, differs, typed.get(field.name, ""), beside)
            if (drawn := DRAWN.get(field.control)) is not None and view.values.get(field.name):
                with web.element("div").style("grid-column: 1 / -1"):
                    drawn(view)
    for child in kind.children:
        with web.element("section").props(f"id=child-{child.name}"):
            _draw_child(kind, child, view, changed)


def _draw_child(kind: Kind, child: Child, view: RevisionView, changed: Comparison | None) -> None:
    if child.name in view.closed:
        head(child.label)
        note("明细只有填报单位一级可以查看")
        return
    lines = [one for one in changed.lines if one.child == child.name] if changed else []
    if (make := editor_of(kind.name, child.name)) is not None:
        head(f"{child.label}（{len(view.children.get(child.name, ()))}行）")
        make(child, view, None)
        draw_changed_lines(lines)
        return
    draw_lines(child, view.children.get(child.name, ()), lines)
    draw_list_differences(child, view.differences)
    _draw_typed(child, view.typed if not view.editable else {})


def draw_list_differences(child: Child, differences: Sequence[Difference]) -> None:
    """Draw below a list in what it differs from its source."""
    told = [one for one in differences if one.field.partition(".")[0] == child.name]
    words = [f"{one.label}：来源为{one.given or '无'}，填报为{one.now or '无'}" for one in told[:_MOST_TOLD]]
    words += [f"另有{len(told) - _MOST_TOLD}处与来源不一致"] if len(told) > _MOST_TOLD else []
    if words:
        with web.element("ul").classes("sf-line-changes").props(f"aria-label={child.label}与来源不一致"):
            for one in words:
                TextElement(tag="li", text=one).classes("sf-wrong")


def _draw_field(
    field: Field,
    value: Any,
    was: Mapping[str, str],
    differs: Mapping[str, str],
    typed: str,
    beside: Callable[[Field], None] | None,
) -> None:
    text = with_unit(field, value)
    wide = "span 2" if len(text) > _WIDE else "auto"
    with web.element("div").classes("sf-field").style(f"grid-column: {wide}") as box:
        TextElement(tag="span", text=field.label).classes("sf-label")
        with web.element("div").classes("sf-record-value"):
            output = TextElement(tag="output", text=text or "—").classes("sf-shown")
            output.props["aria-label"] = field.label
            if typed and typed != text:
                draw_as_typed(typed)
            if field.name in was:
                box.classes("sf-changed")
                TextElement(tag="small", text=f"生效版本：{was[field.name] or '（空）'}").classes("sf-was")
            if field.name in differs:
                TextElement(tag="small", text=f"来源为：{differs[field.name] or '（空）'}，与填报不一致").classes(
                    "sf-wrong"
                )
        if beside is not None:
            beside(field)


def draw_as_typed(text: str) -> None:
    """Return what was typed, beside the form in which it is kept."""
    TextElement(tag="small", text=as_typed(text)).classes("sf-typed")


def as_typed(text: str) -> str:
    return f"录入：“{text}”"


def _draw_typed(child: Child, typed: Mapping[str, str]) -> None:
    """Return what was typed in a list, line by line."""
    labels = {field.name: field.label for field in child.fields}
    told = []
    for place, text in typed.items():
        name, _, rest = place.partition(".")
        number, _, field = rest.partition(".")
        if name == child.name and field in labels:
            told.append((int(number), f"第{number}行{labels[field]} {as_typed(text)}"))
    if told:
        with web.element("ul").classes("sf-line-changes").props(f"aria-label={child.label}录入内容"):
            for _, words in sorted(told):
                TextElement(tag="li", text=words).classes("sf-typed")


def with_unit(field: Field, value: Any) -> str:
    """A value with its unit."""
    text = shown(value)
    more = large_money(value) if field.unit == "元" else ""
    return f"{text} {field.unit}{more}" if text and field.unit else text


def draw_lines(child: Child, lines: Sequence[Mapping[str, Any]], changed: Sequence[ChangedLine] = ()) -> None:
    """A list under a record, and which of its lines changed."""
    head(f"{child.label}（{len(lines)}行）")
    columns = [Column(field.name, field.head, number=field.number) for field in child.fields]
    rows = Rows(columns, label=child.label, empty="没有内容")
    rows.show([Line(**cells) for cells in lines])
    if changed:
        draw_changed_lines(changed)


#: What a finding means to who fills in.
FINDING_WORDS = {Severity.REFUSE: "须修改", Severity.PENDING: "未核验", Severity.WARN: "提示"}
HOW = {"added": Toned("新增", "good"), "removed": Toned("删除", "bad"), "changed": Toned("修改", "warn")}


def draw_changed_lines(changed: Sequence[ChangedLine]) -> None:
    """Lines that were added, removed or changed, by their business key."""
    with web.element("ul").classes("sf-line-changes").props("aria-label=明细变化"):
        for one in changed:
            with web.element("li").classes(f"sf-change-{one.how}"):
                badge(HOW.get(one.how, one.how))
                TextElement(tag="strong", text=one.key)
                if words := "；".join(_change_words(one.how, field) for field in one.fields):
                    TextElement(tag="span", text=words)


def _change_words(how: str, field: Changed) -> str:
    left = f"{field.left}（{as_typed(field.left_typed)}）" if field.left_typed else field.left
    right = f"{field.right}（{as_typed(field.right_typed)}）" if field.right_typed else field.right
    if how == "changed":
        return f"{field.label}：{left or '空'} → {right or '空'}"
    return f"{field.label}：{right if how == 'added' else left}"


async def compare(kind: Kind, record_id: UUID, left: int, right: int) -> Comparison | None:
    """Return the differences between two versions; None, without a message, when they are not available."""
    answer = await call(acts(kind).compare, Compare(record_id, left, right), quiet=True)
    return answer.value if answer.ok else None


async def show_comparison(kind: Kind, record_id: UUID, left: int, right: int) -> None:
    """Show every difference of two versions over the page until it is closed."""
    answer = await call(acts(kind).compare, Compare(record_id, left, right))
    if not answer.ok:
        return
    found = answer.value
    title = f"{kind.label}：第{found.left.version_no}版 与 第{found.right.version_no}版"
    with question(title, classes="sf-compare") as dialog:
        dialog.mark("comparison")
        if not found.fields and not found.lines:
            note("两个版本的内容完全相同。")
        if found.fields:
            draw_changes(("项目", _named(found.left), _named(found.right), "变化"), found.fields)
        for child in kind.children:
            if lines := [line for line in found.lines if line.child == child.name]:
                head(f"{child.label}：{len(lines)}行有变化")
                draw_changed_lines(lines)
        with web.element("div").classes("sf-buttons"):
            main_button("关闭", lambda: dialog.submit(None)).props("autofocus").mark("compare-close")
    await answer_of(dialog, object)


def draw_changes(heads: Sequence[str], changed: Sequence[Changed]) -> None:
    """Draw fields with both their values under these heads; under a fourth head, how each changed."""
    with web.element("div").classes("sf-scroll"), web.element("table").classes("sf-compare-table"):
        with web.element("thead"), web.element("tr"):
            for words in heads:
                TextElement(tag="th", text=words).props("scope=col")
        with web.element("tbody"):
            for one in changed:
                with web.element("tr").classes(f"sf-change-{one.how}"):
                    TextElement(tag="th", text=one.label).props("scope=row")
                    _side(one.left, one.left_typed, heads[1])
                    _side(one.right, one.right_typed, heads[2])
                    if len(heads) > 3:
                        with web.element("td"):
                            badge(HOW.get(one.how, one.how))


def draw_beside(double: Finding) -> None:
    """Draw a likely double beside what was filled in, field by field; what differs is marked."""
    if lines := double.evidence.get("alike"):
        told = [
            Changed(label, label, mine, theirs, "changed" if mine != theirs else "same")
            for label, mine, theirs in lines
        ]
        draw_changes(("项目", "本次填写", "已有记录"), told)


def reason_label(code: str) -> str:
    """Return what the reason for a warning is called."""
    number = rule_number(code)
    return "不是同一条记录的理由" if code == DOUBLE else f"{number} 的理由" if number else "仍要提交的理由"


def _side(text: str, typed: str, label: str) -> None:
    """A value of one version, with what was typed where that is another form of it."""
    with web.element("td") as cell:
        cell.props["data-label"] = label
        TextElement(tag="span", text=text or "—")
        if typed:
            draw_as_typed(typed)


def _named(version: VersionLine) -> str:
    at = version.effective_from or version.submitted_at
    return f"第{version.version_no}版（{version.state.label}{'，' + shown(at)[:10] if at else ''}）"


def who_submits(view: RevisionView | None) -> str:
    """Words after a check without findings: a draft may be another role's to submit."""
    return "可以提交" if view is not None and "submit" in view.ways else "可以请有提交权限的同事提交"
