"""Occupied rooms against active filings: what an operator says is lived in, and what we have on record (row 14)."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import col, or_, select

from models.access import Role
from models.dialect import locked
from models.enterprise import Enterprise
from models.push_codes import DIFFERENCE, DifferenceKind, DifferenceState
from models.pushes import CheckIn, OccupiedList, StayDifference
from models.rooms import CentralProject, CentralRoom, CentralRoomState
from models.tenancy import FilingPart, LeaseFiling
from models.tenancy_codes import FilingState
from services.check_ins.orders import OccupiedAnswer, OccupiedRoom, ReportOccupied
from services.check_ins.rooms import let_or_free
from services.engine.listings import Line
from services.engine.refusals import NotFound, Rejected
from services.engine.registry import action
from services.engine.steps import take_step
from services.engine.work import Work
from services.rooms.library import names_said, room_name

_MOST_ROOMS = 5000
_SAID = ("kind", "room_no", "bed", "checkin_no", "detail")
_NO_PROJECT = "本区没有该运营方的这个项目，请核对项目编号和运营方"
_HELD = (FilingState.ACTIVE, FilingState.FROZEN, FilingState.EXPIRED)


@action("check_ins.report_occupied", "接收在住清单", roles={Role.PARTNER}, event="")
def report_occupied(work: Work, order: ReportOccupied) -> OccupiedAnswer:
    """Store a project's list of a day and compare it at once; a later list of that day replaces it."""
    project = _project(work, order)
    if order.as_of > work.today or order.as_of < work.today - timedelta(days=31):
        raise Rejected("在住日期应在最近31日之内")
    if len(order.rooms) > _MOST_ROOMS:
        raise Rejected(f"在住清单最多{_MOST_ROOMS}间")
    keys = [(room.room_no, room.bed) for room in order.rooms]
    if len(set(keys)) != len(keys):
        raise Rejected("在住清单内有重复的房间（床位）")
    row = work.first(OccupiedList, OccupiedList.project_id == project.id, OccupiedList.as_of == order.as_of)
    if row is None:
        row = OccupiedList(
            app_id=work.caller.name,
            project_id=project.id,
            as_of=order.as_of,
            received_at=work.now,
            rooms=[],
            district_code=project.district_code,
            street_code=project.street_code,
        )
    row.rooms, row.received_at = [asdict(room) for room in order.rooms], work.now
    work.add(row)
    work.session.flush()
    work.trail.tell("DATA.CREATE", "check_ins.occupied", about=row, detail={"rooms": len(order.rooms)})
    return compare(work, project, row)


def _project(work: Work, order: ReportOccupied) -> CentralProject:
    """The project, held until the end: two lists of one project are compared one after the other."""
    statement = select(CentralProject).where(CentralProject.project_no == order.project_no)
    project: CentralProject | None = work.session.exec(locked(work.session, statement)).first()
    if project is None or (work.caller.district_code and project.district_code != work.caller.district_code):
        raise NotFound(_NO_PROJECT)
    if work.first(Enterprise.uscc, Enterprise.id == project.enterprise_id) != order.operator_uscc:
        raise NotFound(_NO_PROJECT)
    return project


@dataclass(frozen=True)
class _Held:
    filing_id: UUID
    filing_no: str
    persons: int


def compare(work: Work, project: CentralProject, told: OccupiedList | None) -> OccupiedAnswer:
    """Record differences between list and filings and close those that are gone. A missing list is itself recorded."""
    as_of = told.as_of if told is not None else work.today
    held = held_rooms(work, project, as_of)
    names = _names(work, project)
    occupied = {(names.get(room.room_no, room.room_no), room.bed): room for room in _rooms(told)}
    found = list(_disagreements(work, project, held, occupied)) if told is not None else []
    if told is None and held:
        found.append(_difference(DifferenceKind.NO_LIST, detail=f"有效备案{len(held)}件，昨日和今日均未报送"))
    _keep(work, project, found)
    return OccupiedAnswer(
        project_no=project.project_no,
        as_of=as_of,
        occupied=len(occupied),
        filed=len(held),
        differences=tuple(Line(**{name: getattr(one, name) for name in _SAID}) for one in found),
    )


def _names(work: Work, project: CentralProject) -> dict[str, str]:
    """The names of a project's rooms by what its operator may call them."""
    kept = select(CentralRoom.building, CentralRoom.room_no).where(
        CentralRoom.project_id == project.id, CentralRoom.state != CentralRoomState.CANCELLED
    )
    return names_said(work.session.exec(kept).all())


def _difference(
    kind: DifferenceKind,
    room_no: str = "",
    bed: str = "",
    checkin_no: str = "",
    filing_id: UUID | None = None,
    detail: str = "",
) -> StayDifference:
    """A difference of today, to be stored unless it is known."""
    return StayDifference(
        kind=kind, room_no=room_no, bed=bed, checkin_no=checkin_no, filing_id=filing_id, detail=detail[:120]
    )


def _rooms(told: OccupiedList | None) -> list[OccupiedRoom]:
    return [OccupiedRoom(**room) for room in told.rooms] if told is not None else []  # type: ignore[arg-type]


def held_rooms(work: Work, project: CentralProject, as_of: date) -> dict[tuple[str, str], _Held]:
    """Map room and bed to the filing that occupied it on a day, whatever its present state."""
    rows = work.session.exec(
        select(CentralRoom, FilingPart, LeaseFiling)
        .join(FilingPart, col(FilingPart.house_id) == col(CentralRoom.house_id))
        .join(LeaseFiling, col(LeaseFiling.id) == col(FilingPart.filing_id))
        .where(
            CentralRoom.project_id == project.id,
            LeaseFiling.valid_from <= as_of,
            LeaseFiling.valid_to >= as_of,
            or_(
                col(LeaseFiling.state).in_(_HELD),
                (col(LeaseFiling.state) == FilingState.CANCELLED) & (col(LeaseFiling.ended_on) > as_of),
            ),
        )
        .order_by(col(LeaseFiling.ticket))
    ).all()
    return {
        (room_name(room.building, room.room_no), part.part_key if room.beds else ""): _Held(
            filing.id, filing.filing_no, filing.persons
        )
        for room, part, filing in rows
    }


def _disagreements(
    work: Work,
    project: CentralProject,
    held: dict[tuple[str, str], _Held],
    occupied: dict[tuple[str, str], OccupiedRoom],
) -> Iterator[StayDifference]:
    kept = select(CentralRoom.building, CentralRoom.room_no).where(
        CentralRoom.project_id == project.id,
        col(CentralRoom.in_library).is_(True),
        CentralRoom.state != CentralRoomState.CANCELLED,
    )
    library = {room_name(*room) for room in work.session.exec(kept).all()}
    stays: dict[UUID | None, str] = dict(
        work.session.exec(
            select(CheckIn.filing_id, CheckIn.checkin_no).where(
                col(CheckIn.filing_id).in_([one.filing_id for one in held.values()])
            )
        ).all()
    )
    for key, room in sorted(occupied.items()):
        common: dict[str, Any] = {"room_no": key[0], "bed": room.bed, "checkin_no": room.checkin_no}
        if key[0] not in library:
            yield _difference(DifferenceKind.NOT_IN_LIBRARY, **common, detail="房间未入库，不能备案")
        elif (filing := held.get(key)) is None:
            yield _difference(DifferenceKind.NOT_FILED, **common, detail=f"在住{room.persons}人，没有有效备案")
        elif filing.persons != room.persons:
            words = f"在住{room.persons}人，备案{filing.persons}人"
            yield _difference(DifferenceKind.PERSONS, **common, filing_id=filing.filing_id, detail=words)
    for (room_no, bed), filing in sorted(held.items()):
        if (room_no, bed) not in occupied:
            yield _difference(
                DifferenceKind.NOT_OCCUPIED,
                room_no,
                bed,
                stays.get(filing.filing_id, ""),
                filing.filing_id,
                f"备案{filing.filing_no}有效，不在在住清单内",
            )


def _keep(work: Work, project: CentralProject, found: list[StayDifference]) -> None:
    known = {
        (row.kind, row.room_no, row.bed): row
        for row in work.rows(
            StayDifference, StayDifference.project_id == project.id, StayDifference.state == DifferenceState.OPEN
        )
    }
    now = {(one.kind, one.room_no, one.bed): one for one in found}
    for key, row in known.items():
        if key not in now:
            take_step(work, row, DIFFERENCE, "close")
            row.closed_on = work.today
            work.add(row)
    for key, one in now.items():
        if (earlier := known.get(key)) is not None:
            earlier.checkin_no, earlier.filing_id, earlier.detail = one.checkin_no, one.filing_id, one.detail
            work.add(earlier)
            continue
        one.project_id, one.found_on = project.id, work.today
        one.district_code, one.street_code = project.district_code, project.street_code
        work.add(one)


@action("check_ins.reconcile", "核对在住与备案", roles={Role.SYSTEM}, event="")
def reconcile(work: Work, project_id: UUID) -> OccupiedAnswer:
    """Compare a project's newest list, of today or yesterday, with its filings; rooms whose filing ran out are free."""
    statement = select(CentralProject).where(CentralProject.id == project_id)
    project: CentralProject | None = work.session.exec(locked(work.session, statement)).first()
    if project is None:
        raise NotFound
    for house_id in work.rows(
        CentralRoom.house_id, CentralRoom.project_id == project.id, col(CentralRoom.house_id).is_not(None)
    ):
        let_or_free(work, house_id)
    told = work.first(
        OccupiedList,
        OccupiedList.project_id == project.id,
        OccupiedList.as_of >= work.today - timedelta(days=1),
        by=col(OccupiedList.as_of).desc(),
    )
    answer = compare(work, project, told)
    work.trail.tell("DATA.STATE", "check_ins.reconcile", about=project, detail={"differences": len(answer.differences)})
    return answer
