"""The order of kinds for an owner: the state of each kind, and each required record met or not (market 3.5)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col

from models.codes import Code
from models.records import OPEN_STATES, InForceState, Revision, RevisionState
from services.engine.kinds import KINDS, Kind, Need, Owner
from services.engine.proposals import form_of, title_of_row, values_of
from services.engine.work import Work

_MOST = 200


class NodeState(Code):
    MISSING = "MISSING", "未填报", "warn"
    BLOCKED = "BLOCKED", "前置未完成", "muted"
    DRAFT = "DRAFT", "填报中", "info"
    RETURNED = "RETURNED", "退回修改", "warn"
    REVIEW = "REVIEW", "审核中", "info"
    IN_FORCE = "IN_FORCE", "已生效", "good"


@dataclass(frozen=True)
class NodeRecord:
    """A record behind a node: in force, on its way, or both."""

    record_id: UUID
    record_no: str
    title: str
    in_force: bool
    open_revision: UUID | None = None
    open_state: RevisionState | None = None


@dataclass(frozen=True)
class Node:
    """A kind with its state for this owner. `because` names what it waits for; `rank` is its place from the left.

    A need that is not a kept record, such as an agreed link, has `row` 0.
    """

    kind: str
    label: str
    row: int
    state: NodeState
    rank: int
    because: tuple[str, ...] = ()
    records: tuple[NodeRecord, ...] = ()


@dataclass(frozen=True)
class Edge:
    """`after` is not submitted before `before` is in force."""

    before: str
    after: str
    label: str
    met: bool


@dataclass(frozen=True)
class Graph:
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]

    def node(self, kind: str) -> Node:
        return next(one for one in self.nodes if one.kind == kind)


@dataclass
class _Found:
    records: list[NodeRecord] = field(default_factory=list)
    states: set[RevisionState] = field(default_factory=set)
    values: Mapping[str, Any] = field(default_factory=dict)


def dependency_graph(work: Work, owner: Owner, kinds: Iterable[str] | None = None) -> Graph:
    """Return the requirements of all or some kinds for a project or company that the caller sees."""
    chosen = [KINDS[name] for name in (KINDS if kinds is None else kinds) if name in KINDS]
    versions = _on_their_way(work, chosen, owner)
    found = {kind.name: _records(work, kind, owner, versions.get(kind.name, [])) for kind in chosen}
    met: dict[Need, bool] = {}
    for kind in chosen:
        for need in kind.ties.needs:
            if need not in met:
                met[need] = need.there(work, owner, found[kind.name].values)
    edges = tuple(Edge(need.kind, kind.name, need.label, met[need]) for kind in chosen for need in kind.ties.needs)
    ranks = _ranks([kind.name for kind in chosen], edges)
    nodes = [_node(kind, found[kind.name], edges, ranks[kind.name]) for kind in chosen]
    nodes += _others(chosen, edges, ranks)
    return Graph(tuple(sorted(nodes, key=lambda node: (node.rank, node.row, node.kind))), edges)


def _node(kind: Kind, found: _Found, edges: Sequence[Edge], rank: int) -> Node:
    because = tuple(edge.label for edge in edges if edge.after == kind.name and not edge.met)
    return Node(kind.name, kind.label, kind.row, _state(found, bool(because)), rank, because, tuple(found.records))


def _state(found: _Found, blocked: bool) -> NodeState:
    if any(record.in_force for record in found.records):
        return NodeState.IN_FORCE
    if RevisionState.SUBMITTED in found.states:
        return NodeState.REVIEW
    if blocked:
        return NodeState.BLOCKED
    if RevisionState.RETURNED in found.states:
        return NodeState.RETURNED
    return NodeState.DRAFT if found.states else NodeState.MISSING


def _others(chosen: Sequence[Kind], edges: Sequence[Edge], ranks: Mapping[str, int]) -> list[Node]:
    """Return what is needed and is no kind of this drawing."""
    known = {kind.name for kind in chosen}
    named: dict[str, list[Edge]] = {}
    for edge in edges:
        if edge.before not in known:
            named.setdefault(edge.before, []).append(edge)
    return [
        Node(
            name,
            KINDS[name].label if name in KINDS else wanted[0].label,
            KINDS[name].row if name in KINDS else 0,
            NodeState.IN_FORCE if all(edge.met for edge in wanted) else NodeState.MISSING,
            ranks[name],
        )
        for name, wanted in named.items()
    ]


def _ranks(names: Sequence[str], edges: Sequence[Edge]) -> dict[str, int]:
    """Return how many needs lie before each, along the longest way; a ring of needs ends where it began."""
    before: dict[str, list[str]] = {}
    for edge in edges:
        before.setdefault(edge.after, []).append(edge.before)
    ranks: dict[str, int] = {}

    def rank(name: str, above: frozenset[str]) -> int:
        if name not in ranks:
            needs = [one for one in before.get(name, ()) if one not in above]
            ranks[name] = 1 + max((rank(one, above | {name}) for one in needs), default=-1)
        return ranks[name]

    for name in (*names, *before, *(one for needs in before.values() for one in needs)):
        rank(name, frozenset())
    return ranks


# ------------------------------------------------------------------ what is there


def _on_their_way(work: Work, kinds: Sequence[Kind], owner: Owner) -> Mapping[str, Sequence[Revision]]:
    """The open versions of all kinds that are this owner's, by kind, in one question."""
    clauses = []
    for kind in kinds:
        if (own := _own(kind, owner)) is not None:
            clauses.append(sa.and_(col(Revision.kind) == kind.name, col(Revision.record_id) == own))
    others = [kind.name for kind in kinds if _own(kind, owner) is None]
    if (theirs := _belonging(owner, Revision)) is not None:
        clauses.append(sa.and_(col(Revision.kind).in_(others), theirs))
    found: defaultdict[str, list[Revision]] = defaultdict(list)
    rows = work.rows(
        work.visible(Revision),
        sa.or_(sa.false(), *clauses),
        col(Revision.state).in_(OPEN_STATES),
        by=Revision.id,
        most=_MOST * len(kinds),
    )
    for row in rows:
        found[row.kind].append(row)
    return found


def _records(work: Work, kind: Kind, owner: Owner, versions: Sequence[Revision]) -> _Found:
    """The records of a kind that are this owner's: itself where it is its own, else what belongs to it."""
    found = _Found()
    table: Any = kind.table
    own = _own(kind, owner)
    mine = table.id == own if own is not None else _belonging(owner, table)
    if mine is None:
        return found
    rows = work.rows(work.visible(table), mine, table.in_force == InForceState.EFFECTIVE, by=table.id, most=_MOST)
    open_ones = {one.record_id: one for one in versions}
    for row in rows:
        on_its_way = open_ones.pop(row.id, None)
        found.records.append(_record(kind, row, on_its_way))
        found.values = values_of(row)
    for one in open_ones.values():
        found.records.append(NodeRecord(one.record_id, one.record_no, one.title.json(), False, one.id, one.state))
        found.values = found.values or form_of(kind, one.payload.json()).values
    found.states = {one.state for one in versions}
    return found


def _record(kind: Kind, row: Any, open_one: Revision | None) -> NodeRecord:
    return NodeRecord(
        row.id,
        row.record_no,
        title_of_row(kind, row),
        True,
        open_one.id if open_one else None,
        open_one.state if open_one else None,
    )


def _own(kind: Kind, owner: Owner) -> UUID | None:
    """Return the id of the record that the owner itself is."""
    found: UUID | None = getattr(owner, f"{kind.name}_id", None)
    return found


def _belonging(owner: Owner, table: Any) -> Any:
    """Return where clause over what belongs to this owner; None where there is nothing to ask by."""
    if owner.project_id is not None:
        return table.project_id == owner.project_id
    if owner.project_company_id is not None:
        return table.project_company_id == owner.project_company_id
    return None if owner.head_company_id is None else table.head_company_id == owner.head_company_id
