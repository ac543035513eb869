"""Joint applications about project companies: lists, an application, inbox tasks (row 53)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select

from models.access import AUTHORITY, HEAD_OFFICE
from models.companies import HeadCompany, Initiator, SubjectApplication
from models.records import OPEN_STATES, PactState, Revision, RevisionState
from services.companies.joint import SIDES, side_of
from services.engine.field_types.field import Field
from services.engine.kinds import KINDS, Kind
from services.engine.paging import Paging, ordering
from services.engine.references import names_of
from services.engine.registry import query
from services.engine.search_terms import search_word
from services.engine.shapes import fields_of
from services.engine.work import Work
from services.inbox.sources import Task, Whose, task_source

READERS = AUTHORITY | HEAD_OFFICE


@dataclass(frozen=True)
class FindApplications:
    """`view` is "" for all, mine for those the caller's side has to answer, open for those that run."""

    view: str = ""
    text: str = ""
    paging: Paging = field(default_factory=Paging)


@dataclass(frozen=True)
class ApplicationLine:
    """`next` says who has to act now; `mine` that it is the caller's side; `may_cancel` that his side may take it back."""

    id: UUID
    version: int
    kind_label: str
    company: str
    uscc: str
    head: str
    holding_ratio: str
    intended_parcel: str
    by: str
    offered_at: datetime
    expires_on: date | None
    state: PactState
    state_label: str
    next: str
    mine: bool
    own: bool
    may_cancel: bool
    reason: str
    revision_id: UUID
    revision_kind: str


@dataclass(frozen=True)
class ApplicationPage:
    total: int
    lines: tuple[ApplicationLine, ...]


_SORTS: dict[str, Any] = {
    "company": SubjectApplication.company_name,
    "offered_at": SubjectApplication.offered_at,
    "expires_on": SubjectApplication.expires_on,
    "state_label": SubjectApplication.state,
}


@query("companies.applications", "准入退出协同", roles=set(READERS))
def find_applications(work: Work, order: FindApplications) -> ApplicationPage:
    """Applications of project companies that concern the caller's side, the newest first."""
    rows: Any = work.visible(SubjectApplication)
    if word := search_word(order.text):
        rows = rows.where(
            sa.or_(
                col(SubjectApplication.company_name).contains(word, autoescape=True),
                col(SubjectApplication.uscc) == word.upper(),
            )
        )
    if order.view == "mine":
        rows = rows.where(SubjectApplication.state == PactState.OFFERED)
        rows = (
            rows.where(SubjectApplication.offered_side != str(side_of(work)))
            if _speaks(work)
            else rows.where(sa.false())
        )
    elif order.view == "open":
        rows = rows.where(col(SubjectApplication.open_key).is_not(None))
    total = work.session.exec(select(sa.func.count()).select_from(rows.subquery())).one()
    by = ordering(order.paging.sort, _SORTS, "-offered_at")
    offset, limit = order.paging.bounds()
    page: Any = rows.order_by(by, col(SubjectApplication.id)).offset(offset).limit(limit)
    found: Sequence[SubjectApplication] = work.session.exec(page).all()
    return ApplicationPage(total, tuple(_lines(work, found)))


def _speaks(work: Work) -> bool:
    return bool(work.caller.roles & SIDES)


def _lines(work: Work, rows: Sequence[SubjectApplication]) -> Iterator[ApplicationLine]:
    heads = dict(
        work.session.exec(
            select(col(HeadCompany.id), col(HeadCompany.name)).where(
                col(HeadCompany.id).in_({row.head_company_id for row in rows})
            )
        ).all()
    )
    versions = {
        row.id: row
        for row in work.session.exec(
            select(Revision).where(col(Revision.id).in_({row.revision_id for row in rows}))
        ).all()
    }
    for row in rows:
        own = _speaks(work) and row.offered_side == str(side_of(work))
        revision = versions.get(row.revision_id)
        ratio = row.holding_ratio
        yield ApplicationLine(
            id=row.id,
            version=row.version,
            kind_label=row.kind.label,
            company=row.company_name,
            uscc=row.uscc,
            head=heads.get(row.head_company_id, ""),
            holding_ratio=f"{ratio.normalize():f}%" if ratio is not None else "",
            intended_parcel=row.intended_parcel,
            by=Initiator.of(row.offered_side).label,
            offered_at=row.offered_at,
            expires_on=row.expires_on,
            state=row.state,
            state_label=row.state.label,
            next=_next(row, revision),
            mine=_speaks(work) and not own and row.state is PactState.OFFERED,
            own=own,
            may_cancel=own and _runs(row, revision),
            reason=row.reason.json() if row.reason is not None else "",
            revision_id=row.revision_id,
            revision_kind=revision.kind if revision is not None else "",
        )


def _runs(row: SubjectApplication, revision: Revision | None) -> bool:
    """Return whether an application waits for the other side, or was agreed and sent back to its initiator."""
    if row.state is PactState.OFFERED:
        return True
    under_review = revision is not None and revision.state is RevisionState.SUBMITTED
    return row.state is PactState.CONFIRMED and row.open_key is not None and not under_review


def _next(row: SubjectApplication, revision: Revision | None) -> str:
    """Return who has to act now."""
    if row.state is PactState.OFFERED:
        other = Initiator.HEAD_COMPANY if row.offered_side == Initiator.AUTHORITY.value else Initiator.AUTHORITY
        return f"待{other.label}确认"
    if row.state is not PactState.CONFIRMED or revision is None:
        return "已结束"
    if revision.state is RevisionState.SUBMITTED:
        return "待区级审核"
    if revision.state in OPEN_STATES:
        return f"待{Initiator.of(row.offered_side).label}修改后提交"
    return "已办结"


@dataclass(frozen=True)
class Told:
    """A field as people read it."""

    label: str
    value: str


@dataclass(frozen=True)
class ToldList:
    label: str
    heads: tuple[str, ...]
    lines: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class ApplicationView:
    """The application the other side is asked to agree to, personal values masked."""

    line: ApplicationLine
    values: tuple[Told, ...]
    lists: tuple[ToldList, ...] = ()
    reasons: Mapping[str, str] = field(default_factory=dict)


@query("companies.application", "准入退出协同申请", roles=set(READERS), personal=True)
def open_application(work: Work, application_id: UUID) -> ApplicationView:
    """Return an application with the content that was sent; the draft behind it stays its office's own."""
    row = work.get(SubjectApplication, application_id)
    (line,) = _lines(work, [row])
    reasons = row.reasons.json() if row.reasons is not None else {}
    revision = work.session.exec(select(Revision).where(Revision.id == row.revision_id)).first()
    if revision is None or (revision.digest != row.content_digest and row.state is PactState.OFFERED):
        return ApplicationView(line, (), reasons=reasons)
    kind, payload = KINDS[revision.kind], revision.payload.json()
    values, children = payload.get("values", {}), payload.get("children", {})
    names = names_of(work, _references(kind, values))
    told = tuple(Told(one.label, text) for one in kind.fields if (text := one.as_read(values.get(one.name), names)))
    return ApplicationView(line, told, tuple(_lists(kind, children)), reasons)


def _references(kind: Kind, values: Mapping[str, Any]) -> Iterator[tuple[Field, Any]]:
    for one in kind.fields:
        yield one, one.parsed(values.get(one.name))


def _lists(kind: Kind, children: Mapping[str, Any]) -> Iterator[ToldList]:
    for child in kind.children:
        lines = children.get(child.name, ())
        if not lines:
            continue
        fields = [one for one in fields_of(child.table) if any(line.get(one.name) for line in lines)]
        yield ToldList(
            child.label,
            tuple(one.label for one in fields),
            tuple(tuple(one.as_read(line.get(one.name), {}) for one in fields) for line in lines),
        )


@task_source("companies.confirm", "准入退出待确认", roles=SIDES)
def to_confirm(work: Work, whose: Whose) -> Iterator[Task]:
    """Return what the other side has sent and the caller's side has not answered."""
    if whose.personal:
        return
    waiting = work.visible(SubjectApplication).where(
        SubjectApplication.state == PactState.OFFERED, SubjectApplication.offered_side != str(side_of(work))
    )
    for row in work.session.exec(waiting.order_by(col(SubjectApplication.offered_at)).limit(200)).all():
        yield Task(
            str(row.id),
            f"{row.kind.label} {row.company_name}",
            "确认或拒绝",
            "company_joint",
            {"id": str(row.id)},
            row.expires_on,
            row.offered_at,
        )
