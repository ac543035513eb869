"""The walk's part for centralized projects: operator and owner their own, each district its own, the city all."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

from models.access import Role
from models.enterprise import Enterprise, EnterpriseKey, EnterpriseKind, KeyState, RecordState
from models.rooms import (
    ApplyKind,
    CentralBuilding,
    CentralProject,
    CentralRoom,
    CentralTitle,
    LineKind,
    LineState,
    OpeningMode,
    ProjectKind,
    ProjectOpening,
    RoomApply,
    RoomApplyLine,
    RoomApplyState,
    TitleKind,
)
from services.engine.work import Work
from services.rooms.orders import ChangeOperator, Decide, OpenProject, ReturnApply

_CITY = (Role.CITY_CENTER, Role.CITY_BUREAU, Role.SYSTEM)
_FIRM = (Role.ENTERPRISE_USER, Role.ENTERPRISE_ADMIN)


def _bureau(caller: Any, row: Any) -> bool:
    return row.district_code in {scope.code for scope in caller.scope_of(Role.DISTRICT_BUREAU)}


def _own(caller: Any, *firms: Any) -> bool:
    return bool(caller.has(*_FIRM)) and caller.enterprise_id is not None and caller.enterprise_id in firms


def _project(city: Any, caller: Any, row: Any) -> bool:
    return bool(caller.has(*_CITY)) or _bureau(caller, row) or _own(caller, row.enterprise_id, row.owner_id)


def _part(city: Any, caller: Any, row: Any) -> bool:
    return any(_project(city, caller, one) for one in city.where(CentralProject, "id", row.project_id))


def _apply(city: Any, caller: Any, row: Any) -> bool:
    handed_in = row.submitted_at is not None and _bureau(caller, row)
    return bool(caller.has(*_CITY)) or handed_in or _own(caller, row.enterprise_id)


def _line(city: Any, caller: Any, row: Any) -> bool:
    return any(_apply(city, caller, one) for one in city.where(RoomApply, "id", row.apply_id))


ORACLE: dict[Any, Any] = {
    CentralProject: _project,
    CentralBuilding: _part,
    CentralTitle: _part,
    CentralRoom: _part,
    ProjectOpening: _part,
    RoomApply: _apply,
    RoomApplyLine: _line,
}

ORDERS: dict[str, Any] = {
    "rooms.project": (CentralProject, lambda city, row_id: row_id),
    "rooms.opening": (CentralProject, lambda city, row_id: row_id),
    "rooms.apply": (RoomApply, lambda city, row_id: row_id),
    "rooms.room": (CentralRoom, lambda city, row_id: row_id),
    "rooms.open": (CentralProject, lambda city, row_id: OpenProject(row_id)),
    "rooms.close_project": (CentralProject, lambda city, row_id: row_id),
    "rooms.change_operator": (CentralProject, lambda city, row_id: ChangeOperator(row_id, "91310115MA1K000016")),
    "rooms.decide": (RoomApply, lambda city, row_id: Decide(row_id)),
    "rooms.return": (RoomApply, lambda city, row_id: ReturnApply(row_id, "内容有误，请核对")),
}

_FIRMS = "firms' only, tried as another firm in tests/services/rooms/test_row_33.py"
UNFOREIGN: dict[str, str] = {
    "rooms.keep_project": _FIRMS,
    "rooms.add_title": _FIRMS,
    "rooms.begin": _FIRMS,
    "rooms.keep_lines": _FIRMS,
    "rooms.submit": _FIRMS,
    "rooms.withdraw": _FIRMS,
}


def furnish(city: Any) -> None:
    """Two projects in each of two districts, of both firms, with something of everything in each."""
    city.counter.world.act(lambda work: _furnish(work, city))


def _furnish(work: Work, city: Any) -> None:
    for number, district in enumerate(("310115", "310104", "310115", "310104")):
        firm_id = city.firms[number % 2]
        keeper = Enterprise(
            name=f"走查房源企业{number}",
            kind=EnterpriseKind.RENTAL,
            uscc=f"91310115WALKRM0{number:02d}X",
            record_state=RecordState.RECORDED,
            district_code=district,
        )
        project = CentralProject(
            project_no=f"XMROOM{number}",
            name="走查房源项目",
            kind=ProjectKind.MARKET,
            enterprise_id=firm_id,
            owner_id=city.firms[1] if number == 0 else None,
            district_code=district,
        )
        key = EnterpriseKey(
            enterprise_id=keeper.id,
            serial=f"WALK-{number}",
            valid_from=date(2027, 1, 1),
            valid_to=date(2028, 1, 1),
            state=KeyState.VALID,
        )
        for row in (keeper, project, key):
            work.add(row)
        _of_project(work, project, key, number)


def _of_project(work: Work, project: CentralProject, key: EnterpriseKey, number: int) -> None:
    place: dict[str, Any] = {"district_code": project.district_code, "project_id": project.id}
    work.add(CentralBuilding(project_id=project.id, name="1号楼", floors=6))
    work.add(
        CentralTitle(
            project_id=project.id, title_ref=f"TF-WALK-{number}", kind=TitleKind.TITLE, valid_to=date(2030, 1, 1)
        )
    )
    work.add(
        CentralRoom(
            project_id=project.id, building="1号楼", room_no="101", number_key="1号楼|101", usable_area=Decimal(20)
        )
    )
    work.add(
        ProjectOpening(
            **place,
            enterprise_id=key.enterprise_id,
            operator_id=project.enterprise_id,
            key_id=key.id,
            mode=OpeningMode.AUTO,
            opened_on=date(2027, 2, 1),
        )
    )
    for turn, state in enumerate((RoomApplyState.DRAFT, RoomApplyState.REVIEWING)):
        apply = RoomApply(
            **place,
            apply_no=f"BGWALK{number}{turn}",
            kind=ApplyKind.CHANGE,
            enterprise_id=project.enterprise_id,
            state=state,
            submitted_at=work.now if turn else None,
            submitted_by=uuid4() if turn else None,
        )
        work.add(apply)
        line_state = LineState.OPEN if turn else LineState.DRAFT
        work.add(
            RoomApplyLine(
                apply_id=apply.id,
                line_no=1,
                kind=LineKind.CANCEL,
                building="1号楼",
                room_no="101",
                state=line_state,
            )
        )
