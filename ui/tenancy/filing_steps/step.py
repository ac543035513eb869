"""A step of the guided filing: its part of the form, its drawing and its F8 command; and the draft beside the form."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement
from pydantic import TypeAdapter

from services.engine.findings import Finding
from services.tenancy.counter_house import FormHouse
from ui.tenancy.sheet import Sheet

if TYPE_CHECKING:
    from ui.tenancy.filing_form import FilingForm


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
    def of(cls, kept: Any) -> FilingDraft:
        """Read a draft as it was kept."""
        return _DRAFT.validate_python(kept or {})

    def json(self) -> Any:
        """Return the draft as it is kept."""
        return _DRAFT.dump_python(self, mode="json")


_DRAFT: TypeAdapter[FilingDraft] = TypeAdapter(FilingDraft)


class Step(ABC):
    """`owns` are the beginnings of the paths this step asks for."""

    key: ClassVar[str] = ""
    title: ClassVar[str] = ""
    primary: ClassVar[str] = "下一步"
    owns: ClassVar[tuple[str, ...]] = ()

    def __init__(self, form: FilingForm) -> None:
        self.form = form
        self.begin()

    def begin(self) -> None:  # noqa: B027 - most steps keep nothing
        """Set what the step keeps while another one is mounted."""

    @property
    def sheet(self) -> Sheet:
        return self.form.sheet

    @abstractmethod
    async def draw(self) -> None:
        """Draw into the current container."""

    async def act(self) -> None:
        """The primary action, F8."""
        await self.form.turn(1)

    async def read_card(self) -> None:
        """F4."""
        self.form.place.say("本步骤不需要读取证件", "info")

    async def repair(self) -> None:
        """F9 on the result of a filing that was stopped; other steps have nothing to put right."""
        self.form.place.say("核验未通过后，可修改表单重新提交", "info")

    async def settle(self) -> None:  # noqa: B027 - most steps have nothing to settle
        """Apply the consequences of leaving a field, for a key pressed before the field reports it."""

    def faults(self) -> list[Finding]:
        """Return what this step asks for beyond what every lease form must have."""
        return []

    def aim(self, path: str) -> None:  # noqa: B027 - most steps show all they have
        """Open the part of the step that contains a field about to be shown."""

    def owns_finding(self, finding: Finding) -> bool:
        return any(finding.field == name or finding.field.startswith(f"{name}.") for name in self.owns)

    def focus(self) -> None:
        """Return where the cursor goes when the step opens."""
        self.sheet.focus_first()


def head_box(title: str) -> web.element:
    """A section's head that takes buttons."""
    with web.element("div").classes("sf-head") as box:
        TextElement(tag="span", text=title)
    return box
