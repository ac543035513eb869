"""The editable lines of a list under a record: typed, pasted, removed; the page around it is not redrawn meanwhile."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from nicegui import events
from nicegui.element import Element

from models.letters import initials
from services.engine.field_types.field import Field
from services.engine.field_types.refs import Ref
from services.engine.field_types.texts import BuildingNo
from services.engine.findings import Finding, Severity
from services.engine.kinds import Child
from services.engine.references import target_of
from ui.records.picker import seek

_LONGEST = 500


class ChildTable(Element, component="child_table.js"):
    """`lines` are raw values by field, `names` the names of referenced ids; `changed` is called after every change.

    `unseen` values of a line go with it and are not shown, such as the id of its record; a copied line has none.
    """

    def __init__(
        self,
        child: Child,
        lines: Sequence[Mapping[str, Any]],
        *,
        editable: bool,
        names: Mapping[str, str] | None = None,
        changed: Callable[[], object] = lambda: None,
        unseen: Sequence[str] = (),
        project_id: UUID | None = None,
    ) -> None:
        super().__init__()
        self.child = child
        self._fields = {field.name: field for field in child.fields}
        self._changed = changed
        self._unseen = tuple(unseen)
        self._project_id = project_id
        self._names = dict(names or {})
        self.lines: list[dict[str, Any]] = [dict(line) for line in lines]
        self._props["name"] = child.label
        self._props["editable"] = editable
        self._props["most"] = child.most
        self._props["cellId"] = f"{self.html_id}-cell"
        self._props["columns"] = tuple(_column(field, self._names) for field in child.fields)
        self._props["lines"] = self._shown()
        self.mark(f"child-{child.name}")
        if editable:
            self.on("lines", self._told)
            self.on("seek", self._seek)

    def fill(self, lines: Sequence[Mapping[str, Any]], names: Mapping[str, str] | None = None) -> None:
        """Show other lines instead; `names` of the records that they refer to."""
        self._names |= names or {}
        self.lines = [dict(line) for line in lines]
        self._props["lines"] = self._shown()
        self.run_method("fill", self._props["lines"], self._names)

    def tell(self, findings: Sequence[tuple[int, str, Finding]]) -> None:
        """Return what is wrong with which cell: row from 0, field, finding."""
        told = {f"{row}:{name}": (one.message, one.severity is Severity.WARN) for row, name, one in findings}
        self.run_method("mark", told)

    def reach(self, row: int, name: str) -> None:
        """Put the keyboard into a cell."""
        self.run_method("reach", row, name)

    def _shown(self) -> tuple[dict[str, str], ...]:
        return tuple(
            {
                **{name: field.as_text(line.get(name)) for name, field in self._fields.items()},
                **{name: str(line[name]) for name in self._unseen if line.get(name)},
            }
            for line in self.lines
        )

    def _told(self, event: events.GenericEventArguments) -> None:
        sent = event.args if isinstance(event.args, list) else []
        self.lines = [self._line(one) for one in sent[: self.child.most + 1] if isinstance(one, dict)]
        # What is drawn anew must not bring back the values from when the page was opened.
        self._props["lines"] = self._shown()
        self._changed()

    def _line(self, sent: Mapping[str, Any]) -> dict[str, Any]:
        line: dict[str, Any] = {name: str(sent[name])[:_LONGEST] for name in self._unseen if sent.get(name)}
        for name, field in self._fields.items():
            value = field.from_text(str(sent.get(name) or "")[: field.most or _LONGEST])
            if value is not None:
                line[name] = value
        return line

    async def _seek(self, event: events.GenericEventArguments) -> None:
        asked = event.args if isinstance(event.args, dict) else {}
        field = self._fields.get(str(asked.get("name")))
        if not isinstance(field, Ref):
            return
        found = await seek(target_of(field), str(asked.get("text") or ""), self._project_id)
        if not self.is_deleted:
            self._names |= {str(one.id): one.label for one in found}
            self.run_method("offer", field.name, [{"value": str(one.id), "label": one.label} for one in found])


def _column(field: Field, names: Mapping[str, str]) -> dict[str, Any]:
    column: dict[str, Any] = {
        "name": field.name,
        "label": field.label,
        "required": field.required,
        "unit": field.unit,
        "help": field.help,
        "number": field.number,
        "grouped": field.grouped,
        "most": field.most or _LONGEST,
        "width": field.child_width,
        "counts": isinstance(field, BuildingNo),
    }
    if options := field.options():
        column["options"] = _options(options)
    elif isinstance(field, Ref):
        column["seek"] = True
        column["names"] = dict(names)
    return column


def _options(labels: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"value": value, "label": label, "keys": initials(label).casefold()} for value, label in labels.items()]
