"""Choices for links: parcels not wholly held, heads to offer to, parcels to claim, assign or merge (rows 55, 57)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlmodel import and_, col, func, or_, select

from models.access import AUTHORITY, HEAD_OFFICE, Role
from models.companies import AdmissionState, District, HeadCompany, Managed, ProjectCompany
from models.land_codes import LinkSide
from models.name_search import holds_text
from models.parcels import Parcel, ParcelHeadLink
from models.records import OPEN_STATES, InForceState, PactState, Revision
from services.engine.copied import taken
from services.engine.listings import Column, Line, Listing, choice, listed, part
from services.engine.registry import query
from services.engine.search_terms import search_word
from services.engine.value_checks import shown
from services.engine.work import Work
from services.parcels.head_links import parcel_numbered
from services.parcels.holdings import parts_given, shares_held
from services.parcels.link_parts import HANDLERS
from services.parcels.link_views import open_counts


@dataclass(frozen=True)
class Claimable:
    """A parcel by its exact number in a district."""

    district: str
    parcel_no: str


@dataclass(frozen=True)
class Assignable:
    """Parcels a head company may assign with what is left of them, and possible recipients, by id."""

    parcels: Mapping[UUID, str]
    companies: Mapping[UUID, str]


def _not_wholly_held(work: Work) -> Any:
    held = (
        select(func.coalesce(func.sum(col(ParcelHeadLink.share)), 0))
        .where(ParcelHeadLink.parcel_id == Parcel.id, ParcelHeadLink.state == PactState.CONFIRMED)
        .scalar_subquery()
    )
    return work.visible(Parcel).where(Parcel.in_force == InForceState.EFFECTIVE, held < Decimal(100))


def _shares(work: Work, rows: Sequence[Any]) -> Mapping[str, Callable[[Any], Any]]:
    ids = [row.id for row in rows]
    held, waiting = shares_held(work, ids), open_counts(work, ids)
    return {"held": lambda row: held[row.id], "waiting": lambda row: waiting.get(row.id, 0)}


UNLINKED = listed(
    Listing(
        name="parcel_unlinked",
        label="未关联地块",
        roles=AUTHORITY,
        table=Parcel,
        rows=_not_wholly_held,
        columns=(
            Column("parcel_name", "地块", sortable=True),
            Column("parcel_no", "编号", sortable=True, width=90),
            Column("district", "所在区", sortable=True, width=80),
            Column("land_area", "面积（㎡）", sortable=True, number=True, width=106),
            Column("held", "已关联（%）", number=True, width=86),
            Column("waiting", "待答复", number=True, width=58),
        ),
        filters=(
            part("text", "地块名称、编号或合同号", Parcel.parcel_name, Parcel.parcel_no, Parcel.contract_no, width=280),
            choice("district", "所在区", Parcel.district, District, width=170),
        ),
        sort="parcel_no",
        look_up=_shares,
        also=("contract_no", "far_area"),
        empty="没有未关联的地块",
    )
)


@query("parcels.claimable", "查找可认领地块", roles=set(HEAD_OFFICE))
def claimable(work: Work, order: Claimable) -> Line:
    """The parcel of an exact number, for who would claim it: no more than the land market has announced."""
    parcel = parcel_numbered(work, order.district, search_word(order.parcel_no))
    mine = work.first(
        work.visible(ParcelHeadLink),
        ParcelHeadLink.parcel_id == parcel.id,
        ParcelHeadLink.head_company_id == work.caller.enterprise_id,
        col(ParcelHeadLink.state).in_((PactState.OFFERED, PactState.CONFIRMED)),
    )
    offered = mine is not None and mine.state is PactState.OFFERED and mine.offered_side == str(LinkSide.AUTHORITY)
    return Line(
        **taken(parcel, "parcel_name", "parcel_no", "district", "land_area", "location"),
        free=max(Decimal(100) - shares_held(work, [parcel.id])[parcel.id], Decimal(0)),
        offered_to_me=offered,
        mine=mine is not None and mine.state is PactState.CONFIRMED,
    )


@query("parcels.heads", "可关联的总公司", roles=set(HANDLERS))
def heads(work: Work, order: str) -> Mapping[UUID, str]:
    """Admitted head companies by part of the name or the exact code: whichever district they belong to may buy land."""
    rows: Any = _admitted(select(HeadCompany), HeadCompany)
    if word := search_word(order):
        rows = rows.where(or_(holds_text(word, HeadCompany.name), HeadCompany.uscc == word.upper()))
    return _names(work, rows.limit(50))


@query("parcels.assignable", "可指派的地块和项目公司", roles={Role.HEAD_ADMIN})
def assignable(work: Work, order: None) -> Assignable:
    """The parcels confirmed as the caller's with what is left of them, and its admitted project companies."""
    held = select(ParcelHeadLink.parcel_id).where(
        ParcelHeadLink.head_company_id == work.caller.enterprise_id, ParcelHeadLink.state == PactState.CONFIRMED
    )
    parcels = work.rows(
        work.visible(Parcel),
        col(Parcel.id).in_(held),
        Parcel.in_force == InForceState.EFFECTIVE,
        by=(Parcel.parcel_no, Parcel.id),
    )
    given = parts_given(work, parcels)
    left = [(one, one.land_area - given[one.id]) for one in parcels]
    own = work.visible(ProjectCompany).where(ProjectCompany.head_company_id == work.caller.enterprise_id)
    return Assignable(
        {one.id: f"{one.parcel_name}（{one.parcel_no}），余{shown(rest)}㎡" for one, rest in left if rest > 0},
        _names(work, _admitted(own, ProjectCompany)),
    )


def _admitted(rows: Any, table: type[Managed]) -> Any:
    admitted = rows.where(table.admission_state == AdmissionState.ADMITTED, table.in_force == InForceState.EFFECTIVE)
    return admitted.order_by(col(table.name), col(table.id))


def _names(work: Work, companies: Any) -> Mapping[UUID, str]:
    return {row.id: row.name for row in work.session.exec(companies).all()}


@query("parcels.mergeable", "可并入的项目", roles={Role.PROJ_ADMIN})
def mergeable(work: Work, order: None) -> Mapping[UUID, str]:
    """Projects of the own company, in force or on their way, that may take another parcel in."""
    in_force = and_(col(Revision.effective_from).is_not(None), col(Revision.superseded_at).is_(None))
    versions = work.rows(
        work.visible(Revision),
        Revision.kind == "project",
        Revision.project_company_id == work.caller.enterprise_id,
        or_(col(Revision.state).in_((*OPEN_STATES,)), in_force),
        by=(in_force, Revision.id),
        most=200,
    )
    return {row.record_id: str(row.title.json()) for row in versions}
