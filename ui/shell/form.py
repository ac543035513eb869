"""A form: its fields by key, read together, with every fault shown at once."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from types import TracebackType
from typing import Any, Self

from nicegui import ui as web

from models.normal import BadText
from services.engine.findings import Finding, Severity
from ui.shell.buttons import main_button, plain_button
from ui.shell.call import Ended
from ui.shell.desk import desk
from ui.shell.dialogs import answer_buttons, answer_of, question
from ui.shell.fields import Field
from ui.shell.parts import note


class Form:
    """Draws a grid of fields: `with Form() as form: form.add(text_field(...))`."""

    def __init__(self, *, columns: int = 3) -> None:
        self.fields: dict[str, Field] = {}
        self.box = web.element("div").classes("sf-form sf-enter").style(f"--columns: {columns}")

    def __enter__(self) -> Self:
        self.box.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.box.__exit__(kind, value, trace)

    def add(self, *fields: Field) -> Field:
        """Keep fields under their keys; gives the last one."""
        for field in fields:
            self.fields[field.key] = field
            field.control.mark(f"field-{field.key} {field.marks}")
            field.control.on_value_change(lambda _, one=field: one.look_again())
        return fields[-1]

    def only_when(self, key: str, holds: Callable[[Any], bool], *fields: str) -> None:
        """Ask for some fields only while the value of another field makes them true; hidden, they are read as None."""

        def follow() -> None:
            for one in fields:
                self.fields[one].set_visibility(holds(self.fields[key].value))

        self.fields[key].control.on_value_change(lambda _: follow())
        follow()

    def read(self) -> dict[str, Any] | None:
        """Every value in its type, or None with each fault beside its field and one sentence in the message area."""
        values: dict[str, Any] = {}
        wrong: list[Field] = []
        for key, field in self.fields.items():
            try:
                values[key] = field.read() if field.box.visible else None
                field.mark("")
            except BadText as problem:
                field.mark(problem.sentence)
                wrong.append(field)
        if not wrong:
            return values
        wrong[0].focus()
        words = f"有{len(wrong)}处填写有误：" + "、".join(field.label for field in wrong[:6])
        desk().say(words, "bad", holds=lambda: any(field.wrong and not field.box.is_deleted for field in wrong))
        return None

    def complete(self) -> dict[str, Any]:
        """Every value in its type; the event ends where a field is wrong, which is shown."""
        values = self.read()
        if values is None:
            raise Ended
        return values

    def sends(
        self, label: str, act: Callable[[dict[str, Any]], Awaitable[object]], *, mark: str = "", plain: bool = False
    ) -> Callable[[], Awaitable[None]]:
        """Draw the button under the form: it reads the form and, unless a field is wrong, acts on the values once.

        Returns what the button does, for a command with a key.
        """

        async def send() -> None:
            values = self.read() if button.enabled else None
            if values is None:
                return
            button.disable()
            try:
                await act(values)
            finally:
                if not button.is_deleted:
                    button.enable()

        with web.element("div").classes("sf-buttons sf-pad"):
            button = (plain_button if plain else main_button)(label, send).mark(mark)
        return send

    def typed(self) -> dict[str, str]:
        """Return the content of the controls, for drafts."""
        return {key: str(field.value or "") for key, field in self.fields.items()}

    def fill(self, values: dict[str, Any]) -> None:
        for key, value in values.items():
            if key in self.fields:
                self.fields[key].value = value

    def mark(self, findings: Iterable[Finding]) -> list[Finding]:
        """Show findings beside their fields, with the keyboard at the first that stops; gives those that belong to none."""
        for field in self.fields.values():
            field.mark("")
        rest = []
        stopped = set()
        for finding in findings:
            field_ = self.fields.get(finding.field)
            if field_ is None:
                rest.append(finding)
            else:
                field_.mark("；".join(part for part in (field_.wrong, finding.message) if part))
                if finding.severity is not Severity.WARN:
                    stopped.add(finding.field)
        if first := next((key for key in self.fields if key in stopped), None):
            self.focus(first)
        return rest

    def begin(self) -> None:
        """Have a dialog put the cursor into the first field that must be filled in and is empty, or into the last one."""
        needed = [one for one in self.fields.values() if one.required]
        if needed:
            first = next((one for one in needed if not one.value), needed[-1])
            first.control.props("autofocus data-autofocus")

    def focus(self, key: str) -> None:
        if key in self.fields:
            self.fields[key].focus()

    @property
    def changed(self) -> bool:
        return any(field.changed for field in self.fields.values())

    def keep(self) -> None:
        """All of it is saved."""
        for field in self.fields.values():
            field.keep()


async def ask_form(
    title: str,
    draw: Callable[[Form], object],
    *,
    yes: str,
    summary: Mapping[str, str] | None = None,
    told: Sequence[str] = (),
    classes: str = "",
    preview: Callable[[dict[str, Any]], Awaitable[object]] | None = None,
) -> dict[str, Any]:
    """Ask over the page for the fields that `draw` adds to a form; `preview` shows the paper their values would issue."""
    with question(title, summary, classes=classes) as dialog:
        for words in told:
            note(words)
        with Form(columns=1) as form:
            draw(form)
        form.begin()

        def agree() -> None:
            values = form.read()
            if values is not None:
                dialog.submit(values)

        async def look() -> None:
            values = form.read()
            if values is not None and preview is not None:
                await preview(values)

        if preview is not None:
            plain_button("预览文书", look, icon="visibility").mark("dialog-preview")
        answer_buttons(dialog, yes, agree)
    return await answer_of(dialog, dict)
