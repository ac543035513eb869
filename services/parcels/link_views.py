"""地块关联 and 地块指派 as both sides read them: lists, and the timeline of a link (rows 55, 57)."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlmodel import col, func, select

from models.access import AUTHORITY, HEAD_OFFICE, MARKET, OrgUnit, Role
from models.companies import District
from models.land_codes import LinkSide
from models.parcels import Parcel, ParcelHeadLink, ParcelLinkStep, ParcelProjectLink
from models.records import PactState
from services.engine.actor_names import people_shown
from services.engine.clock import shanghai_day
from services.engine.listings import Column, Line, Listing, choice, listed, named, part
from services.engine.look_ups import values_by
from services.engine.refusals import NotFound
from services.engine.registry import query
from services.engine.work import Work
from services.parcels.companies import company_names
from services.parcels.holdings import LINKS
from services.parcels.link_parts import HANDLERS, other_side

_MOST_STEPS = 200


def _links(table: Any, name: str, label: str, roles: frozenset[Role], *columns: Column, **more: Any) -> Listing:
    return listed(
        Listing(
            name=name,
            label=label,
            roles=roles,
            table=table,
            rows=lambda work: work.visible(table).join(Parcel, col(Parcel.id) == table.parcel_id),
            columns=(
                Column("parcel_name", "地块", sortable=True, sql=Parcel.parcel_name),
                Column("parcel_no", "编号", shown=False, sortable=True, sql=Parcel.parcel_no),
                *columns,
                Column("state", "状态", sortable=True, width=72),
                Column("expires_on", "确认期限", sortable=True, width=88),
                Column(
                    "offered_on",
                    "发起日期",
                    lambda row: shanghai_day(row.offered_at),
                    sortable=True,
                    sql=table.offered_at,
                    width=84,
                ),
            ),
            filters=(
                named("turn", "范围", {"1": ("待我方答复", _waits_for_caller(table))}, width=160),
                part("text", "地块", Parcel.parcel_name, Parcel.parcel_no, width=180),
                choice("state", "状态", table.state, PactState, width=150),
                choice("district", "所在区", Parcel.district, District, width=170, more=True),
            ),
            sort="-offered_on",
            look_up=_cells,
            also=("parcel_id", "offered_at", *more.get("also", ())),
            empty="没有符合条件的关联",
        )
    )


def _waits_for_caller(table: Any) -> Callable[[Work], Any]:
    return lambda work: (table.state == PactState.OFFERED) & col(table.offered_side).in_(_others(work, table))


def _others(work: Work, table: Any) -> list[str]:
    """The sides whose offers wait for the caller's word."""
    if work.caller.has(*AUTHORITY):
        return [str(LinkSide.HEAD)] if table is ParcelHeadLink else []
    if work.caller.has(*HEAD_OFFICE):
        return [str(LinkSide.AUTHORITY)] if table is ParcelHeadLink else [str(LinkSide.PROJECT)]
    return [str(LinkSide.HEAD)]


def _cells(work: Work, rows: Sequence[Any]) -> Mapping[str, Callable[[Any], Any]]:
    """The parcel and both sides of a link; `turn` is who has to answer, `ways` what the caller may do now."""
    parcels = values_by(work, Parcel.id, Parcel, (row.parcel_id for row in rows))
    ids = (one for row in rows for one in (row.head_company_id, getattr(row, "project_company_id", None)))
    names = company_names(work, ids)
    waiting = open_counts(work, parcels) if work.caller.has(*AUTHORITY) else {}
    ways = {row.id: ways_of(work, row) for row in rows}

    def rivals(row: Any) -> int:
        """Others that wait for the same parcel, beside this one."""
        return max(waiting.get(row.parcel_id, 0) - (row.state is PactState.OFFERED), 0)

    return {
        "parcel_name": lambda row: parcels[row.parcel_id].parcel_name,
        "parcel_no": lambda row: parcels[row.parcel_id].parcel_no,
        "district": lambda row: parcels[row.parcel_id].district.label,
        "head": lambda row: names.get(row.head_company_id, ""),
        "company": lambda row: names.get(getattr(row, "project_company_id", None), ""),
        "offered_side": lambda row: LinkSide.of(row.offered_side),
        "turn": lambda row: other_side(row) if row.state is PactState.OFFERED else None,
        "mine": lambda row: "confirm" in ways[row.id],
        "rivals": lambda row: rivals(row) if isinstance(row, ParcelHeadLink) else 0,
        "ways": lambda row: ways[row.id],
    }


def open_counts(work: Work, parcel_ids: Mapping[UUID, Any] | Sequence[UUID]) -> dict[UUID, int]:
    """Count the offers and claims without an answer by parcel."""
    rows = work.session.exec(
        select(ParcelHeadLink.parcel_id, func.count())
        .where(col(ParcelHeadLink.parcel_id).in_(list(parcel_ids)), ParcelHeadLink.state == PactState.OFFERED)
        .group_by(col(ParcelHeadLink.parcel_id))
    ).all()
    return dict(rows)


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


HEAD_LINKS = _links(
    ParcelHeadLink,
    "parcel_links",
    "地块关联",
    AUTHORITY | HEAD_OFFICE,
    Column("head", "总公司", width=170),
    Column("share", "份额（%）", number=True, width=76),
    also=("proof_id",),
)
ASSIGNMENTS = _links(
    ParcelProjectLink,
    "parcel_assignments",
    "地块指派",
    MARKET,
    Column("company", "项目公司", width=150),
    Column("part_area", "部分面积（㎡）", number=True, width=108),
    also=("made_project_id",),
)


@query("parcels.link_steps", "地块关联时间线", roles=set(MARKET))
def link_steps(work: Work, order: UUID) -> tuple[Line, ...]:
    """Return the history of a link, oldest first, alike for both sides."""
    links = (work.first(work.visible(table), table.id == order) for table in LINKS)
    if (link := next(filter(None, links), None)) is None:
        raise NotFound
    work.whole(link)
    rows = work.rows(
        work.visible(ParcelLinkStep),
        ParcelLinkStep.link_id == order,
        by=(ParcelLinkStep.at, ParcelLinkStep.id),
        most=_MOST_STEPS,
    )
    # The other side's people are known by their office; a colleague by his name.
    people = people_shown(work, {row.by_account for row in rows if row.by_account})
    offices = values_by(work, OrgUnit.id, OrgUnit.name, (row.by_unit for row in rows))
    return tuple(
        Line(
            at=row.at,
            verb=row.verb,
            side=row.side,
            unit=offices.get(row.by_unit, "系统"),
            by=people.get(row.by_account, "") if row.by_account else "",
            words=str(row.words.json()) if row.words is not None else "",
        )
        for row in rows
    )
