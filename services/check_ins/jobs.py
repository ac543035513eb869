"""Timed work of row 14: stays that waited for their room, and the nightly reconciliation."""

import logging
from datetime import timedelta
from uuid import UUID

from sqlmodel import col, select

from models.access import Role
from models.enterprise import CentralProject
from models.push_codes import StayState
from models.pushes import CheckIn, OccupiedList
from services.check_ins.occupied import Reconcile, reconcile
from services.check_ins.rooms import held, seen_room
from services.check_ins.waiting_stays import Admit, admit, kept_order
from services.engine.callers import SYSTEM
from services.engine.door import Door
from services.engine.jobs import job
from services.engine.refusals import Refusal
from services.engine.registry import query
from services.engine.work import Work

log = logging.getLogger("shenfang.check_ins")


@query("check_ins.due", "可补办的入住", roles={Role.SYSTEM})
def due_stays(work: Work, limit: int) -> list[UUID]:
    """Stays whose room has been left since, and those that waited as long as they may."""
    latest = work.now - timedelta(hours=work.thresholds.integer("check_ins.wait_hours"))
    due = []
    for stay in work.session.exec(
        select(CheckIn).where(CheckIn.state == StayState.ROOM_TAKEN).order_by(col(CheckIn.received_at))
    ).all():
        order = kept_order(stay)
        seen = seen_room(work, order.project_no, order.room_no, order.operator_uscc, order.bed)
        if stay.received_at < latest or not held(work, seen):
            due.append(stay.id)
        if len(due) == limit:
            break
    return due


@job("check_ins.admit", "补办入住备案", every=20)
def admit_waiting(door: Door) -> int:
    """File the stays whose room is free now; one that cannot be filed stops no other."""
    done = 0
    for stay_id in door.ask(due_stays, SYSTEM, 50):
        try:
            door.perform(admit, SYSTEM, Admit(stay_id))
            done += 1
        except Refusal as refusal:
            log.info("stay %s was not admitted: %s", stay_id, type(refusal).__name__)
    return done


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
        done += len(door.perform(reconcile, SYSTEM, Reconcile(project_id)).differences)
    return done
