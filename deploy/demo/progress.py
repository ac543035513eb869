"""Building tables, plans, payments and reports of the demo's projects under construction (rows 70, 71, 74, 75)."""

from calendar import monthrange
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from deploy.demo.kept import put_kept
from integrations.building_table.client import told_building
from integrations.building_table.simulator import read_buildings
from models.access import Role
from models.construction import ConstructionPermit, UnitEngineering
from models.progress import EngineeringPayment
from models.records import InForceState
from services.construction.building_tables import store_building
from services.engine.callers import SYSTEM
from services.engine.door import Door
from services.engine.kinds import Owner
from services.engine.periodic import months
from services.engine.registry import action
from services.engine.work import Work
from services.ports.building_table import ToldBuilding
from services.sales.watch import watch_all

_CENT = Decimal("0.01")


@action("demo.progress", "装载楼盘表与进度", roles={Role.SYSTEM}, event="DATA.CREATE")
def load_progress(work: Work, order: None) -> int:
    """Put plans, payments and reports of every construction permit in force, once, and tie its houses to buildings."""
    if work.has(EngineeringPayment):
        return 0
    permits = work.rows(
        ConstructionPermit, ConstructionPermit.in_force == InForceState.EFFECTIVE, by=ConstructionPermit.permit_no
    )
    free = map(told_building, read_buildings().values())
    for place, permit in enumerate(permits):
        units = work.rows(
            UnitEngineering, UnitEngineering.construction_permit_id == permit.id, by=UnitEngineering.unit_no
        )
        owner = Owner.of(permit)
        _plan(work, owner, units)
        _payments(work, owner, permit, units, few=place == 1)
        _reports(work, owner, units, missing=place == 2)
        for unit in units[:2]:
            _tie(work, owner, unit, next(free))
    return len(permits)


def _plan(work: Work, owner: Owner, units: Sequence[UnitEngineering]) -> None:
    lines = []
    for unit in units:
        days = {"M07": unit.planned_start, "M12": unit.planned_topout, "M17": unit.planned_finish}
        lines += [
            {"unit_engineering_id": str(unit.id), "milestone": code, "planned_on": day.isoformat()}
            for code, day in days.items()
            if day is not None
        ]
    put_kept(work, "progress_plan", {}, owner, children={"lines": lines})


def _months(units: Sequence[UnitEngineering], today: date) -> list[date]:
    """Return the last days of the months from the first start to the month before today's."""
    since = min((unit.actual_start for unit in units if unit.actual_start), default=today)
    firsts = (date.fromisoformat(f"{month}-01") for month in months(since, today))
    return [one.replace(day=monthrange(one.year, one.month)[1]) for one in firsts]


def _payments(
    work: Work, owner: Owner, permit: ConstructionPermit, units: Sequence[UnitEngineering], *, few: bool
) -> None:
    output = payable = paid = Decimal(0)
    step = (permit.contract_amount / 60).quantize(_CENT)
    for end in _months(units, work.today):
        part = (step * Decimal("0.55" if few else "0.92")).quantize(_CENT)
        due = (step * Decimal("0.95")).quantize(_CENT)
        output, payable, paid = output + step, payable + due, paid + part
        values: dict[str, Any] = {
            "construction_permit_id": str(permit.id),
            "period": f"{end:%Y-%m}",
            "contractor": permit.contractor,
            "contract_amount": str(permit.contract_amount),
            "output_value_period": str(step),
            "output_value_cum": str(output),
            "payable_period": str(due),
            "payable_cum": str(payable),
            "paid_period": str(part),
            "paid_cum": str(paid),
            "labour_paid_period": str((step / 5).quantize(_CENT)),
            "payment_guarantee_no": "沪建担字第0071号",
        }
        put_kept(work, "engineering_payment", values, owner)


def _reports(work: Work, owner: Owner, units: Sequence[UnitEngineering], *, missing: bool) -> None:
    invested = Decimal(0)
    reported = _months(units, work.today)
    for end in reported[: -2 if missing else None]:
        lines = [_line(unit, end) for unit in units if unit.actual_start and unit.actual_start <= end]
        invested += Decimal(24_000_000)
        values = {
            "period": f"{end:%Y-%m}",
            "report_on": min(end + timedelta(days=2), work.today).isoformat(),
            "invested_period": "24000000.00",
            "invested_cum": str(invested),
        }
        put_kept(work, "progress_report", values, owner, children={"works": lines})


def _line(unit: UnitEngineering, end: date) -> dict[str, Any]:
    """Return the line of a work in a report: its progress by the share of its planned time that has passed."""
    start, finish = unit.actual_start or unit.planned_start, unit.planned_finish
    percent = min(99, max(1, (end - start).days * 100 // max((finish - start).days, 1)))
    topped = unit.actual_topout is not None and unit.actual_topout <= end
    floors = unit.floors_above or 0
    done = floors if topped else min(floors, floors * percent // 60)
    line = {
        "unit_engineering_id": str(unit.id),
        "visual_progress": "6" if topped else "4" if done else "2",
        "floors_done": done,
        "percent": percent,
        "status": "NORMAL",
        "started_on": start.isoformat(),
    }
    if topped and unit.actual_topout is not None:
        line["topped_on"] = unit.actual_topout.isoformat()
    return line


def _tie(work: Work, owner: Owner, unit: UnitEngineering, told: ToldBuilding) -> None:
    store_building(work, told)
    on = (work.today - timedelta(days=20)).isoformat()
    values = {"unit_engineering_id": str(unit.id), "natural_building_no": told.natural_building_no, "linked_on": on}
    put_kept(work, "unit_natural_link", values, owner)


def show_progress(door: Door) -> int:
    """Load the progress of the demo's projects and watch them for the first time."""
    loaded = door.perform(load_progress, SYSTEM, None)
    return watch_all(door) or 0 if loaded else 0
