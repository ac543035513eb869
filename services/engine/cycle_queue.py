"""The review queue over all kinds (market 3.3, 3.8)."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, select

from models.access import AUTHORITY, LEASING_CITY, Role, ScopeKind
from models.codes import due_day
from models.letters import is_named_in
from models.places_data import district, districts_by_code
from models.records import OpinionState, Revision, RevisionState, RevisionStep, SecondOpinion, StepVerdict
from services.engine.actor_names import person
from services.engine.cycle_judgement import read_findings
from services.engine.cycle_lock import assigned_now, bar_of, level_of, seen
from services.engine.cycle_orders import Decide
from services.engine.findings import Severity
from services.engine.kept_visibility import told_who_reviews
from services.engine.kinds import KINDS, Level
from services.engine.listings import Bulk, Column, Filter, Line, Listing, days, listed, named
from services.engine.offices import office_name
from services.engine.refusals import Conflict, Rejected
from services.engine.registry import ACTIONS, Chosen
from services.engine.search_terms import search_word
from services.engine.work import Work

REVIEWERS = LEASING_CITY | {
    Role.CITY_REVIEWER,
    Role.DIST_REVIEWER,
    Role.SPATIAL_REVIEWER,
    Role.HEAD_ADMIN,
    Role.PROJ_ADMIN,
}
_SPOKEN = (
    StepVerdict.PASSED,
    StepVerdict.RETURNED,
    StepVerdict.HANDED_BACK,
    StepVerdict.REJECTED,
    StepVerdict.APPROVED,
)
#: Titles are sealed: a text is sought in those of so many that wait.
_MOST_TITLES = 2_000


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
    if view == "asked":
        return col(Revision.id).in_(
            select(SecondOpinion.revision_id).where(
                SecondOpinion.of_account == me, SecondOpinion.state == OpinionState.ASKED
            )
        )
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


def _of_kind(work: Work, name: str) -> Any:
    if name not in KINDS:
        raise Rejected("没有这一类别")
    return col(Revision.kind) == name


def _with_word(work: Work, text: str) -> Any:
    """Versions under review, or that the caller has spoken about, whose number or title contains the word."""
    word = search_word(text)
    theirs = (Revision.state == RevisionState.SUBMITTED) | _of_view(work, "done")
    newest = work.visible(Revision).where(theirs).order_by(col(Revision.submitted_at).desc(), col(Revision.id))
    rows = work.session.exec(newest.limit(_MOST_TITLES)).all()
    titled = [row.id for row in rows if is_named_in(word, str(row.title.json()))]
    return col(Revision.record_no).icontains(word, autoescape=True) | col(Revision.id).in_(titled)


def reviewed_kinds() -> dict[str, str]:
    """The labels of the kinds that are reviewed, in the order of their rows."""
    return {kind.name: kind.label for kind in sorted(KINDS.values(), key=lambda kind: kind.row) if kind.review}


#: Filters of every list of versions under review.
KIND = Filter("kind", "类别", _of_kind, options_for=lambda roles: reviewed_kinds(), width=180)
TEXT = Filter("text", "查找", _with_word, secret=True, width=150)


# ------------------------------------------------------------------ showing


def review_cells(work: Work, rows: Sequence[Revision]) -> Mapping[str, Callable[[Any], Any]]:
    """The cells of versions under review, as the caller may read them.

    `assigned` is whom an administrator gave it to, shown to the authority alone; `once_assigned` a reviewer who can review it
    no more, so that others may take it again.
    """
    people, offices = cache(partial(person, work)), cache(partial(office_name, work))
    given = {row.id: assigned_now(work, row) for row in rows}
    tells = told_who_reviews(work)
    me = work.caller.account_id

    def level(row: Revision) -> str:
        found = level_of(KINDS[row.kind], row)
        return found.label if found else ""

    def overdue(row: Revision) -> bool:
        waits = row.state is RevisionState.SUBMITTED
        return waits and row.review_due is not None and work.today > row.review_due

    def to(row: Revision) -> str:
        return people(row.assigned_to) if row.assigned_to and tells else ""

    return {
        "kind_label": lambda row: KINDS[row.kind].label,
        "title": lambda row: str(row.title.json()),
        "edition": lambda row: f"第{row.version_no}版",
        "district": lambda row: place.name if (place := district(row.district_code)) else "",
        "level": level,
        "owner": lambda row: offices(row.author_unit),
        "due": lambda row: row.review_due,
        "due_words": lambda row: due_day(row.review_due, late=overdue(row)),
        "overdue": overdue,
        "holder": lambda row: people(row.taken_by) if row.taken_by else "",
        "mine": lambda row: row.taken_by is not None and row.taken_by == me,
        "assigned": lambda row: to(row) if given[row.id] else "",
        "for_me": lambda row: given[row.id] is not None and given[row.id] == me,
        "once_assigned": lambda row: "" if given[row.id] else to(row),
        "bar": lambda row: bar_of(work, row) if row.state is RevisionState.SUBMITTED else "",
    }


def _queue_cells(work: Work, rows: Sequence[Revision]) -> Mapping[str, Callable[[Any], Any]]:
    cells = review_cells(work, rows)

    def holder(row: Revision) -> str:
        to = cells["assigned"](row)
        return cells["holder"](row) or ("指定给您" if cells["for_me"](row) else f"指定{to}" if to else "")

    return {**cells, "holder_words": holder}


def _of_district(work: Work, code: str) -> Any:
    return col(Revision.district_code) == search_word(code, 6)


def _may_go_in_bulk(work: Work, line: Line) -> Revision:
    """Return a version, or refuse one whose kind declares that it is decided alone."""
    row = seen(work, KINDS[line.kind], line.id)
    level = level_of(KINDS[line.kind], row)
    if level is not None and level.alone:
        raise Conflict(level.alone)
    return row


def _returned_in_bulk(work: Work, line: Line) -> str:
    _may_go_in_bulk(work, line)
    return ""


def _needs_no_look(work: Work, line: Line) -> str:
    """Refuse a version with a warning, an open check or a difference from its source: a reviewer has to look at it."""
    row = _may_go_in_bulk(work, line)
    results = row.rule_results.json() if row.rule_results is not None else {}
    marks = {one.severity for one in read_findings(results.get("findings", ()))} & {Severity.WARN, Severity.PENDING}
    if marks or (row.prefill_diff is not None and row.prefill_diff.json()):
        raise Conflict("有需要查看的事项（提示、未核验或与来源不一致），请逐件审核")
    return ""


QUEUE = listed(
    Listing(
        name="record_review",
        label="管理记录审核",
        roles=REVIEWERS | AUTHORITY,
        table=Revision,
        rows=lambda work: work.visible(Revision).where(col(Revision.kind).in_(list(KINDS))),
        columns=(
            Column("record_no", "业务编号", sortable=True, width=160),
            Column("kind_label", "类别", width=88),
            Column("title", "名称"),
            Column("edition", "版次", width=52),
            Column("district", "区", width=64),
            Column("due_words", "期限", sortable=True, sql=Revision.review_due, width=124),
            Column("holder_words", "领取人", width=72),
            Column("submitted_at", "提交时间", sortable=True, shown=False),
        ),
        filters=(
            named(
                "view",
                "范围",
                {
                    "": ("待审核", lambda work: _of_view(work, "")),
                    "mine": ("我领取的", lambda work: _of_view(work, "mine")),
                    "overdue": ("已超期", lambda work: _of_view(work, "overdue")),
                    "asked": ("征求我的意见", lambda work: _of_view(work, "asked")),
                    "done": ("我已审核", lambda work: _of_view(work, "done")),
                },
                sorts={"done": "-submitted_at"},
                width=160,
            ),
            KIND,
            TEXT,
            Filter("district", "区", _of_district, options=districts_by_code(), width=140, more=True),
            *days(Revision.submitted_at, "提交日期", more=True),
        ),
        sort="due_words",
        look_up=_queue_cells,
        also=("record_id", "kind", "version_no", "version", "state"),
        counts="view",
        exporters=frozenset(),
        bulk=(
            Bulk(
                Chosen(REVIEWERS, lambda line: ACTIONS[f"{line.kind}.approve"]),
                lambda line, given: Decide(line.id, line.version),
                label="批量通过",
                icon="done_all",
                key="f8",
                done="已通过",
                check=_needs_no_look,
                question="勾选的记录全部审核通过？重新核验有问题或由他人领取的会跳过，并逐条说明。",
                as_shown=True,
                code="records.approve",
            ),
            Bulk(
                Chosen(REVIEWERS, lambda line: ACTIONS[f"{line.kind}.send_back"]),
                lambda line, words: Decide(line.id, line.version, words),
                label="批量退回",
                icon="reply_all",
                done="已退回修改",
                check=_returned_in_bulk,
                words="退回意见",
                question="勾选的记录全部退回修改？每件附同一意见，由他人领取的会跳过，并逐条说明。",
                as_shown=True,
                code="records.send_back",
            ),
        ),
        empty="没有等待审核的记录",
    )
)
