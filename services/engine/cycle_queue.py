"""The review queue over all kinds (market 3.3, 3.8)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, func, select

from models.access import AUTHORITY, Role, ScopeKind
from models.records import Revision, RevisionState, RevisionStep, StepVerdict
from services.engine.actor_names import person
from services.engine.cycle_lock import assigned_now, bar_of, level_of, office
from services.engine.cycle_orders import QueueFilter, QueueLine, QueuePage
from services.engine.kept_visibility import told_who_reviews
from services.engine.kinds import KINDS, Kind, Level
from services.engine.refusals import Rejected
from services.engine.registry import query
from services.engine.search_terms import search_word
from services.engine.work import Work

REVIEWERS = frozenset({Role.CITY_REVIEWER, Role.DIST_REVIEWER, Role.SPATIAL_REVIEWER, Role.HEAD_ADMIN, Role.PROJ_ADMIN})
_VIEWS = frozenset({"", "mine", "overdue", "done"})
_SPOKEN = (StepVerdict.PASSED, StepVerdict.RETURNED, StepVerdict.REJECTED, StepVerdict.APPROVED)
_SORTS: dict[str, Any] = {
    "due": Revision.review_due,
    "submitted_at": Revision.submitted_at,
    "record_no": Revision.record_no,
    "kind": Revision.kind,
    "district_code": Revision.district_code,
}
#: Titles are sealed: a text is sought in those of so many that wait.
_MOST_TITLES = 2_000
_MOST = 200


@dataclass(frozen=True)
class QueueCounts:
    """Numbers of waiting, own and overdue reviews, and of waiting reviews of each kind."""

    waiting: int
    mine: int
    overdue: int
    kinds: dict[str, int]


@query("records.queue", "档案审核队列", roles=set(REVIEWERS | AUTHORITY))
def records_queue(work: Work, order: QueueFilter) -> QueuePage:
    """Return what waits at the levels the caller speaks at, the most urgent first; or what he has spoken about."""
    if order.view not in _VIEWS:
        raise Rejected("筛选条件不正确，请重新选择")
    if order.kind and order.kind not in KINDS:
        raise Rejected("没有这一类别")
    wanted = work.visible(Revision).where(_of_view(work, order.view))
    if order.kind:
        wanted = wanted.where(Revision.kind == order.kind)
    if order.district:
        wanted = wanted.where(Revision.district_code == search_word(order.district, 6))
    if word := search_word(order.text):
        wanted = wanted.where(with_word(work, wanted, word))
    total = work.session.exec(select(func.count()).select_from(wanted.subquery())).one()
    size = min(max(order.size, 1), _MOST)
    page = min(max(order.page, 1), 10_000)
    rows = work.session.exec(
        wanted.order_by(*queue_order(order.sort or ("-submitted_at" if order.view == "done" else "due")))
        .offset((page - 1) * size)
        .limit(size)
    ).all()
    return QueuePage(total, tuple(queue_lines(work, rows)))


@query("records.queue_counts", "档案审核数量", roles=set(REVIEWERS | AUTHORITY))
def queue_counts(work: Work, order: None) -> QueueCounts:
    waiting = work.visible(Revision).where(_of_view(work, "")).subquery()
    counted = select(waiting.c.kind, func.count()).group_by(waiting.c.kind)
    kinds = {kind: int(number) for kind, number in work.session.exec(counted).all()}

    def number(view: str) -> int:
        rows = work.visible(Revision).where(_of_view(work, view)).subquery()
        return int(work.session.exec(select(func.count()).select_from(rows)).one())

    return QueueCounts(sum(kinds.values()), number("mine"), number("overdue"), kinds)


# ------------------------------------------------------------------ narrowing


def _of_view(work: Work, view: str) -> Any:
    me = work.caller.account_id
    if view == "done":
        return col(Revision.id).in_(
            select(RevisionStep.revision_id).where(
                RevisionStep.by_account == me, col(RevisionStep.verdict).in_(_SPOKEN)
            )
        )
    waiting = sa.and_(col(Revision.state) == RevisionState.SUBMITTED, at_levels(lambda level: _over(work, level)))
    if view == "mine":
        return sa.and_(waiting, sa.or_(col(Revision.taken_by) == me, col(Revision.assigned_to) == me))
    if view == "overdue":
        return sa.and_(waiting, col(Revision.review_due) < work.today)
    return waiting


def at_levels(over: Callable[[Level], Any]) -> Any:
    """Versions of every kind at the levels `over` gives a clause for; it gives None for the others."""
    theirs = [
        sa.and_(col(Revision.kind) == kind.name, col(Revision.review_step) == step, clause)
        for kind in KINDS.values()
        for step, level in enumerate(kind.review)
        if (clause := over(level)) is not None
    ]
    return sa.or_(*theirs) if theirs else sa.false()


def _over(work: Work, level: Level) -> Any:
    """The districts over which the caller speaks at a level, as a clause; None for nowhere."""
    scopes = work.caller.scope_of(*level.roles)
    if not scopes:
        return None
    if any(scope.kind is not ScopeKind.DISTRICT for scope in scopes):
        return sa.true()
    return col(Revision.district_code).in_(sorted({scope.code for scope in scopes}))


def with_word(work: Work, wanted: Any, word: str) -> Any:
    """Select revisions whose number or title contains the word."""
    newest = wanted.order_by(col(Revision.submitted_at).desc(), col(Revision.id)).limit(_MOST_TITLES)
    sought = word.casefold()
    titled = [row.id for row in work.session.exec(newest).all() if sought in str(row.title.json()).casefold()]
    return sa.or_(col(Revision.record_no).icontains(word, autoescape=True), col(Revision.id).in_(titled))


def reviewed_kinds() -> dict[str, str]:
    """The labels of the kinds that are reviewed, in the order of their rows."""
    return {kind.name: kind.label for kind in sorted(KINDS.values(), key=lambda kind: kind.row) if kind.review}


def queue_order(sort: str) -> tuple[Any, ...]:
    column = _SORTS.get(sort.removeprefix("-"))
    if column is None:
        raise Rejected("不支持按该列排序")
    ordered = col(column).desc() if sort.startswith("-") else col(column).asc()
    # Databases differ in where they put what is not filled.
    return ordered.nulls_last(), col(Revision.id).desc() if sort.startswith("-") else col(Revision.id)


# ------------------------------------------------------------------ showing


def queue_lines(work: Work, rows: Sequence[Revision]) -> list[QueueLine]:
    """Versions as a queue shows them to the caller."""
    people = _once(lambda account_id: person(work, account_id))
    offices = _once(lambda unit_id: office(work, unit_id))
    return [_line(work, row, KINDS[row.kind], people, offices) for row in rows if row.kind in KINDS]


def _line(
    work: Work, row: Revision, kind: Kind, people: Callable[[Any], str], offices: Callable[[Any], str]
) -> QueueLine:
    level = level_of(kind, row)
    waits = row.state is RevisionState.SUBMITTED
    given = assigned_now(work, row)
    to = people(row.assigned_to) if row.assigned_to and told_who_reviews(work) else ""
    return QueueLine(
        revision_id=row.id,
        record_id=row.record_id,
        kind=kind.name,
        kind_label=kind.label,
        record_no=row.record_no,
        title=row.title.json(),
        version_no=row.version_no,
        level=level.label if level else "",
        owner=offices(row.author_unit),
        district_code=row.district_code,
        submitted_at=row.submitted_at,
        due=row.review_due,
        overdue=waits and row.review_due is not None and work.today > row.review_due,
        holder=people(row.taken_by) if row.taken_by else "",
        mine=row.taken_by is not None and row.taken_by == work.caller.account_id,
        assigned=to if given else "",
        for_me=given is not None and given == work.caller.account_id,
        once_assigned="" if given else to,
        bar=bar_of(work, row) if waits else "",
        state=row.state,
        lock_version=row.version,
    )


def _once(look: Callable[[Any], str]) -> Callable[[Any], str]:
    known: dict[Any, str] = {}

    def name(key: Any) -> str:
        if key not in known:
            known[key] = look(key)
        return known[key]

    return name
