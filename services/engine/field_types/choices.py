"""Chosen values: one of the codes of an enum, yes or no."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from models.codes import Code
from models.columns import CodeType
from models.normal import half_width
from services.engine.field_types.field import Field, Names, Shown, Unreadable

_YES = {"true": True, "是": True, "1": True, "false": False, "否": False, "0": False}


class Chosen(Field):
    """Base of choices."""

    control = "choice"
    asked = "choice"
    several = True

    def hint(self) -> str:
        return "从下拉列表选择"


class Choice(Chosen, sql=CodeType):
    """A member of a `Code`, kept by its value and shown by its label."""

    child_width = 110
    grid_width = 96

    def __init__(self, column: "sa.Column[Any]", *, required: bool = False) -> None:
        super().__init__(column, required=required)
        self.codes: type[Code] = column.info["codes"]

    def options(self) -> Mapping[str, str]:
        return self.codes.labels()

    def _read(self, typed: Any) -> Code:
        word = str(typed).strip()
        for member in self.codes:
            if word in {str(member.value), member.label}:
                return member
        raise Unreadable("不在可选范围内，请从列表中选择")

    def _parsed(self, raw: str) -> Code:
        return self.codes.of(raw)

    def _shown(self, value: Any, names: Names) -> Shown:
        return value.label if isinstance(value, Code) else self.codes.labels().get(str(value), str(value))

    def schema(self) -> dict[str, Any]:
        labels = self.codes.labels()
        return {"type": "string", "enum": list(labels), "x-labels": list(labels.values())}


class Flag(Chosen, sql=sa.Boolean):
    """Yes or no."""

    sheet_width = 8
    grid_width = 60
    filter_width = 150

    def options(self) -> Mapping[str, str]:
        return {"true": "是", "false": "否"}

    def _read(self, typed: Any) -> bool:
        if isinstance(typed, bool):
            return typed
        answer = _YES.get(half_width(str(typed)).strip().casefold())
        if answer is None:
            raise Unreadable("请选择是或否")
        return answer

    def raw(self, value: Any) -> Any:
        return value

    def _from_text(self, text: str) -> Any:
        return {"true": True, "false": False}.get(text, text)

    def _shown(self, value: Any, names: Names) -> Shown:
        if isinstance(value, bool):
            return "是" if value else "否"
        return super()._shown(value, names)

    def schema(self) -> dict[str, Any]:
        return {"type": "boolean"}
