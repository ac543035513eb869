"""Gathers the ground of a sales plan from records in force: buildings with works and permits, land, money, other plans (row 76)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from models.building_codes import CertificateKind, TieState
from models.building_tables import HouseUnit, NaturalBuilding, UnitNaturalLink
from models.completion import DeliveredBuilding, DeliveryPermit
from models.construction import ConstructionPermit, UnitEngineering, UnitPlannedLink
from models.handbooks import HandbookArchive
from models.parcels import Parcel, ParcelInstalment
from models.planning import EngineeringPlanningPermit, PlannedBuilding, RealtyCertificate
from models.progress import Milestone, MilestoneCode, ProgressLine, ProgressReport
from models.projects import Project, ProjectParcelLine, ProjectParcels
from models.records import OPEN_STATES, InForceState, Revision, RevisionState
from models.sales import OpeningUnit, PresalePermit, PresaleStatus, UnitLimit, UnitRestriction
from models.sales_plans import PlanNumber, SalesPlan, SoldBuilding
from services.completion.works import filings_of, planning_accepted
from services.engine.child_lines import named_by
from services.engine.kinds import Proposal
from services.engine.value_checks import shown
from services.engine.work import Work
from services.sales.plan_ground import PlanGround, SeenBuilding, SeenUnit, SeenWork
from services.sales.plan_rules import GROUND, PROJECT_CHANGED

KIND = "sales_plan"
_HUNDRED = Decimal(100)


def ground_of(
    work: Work,
    project_id: UUID | None,
    *,
    record_id: UUID | None = None,
    changes_no: str = "",
    named: Sequence[str] = (),
    lock: bool = False,
) -> PlanGround:
    """Return the ground of a plan of a project; of its `named` buildings, or of all, with units and works.

    `record_id` is the plan itself and `changes_no` the plan it replaces: neither is another plan that sells the same.
    """
    if project_id is None:
        return PlanGround()
    project = work.first(Project, Project.id == project_id)
    number = work.first(PlanNumber.plan_no, PlanNumber.record_id == record_id) if record_id else None
    former = plan_numbered(work, project_id, changes_no) if changes_no else None
    last = work.first(
        SalesPlan,
        SalesPlan.project_id == project_id,
        SalesPlan.in_force == InForceState.EFFECTIVE,
        SalesPlan.id != record_id,
        by=(col(SalesPlan.effective_from).desc(), SalesPlan.id),
    )
    buildings, works = _buildings(work, project_id, named, lock=lock), _works(work, project_id)
    land = _land(work, project_id)
    return PlanGround(
        buildings=_seen(work, project_id, buildings, works, other_plans(work, project_id, record_id, changes_no)),
        unpaid=_unpaid(work, land),
        land_certificate=next((one.cert_no for one in _certificates(work, project_id)), ""),
        mortgages=tuple(_mortgages(work, project_id, buildings)),
        seals=tuple(f"不动产权证{one.cert_no}" for one in _standing(work, project_id) if one.sealed),
        invested=_invested(work, project),
        works=tuple(works.values()),
        price_cap=min((one.price_cap for one in land if one.price_cap is not None), default=None),
        last_average=last.price_avg if last is not None else None,
        archived=work.has(HandbookArchive, HandbookArchive.project_id == project_id),
        plan_no=number or "",
        permits=permits_under(work, number) if number else (),
        project_version=project.version_no if project is not None else 1,
        project_since=project.effective_from if project is not None else None,
        changed_stands=former is not None or not changes_no,
    )


def look(work: Work, plan: Proposal) -> Mapping[str, Any]:
    """Look up the ground of a proposed plan; its buildings are locked, so that of two plans the second sees the first."""
    named = [line["natural_building_no"] for line in plan.lines("buildings") if line.get("natural_building_no")]
    found = ground_of(
        work,
        plan.owner.project_id,
        record_id=plan.record_id,
        changes_no=plan["changes_no"] or "",
        lock=bool(named),
    )
    return {GROUND: found, PROJECT_CHANGED: found.project_version if _quotes_before(work, plan, found) else None}


def _quotes_before(work: Work, plan: Proposal, found: PlanGround) -> bool:
    """Return whether the project's data took effect after the plan was last saved, or handed in."""
    since = found.project_since
    row = work.first(Revision, Revision.open_key == str(plan.record_id)) if since is not None else None
    if since is None or row is None:
        return False
    handed_in = row.submitted_at if row.state is RevisionState.SUBMITTED else None
    return since > (handed_in or row.updated_at)


def plan_numbered(work: Work, project_id: UUID | None, plan_no: str) -> SalesPlan | None:
    """Return the plan in force of a project by its number."""
    return work.first(
        SalesPlan,
        SalesPlan.project_id == project_id,
        SalesPlan.plan_no == plan_no,
        SalesPlan.in_force == InForceState.EFFECTIVE,
    )


def permits_under(work: Work, plan_no: str) -> tuple[str, ...]:
    """Return the presale permits in force that were issued under a plan, or under the plans it replaced one after another."""
    numbers = {plan_no} - {""}
    earlier: str | None = plan_no
    while earlier:
        earlier = work.first(SalesPlan.changes_no, SalesPlan.plan_no == earlier)
        if earlier in numbers:
            break
        numbers |= {earlier} if earlier else set()
    rows = work.rows(
        PresalePermit.permit_no,
        col(PresalePermit.sales_plan_no).in_(numbers),
        PresalePermit.status == PresaleStatus.ARCHIVED,
        col(PresalePermit.voided_at).is_(None),
        by=(PresalePermit.permit_no, PresalePermit.id),
    )
    return tuple(rows)


def other_plans(work: Work, project_id: UUID, record_id: UUID | None, changes_no: str) -> dict[str, str]:
    """Return the other plan that sells each building of a project, in force or submitted, by the building's number."""
    others = (SalesPlan.project_id == project_id, SalesPlan.plan_no != changes_no)
    taken = named_by(work, SalesPlan.plan_no, SoldBuilding.natural_building_no, *others, but=record_id)
    waiting = work.rows(
        Revision,
        Revision.kind == KIND,
        Revision.project_id == project_id,
        Revision.state == RevisionState.SUBMITTED,
        Revision.record_id != record_id,
    )
    numbers = {one.record_id: one.plan_no for one in work.rows(PlanNumber, PlanNumber.project_id == project_id)}
    for one in waiting:
        for line in one.payload.json().get("children", {}).get("buildings", ()):
            taken.setdefault(
                str(line.get("natural_building_no")),
                f"{numbers.get(one.record_id, one.record_no)}（{one.state.label}）",
            )
    return taken


# Buildings


def _buildings(work: Work, project_id: UUID, named: Sequence[str], *, lock: bool) -> list[NaturalBuilding]:
    wanted = select(NaturalBuilding).where(NaturalBuilding.project_id == project_id)
    if named:
        wanted = wanted.where(col(NaturalBuilding.natural_building_no).in_(named))
    # In one order, so that two plans over the same buildings never wait crosswise.
    wanted = wanted.order_by(NaturalBuilding.natural_building_no)
    return list(work.held(wanted).all() if lock else work.session.exec(wanted).all())


def _seen(
    work: Work,
    project_id: UUID,
    rows: Sequence[NaturalBuilding],
    works: Mapping[UUID, SeenWork],
    others: Mapping[str, str],
) -> dict[str, SeenBuilding]:
    ids = [row.id for row in rows]
    units = _units(work, ids)
    links: dict[UUID | None, list[UUID]] = defaultdict(list)
    for link in work.in_force(UnitNaturalLink, project=project_id, by=UnitNaturalLink.id):
        links[link.natural_building_id].append(link.unit_engineering_id)
    of_project = DeliveryPermit.project_id == project_id
    permits = named_by(work, DeliveryPermit.permit_no, DeliveredBuilding.natural_building_id, of_project)
    found = {}
    for row in rows:
        mine = [works[one] for one in links[row.id] if one in works]
        found[row.natural_building_no] = SeenBuilding(
            row.id,
            row.natural_building_no,
            row.building_name,
            row.planned_use,
            row.address or "",
            row.floors_above,
            row.surveyed_area or row.forecast_area,
            tuple(units[row.id]),
            tuple(mine),
            others.get(row.natural_building_no, ""),
            planning_accepted(work, [one.id for one in mine]),
            permits.get(row.id, ""),
        )
    return found | _on_their_way(work, project_id, found)


def _on_their_way(work: Work, project_id: UUID, known: Mapping[str, SeenBuilding]) -> dict[str, SeenBuilding]:
    """Return buildings whose tie is drafted, returned or waits for its review; they cannot be sold yet."""
    rows = work.rows(
        Revision,
        Revision.kind == "unit_natural_link",
        Revision.project_id == project_id,
        col(Revision.state).in_(OPEN_STATES),
        by=(Revision.created_at, Revision.id),
    )
    states = {str(one.payload.json().get("values", {}).get("natural_building_no")): one.state for one in rows}
    left = [no for no in states if no not in known]
    found = {}
    for row in work.rows(NaturalBuilding, col(NaturalBuilding.natural_building_no).in_(left)):
        told = f"楼盘表关联{states[row.natural_building_no].label}，尚未生效"
        found[row.natural_building_no] = SeenBuilding(
            row.id,
            row.natural_building_no,
            row.building_name,
            row.planned_use,
            row.address or "",
            row.floors_above,
            row.surveyed_area or row.forecast_area,
            pending=told,
        )
    return found


def _units(work: Work, buildings: Sequence[UUID]) -> dict[UUID, list[SeenUnit]]:
    rows = work.rows(
        HouseUnit,
        col(HouseUnit.natural_building_id).in_(buildings),
        col(HouseUnit.gone).is_(False),
        by=(HouseUnit.section_no, HouseUnit.actual_floor_from, HouseUnit.column_index, HouseUnit.id),
    )
    openings = {row.opening_unit_id for row in rows if row.opening_unit_id is not None}
    codes = {
        row.id: row.opening_code
        for row in work.rows(OpeningUnit, col(OpeningUnit.id).in_(openings), col(OpeningUnit.opened_on).is_not(None))
    }
    found: dict[UUID, list[SeenUnit]] = defaultdict(list)
    for row in rows:
        found[row.natural_building_id].append(
            SeenUnit(
                row.id,
                row.house_code,
                row.section_no,
                row.nominal_floor,
                row.room_no,
                row.planned_use,
                row.layout,
                row.surveyed_gross if row.surveyed_gross is not None else row.forecast_gross,
                row.sale_role,
                row.filed_unit_price,
                codes.get(row.opening_unit_id, "") if row.opening_unit_id else "",
            )
        )
    return found


def _works(work: Work, project_id: UUID) -> dict[UUID, SeenWork]:
    """Return the unit works of a project with their permits and their progress."""
    rows = work.in_force(UnitEngineering, project=project_id, by=UnitEngineering.id)
    ids = [row.id for row in rows]
    permits = {
        row.id: row.permit_no for row in work.in_force(ConstructionPermit, project=project_id, by=ConstructionPermit.id)
    }
    plannings = dict(
        work.session.exec(
            select(UnitPlannedLink.unit_id, EngineeringPlanningPermit.permit_no).where(
                UnitPlannedLink.planned_building_id == PlannedBuilding.id,
                PlannedBuilding.record_id == EngineeringPlanningPermit.id,
                UnitPlannedLink.state == TieState.TIED,
                EngineeringPlanningPermit.in_force == InForceState.EFFECTIVE,
                col(UnitPlannedLink.unit_id).in_(ids),
            )
        ).all()
    )
    topped = {
        row.subject_id: row.actual_on
        for row in work.rows(
            Milestone,
            Milestone.project_id == project_id,
            col(Milestone.milestone).in_((MilestoneCode.M12, MilestoneCode.M13)),
            col(Milestone.actual_on).is_not(None),
        )
    }
    report = _last_report(work, project_id)
    lines = work.rows(ProgressLine, ProgressLine.record_id == report.id) if report is not None else ()
    reached = {line.unit_engineering_id: line for line in lines}
    filed = filings_of(work, ids)
    return {
        row.id: SeenWork(
            row.id,
            row.name,
            row.kind,
            row.floors_above,
            reached[row.id].floors_done if row.id in reached else 0,
            topped.get(row.id),
            permits.get(row.construction_permit_id, ""),
            plannings.get(row.id, ""),
            row.planned_finish,
            row.id in filed,
            row.gfa or Decimal(0),
            Decimal(reached[row.id].percent) if row.id in reached else Decimal(0),
        )
        for row in rows
    }


def _last_report(work: Work, project_id: UUID) -> ProgressReport | None:
    return work.first(
        ProgressReport,
        ProgressReport.project_id == project_id,
        ProgressReport.in_force == InForceState.EFFECTIVE,
        by=(col(ProgressReport.period).desc(), ProgressReport.id),
    )


# Land and money


def _land(work: Work, project_id: UUID) -> Sequence[Parcel]:
    listed = work.rows(
        ProjectParcels.id, ProjectParcels.project_id == project_id, ProjectParcels.in_force == InForceState.EFFECTIVE
    )
    ids = work.rows(ProjectParcelLine.parcel_id, col(ProjectParcelLine.record_id).in_(listed))
    return work.in_force(Parcel, col(Parcel.id).in_(ids), by=(Parcel.parcel_no, Parcel.id))


def _unpaid(work: Work, land: Sequence[Parcel]) -> tuple[str, ...]:
    """Say of each parcel what of its price is not paid."""
    told = []
    ids = [one.id for one in land]
    paid: dict[UUID, list[ParcelInstalment]] = defaultdict(list)
    for row in work.rows(ParcelInstalment, col(ParcelInstalment.record_id).in_(ids)):
        paid[row.record_id].append(row)
    for one in land:
        due = max(one.price_total or Decimal(0), sum((row.amount for row in paid[one.id]), Decimal(0)))
        left = due - sum((row.paid_amount or Decimal(0) for row in paid[one.id]), Decimal(0))
        if left > 0:
            told.append(f"地块{one.parcel_no}的土地价款尚有{shown(left)}元未付清")
    return tuple(told)


def _certificates(work: Work, project_id: UUID) -> Sequence[RealtyCertificate]:
    return work.in_force(
        RealtyCertificate,
        RealtyCertificate.kind == CertificateKind.LAND,
        project=project_id,
        by=(RealtyCertificate.registered_on, RealtyCertificate.id),
    )


def _standing(work: Work, project_id: UUID) -> Sequence[RealtyCertificate]:
    return work.in_force(RealtyCertificate, project=project_id, by=RealtyCertificate.id)


def _mortgages(work: Work, project_id: UUID, buildings: Sequence[NaturalBuilding]) -> Iterable[str]:
    for one in _standing(work, project_id):
        if one.mortgaged:
            yield f"不动产权证{one.cert_no}"
    names = {row.id: row.building_name for row in buildings}
    mortgaged = work.session.exec(
        select(HouseUnit.natural_building_id, HouseUnit.room_no).where(
            UnitRestriction.house_unit_id == HouseUnit.id,
            UnitRestriction.kind == UnitLimit.MORTGAGE,
            UnitRestriction.from_on <= work.today,
            (col(UnitRestriction.to_on).is_(None)) | (col(UnitRestriction.to_on) > work.today),
            col(HouseUnit.natural_building_id).in_(list(names)),
        )
    ).all()
    yield from (f"房屋{names[building]}{room}" for building, room in mortgaged)


def _invested(work: Work, project: Project | None) -> Decimal | None:
    """Return how much of the construction investment, without the land, is invested by the last report."""
    report = _last_report(work, project.id) if project is not None else None
    if project is None or report is None:
        return None
    whole = project.total_investment - project.land_cost
    return report.invested_cum * _HUNDRED / whole if whole > 0 else None
