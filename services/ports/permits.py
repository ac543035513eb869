"""Permits and certificates of the city's data sharing platform (rows 63-65, 67, 72, 73), as we ask for them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from services.ports.answers import Answer
from services.ports.port import Port

SHARING_PLATFORM = "资源共享平台"


@dataclass(frozen=True)
class Permit:
    """A permit by its number: the holder's credit code, and the values a form of its kind holds."""

    number: str
    holder_uscc: str
    values: Mapping[str, Any]


class Permits(Protocol):
    """资源共享平台: permits by kind and number."""

    def permit_of(self, kind: str, number: str) -> Answer[Permit]:
        """Return the permit of a kind, such as `land_planning_permit`, with this number; MISS when there is none."""
        ...


PERMITS: Port[Permits] = Port("one_map", SHARING_PLATFORM)
