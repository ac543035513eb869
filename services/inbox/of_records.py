"""Tasks of kept records: what is to be reviewed, what came back, what was begun and not yet submitted."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from sqlmodel import col, or_

from models.access import MARKET
from models.records import OpinionState, RecordCopy, Revision, RevisionState, SecondOpinion
from services.engine.cycle_queue import QUEUE, REVIEWERS
from services.engine.kinds import KINDS
from services.engine.list_pages import lines_of, page_of
from services.engine.listings import Line, ListRows
from services.engine.look_ups import rows_by
from services.engine.opinions import OFFICIALS
from services.engine.paging import Paging
from services.engine.work import Work
from services.inbox.sources import Task, Whose, task_source

#: So many of a source are shown; who has more works in the queue or the list.
MOST = 200


@task_source("records.review", "待审核", roles=REVIEWERS)
def to_review(work: Work, whose: Whose) -> Iterator[Task]:
    """Yield reviews at the caller's levels that no other reviewer holds; for a deputy, those the colleague holds."""
    if whose.personal:
        held = work.visible(Revision).where(
            Revision.state == RevisionState.SUBMITTED,
            or_(Revision.taken_by == whose.account_id, Revision.assigned_to == whose.account_id),
        )
        for line in lines_of(work, QUEUE, work.session.exec(held.order_by(col(Revision.id)).limit(MOST)).all()):
            yield _review(line, mine=True)
        return
    for line in page_of(work, QUEUE, ListRows(paging=Paging(size=MOST))).lines:
        if not line.bar and (not line.holder or line.mine):
            yield _review(line, mine=line.mine)


def _review(line: Line, *, mine: bool) -> Task:
    what = "继续审核" if mine else "审核（指定由您办理）" if line.for_me else "审核"
    title = f"{line.kind_label} {line.title} {line.record_no}".strip()
    params = {"id": str(line.id)}
    mine = mine or line.for_me
    return Task(str(line.id), title, what, "record_review", params, line.due, line.submitted_at, mine)


@task_source("records.opinions", "征求意见", roles=REVIEWERS)
def asked_of_me(work: Work, whose: Whose) -> Iterator[Task]:
    """Yield the versions about which a colleague asks for this person's opinion."""
    if whose.personal:
        return
    mine = (SecondOpinion.of_account == whose.account_id, SecondOpinion.state == OpinionState.ASKED)
    rows = work.rows(SecondOpinion, *mine, by=(SecondOpinion.created_at, SecondOpinion.id), most=MOST)
    versions = rows_by(work, Revision, [one.revision_id for one in rows])
    for one in rows:
        row = versions[one.revision_id]
        title = f"{KINDS[row.kind].label} {row.title.json()} {row.record_no}".strip()
        what = f"答复意见：{one.question.json()}"[:120]
        yield Task(str(one.id), title, what, "record_review", {"id": str(row.id)}, row.review_due, one.created_at, True)


@task_source("records.copies", "抄送", roles=OFFICIALS & MARKET)
def told_to_me(work: Work, whose: Whose) -> Iterator[Task]:
    """Yield the copies that this person has not read yet."""
    if whose.personal:
        return
    mine = (RecordCopy.to_account == whose.account_id, col(RecordCopy.read_at).is_(None))
    rows = work.rows(RecordCopy, *mine, by=(RecordCopy.created_at, RecordCopy.id), most=MOST)
    versions = rows_by(work, Revision, [one.revision_id for one in rows])
    for one in rows:
        row = versions[one.revision_id]
        title = f"{KINDS[row.kind].label} {row.title.json()} {row.record_no}".strip()
        what = f"阅读：{one.words.json()}"[:120] if one.words is not None else "阅读"
        params = {"kind": row.kind, "id": str(row.record_id), "revision": str(row.id)}
        yield Task(str(one.id), title, what, "record", params, None, one.created_at, True)


@task_source("records.returned", "退回修改", roles=MARKET)
def returned(work: Work, whose: Whose) -> Iterator[Task]:
    """Return what a reviewer sent back to the office, or to this person."""
    for row in _of_office(work, whose, RevisionState.RETURNED):
        opinion = row.opinion.json().get("text", "") if row.opinion is not None else ""
        what = f"修改后重新提交：{opinion}"[:120]
        yield replace(_of_record(row, what, since=row.reviewed_at, whose=whose), returned=True)


@task_source("records.drafts", "草稿待提交", roles=MARKET)
def drafts(work: Work, whose: Whose) -> Iterator[Task]:
    """Return what this person began; and of his office what only he may submit."""
    for row in _of_office(work, whose, RevisionState.DRAFT):
        kind = KINDS[row.kind]
        own = whose.account_id in {row.author_id, row.updated_by}
        if own or (kind.makers.submit & work.caller.roles and kind.makers.submit != kind.makers.draft):
            yield _of_record(row, "填报完成后提交", since=row.updated_at, whose=whose)


def _of_office(work: Work, whose: Whose, state: RevisionState) -> list[Revision]:
    if work.caller.unit_id is None:
        return []
    rows = work.visible(Revision).where(
        Revision.state == state, Revision.author_unit == work.caller.unit_id, col(Revision.kind).in_(list(KINDS))
    )
    if whose.personal:
        rows = rows.where(or_(Revision.author_id == whose.account_id, Revision.submitted_by == whose.account_id))
    newest = rows.order_by(col(Revision.updated_at).desc(), col(Revision.id)).limit(MOST)
    return [row for row in work.session.exec(newest).all() if KINDS[row.kind].makers.draft & work.caller.roles]


def _of_record(row: Revision, what: str, *, since: Any, whose: Whose) -> Task:
    title = f"{KINDS[row.kind].label} {row.title.json()} {row.record_no}".strip()
    mine = whose.account_id in {row.author_id, row.submitted_by}
    params = {"kind": row.kind, "id": str(row.record_id), "revision": str(row.id)}
    return Task(str(row.id), title, what, "record", params, None, since, mine)
