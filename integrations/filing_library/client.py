"""The client of the filing library, which answers in our words."""

from collections.abc import Mapping, Sequence

from integrations.filing_library.contract import FILINGS, FilingReply
from integrations.wire.client import SystemClient, about
from services.ports.answers import Answer
from services.ports.filing_library import RoomQuestion

_FILED: Mapping[str, bool | None] = {"ACTIVE": True, "NONE": False, "UNKNOWN": None}


class FilingLibraryClient(SystemClient):
    """Asks the filing library over HTTP."""

    source = "备案库"

    def are_filed(self, rooms: Sequence[RoomQuestion]) -> Answer[tuple[bool | None, ...]]:
        """Tell of each room, in order, whether a filing in force holds it; an answer about other rooms is no answer."""
        asked = [(room.project_no, room.building, room.room_no) for room in rooms]

        def found(said: FilingReply) -> tuple[bool | None, ...]:
            about([(room.project_no, room.building, room.room_no) for room in said.rooms] == asked)
            return tuple(_FILED[room.state] for room in said.rooms)

        named = [
            {"project_no": number, "building": building, "room_no": room_no} for number, building, room_no in asked
        ]
        return self._ask(FILINGS, found, rooms=named)
