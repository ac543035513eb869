"""Port of the filing library, which is asked about rooms before they are cancelled (row 35)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from services.ports.answers import Answer
from services.ports.port import Port


@dataclass(frozen=True)
class RoomQuestion:
    """A room of a project."""

    project_no: str
    building: str
    room_no: str


class FilingLibrary(Protocol):
    """备案库: filings that this platform has not made itself."""

    def are_filed(self, rooms: Sequence[RoomQuestion]) -> Answer[tuple[bool | None, ...]]:
        """Tell of each room, in order, whether a filing in force holds it; None where the library cannot say."""
        ...


FILING_LIBRARY: Port[FilingLibrary] = Port("filing_library", "备案库")
