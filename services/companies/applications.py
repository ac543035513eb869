"""Joint applications about project companies: lists, an application, inbox tasks (row 53)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col

from models.access import AUTHORITY, HEAD_OFFICE
from models.companies import HeadCompany, Initiator, SubjectApplication
from models.records import OPEN_STATES, PactState, Revision, RevisionState
from services.companies.joint import SIDES, side_of
from services.engine.cycle_views import shown_form
from services.engine.kinds import KINDS
from services.engine.list_pages import lines_of
from services.engine.listings import Column, Line, Listing, either, exact, listed, named, part
from services.engine.look_ups import row_by, values_by
from services.engine.registry import query
from services.engine.work import Work
from services.inbox.sources import Task, Whose, task_source

READERS = AUTHORITY | HEAD_OFFICE


def _mine(work: Work) -> Any:
    """Narrow to applications the other side has sent and the caller's side has not answered."""
    if not _speaks(work):
        return sa.false()
    return (SubjectApplication.state == PactState.OFFERED) & (SubjectApplication.offered_side != str(side_of(work)))


def _speaks(work: Work) -> bool:
    return bool(work.caller.roles & SIDES)


def _cells(work: Work, rows: Sequence[Any]) -> Mapping[str, Callable[[Any], Any]]:
    """`next` says who has to act now, `mine` that it is the caller's side, `own` that his side has begun it."""
    heads = values_by(work, HeadCompany.id, HeadCompany.name, (row.head_company_id for row in rows))
    versions = values_by(work, Revision.id, Revision, (row.revision_id for row in rows))
    side = str(side_of(work)) if _speaks(work) else None
    return {
        "head": lambda row: heads.get(row.head_company_id, ""),
        "by": lambda row: Initiator.of(row.offered_side).label,
        "next": lambda row: _next(row, versions.get(row.revision_id)),
        "holding": lambda row: f"{row.holding_ratio.normalize():f}%" if row.holding_ratio is not None else "",
        "mine": lambda row: side not in (None, row.offered_side) and row.state is PactState.OFFERED,
        "own": lambda row: side == row.offered_side,
        "may_cancel": lambda row: side == row.offered_side and _runs(row, versions.get(row.revision_id)),
        "answer": lambda row: row.reason.json() if row.reason is not None else "",
        "revision_kind": lambda row: versions[row.revision_id].kind if row.revision_id in versions else "",
    }


APPLICATIONS = listed(
    Listing(
        name="company_joint",
        label="准入退出协同",
        roles=READERS,
        table=SubjectApplication,
        columns=(
            Column("company_name", "项目公司", sortable=True),
            Column("kind", "事项", width=54),
            Column("head", "总公司", width=170),
            Column("by", "发起方", width=76),
            Column("state", "状态", sortable=True, width=80),
            Column("next", "下一步", width=150),
            Column("expires_on", "确认期限", sortable=True, width=90),
            Column("offered_at", "发起时间", sortable=True, shown=False),
        ),
        filters=(
            named(
                "view",
                "范围",
                {
                    "mine": ("待我方确认", _mine),
                    "open": ("办理中", col(SubjectApplication.open_key).is_not(None)),
                },
                width=140,
            ),
            either(
                "text",
                "企业名称或信用代码",
                part("name", "企业名称", SubjectApplication.company_name),
                exact("uscc", "信用代码", SubjectApplication.uscc, upper=True),
                width=220,
            ),
        ),
        sort="-offered_at",
        look_up=_cells,
        also=("version", "uscc", "intended_parcel", "revision_id"),
        empty="没有协同申请。在项目公司或项目公司退出的草稿中，可以发送对方确认",
    )
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
class ApplicationView:
    """The application the other side is asked to agree to, personal values masked; `kind` is empty without content."""

    line: Line
    kind: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    children: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)


@query("companies.application", "准入退出协同申请", roles=set(READERS), personal=True)
def open_application(work: Work, application_id: UUID) -> ApplicationView:
    """Return an application with the content that was sent; the draft behind it stays its office's own."""
    row = work.get(SubjectApplication, application_id)
    (line,) = lines_of(work, APPLICATIONS, [row])
    reasons = row.reasons.json() if row.reasons is not None else {}
    revision = row_by(work, Revision, row.revision_id)
    if revision is None or (revision.digest != row.content_digest and row.state is PactState.OFFERED):
        return ApplicationView(line, reasons=reasons)
    values, children = shown_form(work, KINDS[revision.kind], revision.payload.json(), raw=False)
    return ApplicationView(line, revision.kind, values, children, reasons)


@task_source("companies.confirm", "准入退出待确认", roles=SIDES)
def to_confirm(work: Work, whose: Whose) -> Iterator[Task]:
    """Return what the other side has sent and the caller's side has not answered."""
    if whose.personal:
        return
    for row in work.rows(work.visible(SubjectApplication), _mine(work), by=SubjectApplication.offered_at, most=200):
        yield Task(
            str(row.id),
            f"{row.kind.label} {row.company_name}",
            "确认或拒绝",
            APPLICATIONS.name,
            {"id": str(row.id)},
            row.expires_on,
            row.offered_at,
        )
