"""A filing library for demo and tests: rooms whose state it was given, every other one without a filing."""

from typing import Literal

from integrations.filing_library.contract import FILINGS, FilingQuery, FilingReply, RoomAsked, RoomSaid
from integrations.wire.simulator import Change, ContentFault, Ground, Simulator

FilingState = Literal["NONE", "ACTIVE", "UNKNOWN"]
#: Rooms of the demo's first project: one filed elsewhere, one that the library is not sure of.
_TOLD: dict[tuple[str, str], FilingState] = {("2号楼", "0202"): "ACTIVE", ("2号楼", "0201"): "UNKNOWN"}


class RoomChange(Change):
    """The state of a room's filings from now on."""

    project_no: str
    building: str
    room_no: str
    state: FilingState


class FilingLibrarySimulator(Simulator):
    """Filings by project, building and room number."""

    def __init__(self, ground: Ground) -> None:
        super().__init__("filing_library", "备案库（模拟）", latency_ms=ground.latency_ms)
        self._states: dict[tuple[str, str, str], FilingState] = {}
        self._told = _TOLD if ground.demo else {}
        self.on_change(RoomChange, self._change)

        @self.app.post(FILINGS.path)
        async def filings(query: FilingQuery, fault: ContentFault) -> FilingReply:
            rooms = tuple(self._said(room, fault) for room in query.rooms)
            if fault == "mismatch":
                rooms = rooms[::-1] if len(set(rooms)) > 1 else ()
            return FilingReply(request_id=query.request_id, data_time=self.newest, rooms=rooms)

    def _change(self, change: RoomChange) -> int:
        self._states[change.project_no, change.building, change.room_no] = change.state
        return 1

    def _said(self, room: RoomAsked, fault: str) -> RoomSaid:
        kept = self._states.get((room.project_no, room.building, room.room_no))
        told = kept or self._told.get((room.building, room.room_no), "NONE")
        return RoomSaid(**room.model_dump(), state="UNKNOWN" if fault == "miss" else told)
