"""Codes: enums whose members carry a Chinese label and are stored by value."""

from enum import Enum
from typing import Self


class Code(str, Enum):
    """An enum of strings; `member.label` is what people read."""

    label: str

    def __new__(cls, value: str, label: str) -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member

    def __str__(self) -> str:
        return str(self._value_)

    @classmethod
    def of(cls, value: object) -> Self:
        """The member of a value; `ValueError` when there is none."""
        member = cls._value2member_map_.get(value)
        if not isinstance(member, cls):
            raise ValueError(f"{value!r} is no {cls.__name__}")
        return member

    @classmethod
    def stored(cls, value: str) -> Self:
        """The member of a value in the database; a value nobody knows, put there past us, becomes a member apart.

        So the row can be read, fails its MAC, and is locked: it ends neither a list nor the nightly scan. It is never written.
        """
        member = cls._value2member_map_.get(value)
        if isinstance(member, cls):
            return member
        stranger = str.__new__(cls, value)
        stranger._name_ = stranger._value_ = value
        stranger.label = "无法识别"
        return stranger

    @classmethod
    def labels(cls) -> dict[str, str]:
        """Value to label, in declared order, for selects and sheets."""
        return {str(member.value): member.label for member in cls}
