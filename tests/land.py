"""Parcels, links and projects for tests, standing where a test begins."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import count
from typing import Any
from uuid import UUID

from sqlmodel import select

from deploy.demo.kept import put_kept
from models.columns import new_id
from models.companies import ProjectCompany
from models.land_codes import LinkSide
from models.parcels import Parcel, ParcelHeadLink, ParcelProjectLink
from models.records import PactState
from services.engine.kinds import Owner
from services.engine.work import Work
from services.parcels.holdings import settle_holder
from tests.market import Market

_SERIAL = count(1)

#: A parcel that breaks no rule; numbers are added by `parcel_form`.
PARCEL_VALUES: dict[str, Any] = {
    "parcel_name": "浦东新区花木街道A1-02地块",
    "announcement_no": "2026年第8号公告",
    "district": "310115",
    "street": "花木街道",
    "plate": "花木",
    "ring": "INNER_MIDDLE",
    "location": "东至芳甸路，南至锦绣路，西至梅花路，北至花木路",
    "entry_mode": "BACKFILL",
    "acquire_mode": "GRANTED",
    "land_area": "10000.00",
    "far": "2",
    "far_area": "20000.00",
    "residential_area": "16000.00",
    "commercial_area": "2000.00",
    "public_facility_area": "500.00",
    "grantor": "上海市浦东新区规划和自然资源局",
    "grantee_uscc": "91310115MAYHA0017M",
    "signed_on": "2026-01-15",
    "parcel_area_granted": "10000.00",
    "price_total": "900000000.00",
    "start_due_on": "2027-12-31",
    "finish_due_on": "2030-06-30",
}
PARCEL_LISTS: dict[str, list[dict[str, Any]]] = {
    "uses": [{"use": "HOUSING", "use_area": "9000.00", "term_years": "70"}],
    "instalments": [
        {
            "no": "1",
            "amount": "450000000.00",
            "due_on": "2026-02-15",
            "paid_on": "2026-02-14",
            "paid_amount": "450000000.00",
        },
        {"no": "2", "amount": "450000000.00", "due_on": "2028-02-15"},
    ],
    "supplements": [{"supplement_no": "补1", "signed_on": "2026-03-01", "content": "调整交地日期"}],
    "cadastres": [{"cadastral_code": "310115001001GB00001"}],
}
PROJECT_VALUES: dict[str, Any] = {
    "district": "310115",
    "street": "花木街道",
    "address": "花木街道芳甸路1200号",
    "plate": "花木",
    "ring": "INNER_MIDDLE",
    "housing_kind": "MARKET",
    "land_area": "10000.00",
    "total_gfa": "27000.00",
    "above_gfa": "20000.00",
    "below_gfa": "7000.00",
    "far_area": "20000.00",
    "total_investment": "1500000000.00",
    "project_capital": "450000000.00",
    "land_cost": "900000000.00",
    "invested_to_date": "600000000.00",
    "planned_start_on": "2027-06-30",
    "planned_presale_on": "2028-09-30",
    "planned_finish_on": "2030-03-31",
    "planned_delivery_on": "2030-06-30",
    "contact_name": "夏知微",
    "contact_phone": "13800000155",
}
PROJECT_LISTS: dict[str, list[dict[str, Any]]] = {
    "properties": [{"property_type": "HOUSING", "gfa": "16000.00", "sets": "150"}]
}


def parcel_form(**change: Any) -> dict[str, Any]:
    """A whole parcel with numbers nobody has."""
    serial = next(_SERIAL)
    return {
        **PARCEL_VALUES,
        "parcel_no": f"T{serial:03d}-01",
        "contract_no": f"沪测规划资源(2026)出让合同第{serial}号",
        **change,
    }


def project_form(**change: Any) -> dict[str, Any]:
    """A whole project with name and code nobody has."""
    serial = next(_SERIAL)
    named = {"name": f"测试第{serial}号雅苑", "project_code": f"2026-310115-70-03-{serial:06d}"}
    return {**PROJECT_VALUES, **named, **change}


@dataclass
class Land:
    """Makes parcels, links and projects in a market."""

    market: Market
    companies: Mapping[str, UUID] = field(init=False)

    def __post_init__(self) -> None:
        self.companies = self.market.ids

    def parcel(
        self, *, head: str = "", lists: Mapping[str, Sequence[Mapping[str, Any]]] | None = None, **change: Any
    ) -> UUID:
        """A parcel in force; with `head` (H-1, H-2) linked to it, whole."""
        values = parcel_form(**change)

        def make(work: Work) -> UUID:
            row: Parcel = put_kept(
                work, "parcel", values, Owner(str(values["district"])), children=lists or PARCEL_LISTS
            )
            if head:
                self._head(work, row, head, Decimal(100))
            return row.id

        made: UUID = self.market.world.act(make)
        return made

    def link_head(self, parcel_id: UUID, head: str, share: str = "100") -> UUID:
        """A confirmed link of a parcel to a head company."""

        def make(work: Work) -> UUID:
            return self._head(work, _parcel(work, parcel_id), head, Decimal(share)).id

        made: UUID = self.market.world.act(make)
        return made

    def _head(self, work: Work, parcel: Parcel, head: str, share: Decimal) -> ParcelHeadLink:
        link = ParcelHeadLink(
            parcel_id=parcel.id,
            head_company_id=self.companies[head],
            district_code=parcel.district_code,
            share=share,
            state=PactState.CONFIRMED,
            offered_side=str(LinkSide.AUTHORITY),
            offered_at=work.now,
            answered_at=work.now,
            open_key=f"{parcel.id.hex}:{self.companies[head].hex}",
        )
        work.add(link)
        work.session.flush()
        settle_holder(work, parcel)
        return link

    def link_company(self, parcel_id: UUID, company: str, *, part: str = "", project: UUID | None = None) -> UUID:
        """A confirmed assignment of a parcel, which its head holds, to one of the head's project companies."""

        def make(work: Work) -> UUID:
            parcel = _parcel(work, parcel_id)
            taker = work.session.exec(select(ProjectCompany).where(ProjectCompany.id == self.companies[company])).one()
            held = work.session.exec(
                select(ParcelHeadLink).where(
                    ParcelHeadLink.parcel_id == parcel_id, ParcelHeadLink.head_company_id == taker.head_company_id
                )
            ).one()
            link = ParcelProjectLink(
                parcel_id=parcel.id,
                head_link_id=held.id,
                head_company_id=held.head_company_id,
                project_company_id=taker.id,
                district_code=parcel.district_code,
                part_area=Decimal(part) if part else None,
                made_project_id=project,
                state=PactState.CONFIRMED,
                offered_side=str(LinkSide.HEAD),
                offered_at=work.now,
                answered_at=work.now,
                open_key=f"{parcel.id.hex}:{taker.id.hex}",
            )
            work.add(link)
            return link.id

        made: UUID = self.market.world.act(make)
        return made

    def given(self, company: str, **change: Any) -> UUID:
        """A parcel linked to the company's head and assigned to the company, both confirmed."""
        head = self._head_of(company)
        parcel = self.parcel(head=head, **change)
        self.link_company(parcel, company)
        return parcel

    def project(self, company: str = "P-1", *, parcel: UUID | None = None, **change: Any) -> UUID:
        """A project in force of a company, begun from a parcel of its own."""
        parcel_id = parcel or self.parcel(head=self._head_of(company))
        project_id = new_id()
        if parcel is None:
            self.link_company(parcel_id, company, project=project_id)
        values = project_form(**change)

        def make(work: Work) -> None:
            owner = self._owner(work, company, str(values["district"]), project_id)
            put_kept(work, "project", values, owner, children=PROJECT_LISTS, record_id=project_id)

        self.market.world.act(make)
        return project_id

    def side(
        self,
        kind: str,
        project_id: UUID,
        values: Mapping[str, Any],
        children: Mapping[str, Sequence[Mapping[str, Any]]] | None = None,
        *,
        company: str = "P-1",
    ) -> UUID:
        """A side record in force of a project."""

        def make(work: Work) -> UUID:
            owner = self._owner(work, company, "310115", project_id)
            row_id: UUID = put_kept(work, kind, values, owner, children=children).id
            return row_id

        made: UUID = self.market.world.act(make)
        return made

    def _owner(self, work: Work, company: str, district: str, project_id: UUID) -> Owner:
        row = work.session.exec(select(ProjectCompany).where(ProjectCompany.id == self.companies[company])).one()
        return Owner(district, row.head_company_id, row.id, project_id)

    def _head_of(self, company: str) -> str:
        return self.market.lines[company]["parent"]


def _parcel(work: Work, parcel_id: UUID) -> Parcel:
    return work.session.exec(select(Parcel).where(Parcel.id == parcel_id)).one()
