"""Dated thresholds as rules read them: a frozen snapshot of every parameter on one day."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from models.own_data import read_rows

#: How far a parameter of a unit may go where it does not say so itself: zero days, months or persons would switch a rule
#: off or turn it round, and that is what its own switch is for.
SPANS = {
    "分钟": (1, 10_080),
    "小时": (1, 8_760),
    "天": (1, 3_650),
    "日": (1, 28),
    "工作日": (1, 250),
    "个工作日": (1, 250),
    "月": (1, 600),
    "个月": (1, 600),
    "年": (1, 100),
    "周岁": (1, 150),
    "%": (0, 100),
    "倍": (0, 100),
    "㎡": (0, 10_000),
    "元": (0, 1_000_000),
}
#: For what is counted: persons, pieces, rooms, kilobytes and pixels.
_COUNTED = (1, 100_000)


@dataclass(frozen=True)
class Threshold:
    """A declared parameter: key, Chinese label, default, unit, where the default comes from, and how far it may go.

    `least` and `most` are those of its unit (`SPANS`) unless it has its own. One that is `local` may have another value in
    a district (market 4.0); those who read it name the district by `over`.
    """

    key: str
    label: str
    default: str
    unit: str = ""
    source: str = ""
    kind: str = "integer"
    least: int = -1
    most: int = -1
    local: bool = False
    #: The area that declares it.
    area: str = ""

    def __post_init__(self) -> None:
        least, most = SPANS.get(self.unit, _COUNTED)
        if self.least < 0:
            object.__setattr__(self, "least", least)
        if self.most < 0:
            object.__setattr__(self, "most", most)

    @property
    def numeric(self) -> bool:
        """Return whether its values are numbers between `least` and `most`."""
        return self.kind in {"integer", "decimal"}

    @property
    def span(self) -> str:
        """The values that may be filled in, in Chinese with the unit; empty unless they are numbers."""
        return f"{self.least:,}至{self.most:,}{self.unit}" if self.numeric else ""


DECLARED: dict[str, Threshold] = {}


def declare(*thresholds: Threshold, area: str) -> None:
    """Make parameters of an area known; an area calls this once at import."""
    for one in thresholds:
        threshold = replace(one, area=area)
        if DECLARED.setdefault(threshold.key, threshold) != threshold:
            raise RuntimeError(f"parameter {threshold.key} is declared twice")


def _written(line: Mapping[str, str]) -> Threshold:
    """Return the parameter of a line of `parameters.csv`."""
    given: dict[str, Any] = {name: cell for name, cell in line.items() if cell}
    given |= {name: int(given[name]) for name in ("least", "most") if name in given}
    return Threshold(**given | {"local": "local" in given})


#: What the areas are called, of those that have parameters.
AREAS = {line["area"]: line["label"] for line in read_rows(Path(__file__).parents[1] / "areas.csv")}

# The parameters of every area, found beside its files.
for _table in sorted(Path(__file__).parents[1].glob("*/parameters.csv")):
    declare(*map(_written, read_rows(_table)), area=_table.parent.name)


def key_in(key: str, district: str) -> str:
    """Under which key a district's own value is kept; the city's under the plain one."""
    return f"{key}@{district}" if district else key


@dataclass(frozen=True)
class Thresholds:
    """The values in force on `on`; what is not set has its declared default. Of a `district`, its own before the city's."""

    on: date
    values: Mapping[str, str] = field(default_factory=dict)
    district: str = ""

    def over(self, district: str) -> "Thresholds":
        """Return the thresholds that apply in a district; the city's without a district."""
        return self if district == self.district else replace(self, district=district)

    def text(self, key: str) -> str:
        if self.district and DECLARED[key].local and (own := self.values.get(key_in(key, self.district))) is not None:
            return own
        return self.values.get(key, DECLARED[key].default)

    def integer(self, key: str) -> int:
        return int(self.text(key))

    def decimal(self, key: str) -> Decimal:
        return Decimal(self.text(key))

    def day(self, key: str) -> date:
        return date.fromisoformat(self.text(key))

    def flag(self, key: str) -> bool:
        return self.text(key) == "true"
