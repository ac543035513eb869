"""Rooms of projects for check-ins: operator, occupation, free or let (row 14)."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func
from sqlmodel import col, select

from models.dialect import locked
from models.enterprise import Enterprise, EnterpriseKey
from models.house import House
from models.rooms import ROOM, CentralProject, CentralRoom, CentralRoomState
from models.tenancy import FilingPart, LeaseFiling
from models.tenancy_codes import FilingState, LeaseMode
from services.engine.steps import take_step
from services.engine.work import Work
from services.rooms.library import room_said
from services.tenancy.predicates import WHOLE


@dataclass(frozen=True)
class SeenRoom:
    """A room with its project and flat; what our records do not have is nothing."""

    project: CentralProject | None = None
    operator: Enterprise | None = None
    room: CentralRoom | None = None
    house: House | None = None
    bed: str = ""

    @property
    def by_bed(self) -> bool:
        return self.room is not None and self.room.beds > 0

    @property
    def mode(self) -> LeaseMode:
        return LeaseMode.BED if self.by_bed else LeaseMode.WHOLE

    @property
    def part(self) -> str:
        """Return what a filing of this stay holds."""
        return self.bed if self.by_bed else WHOLE


def seen_room(work: Work, project_no: str, room_no: str, operator_uscc: str, bed: str = "") -> SeenRoom:
    """Return what the libraries know of a room; the operator is the one named in the message."""
    operator = work.first(Enterprise, Enterprise.uscc == operator_uscc)
    project = work.first(CentralProject, CentralProject.project_no == project_no)
    if project is None:
        return SeenRoom(operator=operator, bed=bed)
    room = room_said(work, project.id, room_no)
    house = work.session.get(House, room.house_id) if room is not None and room.house_id else None
    return SeenRoom(project, operator, room, house, bed)


def is_key_of(work: Work, seen: SeenRoom, serial: str) -> bool:
    """Return whether a key is the operator's and valid today."""
    if seen.operator is None or not serial:
        return False
    key = work.first(
        EnterpriseKey, EnterpriseKey.enterprise_id == work.whole(seen.operator).id, EnterpriseKey.serial == serial
    )
    return key is not None and key.counts_on(work.today)


def held(work: Work, seen: SeenRoom) -> bool:
    """Return whether a filing holds the room, or the bed of it, today or later."""
    if seen.house is None:
        return False
    statement: Any = select(FilingPart.id).where(
        FilingPart.house_id == seen.house.id, col(FilingPart.holds).is_(True), FilingPart.valid_to >= work.today
    )
    if seen.by_bed:
        statement = statement.where(FilingPart.part_key == seen.part)
    return work.session.exec(statement.limit(1)).first() is not None


def last_left_on(work: Work, seen: SeenRoom) -> date | None:
    """Return the day on which a tenant last left the room, or its bed, before the filing ran out."""
    if seen.house is None:
        return None
    statement = (
        select(func.max(LeaseFiling.ended_on))
        .join(FilingPart, col(FilingPart.filing_id) == col(LeaseFiling.id))
        .where(LeaseFiling.house_id == seen.house.id, LeaseFiling.state == FilingState.CANCELLED)
    )
    if seen.by_bed:
        statement = statement.where(FilingPart.part_key == seen.part)
    return work.session.exec(statement).one()


def let_or_free(work: Work, house_id: Any) -> None:
    """Set a room's state by its filings; reserved and closed are set by the operator alone."""
    room: CentralRoom | None = work.session.exec(
        locked(
            work.session,
            select(CentralRoom).where(
                CentralRoom.house_id == house_id, CentralRoom.state != CentralRoomState.CANCELLED
            ),
        )
    ).first()
    if room is None or room.state not in (CentralRoomState.FREE, CentralRoomState.LET):
        return
    work.session.flush()
    holds = work.first(
        FilingPart.id,
        FilingPart.house_id == house_id,
        col(FilingPart.holds).is_(True),
        FilingPart.valid_to >= work.today,
    )
    if holds is not None and room.state is CentralRoomState.FREE:
        take_step(work, room, ROOM, "let", log=False)
    elif holds is None and room.state is CentralRoomState.LET:
        take_step(work, room, ROOM, "free", log=False)
