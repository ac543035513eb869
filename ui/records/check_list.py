"""A list with one line for each member of a code, such as the conditions of a delivery: ticked or not, with its paper."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from services.engine.field_types.field import Field
from services.engine.findings import Finding
from services.engine.kinds import CheckLines, Child


class CheckList:
    """Holds the lines as a form does; what is not ticked yet is said above them."""

    def __init__(
        self,
        child: Child,
        checks: CheckLines,
        lines: Sequence[Mapping[str, Any]],
        *,
        changed: Callable[[], object],
    ) -> None:
        self.child, self.checks, self._changed = child, checks, changed
        fields = {field.name: field for field in child.fields}
        self._items = dict(fields[checks.item].options())
        self._beside = [field for name, field in fields.items() if name not in (checks.item, checks.met)]
        known = {str(line.get(checks.item)): line for line in lines}
        self.lines: list[dict[str, Any]] = [
            {**known.get(item, {}), checks.item: item, checks.met: known.get(item, {}).get(checks.met) is True}
            for item in self._items
        ]
        self._boxes: list[web.checkbox] = []
        self.told = TextElement(tag="p", text="").classes("sf-note").props("role=status").mark(f"missing-{child.name}")
        with web.element("ul").classes("sf-checks").props(f"aria-label={child.label}"):
            for line in self.lines:
                self._draw(line)
        self._tell()

    def _draw(self, line: dict[str, Any]) -> None:
        label = self._items[line[self.checks.item]]
        with web.element("li"):
            box = web.checkbox(label, value=line[self.checks.met]).props("dense")
            box.on_value_change(partial(self._ticked, line)).mark(f"met-{line[self.checks.item]}")
            self._boxes.append(box)
            for field in self._beside:
                text = web.input(value=field.as_text(line.get(field.name))).props("dense outlined autocomplete=off")
                text.props["aria-label"] = f"{label}{field.label}"
                text.props["placeholder"] = field.label
                text.props["maxlength"] = field.most or 200
                text.on_value_change(partial(self._typed, line, field)).mark(f"{field.name}-{line[self.checks.item]}")

    def _ticked(self, line: dict[str, Any], event: Any) -> None:
        line[self.checks.met] = bool(event.value)
        self._tell()
        self._changed()

    def _typed(self, line: dict[str, Any], field: Field, event: Any) -> None:
        value = field.from_text(str(event.value or ""))
        line.pop(field.name, None)
        if value is not None:
            line[field.name] = value
        self._changed()

    def _tell(self) -> None:
        missing = [self._items[line[self.checks.item]] for line in self.lines if not line[self.checks.met]]
        told = f"已具备{len(self.lines) - len(missing)}项，共{len(self.lines)}项"
        self.told.text = f"{told}；尚缺：{'、'.join(missing)}" if missing else f"{told}，已齐全"

    def tell(self, findings: Sequence[tuple[int, str, Finding]]) -> None:
        """Mark the lines that findings are about."""
        wrong = {row for row, _, _ in findings}
        for place, box in enumerate(self._boxes):
            box.classes(remove="sf-check-wrong")
            if place in wrong:
                box.classes("sf-check-wrong")

    def reach(self, row: int, name: str) -> None:
        """Put the keyboard on a line."""
        if 0 <= row < len(self._boxes):
            self._boxes[row].run_method("$el.focus")
