"""Codes: enums whose members carry a Chinese label and a tone, and are stored by value."""

from datetime import date
from enum import Enum
from typing import Literal, Self

#: The colour of a word on a page; "" is plain text.
Tone = Literal["", "good", "info", "warn", "bad", "muted"]


class Toned(str):
    """A word with a tone, for a state that is derived and so has no code: `Toned("今天到期", "warn")`."""

    tone: Tone

    def __new__(cls, text: str, tone: Tone = "muted") -> Self:
        word = super().__new__(cls, text)
        word.tone = tone
        return word


def due_day(due: date | None, *, late: bool) -> str:
    """Return the day by which something is to be done, in red with 超期 once it is late."""
    return Toned(f"{due} 超期", "bad") if late else f"{due or ''}"


class Code(str, Enum):
    """An enum of strings; `member.label` is the Chinese word and `member.tone` its colour on pages.

    The label carries the tone too, so that a list in which a query writes labels is coloured. Either every member of an enum has a tone or none has (`tests/models/test_codes.py`).
    """

    label: str
    tone: Tone

    def __new__(cls, value: str, label: str, tone: Tone = "") -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = Toned(label, tone)
        member.tone = tone
        return member

    def __str__(self) -> str:
        return str(self._value_)

    @classmethod
    def of(cls, value: object) -> Self:
        """Return the member of a value; `ValueError` when there is none."""
        member = cls._value2member_map_.get(value)
        if not isinstance(member, cls):
            raise ValueError(f"{value!r} is no {cls.__name__}")
        return member

    @classmethod
    def stored(cls, value: str) -> Self:
        """Return the member of a value read from the database; an unknown value becomes a member of its own.

        An unknown value was written past this system. Its row can still be read, fails its MAC and is locked, so that
        neither a list nor the nightly scan breaks off. Such a member is never written.
        """
        member = cls._value2member_map_.get(value)
        if isinstance(member, cls):
            return member
        stranger = str.__new__(cls, value)
        stranger._name_ = stranger._value_ = value
        stranger.label, stranger.tone = Toned("无法识别", "bad"), "bad"
        return stranger

    @classmethod
    def labels(cls) -> dict[str, str]:
        """Return value to label, in declared order, for selects and sheets."""
        return {str(member.value): member.label for member in cls}
