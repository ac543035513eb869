"""Dated thresholds as rules read them: a frozen snapshot of every parameter on one day."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class Threshold:
    """A declared parameter: key, Chinese label, default, unit, where the default comes from, and how far it may go."""

    key: str
    label: str
    default: str
    unit: str = ""
    source: str = ""
    kind: str = "integer"
    least: int = 0
    most: int = 100_000


DECLARED: dict[str, Threshold] = {}


def declare(*thresholds: Threshold) -> None:
    """Make parameters known; an area calls this once at import."""
    for threshold in thresholds:
        if DECLARED.setdefault(threshold.key, threshold) != threshold:
            raise RuntimeError(f"parameter {threshold.key} is declared twice")


@dataclass(frozen=True)
class Thresholds:
    """The values in force on `on`; what is not set has its declared default."""

    on: date
    values: Mapping[str, str] = field(default_factory=dict)

    def text(self, key: str) -> str:
        return self.values.get(key, DECLARED[key].default)

    def integer(self, key: str) -> int:
        return int(self.text(key))

    def decimal(self, key: str) -> Decimal:
        return Decimal(self.text(key))

    def day(self, key: str) -> date:
        return date.fromisoformat(self.text(key))

    def flag(self, key: str) -> bool:
        return self.text(key) == "true"
