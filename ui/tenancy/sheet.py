"""Input of the guided form: a nested dictionary of text, the mounted fields, and their faults."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from nicegui import Client
from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from models.normal import BadText, parse_day
from services.engine.findings import Finding
from services.engine.rule_fields import sentences_by_field
from services.tenancy.counter_forms import short_day
from services.tenancy.form_parser import FormReading, read_lease_form
from services.tenancy.rules.catalogue import FILING_RULES
from ui.shell.choice import Choice
from ui.shell.desk import desk_of
from ui.shell.fields import Field, area_field, choice_field, count_field, date_field, money_field, text_field

_LONGEST = 200


class Sheet:
    """`raw` has the shape of `LeaseForm`, every value as it was typed; a path is `lessors.0.name`."""

    def __init__(self, raw: dict[str, Any], *, today: date, changed: Callable[[], None]) -> None:
        self.raw, self.today = raw, today
        self._changed = changed
        self._client = web.context.client
        self._fields: dict[str, Field] = {}
        self._spots: dict[str, TextElement] = {}
        self._touched: set[str] = set()
        self._days: set[str] = set()
        self._strict = False
        #: What the server found, by field, until that field changes.
        self.told: dict[str, list[Finding]] = {}
        #: What the step in hand asks for beyond the form's own reading.
        self.more: Callable[[], list[Finding]] = list

    def get(self, path: str) -> Any:
        """Return the value at a path; None when it was never typed."""
        found: Any = self.raw
        for key in path.split("."):
            if isinstance(found, list):
                found = found[int(key)] if key.isdigit() and int(key) < len(found) else None
            elif isinstance(found, dict):
                found = found.get(key)
            else:
                return None
        return found

    def text(self, path: str) -> str:
        found = self.get(path)
        return "" if found is None else str(found)

    def put(self, path: str, value: Any) -> None:
        """Set a value; findings about the old one are dropped."""
        *way, last = path.split(".")
        where: Any = self.raw
        for key in way:
            where = where[int(key)] if isinstance(where, list) else where.setdefault(key, {})
        if isinstance(where, list):
            where[int(last)] = value
        elif where.get(last) == value:
            return
        else:
            where[last] = value
        self.told.pop(path, None)
        self._changed()

    def day(self, path: str) -> date | None:
        try:
            return parse_day(self.text(path))
        except BadText:
            return None

    def reading(self) -> FormReading:
        return read_lease_form(self.raw)

    # ---------------------------------------------------------------- fields

    def unmount(self) -> None:
        """The step is left; its fields are gone."""
        self._fields.clear()
        self._spots.clear()
        self._touched.clear()
        self._strict = False

    def line(self, path: str, label: str, *, span: int = 1, lines: int = 1, **more: Any) -> Field:
        """A text field. More may be typed than is allowed, so that nothing is cut off without a word."""
        longest = 4000 if lines > 1 else _LONGEST
        return self._bind(path, text_field(path, label, longest=longest, lines=lines, span=span, **more))

    def choice(
        self,
        path: str,
        label: str,
        options: Mapping[str, str],
        *,
        on_change: Callable[..., Any] | None = None,
        **more: Any,
    ) -> Field:
        field = self._bind(path, choice_field(path, label, options, value=self.text(path), **more))
        if on_change is not None:
            # After binding, so that it finds the new value on the sheet.
            field.control.on_value_change(lambda _: on_change())
        return field

    def date(self, path: str, label: str, **more: Any) -> Field:
        self._days.add(path)
        return self._bind(path, date_field(path, label, **more), after=self._shorthand)

    def money(self, path: str, label: str, **more: Any) -> Field:
        return self._bind(path, money_field(path, label, **more))

    def area(self, path: str, label: str, **more: Any) -> Field:
        return self._bind(path, area_field(path, label, **more))

    def count(self, path: str, label: str, **more: Any) -> Field:
        return self._bind(path, count_field(path, label, **more))

    def spot(self, path: str) -> TextElement:
        """A place for what is wrong with a whole part of the form."""
        spot = TextElement(tag="p", text="").classes("sf-wrong sf-spot").props("role=alert")
        spot.set_visibility(False)
        self._spots[path] = spot
        return spot

    def field(self, path: str) -> Field:
        """A mounted field."""
        return self._fields[path]

    def forget(self, path: str) -> None:
        """A field was taken off the page while its step goes on."""
        self._fields.pop(path, None)

    def refill(self, path: str) -> None:
        """Show what was put there by something else than typing."""
        if path in self._fields:
            self._fields[path].control.set_value(self.text(path))

    def listen(self, path: str, heard: Callable[[], Any]) -> None:
        """Do something when a mounted field changes."""
        self._fields[path].control.on_value_change(lambda _: heard())

    def _bind(self, path: str, field: Field, *, after: Callable[[str], None] | None = None) -> Field:
        control = field.control
        if not isinstance(control, Choice):
            control.props(f"maxlength={max(_LONGEST, 4000 if 'rows' in control.props else 0)}")
            control.set_value(self.text(path))

        def typed(value: Any) -> None:
            self.put(path, "" if value is None else value)
            if field.wrong:
                self.show()

        def left() -> None:
            if after is not None:
                after(path)
            self._touched.add(path)
            self.show()

        control.on_value_change(lambda event: typed(event.value))
        if isinstance(control, Choice):
            control.on_value_change(lambda _: left())
        else:
            control.on("blur", left)
        control.mark(f"field-{path}")
        field.says_rules(sentences_by_field(FILING_RULES, {path}).get(path, ()))
        self._fields[path] = field
        return field

    def settle(self) -> None:
        """Short dates become days even when the key that goes on was faster than the field."""
        for path in self._days & set(self._fields):
            self._shorthand(path)

    def _shorthand(self, path: str) -> None:
        typed = self.text(path)
        day = short_day(typed, start=self.day("start") if path != "start" else None, today=self.today)
        if day != typed:
            self._fields[path].control.set_value(day)

    # ---------------------------------------------------------------- what is wrong

    def show(self) -> None:
        """Show faults beside each field that was left, or beside all once the step was to be left."""
        by_place: dict[str, list[str]] = {}
        for finding in (*self.reading().findings, *self.more()):
            self._place(finding, by_place, told=False)
        for findings in self.told.values():
            for finding in findings:
                self._place(finding, by_place, told=True)
        for path, field in self._fields.items():
            words = "；".join(dict.fromkeys(by_place.get(path, ())))
            if field.wrong != words:
                field.mark(words)
        for path, spot in self._spots.items():
            words = "；".join(dict.fromkeys(by_place.get(path, ())))
            if spot.text != words:
                spot.text = words
                spot.set_visibility(bool(words))
        desk_of(self._client).settled()

    def is_faulty(self) -> bool:
        """Return whether anything that is shown is wrong."""
        return any(field.wrong for field in self._fields.values()) or any(spot.text for spot in self._spots.values())

    def _place(self, finding: Finding, by_place: dict[str, list[str]], *, told: bool) -> None:
        path = finding.field
        mounted = path in self._fields
        due = told or self._strict or (path in self._touched and bool(self.text(path).strip()))
        if mounted and due:
            by_place.setdefault(path, []).append(finding.message)
        elif not mounted and (told or self._strict) and (spot := self._spot_of(path)):
            by_place.setdefault(spot, []).append(finding.message)

    def _spot_of(self, path: str) -> str:
        while path:
            if path in self._spots:
                return path
            path = path.rpartition(".")[0]
        return ""

    def be_strict(self) -> None:
        """Report missing values too from now on."""
        self._strict = True
        self.show()

    def tell(self, findings: Iterable[Finding]) -> None:
        """Return what the server found replaces what it found before."""
        self.told = {}
        for finding in findings:
            self.told.setdefault(finding.field, []).append(finding)
        self.show()

    # ---------------------------------------------------------------- focus

    def focus(self, path: str) -> bool:
        """Bring the cursor to a field, or to the first one of the part it belongs to."""
        found = self._fields.get(path)
        if found is None:
            found = next((field for name, field in self._fields.items() if name.startswith(f"{path}.")), None)
        if found is None:
            return False
        focus_on(self._client, found)
        return True

    def focus_missing(self) -> bool:
        """The first wrong field, else the first empty one that is required; false when there is none."""
        fields = list(self._fields.values())
        wrong = next((field for field in fields if field.wrong), None)
        empty = next((field for field in fields if field.required and not str(field.value or "").strip()), None)
        first = wrong or empty
        if first is not None:
            focus_on(self._client, first)
        return first is not None

    def focus_first(self) -> None:
        """Return what is missing, else the first field."""
        if not self.focus_missing() and self._fields:
            focus_on(self._client, next(iter(self._fields.values())))


def focus_on(client: Client, field: Field) -> None:
    """Focus a field that may be still on its way to the browser."""
    control = field.control
    focus_element(client, control.input_id if isinstance(control, Choice) else control.html_id)


def focus_element(client: Client, name: str) -> None:
    """Focus an element by its id."""
    focus_selector(client, f"[id='{name}']")


def focus_selector(client: Client, *selectors: str) -> None:
    """Focus the first element of the first matching selector, waiting until the browser has drawn it.

    A user who has begun to type since the last command keeps the focus.
    """
    # Through the client: the button that was pressed may be gone with the step it was on. A button at the foot of a
    # long step takes the focus without taking the reader there.
    client.run_javascript(
        "(function look(n) {"
        " if (window.sfTyping && sfTyping()) return;"
        f" const at = {list(selectors)!r}.map((one) => document.querySelector(one)).find((one) => one && one.offsetParent);"
        " if (at) { at.focus({ preventScroll: at.classList.contains('sf-next') }); if (at.select) at.select(); }"
        " else if (n) setTimeout(look, 25, n - 1); })(40)"
    )
