"""Building tables, plans, payments and reports of the demo's projects under construction (rows 70, 71, 74, 75)."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from deploy.demo.kept import put_kept
from deploy.demo.lives import Life, lives_of, load_completion
from integrations.building_table.client import told_building
from integrations.building_table.simulator import read_buildings
from models.access import Role
from models.building_codes import PermitStatus
from models.construction import ConstructionPermit, UnitEngineering
from models.progress import EngineeringPayment
from models.projects import Project
from models.records import InForceState
from services.construction.building_tables import store_building
from services.engine.kinds import Owner
from services.engine.periodic import months
from services.engine.registry import action
from services.engine.work import Work
from services.ports.building_table import ToldBuilding
from services.progress.payments import compute
from services.projects.list_names import project_title

_CENT = Decimal("0.01")
#: Projects that pay too little and report too late, so that the watch has something to find.
_PAYS_LITTLE, _REPORTS_LATE = "申浦星河湾里", "江海周浦新苑"
#: The natural buildings of first works, on the land of their projects in the building table.
_TIED = {
    "申浦星河湾里": ("310115006006GB00006F0001", "310115006006GB00006F0002"),
}


@dataclass(frozen=True)
class Done:
    """The day on which works were stopped, and that on which they were accepted."""

    stopped_on: date | None = None
    accepted_on: date | None = None

    def stopped(self, end: date) -> bool:
        """Tell whether nothing was built in the month that ends on a day."""
        return self.stopped_on is not None and self.stopped_on < end.replace(day=1)


@action("demo.progress", "装载楼盘表与进度", roles={Role.SYSTEM}, event="DATA.CREATE")
def load_progress(work: Work, order: None) -> int:
    """Put plans, payments and reports of every construction permit in force, once, and tie its houses to buildings."""
    if work.has(EngineeringPayment):
        return 0
    permits = work.rows(
        ConstructionPermit, ConstructionPermit.in_force == InForceState.EFFECTIVE, by=ConstructionPermit.permit_no
    )
    lives: dict[UUID | None, Life] = {life.project.id: life for life in lives_of(work)}
    buildings = read_buildings()
    names: dict[UUID | None, str] = {row.id: row.name for row in work.rows(Project)}
    for permit in permits:
        life, name = lives.get(permit.project_id), names.get(permit.project_id, "")
        units = work.rows(
            UnitEngineering, UnitEngineering.construction_permit_id == permit.id, by=UnitEngineering.unit_no
        )
        owner = Owner.of(permit)
        done = Done(permit.suspended_from if permit.status is PermitStatus.SUSPENDED else None)
        if life is not None:
            done = Done(done.stopped_on, life.day("accepted"))
        _plan(work, owner, units)
        _payments(work, owner, permit, units, done, few=name == _PAYS_LITTLE)
        _reports(work, owner, units, done, missing=name == _REPORTS_LATE)
        for unit, number in zip(units, _TIED.get(name, ()), strict=False):
            _tie(work, owner, unit, told_building(buildings[number]))
    load_completion(work)
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


def _months(units: Sequence[UnitEngineering], today: date, done: Done) -> list[date]:
    """Return the last days of the months from the first start to the month before today's, or to that of the acceptance."""
    since = min((unit.actual_start for unit in units if unit.actual_start), default=today)
    last = f"{done.accepted_on:%Y-%m}" if done.accepted_on else ""
    firsts = (date.fromisoformat(f"{month}-01") for month in months(since, today) if not last or month <= last)
    return [one.replace(day=monthrange(one.year, one.month)[1]) for one in firsts]


def _payments(
    work: Work, owner: Owner, permit: ConstructionPermit, units: Sequence[UnitEngineering], done: Done, *, few: bool
) -> None:
    output = payable = paid = Decimal(0)
    whole = (permit.contract_amount / 60).quantize(_CENT)
    for end in _months(units, work.today, done):
        step = Decimal("0.00") if done.stopped(end) else whole
        part = (step * Decimal("0.72" if few else "0.92")).quantize(_CENT)
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
        compute(work, put_kept(work, "engineering_payment", values, owner, follows=False))


def _reports(work: Work, owner: Owner, units: Sequence[UnitEngineering], done: Done, *, missing: bool) -> None:
    """Put the reports of all months; one that adds no third of a building sets no milestone of its own."""
    invested = Decimal(0)
    before: list[int] = []
    reported = _months(units, work.today, done)[: -3 if missing else None]
    for end in reported:
        begun = [unit for unit in units if unit.actual_start and unit.actual_start <= end]
        lines = [_line(unit, end, done) for unit in begun]
        part = Decimal(0) if done.stopped(end) else Decimal(24_000_000)
        invested += part
        thirds = [line["floors_done"] * 3 // (unit.floors_above or 1) for unit, line in zip(begun, lines, strict=True)]
        values = {
            "period": f"{end:%Y-%m}",
            "report_on": min(end + timedelta(days=2), work.today).isoformat(),
            "invested_period": f"{part:.2f}",
            "invested_cum": f"{invested:.2f}",
        }
        follows = thirds != before or end == reported[-1]
        more = {"project_name": project_title(work, owner)}
        put_kept(work, "progress_report", values, owner, children={"works": lines}, more=more, follows=follows)
        before = thirds


def _line(unit: UnitEngineering, end: date, done: Done) -> dict[str, Any]:
    """Return the line of a work in a report: its progress by the share of its planned time that has passed."""
    start, finish = unit.actual_start or unit.planned_start, unit.planned_finish
    until = min(end, done.stopped_on) if done.stopped_on else end
    percent = min(99, max(1, (until - start).days * 100 // max((finish - start).days, 1)))
    topped = unit.actual_topout is not None and unit.actual_topout <= end
    floors = unit.floors_above or 0
    built = floors if topped else min(max(floors - 1, 0), floors * percent // 60)
    line = {
        "unit_engineering_id": str(unit.id),
        "visual_progress": _seen(percent, built, topped) if floors else _below(percent),
        "floors_done": built,
        "percent": percent,
        "status": "NORMAL",
        "started_on": start.isoformat(),
    }
    if topped and unit.actual_topout is not None:
        line["topped_on"] = unit.actual_topout.isoformat()
    if done.stopped_on is not None and done.stopped_on <= end:
        line |= {"status": "STOPPED", "stop_from": done.stopped_on.isoformat(), "stop_reason": "资金安排调整"}
    if done.accepted_on is not None and done.accepted_on <= end:
        accepted = done.accepted_on.isoformat()
        line |= {"visual_progress": "10", "percent": 100, "floors_done": floors, "accepted_on": accepted}
    return line


def _seen(percent: int, built: int, topped: bool) -> str:
    if topped:
        return "8" if percent > 90 else "6"
    return "4" if built else "2"


def _below(percent: int) -> str:
    """Return the stage of a garage, which has no storeys above the ground to count."""
    return "1" if percent < 10 else "2" if percent < 20 else "3" if percent < 70 else "9"


def _tie(work: Work, owner: Owner, unit: UnitEngineering, told: ToldBuilding) -> None:
    store_building(work, told)
    on = (work.today - timedelta(days=20)).isoformat()
    values = {"unit_engineering_id": str(unit.id), "natural_building_no": told.natural_building_no, "linked_on": on}
    put_kept(work, "unit_natural_link", values, owner)
