"""Permits and certificates of the city's data sharing platform (rows 63-65, 67, 72, 73), as we ask for them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from services.ports.answers import Answer
from services.ports.port import Port

SHARING_PLATFORM = "资源共享平台"


@dataclass(frozen=True)
class Permit:
    """A permit by its number: the holder's credit code, and the values and lists a form of its kind holds."""

    number: str
    holder_uscc: str
    values: Mapping[str, Any]
    lists: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    #: Credit codes of those who hold it jointly with the first.
    joint: frozenset[str] = frozenset()
    #: The code of the project the permit is registered under; empty where its system does not say.
    project_code: str = ""

    def held_by(self, uscc: str) -> bool:
        return uscc == self.holder_uscc or uscc in self.joint


@dataclass(frozen=True)
class RealtyPaper(Permit):
    """A certificate of the property register, with mortgage, seal and the number that replaced it."""

    mortgaged: bool = False
    sealed: bool = False
    replaced_by: str = ""


class Permits(Protocol):
    """资源共享平台: permits by kind and number."""

    def permit_of(self, kind: str, number: str) -> Answer[Permit]:
        """Return the permit of a kind, such as `land_planning_permit`, with this number; MISS when there is none."""
        ...


PERMITS: Port[Permits] = Port("one_map", SHARING_PLATFORM)
