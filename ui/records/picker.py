"""A field that refers to another record: chosen among those the user may see, by a part of the name or the number."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from nicegui import events

from services.engine.cycle_orders import RevisionView
from services.engine.references import FindReferences, Reference, find_references
from ui.shell.call import call
from ui.shell.choice import Combobox


async def seek(target: str, text: str, project_id: UUID | None = None) -> list[Reference]:
    """Return matching references; nothing when the search is refused, with the reason in the message area."""
    answer = await call(find_references, FindReferences(target, text[:60], project_id))
    return answer.value if answer.ok else []


class Picker(Combobox):
    """The value is an id as text, empty for none. Only what was offered can be chosen; a subclass may seek elsewhere."""

    def __init__(
        self,
        target: str,
        *,
        value: str = "",
        label: str = "",
        name: str,
        empty: str = "输入名称或编号查找",
        on_change: Callable[..., Any] | None = None,
    ) -> None:
        self.target = target
        self.project_id: UUID | None = None
        self._labels = {value: label} if value else {}
        super().__init__(value=value, name=name, on_change=on_change)
        self._props["sought"] = True
        self._props["empty"] = empty
        self._props["shown"] = label
        self.on("seek", self._seek)

    @property
    def label(self) -> str:
        """The name of what is chosen."""
        return self._labels.get(str(self.value or ""), "")

    async def find(self, text: str) -> list[Reference]:
        """Return what is offered for the words that were typed."""
        return await seek(self.target, text, self.project_id)

    def of_record(self, form: object, view: RevisionView) -> None:
        """Offer what belongs to the project of the record alone."""
        self.project_id = view.project_id

    async def _seek(self, event: events.GenericEventArguments) -> None:
        text = event.args if isinstance(event.args, str) else ""
        found = await self.find(text)
        if self.is_deleted:
            return
        self._labels |= {str(one.id): one.label for one in found}
        self.run_method("offer", [{"value": str(one.id), "label": one.label} for one in found], text)

    def _handle_value_change(self, value: Any) -> None:
        super()._handle_value_change(value)
        self._props["shown"] = self._labels.get(str(value or ""), "")

    def _event_args_to_value(self, event: events.GenericEventArguments) -> str:
        chosen = str(event.args or "")
        return chosen if chosen in self._labels or chosen == "" else str(self.value or "")
