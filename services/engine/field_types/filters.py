"""Filters of lists: each asks SQL of rows in force, and here the values of drafts, which are sealed."""

from typing import Any, ClassVar, Protocol

import sqlalchemy as sa

from models.letters import is_named_in
from models.name_search import holds_text


class Filtered(Protocol):
    """The field a filter narrows by: its name, and its values as they are read from JSON."""

    name: str

    def parsed(self, raw: Any, /) -> Any: ...


class Test:
    """A filter by one field: `clause` narrows a column, `fits` asks the same of a draft's value."""

    __test__ = False
    #: A part of a text is looked for.
    seeks: ClassVar[bool] = False

    def __init__(self, field: Filtered) -> None:
        self.field = field

    def clause(self, column: Any) -> Any:
        """Narrow a column; every filter has its own."""
        raise NotImplementedError

    def fits(self, value: Any) -> bool:
        """Return whether a draft's value passes; every filter has its own."""
        raise NotImplementedError


class Among(Test):
    """Any of these values."""

    def __init__(self, field: Filtered, values: frozenset[Any]) -> None:
        super().__init__(field)
        self.values = values

    def clause(self, column: Any) -> Any:
        values = sorted(self.values, key=str)
        return column == values[0] if len(values) == 1 else column.in_(values)

    def fits(self, value: Any) -> bool:
        return value in self.values


class Part(Test):
    """Texts with this part."""

    seeks = True

    def __init__(self, field: Filtered, part: str) -> None:
        super().__init__(field)
        self.part = part

    def clause(self, column: Any) -> Any:
        return holds_text(self.part, column)

    def fits(self, value: Any) -> bool:
        return isinstance(value, str) and is_named_in(self.part, value)


class Between(Test):
    """Values from `low` to `high`, both of them included; None for no bound."""

    def __init__(self, field: Filtered, low: Any, high: Any) -> None:
        super().__init__(field)
        self.low, self.high = low, high

    def clause(self, column: Any) -> Any:
        bounds = []
        if self.low is not None:
            bounds.append(column >= self.low)
        if self.high is not None:
            bounds.append(self._below(column))
        return sa.and_(*bounds)

    def fits(self, value: Any) -> bool:
        try:
            return value is not None and (
                (self.low is None or value >= self.low) and (self.high is None or bool(self._below(value)))
            )
        except TypeError:
            # What cannot be read was kept as typed, and lies in no range.
            return False

    def _below(self, value: Any) -> Any:
        return value <= self.high


def bounds_of(wanted: Any) -> tuple[Any, Any]:
    """The two bounds of a filter; a single value is both."""
    if isinstance(wanted, tuple | list) and len(wanted) == 2:
        return wanted[0], wanted[1]
    return wanted, wanted
