"""Rules of a watch: pure judgements over the facts of a project on a day, each finding an alert to raise (market 4.0)."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar
from uuid import UUID

from services.alerts.signs import Sign

Facts = TypeVar("Facts")


@dataclass(frozen=True)
class Found:
    """A finding of a watch: its subject by table, id and name, the alert to raise, and the value that was compared."""

    type: str
    id: UUID
    name: str
    sign: Sign
    value: str = ""


Watch = Callable[[Facts], Iterator[Found]]


class Watches(Generic[Facts]):
    """The watch rules of an area by code: declared with `rule`, run with `judge`."""

    def __init__(self) -> None:
        self.rules: dict[str, Watch[Facts]] = {}
        self.because: dict[str, str] = {}

    def rule(self, code: str, because: str) -> Callable[[Watch[Facts]], Watch[Facts]]:
        """Declare a rule; `because` is said when its condition is gone."""

        def made(watch: Watch[Facts]) -> Watch[Facts]:
            self.rules[code], self.because[code] = watch, because
            return watch

        return made

    def judge(self, facts: Facts, codes: Iterable[str] = ()) -> Mapping[str, list[Found]]:
        """Return what each rule finds, of all rules or of those named."""
        return {code: list(self.rules[code](facts)) for code in (codes or self.rules)}
