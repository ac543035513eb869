"""Timed work of row 14: stays that waited for their room, and the nightly reconciliation."""

from datetime import timedelta
from uuid import UUID

from sqlmodel import col, select

from models.access import Role
from models.push_codes import StayState
from models.pushes import CheckIn, OccupiedList
from models.rooms import CentralProject
from services.check_ins.occupied import reconcile
from services.check_ins.rooms import held, seen_room
from services.check_ins.waiting_stays import admit, kept_order
from services.engine.callers import SYSTEM
from services.engine.door import Door
from services.engine.jobs import job, one_by_one
from services.engine.registry import query
from services.engine.work import Work


def _due_stays(work: Work) -> list[UUID]:
    """Stays whose room has been left since, and those that waited as long as they may."""
    latest = work.now - timedelta(hours=work.thresholds.integer("check_ins.wait_hours"))
    due = []
    for stay in work.rows(CheckIn, CheckIn.state == StayState.ROOM_TAKEN, by=CheckIn.received_at):
        order = kept_order(stay)
        seen = seen_room(work, order.project_no, order.room_no, order.operator_uscc, order.bed)
        if stay.received_at < latest or not held(work, seen):
            due.append(stay.id)
        if len(due) == 50:
            break
    return due


one_by_one("check_ins.admit", "补办入住备案", admit, _due_stays, every=20)


@query("check_ins.projects", "在住核对项目", roles={Role.SYSTEM})
def projects_with_stays(work: Work, order: None) -> list[UUID]:
    """Return projects whose platform reports stays."""
    told = select(CheckIn.project_id).where(col(CheckIn.project_id).is_not(None))
    listed = select(OccupiedList.project_id)
    statement = select(CentralProject.id).where(col(CentralProject.id).in_(told) | col(CentralProject.id).in_(listed))
    return list(work.session.exec(statement.order_by(col(CentralProject.project_no))).all())


@job("check_ins.reconcile", "核对在住与备案", at="03:30")
def reconcile_all(door: Door) -> int:
    done = 0
    for project_id in door.ask(projects_with_stays, SYSTEM, None):
        done += len(door.perform(reconcile, SYSTEM, project_id).differences)
    return done
