"""Offers that end without an answer: their parcel was voided, or their company is no more (rows 55, 57)."""

from typing import Any

from sqlmodel import col, select

from models.companies import HeadCompany, Managed
from models.land_codes import LinkSide, LinkVerb
from models.parcels import Parcel, ParcelHeadLink, ParcelProjectLink
from models.records import PactState
from services.engine.work import Work
from services.parcels.holdings import head_links, project_links
from services.parcels.link_parts import end_by_itself, tell


def end_open_links(work: Work, parcel: Parcel) -> None:
    """Take back every open offer of a parcel that is no more."""
    said = f"地块“{parcel.parcel_name}”已作废，关联申请自动终止。"
    for head in head_links(work, parcel.id, PactState.OFFERED):
        end_by_itself(work, head, LinkVerb.PARCEL_VOIDED)
        tell(work, head, "地块关联已终止", said, LinkSide.HEAD, LinkSide.AUTHORITY)
    for project in project_links(work, parcel.id, PactState.OFFERED):
        end_by_itself(work, project, LinkVerb.PARCEL_VOIDED)
        tell(work, project, "地块指派已终止", said, LinkSide.HEAD, LinkSide.PROJECT)


def end_offers_of(work: Work, company: Managed) -> None:
    """Take back every open offer a company made or was made: it can be answered no more, and others wait for the land."""
    said = f"{company.name}已退出或作废，地块关联申请自动终止。"
    if isinstance(company, HeadCompany):
        for head in _offered(work, ParcelHeadLink, company):
            end_by_itself(work, head, LinkVerb.COMPANY_GONE)
            tell(work, head, "地块关联已终止", said, LinkSide.AUTHORITY)
    for project in _offered(work, ParcelProjectLink, company):
        end_by_itself(work, project, LinkVerb.COMPANY_GONE)
        tell(work, project, "地块指派已终止", said, LinkSide.HEAD, LinkSide.PROJECT)


def _offered(work: Work, table: Any, company: Managed) -> Any:
    owner = table.head_company_id if isinstance(company, HeadCompany) else table.project_company_id
    offers = select(table).where(owner == company.id, table.state == PactState.OFFERED).order_by(col(table.id))
    return work.held(offers).all()
