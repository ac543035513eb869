"""Visibility of projects, rooms and applications: the operator and owner their own, the district its own, the city all."""

from typing import Any

import sqlalchemy as sa
from sqlmodel import col, select

from models.access import Role
from models.rooms import (
    CentralBuilding,
    CentralProject,
    CentralRoom,
    CentralTitle,
    ProjectOpening,
    RoomApply,
    RoomApplyLine,
)
from services.access.visibility import CITY, ENTERPRISE
from services.engine.notices import tell_only
from services.engine.work import Work, visible_rows

DISTRICT = {Role.DISTRICT_BUREAU}
READERS = ENTERPRISE | DISTRICT | CITY
for _name in ("room_apply", "central_project", "project_opening"):
    tell_only(_name, frozenset(READERS))


@visible_rows(CentralProject)
def projects(work: Work, table: Any) -> Any:
    """Show a firm the projects that it operates or owns."""
    return _rows(work, table, lambda firm: sa.or_(table.enterprise_id == firm, table.owner_id == firm))


@visible_rows(CentralBuilding)
@visible_rows(CentralTitle)
@visible_rows(CentralRoom)
@visible_rows(ProjectOpening)
def of_project(work: Work, table: Any) -> Any:
    """Show what belongs to a project with the project."""
    if work.caller.has(*CITY, Role.SYSTEM):
        return sa.true()
    return col(table.project_id).in_(select(CentralProject.id).where(projects(work, CentralProject)))


@visible_rows(RoomApply)
def applications(work: Work, table: Any) -> Any:
    """Show a firm its own applications; the bureau sees them once they are handed in."""
    return _rows(work, table, lambda firm: table.enterprise_id == firm, bureau=col(table.submitted_at).is_not(None))


@visible_rows(RoomApplyLine)
def lines(work: Work, table: Any) -> Any:
    """Show lines with their application."""
    if work.caller.has(*CITY, Role.SYSTEM):
        return sa.true()
    return col(table.apply_id).in_(select(RoomApply.id).where(applications(work, RoomApply)))


def _rows(work: Work, table: Any, own: Any, bureau: Any = None) -> Any:
    caller = work.caller
    if caller.has(*CITY, Role.SYSTEM):
        return sa.true()
    allowed: list[Any] = [sa.false()]
    if districts := [scope.code for scope in caller.scope_of(Role.DISTRICT_BUREAU) if scope.code]:
        mine = col(table.district_code).in_(districts)
        allowed.append(mine if bureau is None else sa.and_(mine, bureau))
    if caller.has(*ENTERPRISE) and caller.enterprise_id is not None:
        allowed.append(own(caller.enterprise_id))
    return sa.or_(*allowed)
