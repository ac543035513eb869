"""Views of links: lists for both sides, free parcels, assignable parcels, the timeline (rows 55, 57)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlmodel import col, func, or_, select

from models.access import AUTHORITY, HEAD_OFFICE, MARKET, OrgUnit, Role
from models.companies import District
from models.dialect import contains
from models.land_codes import LinkSide, LinkVerb
from models.parcels import Parcel, ParcelHeadLink, ParcelLinkStep, ParcelProjectLink
from models.records import PactState
from services.engine.actor_names import people_told
from services.engine.refusals import NotFound, Rejected
from services.engine.registry import query
from services.engine.search_terms import chosen, search_word
from services.engine.work import Work
from services.parcels.companies import company_name
from services.parcels.link_parts import HANDLERS, other_side

_DEEPEST = 10_000
_MOST_STEPS = 200


@dataclass(frozen=True)
class LinkFilter:
    """`state` is a `PactState` or empty; `turn` only those that wait for the caller's side."""

    text: str = ""
    state: str = ""
    district: str = ""
    turn: bool = False
    sort: str = ""
    page: int = 1
    size: int = 50


@dataclass(frozen=True)
class LinkLine:
    """A link as both sides read it; `turn` is who has to answer, `ways` what the caller may do now."""

    id: UUID
    parcel_id: UUID
    parcel_no: str
    parcel_name: str
    district: str
    head: str
    company: str
    share: Decimal | None
    part_area: Decimal | None
    state: PactState
    offered_side: LinkSide
    turn: LinkSide | None
    mine: bool
    offered_at: datetime
    expires_on: date | None
    proof_id: UUID | None
    rivals: int
    made_project_id: UUID | None
    ways: frozenset[str]


@dataclass(frozen=True)
class LinkPage:
    total: int
    lines: tuple[LinkLine, ...]


@dataclass(frozen=True)
class StepView:
    at: datetime
    verb: LinkVerb
    side: LinkSide
    unit: str
    by: str
    words: str


@query("parcels.head_links", "地块关联列表", roles=set(AUTHORITY | HEAD_OFFICE))
def head_link_page(work: Work, order: LinkFilter) -> LinkPage:
    """Links of parcels to head companies the caller sees."""
    return _page(work, ParcelHeadLink, order)


@query("parcels.project_links", "地块指派列表", roles=set(MARKET))
def project_link_page(work: Work, order: LinkFilter) -> LinkPage:
    """Assignments of parcels to project companies the caller sees."""
    return _page(work, ParcelProjectLink, order)


@query("parcels.link_steps", "地块关联时间线", roles=set(MARKET))
def link_steps(work: Work, order: UUID) -> tuple[StepView, ...]:
    """Return the history of a link, oldest first, alike for both sides."""
    if not any(
        work.session.exec(work.visible(table).where(table.id == order)).first()
        for table in (ParcelHeadLink, ParcelProjectLink)
    ):
        raise NotFound
    rows = work.session.exec(
        work.visible(ParcelLinkStep)
        .where(ParcelLinkStep.link_id == order)
        .order_by(col(ParcelLinkStep.at), col(ParcelLinkStep.id))
        .limit(_MOST_STEPS)
    ).all()
    return tuple(_steps(work, rows))


# ------------------------------------------------------------------ pages


def _page(work: Work, table: Any, order: LinkFilter) -> LinkPage:
    rows: Any = work.visible(table).join(Parcel, col(Parcel.id) == table.parcel_id)
    if word := search_word(order.text):
        rows = rows.where(
            or_(
                contains(col(Parcel.parcel_name), word),
                contains(col(Parcel.parcel_no), word),
            )
        )
    if order.state:
        rows = rows.where(table.state == chosen(PactState, order.state))
    if order.district:
        rows = rows.where(table.district_code == str(chosen(District, order.district)))
    if order.turn:
        rows = rows.where(table.state == PactState.OFFERED, col(table.offered_side).in_(_others(work, table)))
    start, size = bounds(order)
    total = count(work, rows)
    sorts = {
        "offered_at": table.offered_at,
        "expires_on": table.expires_on,
        "parcel_no": Parcel.parcel_no,
        "parcel_name": Parcel.parcel_name,
        "state": table.state,
    }
    column, down = ordering(order.sort or "-offered_at", sorts)
    found = work.session.exec(
        rows.order_by(column.desc() if down else column, table.id).offset(start).limit(size)
    ).all()
    parcels = _parcels(work, [one.parcel_id for one in found])
    rivals = open_counts(work, [one.parcel_id for one in found]) if table is ParcelHeadLink else {}
    sees_rivals = work.caller.has(*AUTHORITY)
    return LinkPage(
        total,
        tuple(
            _line(work, one, parcels[one.parcel_id], rivals.get(one.parcel_id, 0) if sees_rivals else 0)
            for one in found
        ),
    )


def _others(work: Work, table: Any) -> list[str]:
    """The sides whose offers wait for the caller's word."""
    if work.caller.has(*AUTHORITY):
        return [str(LinkSide.HEAD)] if table is ParcelHeadLink else []
    if work.caller.has(*HEAD_OFFICE):
        return [str(LinkSide.AUTHORITY)] if table is ParcelHeadLink else [str(LinkSide.PROJECT)]
    return [str(LinkSide.HEAD)]


def _line(work: Work, link: Any, parcel: Parcel, waiting: int) -> LinkLine:
    turn = other_side(link) if link.state is PactState.OFFERED else None
    ways = ways_of(work, link)
    project = isinstance(link, ParcelProjectLink)
    return LinkLine(
        id=link.id,
        parcel_id=parcel.id,
        parcel_no=parcel.parcel_no,
        parcel_name=parcel.parcel_name,
        district=parcel.district.label,
        head=company_name(work, link.head_company_id),
        company=company_name(work, link.project_company_id) if project else "",
        share=None if project else link.share,
        part_area=link.part_area if project else None,
        state=link.state,
        offered_side=LinkSide.of(link.offered_side),
        turn=turn,
        mine="confirm" in ways,
        offered_at=link.offered_at,
        expires_on=link.expires_on,
        proof_id=None if project else link.proof_id,
        # Others that wait for the same parcel, beside this one.
        rivals=max(waiting - 1, 0) if link.state is PactState.OFFERED else waiting,
        made_project_id=link.made_project_id if project else None,
        ways=ways,
    )


def ways_of(work: Work, link: Any) -> frozenset[str]:
    """Return what the caller may do with a link now: confirm, decline, cancel, release."""
    caller, project = work.caller, isinstance(link, ParcelProjectLink)
    speaks = {
        LinkSide.AUTHORITY: not project and caller.has(*HANDLERS),
        LinkSide.HEAD: caller.has(Role.HEAD_ADMIN) if project else caller.has(*HEAD_OFFICE),
        LinkSide.PROJECT: project and caller.has(Role.PROJ_ADMIN),
    }
    if link.state is PactState.OFFERED:
        found = set()
        if speaks[other_side(link)] and caller.account_id != link.offered_by:
            found |= {"confirm", "decline"}
        if speaks[LinkSide.of(link.offered_side)]:
            found.add("cancel")
        return frozenset(found)
    if link.state is PactState.CONFIRMED and speaks[LinkSide.HEAD if project else LinkSide.AUTHORITY]:
        return frozenset({"release"})
    return frozenset()


def _parcels(work: Work, ids: Sequence[UUID]) -> Mapping[UUID, Parcel]:
    return {row.id: row for row in work.session.exec(select(Parcel).where(col(Parcel.id).in_(ids))).all()}


def open_counts(work: Work, ids: Sequence[UUID]) -> dict[UUID, int]:
    rows = work.session.exec(
        select(ParcelHeadLink.parcel_id, func.count())
        .where(col(ParcelHeadLink.parcel_id).in_(ids), ParcelHeadLink.state == PactState.OFFERED)
        .group_by(col(ParcelHeadLink.parcel_id))
    ).all()
    return dict(rows)


def _steps(work: Work, rows: Sequence[ParcelLinkStep]) -> list[StepView]:
    accounts = {row.by_account for row in rows if row.by_account}
    units = {row.by_unit for row in rows if row.by_unit}
    # The other side's people are known by their office; a colleague by his name.
    people = people_told(work, accounts)
    offices = dict(work.session.exec(select(OrgUnit.id, OrgUnit.name).where(col(OrgUnit.id).in_(units))).all())
    views = []
    for row in rows:
        name = people.get(row.by_account, "") if row.by_account else ""
        words = str(row.words.json()) if row.words is not None else ""
        views.append(StepView(row.at, row.verb, row.side, offices[row.by_unit] if row.by_unit else "系统", name, words))
    return views


def bounds(order: LinkFilter) -> tuple[int, int]:
    if not 1 <= order.size <= 200 or order.page < 1 or (order.page - 1) * order.size >= _DEEPEST:
        raise Rejected("只能查看前10000条，请缩小查询范围")
    return (order.page - 1) * order.size, order.size


def ordering(sort: str, sorts: Mapping[str, Any]) -> tuple[Any, bool]:
    name, down = sort.removeprefix("-"), sort.startswith("-")
    if name not in sorts:
        raise Rejected("不能按这一列排序")
    return col(sorts[name]), down


def count(work: Work, rows: Any) -> int:
    total: int = work.session.exec(
        select(func.count()).select_from(rows.with_only_columns(Parcel.id).limit(_DEEPEST).subquery())
    ).one()
    return total
