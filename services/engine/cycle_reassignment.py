"""Reassignment of a review step to another person or back to the queue, when its reviewer is absent (market 3.3).

Handlers of the authority reassign: they keep its accounts (decision 10), see what waits, and decide nothing themselves.
A district's handler acts for the district level of the district, the city's for every step.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, func, or_, select

from models.access import DISTRICT_AUTHORITY, Account, Role
from models.records import REVISION, Revision, RevisionState, StepVerdict
from services.engine.actor_names import person
from services.engine.cycle_lock import (
    held,
    level_of,
    named_version,
    note_step,
    passed_before,
    reviewers_at,
    signs_in,
    touched,
)
from services.engine.cycle_queue import KIND, TEXT, at_levels, review_cells
from services.engine.kept_visibility import districts_of
from services.engine.kinds import KINDS, Kind, Level
from services.engine.listings import Bulk, Column, Filter, Listing, listed, named
from services.engine.look_ups import names_by, uuid_of
from services.engine.notices import notify
from services.engine.offices import office_name
from services.engine.refusals import Conflict, NotAllowed, NotFound, Rejected
from services.engine.registry import action, query
from services.engine.search_terms import WRONG
from services.engine.steps import take_step
from services.engine.words import enough_words
from services.engine.work import Work

OVERSEERS = frozenset({Role.CITY_HANDLER, Role.DIST_HANDLER})
_OF_A_DISTRICT = frozenset({Role.DIST_HANDLER})
_MOST = 200
NOT_QUALIFIED = "所选人员不能审核这一环节，请重新选择"


@dataclass(frozen=True)
class Reassign:
    """`to_account` is who shall review from now on, None for the queue; `version` is the one the page showed."""

    revision_id: UUID
    version: int
    to_account: UUID | None
    reason: str


@dataclass(frozen=True)
class Taker:
    """Account that steps are given to, None for the queue, and the reason."""

    to: UUID | None
    reason: str


@dataclass(frozen=True)
class Person:
    """A reviewer with the number of steps in his hands. `able` is how many of the steps in question may be given to him.

    One who is `gone` cannot sign in any more.
    """

    id: UUID
    name: str
    office: str
    holds: int
    able: int = 0
    gone: bool = False


# ------------------------------------------------------------------ acting


@action("records.reassign", "转交审核", roles=set(OVERSEERS))
def reassign(work: Work, order: Reassign) -> None:
    """Reassign a step to another person or back to the queue. Its term goes on; both people are notified."""
    found = work.get(Revision, order.revision_id)
    kind = KINDS.get(found.kind)
    if kind is None:
        raise NotFound
    row = held(work, kind, order.revision_id, order.version)
    level = level_of(kind, row)
    if level is None:
        raise Conflict(f"当前状态为“{row.state.label}”，没有待办的审核环节")
    if bar := _bar(work, level, row):
        raise NotAllowed(bar)
    reason = enough_words(order.reason, "转交原因")
    before = _people_of(row)
    if order.to_account is None:
        if not before:
            raise Conflict("本环节没有人领取，也没有指定审核人，无须放回")
    else:
        _must_qualify(work, level, row, order.to_account)
        if before == {order.to_account}:
            raise Conflict(f"本环节已由{person(work, order.to_account)}办理，无须转交")
    take_step(work, row, REVISION, "reassign")
    row.assigned_to = order.to_account
    row.taken_by = row.taken_at = None
    work.add(row)
    verdict = StepVerdict.REQUEUED if order.to_account is None else StepVerdict.REASSIGNED
    words = reason if order.to_account is None else f"转交{_name(work, order.to_account)}：{reason}"
    note_step(work, row, verdict, level=level.label, opinion=words, act="records.reassign")
    _tell_both(work, kind, level, row, before, reason)


def may_reassign(work: Work, level: Level, row: Revision) -> bool:
    """Return whether the caller may say who works on this step of this version."""
    return not _bar(work, level, row)


def _bar(work: Work, level: Level, row: Revision) -> str:
    """Return the reason why the caller may not choose who reviews: it is another's part, or own work."""
    me = work.caller.account_id
    if not _oversees(work, level, row):
        return f"当前环节为“{level.label}”，不由您调配"
    return "不能转交本人起草、保存或提交的记录，请由其他管理人员办理" if me is None or touched(row, me) else ""


def _oversees(work: Work, level: Level, row: Revision) -> bool:
    if work.caller.scope_of(Role.CITY_HANDLER):
        return True
    return bool(level.roles & DISTRICT_AUTHORITY) and row.district_code in districts_of(work, _OF_A_DISTRICT)


def _people_of(row: Revision) -> set[UUID]:
    """Return the assigned reviewer and the reviewer at work; they differ when a deputy has taken the step."""
    return {one for one in (row.taken_by, row.assigned_to) if one is not None}


def _must_qualify(work: Work, level: Level, row: Revision, account_id: UUID) -> None:
    if account_id == work.caller.account_id:
        raise Rejected("不能转交给本人")
    if account_id not in reviewers_at(work, level, row.district_code):
        raise Rejected(NOT_QUALIFIED)
    if touched(row, account_id):
        raise Rejected("所选人员起草、保存或提交过该记录，不能审核")
    if row.review_step > 0 and passed_before(work, row, account_id):
        raise Rejected("所选人员已在上一级审核通过该记录，须由另一位审核人员审核")


def _tell_both(work: Work, kind: Kind, level: Level, row: Revision, before: set[UUID], reason: str) -> None:
    step = f"{named_version(kind, row)}的“{level.label}”环节"
    if row.assigned_to is not None:
        due = f"期限仍为{row.review_due}。" if row.review_due else ""
        words = f"{step}由{work.caller.name}转交给您审核，{due}原因：{reason}"
        notify(work, "审核转交给您", words, about=row, to_account=row.assigned_to)
    went = f"转交{_name(work, row.assigned_to)}" if row.assigned_to else "放回待审"
    words = f"{step}由{work.caller.name}{went}，您无须再办理。原因：{reason}"
    for account_id in sorted(before - {row.assigned_to}):
        notify(work, "审核已转交", words, about=row, to_account=account_id)


def _name(work: Work, account_id: UUID | None) -> str:
    """Return the name of a reviewer of the authority, whatever the office."""
    return names_by(work, [account_id]).get(account_id, "") if account_id else ""


# ------------------------------------------------------------------ asking


def _of_holder(work: Work, holder: str) -> Any:
    account_id = uuid_of(holder)
    if account_id is None:
        raise Rejected(WRONG)
    return or_(
        Revision.taken_by == account_id,
        sa.and_(col(Revision.taken_by).is_(None), col(Revision.assigned_to) == account_id),
    )


def _watched_steps(work: Work) -> Any:
    return work.visible(Revision).where(_watched(work))


def _cells(work: Work, rows: Sequence[Revision]) -> Mapping[str, Callable[[Any], Any]]:
    cells = review_cells(work, rows)

    def who(row: Revision) -> str:
        """Name who holds a step or was assigned it, or say that the assigned reviewer can review no more."""
        to, once = cells["assigned"](row), cells["once_assigned"](row)
        free = f"原指定{once}，可领取" if once else "无人领取"
        return cells["holder"](row) or (f"指定{to}" if to else free)

    return {**cells, "who": who}


STEPS = listed(
    Listing(
        name="record_steps",
        label="审核环节",
        roles=OVERSEERS,
        table=Revision,
        rows=_watched_steps,
        columns=(
            Column("record_no", "业务编号", sortable=True, width=160),
            Column("kind_label", "类别", width=110),
            Column("title", "名称"),
            Column("edition", "版次", width=52),
            Column("level", "环节", width=70),
            Column("district", "区", width=72),
            Column("who", "承办人", width=96),
            Column("due_words", "期限", sql=Revision.review_due, sortable=True, width=124),
            Column("submitted_at", "提交时间", sortable=True, width=126),
        ),
        filters=(
            Filter("holder", "承办人", _of_holder, options={}, width=250),
            KIND,
            named("overdue", "期限", {"1": ("已超期", lambda work: col(Revision.review_due) < work.today)}, width=130),
            TEXT,
        ),
        sort="due_words",
        look_up=_cells,
        also=("kind", "record_id", "version", "taken_by", "assigned_to"),
        exporters=set(),
        bulk=(
            Bulk(
                reassign,
                lambda line, taker: Reassign(line.id, line.version, taker.to, taker.reason),
                label="转交审核",
                icon="swap_horiz",
                key="f8",
                done="已转交",
                named="record_no",
                as_shown=True,
            ),
        ),
        empty="没有等待审核的环节",
    )
)


@query("records.step_holders", "在办审核人员", roles=set(OVERSEERS))
def step_holders(work: Work, order: None) -> list[Person]:
    """Return who has open steps over which the caller watches, and how many; those who are gone first."""
    holds = _holding(work, work.visible(Revision).where(_watched(work)))
    people = work.rows(Account, col(Account.id).in_(holds))
    here = set(work.rows(Account.id, col(Account.id).in_(holds), *signs_in(work)))
    lines = [
        Person(row.id, row.name.plain, office_name(work, row.unit_id), holds[row.id], gone=row.id not in here)
        for row in people
    ]
    return sorted(lines, key=lambda one: (not one.gone, -one.holds, one.name, str(one.id)))


@query("records.step_reviewers", "可接手的审核人员", roles=set(OVERSEERS))
def step_reviewers(work: Work, revision_ids: tuple[UUID, ...]) -> list[Person]:
    """Return possible reviewers of these steps: those who can take the most first, then those who hold the fewest."""
    if not revision_ids or len(revision_ids) > _MOST:
        raise Rejected(f"请选择1至{_MOST}条记录")
    rows = work.rows(work.visible(Revision), _watched(work), col(Revision.id).in_(set(revision_ids)), by=Revision.id)
    able: dict[UUID, int] = defaultdict(int)
    for row in rows:
        level = level_of(KINDS[row.kind], row)
        assert level is not None
        before = _people_of(row)
        for account_id in reviewers_at(work, level, row.district_code) - {work.caller.account_id}:
            if before == {account_id}:
                continue
            if not touched(row, account_id) and not (row.review_step > 0 and passed_before(work, row, account_id)):
                able[account_id] += 1
    people = work.rows(Account, col(Account.id).in_(able))
    holds = _holding(work, select(Revision).where(Revision.state == RevisionState.SUBMITTED))
    lines = [
        Person(row.id, row.name.plain, office_name(work, row.unit_id), holds.get(row.id, 0), able[row.id])
        for row in people
    ]
    return sorted(lines, key=lambda one: (-one.able, one.holds, one.name, str(one.id)))


def _holding(work: Work, steps: Any) -> dict[UUID, int]:
    """Count the steps in the hands of each person."""
    holder = func.coalesce(Revision.taken_by, Revision.assigned_to)
    counted = steps.with_only_columns(holder, func.count()).where(holder.is_not(None)).group_by(holder)
    return {account_id: int(number) for account_id, number in work.session.connection().execute(counted).all()}


def _watched(work: Work) -> Any:
    """Open steps the caller oversees, as a clause."""
    city, districts = bool(work.caller.scope_of(Role.CITY_HANDLER)), sorted(districts_of(work, _OF_A_DISTRICT))

    def over(level: Level) -> Any:
        if city:
            return sa.true()
        if districts and level.roles & DISTRICT_AUTHORITY:
            return col(Revision.district_code).in_(districts)
        return None

    return sa.and_(col(Revision.state) == RevisionState.SUBMITTED, at_levels(over))
