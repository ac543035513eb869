"""Registry answers and watched companies made for tests of rules: sound ones, changed where a test says."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from models.columns import new_id
from models.companies import District, Financing, HeadCompany, Indicator, ProjectCompany, QualificationGrade
from models.land_codes import HousingKind, ProjectStage, Ring
from models.monitoring import CompanyType
from models.projects import Project
from models.sealed import Sealed
from services.engine.thresholds import Thresholds
from services.monitoring.watched import Watched, WatchFacts
from services.ports.registry import (
    BadListing,
    CompanyProfile,
    EquityFreeze,
    EquityPledge,
    RegisteredChange,
    RegisteredHolder,
)

TODAY = date(2027, 3, 1)
HEAD = "91310115MAYHA0017M"
CAPITAL = Decimal("100000000")


def holder(name: str, ratio: str, *, uscc: str = "", **other: Any) -> RegisteredHolder:
    subscribed = CAPITAL * Decimal(ratio) / 100
    return RegisteredHolder(
        name, "COMPANY", Decimal(ratio), uscc, subscribed=subscribed, paid=other.pop("paid", subscribed), **other
    )


def profile(**changed: Any) -> CompanyProfile:
    """A company in order: one holder with 51 %, one with 49 %, everything paid."""
    sound = CompanyProfile(
        uscc="91310115MAYPA0014U",
        name="上海申浦滨江置业有限公司",
        status="存续",
        legal_rep="严文清",
        registered_capital=CAPITAL,
        paid_in_capital=CAPITAL,
        established_on=date(2023, 3, 1),
        holders=(holder("申浦置业集团有限公司", "51", uscc=HEAD), holder("浦汇基金", "49")),
    )
    return replace(sound, **changed)


def company(
    *,
    of: CompanyType = CompanyType.PROJECT,
    debts: Sequence[Financing] = (),
    years: Sequence[Indicator] = (),
    **changed: Any,
) -> Watched:
    row: dict[str, Any] = {
        "id": UUID(int=7),
        "name": "上海申浦滨江置业有限公司",
        "uscc": "91310115MAYPA0014U",
        "district_code": "310115",
        "qualification_grade": QualificationGrade.SECOND,
        "qualification_valid_to": date(2029, 1, 1),
        "established_on": date(2023, 3, 1),
        "licensed_on": date(2023, 3, 1),
        "filed_on": date(2023, 3, 20),
        "holding_ratio": Decimal(51),
        "ratio_at_award": Decimal(40),
        **changed,
    }
    head = HeadCompany(uscc=HEAD, name="申浦置业集团有限公司") if of is CompanyType.PROJECT else None
    return Watched(of, ProjectCompany(**row), head, debts, years)


def facts(
    was: CompanyProfile | None = None, now: CompanyProfile | None = None, *, of: Watched | None = None, **other: Any
) -> WatchFacts:
    """Facts about a company that was as `was` and is as `now`; the business day is 1 March 2027 unless told."""
    today = other.pop("today", TODAY)
    values = other.pop("values", {})
    return WatchFacts(of or company(), today, Thresholds(today, values), now or profile(), was or profile(), **other)


def pledged(*shares: str, until: date | None = None) -> tuple[EquityPledge, ...]:
    return tuple(
        EquityPledge(f"CZ{place}", "浦汇基金", "申城信托", CAPITAL * Decimal(share) / 100, TODAY, until)
        for place, share in enumerate(shares)
    )


def frozen(until: date | None = None) -> tuple[EquityFreeze, ...]:
    return (EquityFreeze("(2027)沪01执保1号", "浦汇基金", "上海一中院", Decimal(1), TODAY, until),)


def listed(kind: str, until: date | None = None) -> tuple[BadListing, ...]:
    return (BadListing(kind, "未公示年度报告", TODAY, until),)


def change(number: str, item: str, on: date, **days: date | None) -> RegisteredChange:
    return RegisteredChange(number, item, "", "", on, days.get("decided_on"), days.get("published_on", on))


def unfinished_project(company_id: UUID) -> Project:
    """A project in force that is being built."""
    made = new_id()
    areas = ("land_area", "total_gfa", "above_gfa", "below_gfa", "far_area")
    days = ("planned_start_on", "planned_presale_on", "planned_finish_on", "planned_delivery_on")
    figures: dict[str, Any] = {
        **dict.fromkeys(areas, Decimal(1000)),
        **dict.fromkeys(("total_investment", "project_capital", "land_cost"), Decimal(1_000_000)),
        **dict.fromkeys(days, date(2027, 1, 4)),
    }
    return Project(
        id=made,
        record_no=made.hex,
        revision_id=new_id(),
        effective_from=datetime(2027, 1, 4, tzinfo=UTC),
        project_company_id=company_id,
        project_id=made,
        district_code="310115",
        name=f"在建项目{made.hex[-6:]}",
        project_code="2027-310115-70-03-000001",
        district=District.PUDONG,
        street="花木街道",
        address="牡丹路1号",
        plate="花木",
        ring=Ring.INNER,
        housing_kind=next(iter(HousingKind)),
        **figures,
        contact_name=Sealed.of("走查人"),
        contact_phone=Sealed.of("13800000199"),
        stage=ProjectStage.CONSTRUCTION,
    )
