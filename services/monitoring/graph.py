"""The relation graph: a group, its head companies and their project companies, with shares and alerts (rows 51, 52, 54)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from models.access import AUTHORITY, HEAD_OFFICE
from models.alerts import STANDING, Alert, AlertGrade
from models.companies import GroupCompany, HeadCompany, ProjectCompany
from models.monitoring import CompanyType, CompanyWatch, Refreshed
from services.engine.refusals import NotFound, Rejected
from services.engine.registry import query
from services.engine.work import Work
from services.monitoring.companies import is_watched

#: A picture with more boxes is unreadable; the rest is counted.
MOST, MOST_ROOTS = 150, 100


@dataclass(frozen=True)
class RelationNode:
    """A company. `parent` is its owner, with `share` of it; `grade` is that of its gravest open alert."""

    id: UUID
    type: CompanyType
    name: str
    status: str
    parent: UUID | None
    share: Decimal | None
    grade: AlertGrade | None
    alerts: int
    outcome: Refreshed


@dataclass(frozen=True)
class Relations:
    """The tree of one root, parents before children; `left_out` are those beyond what can be drawn."""

    root: UUID
    name: str
    nodes: tuple[RelationNode, ...]
    left_out: int = 0


@dataclass(frozen=True)
class Root:
    """A possible root of the graph: a group, or a head company without a visible group."""

    id: UUID
    type: CompanyType
    name: str
    heads: int
    grade: AlertGrade | None


@dataclass(frozen=True)
class RootFilter:
    text: str = ""


@query("monitoring.roots", "关系图起点", roles=set(AUTHORITY | HEAD_OFFICE))
def list_roots(work: Work, order: RootFilter) -> list[Root]:
    """The roots a caller may choose from, those with the gravest alerts in their tree first."""
    words = order.text.strip()
    if len(words) > 60:
        raise Rejected("查询内容最多60个字")
    heads = _heads(work)
    groups = {row.id: row for row in _visible(work, GroupCompany)}
    tree: dict[UUID, list[UUID]] = {group: [] for group in groups}
    own: dict[UUID, HeadCompany] = {}
    for head in heads:
        if head.group_company_id in tree:
            tree[head.group_company_id].append(head.id)
        else:
            own[head.id] = head
    companies = _projects_by_head(work, [head.id for head in heads])
    grades = _grades(
        work, [*groups, *(head.id for head in heads), *(one.id for of in companies.values() for one in of)]
    )
    roots = []
    for group, its in tree.items():
        found = [group, *its, *(one.id for head in its for one in companies.get(head, ()))]
        roots.append(Root(group, CompanyType.GROUP, groups[group].name, len(its), _gravest(found, grades)))
    for head_id, head in own.items():
        found = [head_id, *(one.id for one in companies.get(head_id, ()))]
        roots.append(Root(head_id, CompanyType.HEAD, head.name, 1, _gravest(found, grades)))
    if words:
        named = {one.id for one in roots if words in one.name}
        named |= {head.group_company_id or head.id for head in heads if words in head.name}
        named |= {
            head.group_company_id or head.id
            for head in heads
            for one in companies.get(head.id, ())
            if words in one.name
        }
        roots = [one for one in roots if one.id in named]
    roots.sort(key=lambda one: (-one.grade.rank if one.grade else 1, -one.heads, one.name, str(one.id)))
    return roots[:MOST_ROOTS]


@query("monitoring.graph", "企业关系图", roles=set(AUTHORITY | HEAD_OFFICE))
def relations_of(work: Work, company_id: UUID) -> Relations:
    """Return the visible part of the tree that contains a company."""
    root = _root_of(work, company_id)
    heads = (
        [root] if isinstance(root, HeadCompany) else [one for one in _heads(work) if one.group_company_id == root.id]
    )
    companies = _projects_by_head(work, [head.id for head in heads])
    rows: list[tuple[CompanyType, Any, UUID | None, Decimal | None]] = []
    if isinstance(root, GroupCompany):
        rows.append((CompanyType.GROUP, root, None, None))
    for head in heads:
        rows.append((CompanyType.HEAD, head, root.id if root.id != head.id else None, None))
        rows += [(CompanyType.PROJECT, one, head.id, one.holding_ratio) for one in companies.get(head.id, ())]
    ids = [row.id for _, row, _, _ in rows[:MOST]]
    grades, watches = _grades(work, ids), _watches(work, ids)
    nodes = tuple(
        RelationNode(
            id=row.id,
            type=kind,
            name=row.name,
            status=row.registry_status.label,
            parent=parent,
            share=share,
            grade=max(grades.get(row.id, ()), key=lambda grade: grade.rank, default=None),
            alerts=len(grades.get(row.id, ())),
            outcome=watches.get(row.id, Refreshed.NEVER),
        )
        for kind, row, parent, share in rows[:MOST]
    )
    return Relations(root.id, root.name, nodes, max(0, len(rows) - MOST))


def _root_of(work: Work, company_id: UUID) -> Any:
    row = _one(work, ProjectCompany, company_id)
    if row is not None:
        company_id = row.head_company_id
    row = _one(work, HeadCompany, company_id)
    if row is not None:
        return _one(work, GroupCompany, row.group_company_id) or row
    row = _one(work, GroupCompany, company_id)
    if row is None:
        raise NotFound
    return row


def _one(work: Work, table: Any, row_id: UUID | None) -> Any:
    return work.session.exec(work.visible(table).where(is_watched(table), table.id == row_id)).first()


def _visible(work: Work, table: Any) -> Sequence[Any]:
    rows = work.visible(table).where(is_watched(table)).order_by(col(table.name), col(table.id))
    return work.session.exec(rows).all()


def _heads(work: Work) -> Sequence[HeadCompany]:
    return _visible(work, HeadCompany)


def _projects_by_head(work: Work, heads: Sequence[UUID]) -> Mapping[UUID, list[ProjectCompany]]:
    found: dict[UUID, list[ProjectCompany]] = {}
    wanted = set(heads)
    for row in _visible(work, ProjectCompany):
        if row.head_company_id in wanted:
            found.setdefault(row.head_company_id, []).append(row)
    return found


def _grades(work: Work, ids: Sequence[UUID]) -> dict[UUID, list[AlertGrade]]:
    found: dict[UUID, list[AlertGrade]] = {}
    for place in range(0, len(ids), 500):
        of_them = (col(Alert.subject_id).in_(ids[place : place + 500]), col(Alert.state).in_(STANDING))
        seen = work.visible(Alert).where(*of_them).subquery()
        for subject, grade in work.session.exec(select(seen.c.subject_id, seen.c.grade)).all():
            found.setdefault(subject, []).append(grade)
    return found


def _gravest(ids: Sequence[UUID], grades: Mapping[UUID, list[AlertGrade]]) -> AlertGrade | None:
    return max((grade for one in ids for grade in grades.get(one, ())), key=lambda grade: grade.rank, default=None)


def _watches(work: Work, ids: Sequence[UUID]) -> dict[UUID, Refreshed]:
    rows = work.session.exec(work.visible(CompanyWatch).where(col(CompanyWatch.company_id).in_(ids))).all()
    return {row.company_id: row.outcome for row in rows}
