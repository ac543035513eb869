"""Dated thresholds as rules read them: a frozen snapshot of every parameter on one day."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class Threshold:
    """A declared parameter: key, Chinese label, default, unit, where the default comes from, and how far it may go.

    One that is `local` may have another value in a district (market 4.0); those who read it name the district by `over`.
    """

    key: str
    label: str
    default: str
    unit: str = ""
    source: str = ""
    kind: str = "integer"
    least: int = 0
    most: int = 100_000
    local: bool = False


DECLARED: dict[str, Threshold] = {}


def declare(*thresholds: Threshold) -> None:
    """Make parameters known; an area calls this once at import."""
    for threshold in thresholds:
        if DECLARED.setdefault(threshold.key, threshold) != threshold:
            raise RuntimeError(f"parameter {threshold.key} is declared twice")


def declare_local(*thresholds: Threshold) -> None:
    """Make parameters known that a district may have another value of."""
    declare(*(replace(threshold, local=True) for threshold in thresholds))


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
