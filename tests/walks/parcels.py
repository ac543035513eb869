"""The walk's part for parcels beside their kind: links of both sides with what was said about them (rows 55, 57)."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from models.access import CITY_AUTHORITY, DISTRICT_AUTHORITY, HEAD_OFFICE, PROJECT_OFFICE, Role, ScopeKind
from models.columns import new_id
from models.land_codes import LinkSide, LinkVerb
from models.parcels import Parcel, ParcelHeadLink, ParcelLinkStep, ParcelProjectLink
from models.records import PactState
from services.engine.work import Work
from services.parcels.head_links import AnswerLink, OfferParcel
from services.parcels.project_links import AssignParcel, ConfirmAssignment
from tests.walks.kinds import HEADS, PROJECTS

_AT = datetime(2027, 2, 1, tzinfo=UTC)
_WHY = "核查情况已经清楚"
_DISTRICTS = ("310115", "310104")


def authority(caller: Any, row: Any) -> bool:
    """The city and the own district."""
    city = {scope.role for scope in caller.scopes if scope.kind is ScopeKind.CITY}
    own = {scope.code for scope in caller.scope_of(*DISTRICT_AUTHORITY) if scope.kind is ScopeKind.DISTRICT}
    return bool(caller.has(Role.SYSTEM) or city & CITY_AUTHORITY or row.district_code in own)


def _head_link(city: Any, caller: Any, row: Any) -> bool:
    firm = caller.enterprise_id
    return authority(caller, row) or bool(firm and caller.has(*HEAD_OFFICE) and row.head_company_id == firm)


def _project_link(city: Any, caller: Any, row: Any) -> bool:
    firm = caller.enterprise_id
    taker = bool(firm and caller.has(*PROJECT_OFFICE) and row.project_company_id == firm)
    return _head_link(city, caller, row) or taker


def _step(city: Any, caller: Any, row: Any) -> bool:
    heads = any(_head_link(city, caller, one) for one in city.where(ParcelHeadLink, "id", row.link_id))
    return heads or any(_project_link(city, caller, one) for one in city.where(ParcelProjectLink, "id", row.link_id))


ORACLE: dict[Any, Any] = {ParcelHeadLink: _head_link, ParcelProjectLink: _project_link, ParcelLinkStep: _step}

ORDERS: dict[str, Any] = {
    "parcels.offer": (Parcel, lambda city, row_id: OfferParcel(row_id, HEADS[0])),
    "parcels.link_confirm": (ParcelHeadLink, lambda city, row_id: AnswerLink(row_id)),
    "parcels.link_decline": (ParcelHeadLink, lambda city, row_id: AnswerLink(row_id, _WHY)),
    "parcels.link_cancel": (ParcelHeadLink, lambda city, row_id: AnswerLink(row_id)),
    "parcels.link_release": (ParcelHeadLink, lambda city, row_id: AnswerLink(row_id, _WHY)),
    "parcels.assign": (Parcel, lambda city, row_id: AssignParcel(row_id, PROJECTS[1])),
    "parcels.assignment_confirm": (ParcelProjectLink, lambda city, row_id: ConfirmAssignment(row_id)),
    "parcels.assignment_decline": (ParcelProjectLink, lambda city, row_id: AnswerLink(row_id, _WHY)),
    "parcels.assignment_cancel": (ParcelProjectLink, lambda city, row_id: AnswerLink(row_id)),
    "parcels.assignment_release": (ParcelProjectLink, lambda city, row_id: AnswerLink(row_id, _WHY)),
    "parcels.link_steps": (ParcelProjectLink, lambda city, row_id: row_id),
    "parcels.proof": (ParcelHeadLink, lambda city, row_id: row_id),
}
UNFOREIGN: dict[str, str] = {
    "parcels.claim": "by an exact number that was announced, tried in tests/services/parcels",
    "parcels.keep_proof": "the own company's, refused to others in tests/services/parcels",
    "parcels.claimable": "by an exact number that was announced, tells no more than that",
    "parcels.heads": "names of admitted companies, which are public",
    "parcels.assignable": "a list, narrowed",
    "parcels.mergeable": "a list, narrowed",
    "parcels.months": "sums of a list, narrowed",
}


def furnish(city: Any) -> None:
    """Both sides have links in several states, with what was said about them."""
    city.counter.world.act(_furnish)


def _furnish(work: Work) -> None:
    for side in (0, 1):
        parcels = work.session.exec(
            select(Parcel.id).where(Parcel.head_company_id == HEADS[side]).order_by(col(Parcel.id))
        ).all()
        for parcel, state in zip(parcels, (PactState.OFFERED, PactState.CONFIRMED), strict=False):
            _links(work, side, parcel, state)


def _links(work: Work, side: int, parcel: UUID, state: PactState) -> None:
    common: dict[str, Any] = {
        "parcel_id": parcel,
        "head_company_id": HEADS[side],
        "district_code": _DISTRICTS[side],
        "state": state,
    }
    head = ParcelHeadLink(id=new_id(), offered_side=str(LinkSide.HEAD), offered_at=_AT, **common)
    project = ParcelProjectLink(
        id=new_id(),
        head_link_id=head.id,
        project_company_id=PROJECTS[side],
        offered_side=str(LinkSide.HEAD),
        offered_at=_AT,
        **common,
    )
    for link in (head, project):
        work.add(link)
        work.add(ParcelLinkStep(link_id=link.id, parcel_id=parcel, verb=LinkVerb.CLAIMED, side=LinkSide.HEAD, at=_AT))
