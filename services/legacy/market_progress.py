"""Payments, reports, milestones and sales of an export as records of before (issue 16)."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from models.building_codes import DeliveryStandard
from models.progress import Milestone, MilestoneCode, MilestoneScope, WorkStatus
from models.sales import (
    OpeningMode,
    OpeningUnit,
    PresaleBuilding,
    PresalePermit,
    PresaleStatus,
    SaleAct,
    SaleEvent,
    UnitLimit,
    UnitRestriction,
)
from models.sales_plans import PlanNumber, SaleKind
from services.engine.past_records import Past, PastRecords
from services.legacy.market_companies import UNKNOWN, filled, labelled, source_of
from services.legacy.market_export import Export, Line, moment_of
from services.legacy.market_permits import number_of

_SUMS = ("output_value", "payable", "paid")
_HUNDRED = Decimal(100)


def payment(export: Export, line: Line, into: PastRecords) -> None:
    permit = export.one("construction_permits", line["construction_permit_id"])
    if permit is None:
        return
    sums = [f"{name}_{part}" for name in _SUMS for part in ("period", "cum")]
    values = filled(line, "period", "contract_amount", "labour_paid_period", "payment_guarantee_no", *sums)
    values |= {"construction_permit_id": str(export.id(permit["id"])), "contractor": permit["contractor"]}
    output, paid = Decimal(line["output_value_cum"]), Decimal(line["paid_cum"])
    more = {"arrears": Decimal(line["payable_cum"]) - paid}
    if output:
        more["paid_ratio"] = (paid * _HUNDRED / output).quantize(Decimal("0.0001"))
    _record(export, into, "engineering_payment", "payments", {**line, "project_id": permit["project_id"]}, values, more)


def report(export: Export, line: Line, into: PastRecords) -> None:
    values = filled(line, "period", "report_on", "invested_period", "invested_cum")
    lines = [
        filled(row, "visual_progress", "floors_done", "percent", "stop_from", "stop_reason")
        | {
            "unit_engineering_id": str(export.id(row["unit_engineering_id"])),
            "status": labelled(WorkStatus, row["status"], WorkStatus.NORMAL),
        }
        for row in export.of("progress_lines", "report_id", line["id"])
    ]
    name = export.project_name(line["project_id"])
    more = {"project_name": name}
    _record(export, into, "progress_report", "progress_reports", line, values, more, {"works": lines}, name)


def _record(
    export: Export,
    into: PastRecords,
    kind: str,
    name: str,
    line: Line,
    values: dict[str, str],
    more: Mapping[str, object],
    children: dict[str, list[dict[str, str]]] | None = None,
    title: str = "",
) -> None:
    owner, at = export.owners[line["project_id"]], moment_of(line["effective_from"])
    source = source_of(name, line)
    into.record(Past(kind, export.id(line["id"]), owner, at, values, children or {}, more, source=source, title=title))


def milestone(export: Export, line: Line, into: PastRecords) -> None:
    planned = date.fromisoformat(line["planned_on"]) if line["planned_on"] else None
    into.row(
        Milestone,
        id=export.id(f"{line['scope']}:{line['scope_id']}:{line['code']}"),
        project_id=export.id(line["project_id"]),
        scope=MilestoneScope.of(line["scope"]),
        subject_id=export.id(line["scope_id"]),
        milestone=MilestoneCode.of(line["code"]),
        planned_on=planned,
        baseline_no=1 if planned else 0,
        actual_on=date.fromisoformat(line["actual_on"]) if line["actual_on"] else None,
        recorded_at=moment_of(line["recorded_at"]) if line["recorded_at"] else None,
    )


def sales_plan(export: Export, line: Line, into: PastRecords) -> None:
    """Keep a plan with its buildings and sums; its units are those of the building tables, with roles and filed prices."""
    project = export.one("projects", line["project_id"]) or {}
    company = export.one("companies", project.get("project_company_id", "")) or {}
    kind = SaleKind.of(line["sale_kind"])
    values = filled(line, "finish_on", "deliver_on") | {
        "sale_kind": kind.value,
        "position": project.get("address") or UNKNOWN,
        "decoration": DeliveryStandard.BARE.value,
        "decoration_text": "原数据未载明装修标准",
        "float_range": "0",
        "common_parts": UNKNOWN,
        "quality_bearer": company.get("name") or UNKNOWN,
    }
    buildings = [one for key in line["building_ids"].split(";") if (one := export.one("natural_buildings", key))]
    sold = [filled(one, "natural_building_no", "building_name") for one in buildings]
    more = {
        "plan_no": line["plan_no"],
        "project_name": project.get("name"),
        "sets_for_sale": int(line["sets_for_sale"] or 0),
        **{name: number_of(line[name]) for name in ("area_for_sale", "price_avg", "price_min", "price_max")},
    }
    title = f"{project.get('name', '')}{kind.label}方案"
    _record(export, into, "sales_plan", "sales_plans", line, values, more, {"buildings": sold}, title)
    own, owner = export.id(line["id"]), export.id(line["project_id"])
    into.row(PlanNumber, id=export.id(f"{line['id']}:no"), record_id=own, project_id=owner, plan_no=line["plan_no"])


def presale_permit(export: Export, line: Line, into: PastRecords) -> None:
    plan = export.one("sales_plans", line["sales_plan_id"])
    own = export.id(line["id"])
    into.row(
        PresalePermit,
        id=own,
        permit_no=line["permit_no"],
        sales_plan_no=plan["plan_no"] if plan is not None else "",
        sets=int(line["sets"] or 0),
        permitted_area=number_of(line["area"]),
        status=PresaleStatus.of(labelled(PresaleStatus, line["status"], PresaleStatus.ACCEPTED)),
        issued_on=date.fromisoformat(line["issued_on"]) if line["issued_on"] else None,
        issued_at=moment_of(line["issued_at"]) if line["issued_at"] else None,
        recorded_at=moment_of(line["recorded_at"]),
        voided_at=moment_of(line["voided_at"]) if line["voided_at"] else None,
        **export.owners[line["project_id"]].keys,
    )
    for number, building in enumerate(export.ids(line["building_ids"])):
        name = f"{line['id']}:{number}"
        into.row(PresaleBuilding, id=export.id(name), presale_permit_id=own, natural_building_id=building)


def opening_unit(export: Export, line: Line, into: PastRecords) -> None:
    days = {
        name: date.fromisoformat(line[name]) for name in ("opened_on", "subscribe_from", "subscribe_to") if line[name]
    }
    licences = {name: export.id(line[name]) for name in ("presale_permit_id", "master_certificate_id") if line[name]}
    into.row(
        OpeningUnit,
        id=export.id(line["id"]),
        project_id=export.id(line["project_id"]),
        opening_code=line["code"],
        mode=OpeningMode.of(labelled(OpeningMode, line["mode"], OpeningMode.NONE)),
        **days,
        **licences,
    )


def sale_event(export: Export, line: Line, into: PastRecords) -> None:
    unit = export.one("house_units", line["house_unit_id"])
    building = export.one("natural_buildings", unit["natural_building_id"]) if unit is not None else None
    if unit is None or building is None:
        return
    into.row(
        SaleEvent,
        id=export.id(line["event_no"]),
        event_no=line["event_no"],
        project_id=export.id(building["project_id"]),
        house_unit_id=export.id(unit["id"]),
        act=SaleAct.of(line["type"]),
        happened_on=date.fromisoformat(line["happened_on"]),
        recorded_at=moment_of(line["recorded_at"]),
        contract_no=line["contract_no"],
        gross_area=number_of(line["area"]),
        amount=number_of(line["amount"]),
        ref_id=export.id(line["ref"]) if line["ref"] else None,
    )


def restriction(export: Export, line: Line, into: PastRecords) -> None:
    kind = (
        UnitLimit.FORCE_OFF.value if line["kind"] == "FORCE_OFF" else labelled(UnitLimit, line["kind"], UnitLimit.LIMIT)
    )
    into.row(
        UnitRestriction,
        id=export.id(line["id"]),
        house_unit_id=export.id(line["house_unit_id"]),
        kind=UnitLimit.of(kind),
        from_on=date.fromisoformat(line["from_on"]),
        to_on=date.fromisoformat(line["to_on"]) if line["to_on"] else None,
        recorded_at=moment_of(line["recorded_at"]),
    )
