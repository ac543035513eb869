"""Parts that every forced review has in common: who may decide now, whose opinion is kept, what is past its day (rows 11, 28, 29)."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

from sqlmodel import col, select

from models.access import OrgUnit, UnitKind
from models.sealed import Sealed
from services.engine.actor_names import person
from services.engine.clock import SHANGHAI
from services.engine.notices import notify
from services.engine.refusals import Conflict, NotAllowed
from services.engine.work import Work

#: A refusal gives its reason in at least so many characters.
LEAST_REASON = 10


class UnderReview(Protocol):
    """An application that one person took in and others decide."""

    clerk_id: UUID | None
    taken_by: UUID | None
    taken_at: datetime | None
    reviewer_id: UUID | None
    opinion: Sealed | None
    second_reviewer_id: UUID | None
    second_opinion: Sealed | None
    decided_at: datetime | None


def free_to_decide(work: Work, row: UnderReview, *, again: bool, minutes: int) -> None:
    """Refuse who took the application in, `again` who spoke already, and all others while one has it open."""
    if row.clerk_id == work.caller.account_id:
        raise NotAllowed("不能审核本人受理的申请，请由其他同事审核")
    if again and row.reviewer_id == work.caller.account_id:
        raise NotAllowed("您已提出初审意见，须由另一位审核人员复审")
    held = timedelta(minutes=minutes)
    if row.taken_by not in (None, work.caller.account_id) and row.taken_at and work.now - row.taken_at < held:
        at = f"{row.taken_at.astimezone(SHANGHAI):%H:%M}"
        raise Conflict(f"{person(work, row.taken_by)}已于{at}打开该申请，请先审核其他申请")


def take_in_hand(work: Work, row: Any, act: str) -> None:
    """Keep an application for the caller: for a while no other reviewer decides it."""
    row.taken_by, row.taken_at = work.caller.account_id, work.now
    work.add(row)
    work.trail.tell("DATA.STATE", act, about=row)


def speak(work: Work, row: UnderReview, opinion: str, *, again: bool) -> None:
    """Keep the caller's opinion: the first, or `again` the second."""
    kept = Sealed.of_json(opinion) if opinion else None
    if again:
        row.second_reviewer_id, row.second_opinion = work.caller.account_id, kept
    else:
        row.reviewer_id, row.opinion = work.caller.account_id, kept
    row.decided_at, row.taken_by, row.taken_at = work.now, None, None


def give_back(work: Work, row: Any, words: str, label: str) -> None:
    """Take the first opinion of an application off it, which is to be given anew, and tell its author why."""
    if row.reviewer_id is None:
        raise Conflict("该申请没有初审意见，不能退回初审，请直接审核")
    told = f"强制核验{row.apply_no}已由{work.caller.name}退回初审：{words}"
    notify(work, f"{label}退回初审", told, about=row, to_account=row.reviewer_id)
    row.reviewer_id, row.opinion = None, None
    row.decided_at, row.taken_by, row.taken_at = None, None, None
    work.add(row)


def words_of(kept: Sealed | None) -> str:
    """The words of a kept opinion."""
    return str(kept.json()) if kept is not None else ""


def mark_overdue(
    work: Work, table: Any, waiting: Collection[Any], limit: int, *, label: str, act: str
) -> Sequence[Any]:
    """Mark applications past their day, and tell once the bureau of their district and the city."""
    late = (col(table.state).in_(waiting), col(table.due_on) < work.today, col(table.overdue).is_(False))
    rows = work.free(select(table).where(*late).order_by(col(table.due_on)).limit(limit)).all()
    city = work.rows(OrgUnit.id, OrgUnit.kind == UnitKind.CITY_CENTER)
    for row in rows:
        row.overdue = True
        work.add(row)
        words = f"强制核验{row.apply_no}应于{row.due_on}前办结，已经超期，请尽快审核。"
        subject = f"{label}超期"
        notify(work, subject, words, about=row, to_district=row.district_code)
        for unit in city:
            notify(work, subject, words, about=row, to_unit=unit)
        work.trail.tell("DATA.STATE", act, about=row)
    return rows
