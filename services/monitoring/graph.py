"""The relation graph: a group, its head companies and their project companies, with shares and alerts (rows 51, 52, 54)."""

from collections.abc import Iterable, Mapping, Sequence
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
    """A possible root of the graph: a group, or a head company without a visible group, and the gravest alert of its tree."""

    id: UUID
    name: str
    grade: AlertGrade | None


@query("monitoring.roots", "关系图起点", roles=set(AUTHORITY | HEAD_OFFICE))
def list_roots(work: Work, text: str) -> list[Root]:
    """The roots of the trees with a text in a company's name, those with the gravest alerts first."""
    words = text.strip()
    if len(words) > 60:
        raise Rejected("查询内容最多60个字")
    heads = _visible(work, HeadCompany)
    companies = _projects_by_head(work, [head.id for head in heads])
    trees: dict[UUID | None, list[Any]] = {group.id: [group] for group in _visible(work, GroupCompany)}
    for head in heads:
        tree = trees.get(head.group_company_id) or trees.setdefault(head.id, [])
        tree += [head, *companies.get(head.id, ())]
    grades = _grades(work, [one.id for tree in trees.values() for one in tree])
    found = [tree for tree in trees.values() if any(words in one.name for one in tree)]
    # Of two trees with equal alerts the one with more companies comes first.
    found.sort(key=lambda tree: (-len(tree), tree[0].name, str(tree[0].id)))
    roots = [Root(tree[0].id, tree[0].name, _gravest((one.id for one in tree), grades)) for tree in found]
    roots.sort(key=lambda root: -root.grade.rank if root.grade else 1)
    return roots[:MOST_ROOTS]


@query("monitoring.graph", "企业关系图", roles=set(AUTHORITY | HEAD_OFFICE))
def relations_of(work: Work, company_id: UUID) -> Relations:
    """Return the visible part of the tree that contains a company."""
    root = _root_of(work, company_id)
    heads = [root]
    if isinstance(root, GroupCompany):
        heads = [one for one in _visible(work, HeadCompany) if one.group_company_id == root.id]
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
            grade=_gravest([row.id], grades),
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
    return work.first(work.visible(table), is_watched(table), table.id == row_id)


def _visible(work: Work, table: Any) -> Sequence[Any]:
    return work.rows(work.visible(table), is_watched(table), by=(table.name, table.id))


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


def _gravest(ids: Iterable[UUID], grades: Mapping[UUID, list[AlertGrade]]) -> AlertGrade | None:
    return max((grade for one in ids for grade in grades.get(one, ())), key=lambda grade: grade.rank, default=None)


def _watches(work: Work, ids: Sequence[UUID]) -> dict[UUID, Refreshed]:
    rows = work.rows(work.visible(CompanyWatch), col(CompanyWatch.company_id).in_(ids))
    return {row.company_id: row.outcome for row in rows}
