"""Rules of a sales plan over facts alone: SAL-01 to SAL-19 (row 76)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from models.building_codes import DeliveryStandard, WorkKind
from models.building_tables import SaleRole
from models.sales_plans import SaleKind
from services.engine.findings import Severity, judge
from services.engine.kinds import Owner, Proposal, kind_named
from services.engine.proposals import form_of, missing
from services.engine.thresholds import Thresholds
from services.sales.plan_ground import PlanGround, SeenBuilding, SeenUnit, SeenWork
from services.sales.plan_rules import CONSENT, PAPERS, RULES
from services.sales.plan_sums import outliers, sums_of

TODAY = date(2027, 3, 1)
WORK = SeenWork(uuid4(), "1号楼", WorkKind.HOUSING, 18, 18, date(2027, 1, 10), "310115202606010101", "建字第1号")
UNITS = tuple(
    SeenUnit(uuid4(), f"U{n}", "1", "1", f"10{n}", "住宅", "2室", Decimal("89.50"), SaleRole.FOR_SALE)
    for n in range(1, 5)
)
BUILDING = SeenBuilding(uuid4(), "B1", "1#", "住宅", "芳甸路", 18, Decimal("358.00"), UNITS, (WORK,))
OTHER = replace(BUILDING, id=uuid4(), number="B2", name="2#", units=(replace(UNITS[0], code="V1"),), area=None)
GROUND = PlanGround(
    {"B1": BUILDING}, land_certificate="沪(2026)浦字第1号", invested=Decimal(25), last_average=Decimal(100000)
)


def divided(*, mine: int, other: int) -> PlanGround:
    """A quarter of the project invested, with two works of one area that are built so far."""
    work = replace(WORK, gfa=Decimal(9000), percent=Decimal(mine))
    works = (work, replace(WORK, id=uuid4(), gfa=Decimal(9000), percent=Decimal(other)))
    return replace(GROUND, buildings={"B1": replace(BUILDING, works=(work,))}, works=works)


def line(unit: SeenUnit, price: str | None = "100000", role: SaleRole | None = SaleRole.FOR_SALE) -> dict[str, Any]:
    gross = unit.gross or Decimal(0)
    value = None if price is None else Decimal(price)
    return {
        "house_code": unit.code,
        "building_name": "1#",
        "room_no": unit.room,
        "sale_role": role,
        "gross_area": gross,
        "unit_price": value,
        "total_price": None if value is None else value * gross,
    }


def plan(
    ground: PlanGround = GROUND,
    *,
    lines: Any = None,
    buildings: tuple[str, ...] = ("B1",),
    papers: tuple[str, ...] = tuple(PAPERS),
    rules: dict[str, str] | None = None,
    **change: Any,
) -> set[str]:
    """The codes of what is found in a plan that is right but for the change."""
    values = {
        "sale_kind": SaleKind.PRESALE,
        "decoration": DeliveryStandard.FITTED,
        "finish_on": date(2028, 6, 30),
        "deliver_on": date(2028, 12, 31),
        "pm_rooms": "1#物业101",
        "escrow_bank": "示例银行",
        "escrow_account": "3100",
        "escrow_agreement_no": "JG-1",
        **change,
    }
    before = values.pop("before", None)
    names = {"B1": "1#", "B2": "2#"}
    proposal = Proposal(
        "sales_plan",
        uuid4(),
        1,
        values,
        {
            "buildings": [{"natural_building_no": one} for one in buildings],
            "schedule": [{"building_name": names.get(one, "")} for one in buildings],
            "units": [line(one) for one in UNITS] if lines is None else lines,
        },
        {slot: (uuid4(),) for slot in papers},
        Owner("310115"),
        TODAY,
        Thresholds(TODAY, rules or {}),
        before=before,
        found={"ground": ground},
    )
    return {one.code for one in judge(proposal, RULES).findings}


def seen(**change: Any) -> PlanGround:
    """The ground with another building in the place of the first."""
    return replace(GROUND, buildings={"B1": replace(BUILDING, **change)})


def worked(**change: Any) -> PlanGround:
    return seen(works=(replace(WORK, **change),))


HIGH = [line(one, price) for one, price in zip(UNITS, ("100000", "100000", "100000", "390000"), strict=True)]
DEAR = [line(one, "131000") for one in UNITS]


@pytest.mark.row(76)
@pytest.mark.parametrize(
    ("found", "codes"),
    [
        (plan(), set()),
        (plan(replace(GROUND, unpaid=("地块T1尚有4.5亿元未付清",))), {"SAL-01"}),
        (plan(replace(GROUND, land_certificate="")), {"SAL-01"}),
        (plan(worked(permit_no="")), {"SAL-02"}),
        (plan(worked(planning_no="")), {"SAL-02"}),
        (plan(finish_on=None), {"SAL-03"}),
        (plan(seen(units=()), lines=[]), {"SAL-04"}),
        (plan(seen(works=())), {"SAL-04"}),
        (plan(seen(pending="楼盘表关联退回修改，尚未生效")), {"SAL-04"}),
        (plan(replace(GROUND, invested=Decimal("24.9"))), {"SAL-05"}),
        (plan(replace(GROUND, invested=None)), {"SAL-05"}),
        (plan(divided(mine=20, other=100)), {"SAL-05"}),
        (plan(divided(mine=20, other=0)), set()),
        (plan(divided(mine=0, other=0)), set()),
        (plan(worked(topped_on=None, floors_done=12)), {"SAL-06"}),
        (plan(lines=[line(one) for one in UNITS[:3]]), {"SAL-07", "SAL-09"}),
        (plan(lines=[*map(line, UNITS), line(OTHER.units[0])]), {"SAL-07"}),
        (plan(replace(GROUND, buildings={"B1": BUILDING, "B2": OTHER})), {"SAL-08"}),
        (plan(lines=[*map(line, UNITS[:3]), line(UNITS[3], role=None)]), {"SAL-09"}),
        (plan(seen(area=Decimal("358.60"))), {"SAL-09"}),
        (plan(seen(area=Decimal("358.50"))), set()),
        (plan(lines=[*map(line, UNITS[:3]), line(UNITS[3], None)]), {"SAL-10"}),
        (plan(lines=[*map(line, UNITS[:3]), {**line(UNITS[3]), "total_price": Decimal(8950002)}]), {"SAL-10"}),
        (plan(lines=[*map(line, UNITS[:3]), {**line(UNITS[3]), "total_price": Decimal(8950001)}]), set()),
        (plan(lines=HIGH), {"SAL-11"}),
        (plan(lines=DEAR), {"SAL-11"}),
        (plan(replace(GROUND, price_cap=Decimal(99999))), {"SAL-12"}),
        (plan(replace(GROUND, price_cap=Decimal(100000))), set()),
        (plan(pm_rooms=None), {"SAL-13"}),
        (plan(pm_rooms="物业101、1#-101室"), {"SAL-13"}),
        (plan(pm_rooms="1号楼101室"), {"SAL-13"}),
        (plan(papers=("pm_contract", "covenant")), {"SAL-14"}),
        (plan(replace(GROUND, mortgages=("不动产权证1",))), {"SAL-15"}),
        (plan(replace(GROUND, mortgages=("不动产权证1",)), papers=(*PAPERS, CONSENT)), {"SAL-15"}),
        (plan(replace(GROUND, mortgages=("不动产权证1",)), papers=(*PAPERS, CONSENT), mortgage_note="银行"), set()),
        (plan(replace(GROUND, seals=("不动产权证1",)), papers=(*PAPERS, CONSENT), mortgage_note="银行"), {"SAL-15"}),
        (plan(escrow_account=None), {"SAL-16"}),
        (plan(seen(other_plan="XSFA-310115-2027-00001")), {"SAL-18"}),
        (plan(seen(units=tuple(replace(one, opening="KP-1") for one in UNITS))), {"SAL-18"}),
        (plan(seen(units=tuple(replace(one, opening="KP-1") for one in UNITS)), before={"position": "旧"}), set()),
        (plan(replace(GROUND, permits=("浦东房管(2027)预字0000001号",)), before={"position": "旧"}), {"SAL-19"}),
        (plan(replace(GROUND, changed_stands=False), changes_no="XSFA-310115-2027-00009"), {"SAL-19"}),
    ],
)
def test_rules_of_a_plan(found: set[str], codes: set[str]) -> None:
    assert found == codes


@pytest.mark.row(76)
def test_a_plan_without_a_building_is_refused() -> None:
    kind = kind_named("sales_plan")
    without = missing(kind, form_of(kind, {"values": {}, "children": {"buildings": []}, "files": {}}), date(2027, 3, 1))
    assert ("REQ", "“销售楼幢”至少填写1行") in [(one.code, one.message) for one in without]


@pytest.mark.row(76)
@pytest.mark.parametrize(
    ("floors", "done", "default", "legacy"),
    [
        (18, 12, {"SAL-06"}, set()),
        (18, 11, {"SAL-06"}, {"SAL-06"}),
        (9, 6, {"SAL-06"}, {"SAL-06"}),
        (7, 6, {"SAL-06"}, {"SAL-06"}),
    ],
)
def test_two_thirds_of_the_structure_under_both_parameter_sets(
    floors: int, done: int, default: set[str], legacy: set[str]
) -> None:
    ground = worked(topped_on=None, floors_above=floors, floors_done=done)
    assert plan(ground) == default
    assert plan(ground, rules={"sales.presale_progress": "2"}) == legacy


@pytest.mark.row(76)
def test_a_current_sale_needs_filing_acceptance_delivery_permit_and_an_archived_handbook() -> None:
    current: dict[str, Any] = {"sale_kind": SaleKind.CURRENT_SALE, "escrow_account": None}
    built = worked(filed=True)
    done = replace(built, archived=True, invested=None)
    ready = replace(
        done, buildings={"B1": replace(done.buildings["B1"], accepted_on=TODAY, delivery_permit="沪浦交付1")}
    )
    assert plan(ready, **current) == set()
    no_permit = replace(ready, buildings={"B1": replace(ready.buildings["B1"], delivery_permit="")})
    office = replace(no_permit, buildings={"B1": replace(no_permit.buildings["B1"], use="办公")})
    assert plan(no_permit, **current) == {"SAL-17"}
    assert plan(office, **current) == set()
    assert plan(replace(ready, archived=False), **current) == {"SAL-17"}
    assert plan(GROUND, **current) == {"SAL-17"}


@pytest.mark.row(76)
def test_sums_by_role_and_a_price_of_390000_stand_out() -> None:
    lines = [
        line(UNITS[0]),
        line(UNITS[1], "110000"),
        line(UNITS[2], "390000"),
        line(UNITS[3], None, SaleRole.SELF_HELD),
    ]
    sums = sums_of(lines)
    assert sums.sets(SaleRole.FOR_SALE) == 3
    assert sums.area(SaleRole.SELF_HELD) == Decimal("89.50")
    assert (sums.average, sums.lowest, sums.highest) == (Decimal("200000.00"), Decimal(100000), Decimal(390000))
    assert outliers(lines, Decimal(3)) == {2: Decimal(110000)}
    assert Severity.WARN in {rule.severity for rule in RULES if rule.code == "SAL-11"}
