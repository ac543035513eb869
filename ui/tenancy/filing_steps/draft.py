"""The typed draft of a filing beside its form, and the protocol of the guided form that its steps use."""

from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import UUID

from nicegui import ui as web
from pydantic import TypeAdapter

from services.tenancy.counter_house import FormHouse
from ui.shell.place import Place
from ui.tenancy.autosave import Autosave
from ui.tenancy.sheet import Sheet


@dataclass
class FilingDraft:
    """The registered house with the question it answers, the contract drawn up, and what was handed in.

    `request` is the request id of a filing under way; `answered` is the stopped case that is being put right.
    """

    asked: list[str] = field(default_factory=list)
    house: FormHouse | None = None
    contract_id: UUID | None = None
    request: str = ""
    answered: UUID | None = None

    @classmethod
    def of(cls, kept: Any) -> "FilingDraft":
        """Read a draft as it was kept."""
        return _DRAFT.validate_python(kept or {})

    def json(self) -> Any:
        """Return the draft as it is kept."""
        return _DRAFT.dump_python(self, mode="json")


_DRAFT: TypeAdapter[FilingDraft] = TypeAdapter(FilingDraft)


class Guide(Protocol):
    """The guided form as its steps know it."""

    place: Place
    sheet: Sheet
    draft: FilingDraft
    saving: Autosave
    step: str

    def buttons(self, primary: str = "") -> web.button:
        """Draw the last line of a step: back, and its primary action."""

    def name_primary(self, label: str) -> None:
        """Show what F8 does now."""

    def name_tab(self) -> None:
        """Name the tab for the house."""

    def focus_in(self, *selectors: str) -> None:
        """Focus the first of some elements of the step that is being drawn."""

    def changed(self) -> None:
        """Note a change beside the typed fields."""

    async def draw(self) -> None:
        """Draw the step in hand again."""

    async def act(self) -> None:
        """Do the primary action of the step in hand."""

    async def repair(self) -> None:
        """Put right what a filing was stopped for."""

    def allow_repair(self) -> None:
        """Offer the way back to the form on the result of a stopped filing."""

    async def turn(self, by: int) -> None:
        """Go to the next or the previous step."""

    async def go(self, key: str, path: str = "") -> None:
        """Open a step, at a field when one is named."""

    async def go_to_field(self, path: str) -> None:
        """Open the step with a field."""

    async def finished(self) -> None:
        """Drop the draft, for the filing exists."""
