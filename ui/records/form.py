"""The form of a record: sections of fields and lists as its kind declares them, with input and faults."""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Protocol, runtime_checkable

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from services.engine.cycle_orders import Difference, RevisionView
from services.engine.field_types.field import Field as Shape
from services.engine.field_types.refs import Ref
from services.engine.findings import Finding, Severity
from services.engine.kinds import Kind
from services.engine.references import target_of
from services.engine.rule_fields import sentences_of
from services.records.offered_lines import OfferedLines, offered_lines
from ui.records.check_list import CheckList
from ui.records.child_table import ChildTable
from ui.records.files import FilesField
from ui.records.list_editors import ListEditor, editor_of
from ui.records.picker import Picker
from ui.records.shown import draw_list_differences
from ui.records.tick_lines import ask_lines
from ui.records.workbooks import draw_list_buttons
from ui.shell.buttons import plain_button
from ui.shell.call import call
from ui.shell.choice import Choice
from ui.shell.fields import Field, choice_field, date_field, number_field, text_field
from ui.shell.form import Form
from ui.shell.parts import head
from ui.shell.place import Place

_LONG_TEXT = 4000
#: Texts wider than this take the whole width.
_WIDE = 160


def field_for(
    shape: Shape, value: Any, *, names: Mapping[str, str], columns: int, changed: Callable[..., Any]
) -> Field:
    """The control of a field with its value; `changed` is called at every key."""
    draw: Callable[..., Field] = CONTROLS.get(shape.control, _line)
    made = draw(shape, shape.as_text(value), names, columns, required=shape.required, help=shape.help)
    made.control.mark(f"field-{shape.name}")
    made.control.on_value_change(changed)
    return made


def _line(shape: Shape, text: str, names: Mapping[str, str], columns: int, **told: Any) -> Field:
    longest = shape.most or 200
    span = columns if longest > _WIDE else 1
    return text_field(shape.name, shape.label, value=text, longest=longest, span=span, **told)


def _lines(shape: Shape, text: str, names: Mapping[str, str], columns: int, **told: Any) -> Field:
    return text_field(shape.name, shape.label, value=text, longest=_LONG_TEXT, lines=3, span=columns, **told)


def _choice(shape: Shape, text: str, names: Mapping[str, str], columns: int, **told: Any) -> Field:
    empty = "" if shape.required else "不填"
    return choice_field(shape.name, shape.label, shape.options(), value=text, empty=empty, **told)


def _day(shape: Shape, text: str, names: Mapping[str, str], columns: int, **told: Any) -> Field:
    return date_field(shape.name, shape.label, value=text, **told)


def _number(shape: Shape, text: str, names: Mapping[str, str], columns: int, **told: Any) -> Field:
    return number_field(shape.name, shape.label, value=text, unit=shape.unit, **told)


def _picker(shape: Shape, text: str, names: Mapping[str, str], columns: int, **told: Any) -> Field:
    assert isinstance(shape, Ref)
    picker = Picker(target_of(shape), value=text, label=names.get(text, ""), name=shape.label)
    return Field(shape.name, shape.label, picker, str, **told)


#: How a control that a type of fields names is drawn; the control of any other type is a line of text.
CONTROLS: dict[str, Callable[..., Field]] = {
    "text": _line,
    "lines": _lines,
    "choice": _choice,
    "day": _day,
    "number": _number,
    "picker": _picker,
}


COLUMNS = 2
#: A part of a page is shown, and the keyboard put on the first thing in it that takes it.
_REACH = """const part = %s.querySelector('[id="%s"]'); part?.scrollIntoView({block: "nearest"});
  (part?.querySelector("button:not([disabled]), input:not([type=file]), [tabindex]") ?? part)?.focus()"""
#: `instalments.2.amount`: a cell of a list, counted from 1.
_CELL = re.compile(r"(\w+)\.(\d{1,6})(?:\.(\w+))?")


def found_in(content: Mapping[str, Any], name: str) -> Any:
    """Return what a finding is about: a value, the files of a slot, a list, its line or a cell of it."""
    place = _CELL.fullmatch(name)
    if place is None:
        return content.get(name)
    lines = content.get(place[1], ())[int(place[2]) - 1 :]
    line = lines[0] if lines else {}
    return line.get(place[3]) if place[3] else line


def reach_part(element: str, within: web.element | None = None) -> None:
    """Show a part of the page by its id, looked for in an element of it, and put the keyboard there."""
    whole = "document" if within is None else f"getHtmlElement({within.id})"
    web.run_javascript(_REACH % (whole, element))


@runtime_checkable
class OfRecord(Protocol):
    """A control that needs its whole record, such as an outline its neighbours: called once the form's fields are there."""

    def of_record(self, form: "RecordForm", view: RevisionView) -> None: ...


class RecordForm:
    """`changed` is called at every key."""

    #: The attachments of the same draft, once these are drawn.
    files: FilesField | None = None

    def __init__(
        self,
        place: Place,
        kind: Kind,
        view: RevisionView,
        *,
        changed: Callable[[], object],
    ) -> None:
        self.place, self.kind = place, kind
        self._shapes = {shape.name: shape for shape in kind.fields}
        self._changed = changed
        self.fields: dict[str, Field] = {}
        self.tables: dict[str, ChildTable | CheckList | ListEditor] = {}
        self._told: dict[str, web.element] = {}
        self._anchors: dict[str, web.element] = {}
        self._draw_fields(view)
        self._draw_children(view)

    def _draw_fields(self, view: RevisionView) -> None:
        sections = self.kind.look.sections
        if not self.kind.fields or self.kind.fields[0].name not in sections:
            head("基本信息")
        form = None
        for shape in self.kind.fields:
            if shape.name in sections:
                head(sections[shape.name])
                form = None
            form = form or Form(columns=COLUMNS)
            with form:
                value = view.values.get(shape.name)
                typed = partial(self._typed_in, shape.name)
                field = field_for(shape, value, names=view.names, columns=COLUMNS, changed=typed)
                field.says_rules(sentences_of(self.kind.name).get(shape.name, ()))
                self.fields[shape.name] = field
        for field in tuple(self.fields.values()):
            if isinstance(field.control, OfRecord):
                field.control.of_record(self, view)

    def _draw_children(self, view: RevisionView) -> None:
        for child in self.kind.children:
            with web.element("section").props(f"id=child-{child.name}") as anchor:
                with web.element("div").classes("sf-head sf-child-head") as top:
                    TextElement(tag="span", text=child.label)
                    web.space()
                self._anchors[child.name] = anchor
                if (make := editor_of(self.kind.name, child.name)) is not None:
                    self.tables[child.name] = make(child, view, self._changed)
                    continue
                lines = view.children.get(child.name, ())
                if child.checks is not None:
                    self.tables[child.name] = CheckList(child, child.checks, lines, changed=self._changed)
                    continue
                table = ChildTable(
                    child,
                    lines,
                    editable=True,
                    names=view.names,
                    changed=self._changed,
                    project_id=view.project_id,
                )
                self.tables[child.name] = table
                with top:
                    if child.offers is not None:
                        tick = partial(self._tick, view, table)
                        plain_button("勾选", tick, icon="checklist").mark(f"tick-{child.name}")
                    draw_list_buttons(self.place, self.kind, child, view, table, self._changed)

    async def _tick(self, view: RevisionView, table: ChildTable) -> None:
        """Have lines ticked that this record may have, by what is filled in now."""
        order = OfferedLines(view.revision_id, table.child.name, self.values())
        offers = (await call(offered_lines, order)).or_end()
        if not offers:
            self.place.say(f"没有可勾选的{table.child.label}", "warn")
            return
        lines, names = await ask_lines(table.child, offers, table.lines)
        if not table.is_deleted:
            table.fill(lines, names)
            self._changed()
            self.place.say(f"已勾选，{table.child.label}共{len(lines)}行", "good")

    def _typed_in(self, name: str, *_: object) -> None:
        if name in self.fields:
            self.fields[name].mark("")
        self._changed()

    # ---------------------------------------------------------------- values

    def values(self) -> dict[str, Any]:
        """Return the raw values of the controls, without empty ones."""
        found = {}
        for name, field in self.fields.items():
            value = self._shapes[name].from_text(str(field.value or ""))
            if value is not None:
                found[name] = value
        return found

    def children(self) -> dict[str, list[dict[str, Any]]]:
        return {name: [dict(line) for line in table.lines] for name, table in self.tables.items()}

    def content(self) -> dict[str, Any]:
        """Return all that findings may be about, by the name they give it."""
        files = self.files.ids() if self.files is not None else {}
        return {**self.values(), **self.children(), **{f"files.{slot}": ids for slot, ids in files.items()}}

    # ---------------------------------------------------------------- what is wrong, what differs

    def mark(self, findings: Sequence[Finding]) -> None:
        """Show findings beside what they are about."""
        words: dict[str, list[Finding]] = {}
        cells: dict[str, list[tuple[int, str, Finding]]] = {}
        for finding in findings:
            place = _CELL.fullmatch(finding.field)
            if finding.field in self.fields:
                if finding.severity is not Severity.PENDING:
                    words.setdefault(finding.field, []).append(finding)
            elif place and place[1] in self.tables:
                table = self.tables[place[1]]
                name = place[3] or table.child.fields[0].name
                cells.setdefault(place[1], []).append((int(place[2]) - 1, name, finding))
        for name, field in self.fields.items():
            found = words.get(name, [])
            hint = bool(found) and all(one.severity is Severity.WARN for one in found)
            field.mark("；".join(one.message for one in found), hint=hint)
        for name, table in self.tables.items():
            table.tell(cells.get(name, ()))

    def point_at(self, names: Sequence[str]) -> None:
        """Mark the fields a reviewer pointed at when he sent the record back."""
        for name in names:
            if name in self.fields:
                self.fields[name].box.classes("sf-pointed")

    def show_differences(self, differences: Sequence[Difference]) -> None:
        """In red under each field whose value is not the source's, with a way back to it; then the lists."""
        for child in self.kind.children:
            if child.name in self._told:
                self._told.pop(child.name).delete()
            with self._anchors[child.name], web.element("div") as told:
                draw_list_differences(child, differences)
            self._told[child.name] = told
        by_name = {one.field: one for one in differences if one.field in self.fields}
        for name in [name for name in self._told if name in self.fields and name not in by_name]:
            self._told.pop(name).delete()
        for name, one in by_name.items():
            field = self.fields[name]
            if name in self._told:
                self._told.pop(name).delete()
            with field.box, web.element("div").classes("sf-differs") as told:
                TextElement(tag="span", text=f"来源为：{one.given or '空'}")
                plain_button("恢复原值", lambda name=name, given=one.given: self.restore(name, given)).mark(
                    f"restore-{name}"
                )
            self._told[name] = told

    def restore(self, name: str, given: str) -> None:
        """Take the source's value again."""
        field = self.fields[name]
        if isinstance(field.control, Choice):
            by_label = {label: value for value, label in field.control.options.items()}
            given = by_label.get(given, given)
        field.value = given
        if name in self._told:
            self._told.pop(name).delete()
        self._changed()

    # ---------------------------------------------------------------- the keyboard

    def reach(self, name: str) -> bool:
        """Put the keyboard where a finding points; false when that is nowhere on this form."""
        place = _CELL.fullmatch(name)
        if name in self.fields:
            self.fields[name].focus()
        elif place and place[1] in self.tables:
            self.tables[place[1]].reach(int(place[2]) - 1, place[3] or "")
        elif name in self._anchors:
            reach_part(f"child-{name}")
        else:
            return False
        return True

    def focus_first(self) -> None:
        for name, field in self.fields.items():
            if not field.value or self._shapes[name].control == "text":
                field.focus()
                return
