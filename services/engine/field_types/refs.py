"""References to another record: kept by id, shown by name, written in workbooks by number or name."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from services.engine.field_types.field import Field, Names, Shown, Unreadable


class Ref(Field, sql=sa.Uuid):
    """The id of another record; `refers` is its table, empty when it may be in one of several."""

    control = "picker"
    # A list is narrowed by a reference when what it points at is opened.
    asked = ""
    several = True
    sheet_width = 34
    child_width = 190

    def __init__(self, column: "sa.Column[Any]", *, required: bool = False) -> None:
        super().__init__(column, required=required)
        keys = [key.target_fullname.split(".")[0] for key in column.foreign_keys]
        self.refers = keys[0] if keys else ""

    def _read(self, typed: Any) -> UUID:
        try:
            return typed if isinstance(typed, UUID) else UUID(str(typed).strip())
        except ValueError:
            raise Unreadable("请从列表中选择") from None

    def _parsed(self, raw: str) -> UUID:
        return UUID(raw)

    def _shown(self, value: Any, names: Names) -> Shown:
        return names.get(value, "") if isinstance(value, UUID) else str(value)

    def hint(self) -> str:
        return "填写业务编号，或完整的名称"

    def agrees(self, text: str, value: Any, names: Names) -> bool:
        if not text or value is None:
            return not text and value is None
        return text in (str(value), names.get(value, ""))

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "uuid"}
