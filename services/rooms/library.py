"""The library of rooms: how a room is named, and found by what a partner says of it."""

from collections import Counter
from collections.abc import Iterable
from uuid import UUID

from sqlmodel import col, or_

from models.rooms import CentralRoom, CentralRoomState
from services.engine.work import Work


def room_name(building: str, room_no: str) -> str:
    """Return how a room is called in its project."""
    return f"{building}{room_no}"


def number_key(building: str, room_no: str) -> str:
    """Return what no two rooms of a project have in common unless one is cancelled."""
    return f"{building}|{room_no}"


def room_said(work: Work, project_id: UUID, said: str) -> CentralRoom | None:
    """Return a kept room by its name, or by its number alone where only one building has it."""
    named = col(CentralRoom.building) + col(CentralRoom.room_no) == said
    rooms = work.rows(
        CentralRoom,
        CentralRoom.project_id == project_id,
        CentralRoom.state != CentralRoomState.CANCELLED,
        or_(CentralRoom.room_no == said, named),
    )
    whole = [room for room in rooms if room_name(room.building, room.room_no) == said]
    found = whole or rooms
    return found[0] if len(found) == 1 else None


def names_said(rooms: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Map everything a partner may call a room to the room's name, by building and number."""
    known = list(rooms)
    once = Counter(number for _, number in known)
    names = {number: room_name(building, number) for building, number in known if once[number] == 1}
    return names | {name: name for name in (room_name(building, number) for building, number in known)}
