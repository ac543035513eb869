"""所属单位: an office or a firm chosen by a part of its name or its code, sought among all there are."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from services.access.units import UNITS
from services.engine.listings import ListRows
from services.engine.paging import Paging
from services.engine.references import Reference
from ui.records.picker import Picker
from ui.shell.call import call
from ui.shell.fields import Field

#: As many as are shown; a user who does not see his unit types more of its name.
_MOST = 30


class UnitPicker(Picker):
    """`value` is a unit's id as text."""

    def __init__(self, *, value: str, label: str, name: str, on_change: Callable[..., Any]) -> None:
        #: Units that were offered whose accounts want number and telephone.
        self._companies: set[str] = set()
        super().__init__(
            "org_unit", value=value, label=label, name=name, empty="输入单位名称或编码查找", on_change=on_change
        )

    async def find(self, text: str) -> list[Reference]:
        answer = await call(UNITS.query, ListRows({"text": text[:60]}, Paging(size=_MOST)))
        if not answer.ok:
            return []
        self._companies |= {str(unit.id) for unit in answer.value.lines if unit.company}
        return [Reference(unit.id, f"{unit.name}（{unit.unit_code}）") for unit in answer.value.lines]

    @property
    def company(self) -> bool:
        """Return whether the unit that was chosen is the office of a company of the property market."""
        return str(self.value or "") in self._companies


def unit_field(*, value: UUID | None = None, label: str = "", on_change: Callable[..., Any]) -> Field:
    """The unit of an account; `label` names the one it has, which was chosen before."""
    picker = UnitPicker(value=str(value or ""), label=label, name="所属单位", on_change=on_change)
    return Field("unit_id", "所属单位", picker, str, required=True)
