"""What every step of the guided filing is: a part of the form, how it is drawn, and what F8 does on it."""

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from services.engine.findings import Finding

if TYPE_CHECKING:
    from ui.tenancy.filing_form import FilingForm
    from ui.tenancy.sheet import Sheet


class Step(ABC):
    """`owns` are the beginnings of the paths this step asks for."""

    key: ClassVar[str] = ""
    title: ClassVar[str] = ""
    primary: ClassVar[str] = "下一步"
    owns: ClassVar[tuple[str, ...]] = ()

    def __init__(self, form: "FilingForm") -> None:
        self.form = form

    @property
    def sheet(self) -> "Sheet":
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

    async def settle(self) -> None:  # noqa: B027 - most steps have nothing to settle
        """What follows from leaving a field, for whoever presses a key before the field has told that it was left."""

    def faults(self) -> list[Finding]:
        """What this step asks for beyond what every lease form must have."""
        return []

    def aim(self, path: str) -> None:  # noqa: B027 - most steps show all they have
        """A field of this step is about to be shown; open the part it stands in."""

    def owns_finding(self, finding: Finding) -> bool:
        return any(finding.field == name or finding.field.startswith(f"{name}.") for name in self.owns)

    def focus(self) -> None:
        """Where the cursor goes when the step opens."""
        self.sheet.focus_first()


def head_box(title: str) -> web.element:
    """A section's head that takes buttons."""
    with web.element("div").classes("sf-head") as box:
        TextElement(tag="span", text=title)
    return box
