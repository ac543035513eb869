"""Choices for links: parcels not wholly held, head companies to offer to, parcels to claim, assign or merge (rows
55, 57).
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlmodel import col, func, or_, select

from models.access import AUTHORITY, HEAD_OFFICE, Role
from models.companies import AdmissionState, District, HeadCompany, ProjectCompany
from models.dialect import contains
from models.land_codes import LinkSide
from models.parcels import Parcel, ParcelHeadLink
from models.records import OPEN_STATES, InForceState, PactState, Revision
from services.engine.registry import query
from services.engine.search_terms import chosen, search_word
from services.engine.work import Work
from services.parcels.head_links import parcel_numbered
from services.parcels.holdings import part_given, share_held
from services.parcels.link_parts import HANDLERS
from services.parcels.link_views import LinkFilter, bounds, count, open_counts, ordering


@dataclass(frozen=True)
class ParcelLine:
    """A parcel that may be offered; `held` is the share already linked, `waiting` the offers and claims that are open."""

    id: UUID
    parcel_no: str
    parcel_name: str
    district: str
    street: str
    land_area: Decimal
    far_area: Decimal
    contract_no: str
    held: Decimal
    waiting: int


@dataclass(frozen=True)
class ParcelPage:
    total: int
    lines: tuple[ParcelLine, ...]


@dataclass(frozen=True)
class Claimable:
    """A parcel by its exact number in a district."""

    district: str
    parcel_no: str


@dataclass(frozen=True)
class ClaimableParcel:
    """Data of another's parcel: no more than the land market has announced."""

    parcel_name: str
    parcel_no: str
    district: str
    land_area: Decimal
    location: str
    free: Decimal
    offered_to_me: bool
    mine: bool


@dataclass(frozen=True)
class Choice:
    id: UUID
    label: str


@dataclass(frozen=True)
class AssignableParcel:
    id: UUID
    label: str
    land_area: Decimal
    left: Decimal


@dataclass(frozen=True)
class Assignable:
    """Parcels a head company may assign, and possible recipients."""

    parcels: tuple[AssignableParcel, ...]
    companies: tuple[Choice, ...]


_SORTS: dict[str, Any] = {
    "parcel_no": Parcel.parcel_no,
    "parcel_name": Parcel.parcel_name,
    "district": Parcel.district_code,
    "land_area": Parcel.land_area,
}


@query("parcels.unlinked", "未关联地块", roles=set(AUTHORITY))
def unlinked(work: Work, order: LinkFilter) -> ParcelPage:
    """Parcels in force whose shares are not all linked, by part of a name or number."""
    held = (
        select(func.coalesce(func.sum(col(ParcelHeadLink.share)), 0))
        .where(ParcelHeadLink.parcel_id == Parcel.id, ParcelHeadLink.state == PactState.CONFIRMED)
        .scalar_subquery()
    )
    rows: Any = work.visible(Parcel).where(Parcel.in_force == InForceState.EFFECTIVE, held < Decimal(100))
    if word := search_word(order.text):
        rows = rows.where(
            or_(
                contains(col(Parcel.parcel_name), word),
                contains(col(Parcel.parcel_no), word),
                contains(col(Parcel.contract_no), word),
            )
        )
    if order.district:
        rows = rows.where(Parcel.district_code == str(chosen(District, order.district)))
    start, size = bounds(order)
    total = count(work, rows)
    column, down = ordering(order.sort or "parcel_no", _SORTS)
    found = work.session.exec(
        rows.order_by(column.desc() if down else column, col(Parcel.id)).offset(start).limit(size)
    ).all()
    waiting = open_counts(work, [one.id for one in found])
    lines = [
        ParcelLine(
            one.id,
            one.parcel_no,
            one.parcel_name,
            one.district.label,
            one.street,
            one.land_area,
            one.far_area,
            one.contract_no or "",
            share_held(work, one.id),
            waiting.get(one.id, 0),
        )
        for one in found
    ]
    return ParcelPage(total, tuple(lines))


@query("parcels.claimable", "查找可认领地块", roles=set(HEAD_OFFICE))
def claimable(work: Work, order: Claimable) -> ClaimableParcel:
    """The parcel of an exact number, for who would claim it."""
    parcel = parcel_numbered(work, order.district, search_word(order.parcel_no))
    mine = work.session.exec(
        work.visible(ParcelHeadLink).where(
            ParcelHeadLink.parcel_id == parcel.id,
            ParcelHeadLink.head_company_id == work.caller.enterprise_id,
            col(ParcelHeadLink.state).in_((PactState.OFFERED, PactState.CONFIRMED)),
        )
    ).first()
    offered = mine is not None and mine.state is PactState.OFFERED and mine.offered_side == str(LinkSide.AUTHORITY)
    return ClaimableParcel(
        parcel.parcel_name,
        parcel.parcel_no,
        parcel.district.label,
        parcel.land_area,
        parcel.location,
        max(Decimal(100) - share_held(work, parcel.id), Decimal(0)),
        offered,
        mine is not None and mine.state is PactState.CONFIRMED,
    )


@query("parcels.heads", "可关联的总公司", roles=set(HANDLERS))
def heads(work: Work, order: str) -> tuple[Choice, ...]:
    """Admitted head companies by part of the name or the exact code: whichever district they belong to may buy land."""
    rows: Any = select(HeadCompany).where(
        HeadCompany.admission_state == AdmissionState.ADMITTED, HeadCompany.in_force == InForceState.EFFECTIVE
    )
    if word := search_word(order):
        rows = rows.where(or_(contains(col(HeadCompany.name), word), HeadCompany.uscc == word.upper()))
    found = work.session.exec(rows.order_by(col(HeadCompany.name), col(HeadCompany.id)).limit(50)).all()
    return tuple(Choice(row.id, row.name) for row in found)


@query("parcels.assignable", "可指派的地块和项目公司", roles={Role.HEAD_ADMIN})
def assignable(work: Work, order: None) -> Assignable:
    """The parcels confirmed as the caller's with what is left of them, and its admitted project companies."""
    held = select(ParcelHeadLink.parcel_id).where(
        ParcelHeadLink.head_company_id == work.caller.enterprise_id, ParcelHeadLink.state == PactState.CONFIRMED
    )
    parcels = work.session.exec(
        work.visible(Parcel)
        .where(col(Parcel.id).in_(held), Parcel.in_force == InForceState.EFFECTIVE)
        .order_by(col(Parcel.parcel_no), col(Parcel.id))
    ).all()
    left = [(one, one.land_area - part_given(work, one)) for one in parcels]
    companies = work.session.exec(
        work.visible(ProjectCompany)
        .where(
            ProjectCompany.head_company_id == work.caller.enterprise_id,
            ProjectCompany.admission_state == AdmissionState.ADMITTED,
            ProjectCompany.in_force == InForceState.EFFECTIVE,
        )
        .order_by(col(ProjectCompany.name), col(ProjectCompany.id))
    ).all()
    return Assignable(
        tuple(
            AssignableParcel(one.id, f"{one.parcel_name}（{one.parcel_no}）", one.land_area, rest)
            for one, rest in left
            if rest > 0
        ),
        tuple(Choice(one.id, one.name) for one in companies),
    )


@query("parcels.mergeable", "可并入的项目", roles={Role.PROJ_ADMIN})
def mergeable(work: Work, order: None) -> tuple[Choice, ...]:
    """Projects of the own company, in force or on their way, that may take another parcel in."""
    versions = work.session.exec(
        work.visible(Revision)
        .where(
            Revision.kind == "project",
            Revision.project_company_id == work.caller.enterprise_id,
            col(Revision.state).in_((*OPEN_STATES,)),
        )
        .order_by(col(Revision.id))
        .limit(100)
    ).all()
    in_force = work.session.exec(
        work.visible(Revision)
        .where(
            Revision.kind == "project",
            Revision.project_company_id == work.caller.enterprise_id,
            col(Revision.effective_from).is_not(None),
            col(Revision.superseded_at).is_(None),
        )
        .order_by(col(Revision.id))
        .limit(100)
    ).all()
    found = {row.record_id: str(row.title.json()) for row in (*versions, *in_force)}
    return tuple(Choice(record_id, title) for record_id, title in found.items())
