"""单位工程 (row 68): the works of a permit by building, each reviewed by itself; entered and submitted together in a grid."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import bindparam
from sqlmodel import col

from models.building_codes import PermitStatus, TieState
from models.construction import TIE, ConstructionPermit, UnitEngineering, UnitPlannedLink
from models.land_codes import ProjectStage
from models.mac_cache import SeenRows
from models.normal import BadText, parse_area
from models.records import OPEN_STATES, InForceState, Revision
from services.engine.cycle import kept
from services.engine.events import Event
from services.engine.findings import Severity
from services.engine.held_keys import holder_of
from services.engine.kinds import Dependant, Effects, Facts, Kind, Look, Owner, Proposal, Slot, Stage, Ties, Values
from services.engine.rule_declaration import Fault, rule, rules_in
from services.engine.steps import take_step
from services.engine.value_checks import FORMAT, shown
from services.engine.work import Work
from services.projects.ownership import PROJECT_NEED, of_project
from services.projects.stages import in_project

KIND = "unit_engineering"
UNIT_AREA = "construction.unit_area"
PERMIT, TAKEN, OTHERS, WAITING = "permit", "taken", "others", "waiting"


@dataclass
class Standing:
    """Unit works, and the records of later rows in force on them, which followers of `RESTING_ON` add by the unit's id."""

    unit_ids: Sequence[UUID]
    found: dict[UUID, list[Dependant]] = field(default_factory=dict)

    def add(self, unit_id: UUID, one: Dependant) -> None:
        self.found.setdefault(unit_id, []).append(one)


#: Asked before a unit work is voided and before its tie to a planned building is cut.
RESTING_ON: Event[Standing] = Event("construction.resting_on")


def resting_on(work: Work, unit_ids: Sequence[UUID]) -> Mapping[UUID, Sequence[Dependant]]:
    """Return the records in force that rest on unit works, such as a tie to a natural building or a progress report."""
    asked = Standing(unit_ids)
    RESTING_ON.happened(work, asked)
    return asked.found


def permit_of(work: Work, unit: Proposal) -> Mapping[str, Any]:
    """Return the permit of a unit work, who holds its number, and the area of the permit's other unit works."""
    permit_id = unit["construction_permit_id"]
    permit = work.first(ConstructionPermit, ConstructionPermit.id == permit_id) if permit_id is not None else None
    return {
        PERMIT: permit,
        TAKEN: holder_of(work, UnitEngineering, "unit_key", unit.values, other_than=unit.record_id),
        OTHERS: _others_area(work, permit.id, unit.record_id) if permit is not None else Decimal(0),
    }


def _others_area(work: Work, permit_id: UUID, but: UUID) -> Decimal:
    """Sum the permit's unit works in force, and those on their way, which may be submitted together."""
    in_force = {
        row.id: row.gfa for row in work.in_force(UnitEngineering, UnitEngineering.construction_permit_id == permit_id)
    }
    areas = {**in_force, **{one.record_id: one.gfa for one in _on_their_way(work, permit_id)}}
    return sum((area for record_id, area in areas.items() if record_id != but), Decimal(0))


class _Area(NamedTuple):
    """The area that a version of a unit work on its way has under its permit."""

    record_id: UUID
    permit_id: str
    gfa: Decimal

    @classmethod
    def of(cls, row: Any) -> "_Area":
        values = row.payload.json().get("values", {})
        try:
            gfa = parse_area(str(values.get("gfa") or 0), 4)
        except BadText:
            gfa = Decimal(0)
        return cls(row.record_id, str(values.get("construction_permit_id")), gfa)


# Each of a hundred and twenty that are submitted together is held against all others: they are opened once.
_AREAS = SeenRows(
    Revision,
    _Area.of,
    where=lambda: [
        Revision.kind == KIND,
        Revision.project_id == bindparam("project"),
        col(Revision.state).in_(OPEN_STATES),
    ],
)


def _on_their_way(work: Work, permit_id: UUID) -> list[_Area]:
    """Return the areas of unit works under a permit that are drafted or under review, as far as they have one."""
    project_id = work.only(ConstructionPermit.project_id, ConstructionPermit.id == permit_id)
    rows = _AREAS.read(work.session, project=project_id)
    return [one for one in rows if one.permit_id == str(permit_id) and one.gfa]


@rule(FORMAT, "单位工程的证书、编号、层数和日期", Severity.REFUSE, "内容不正确")
def values_are_well_formed(unit: Proposal) -> Iterator[Fault]:
    permit: ConstructionPermit | None = unit.found.get(PERMIT)
    if permit is not None and permit.project_id != unit.owner.project_id:
        yield Fault("construction_permit_id", "所选施工许可证不属于本项目，请重新选择")
    elif permit is not None and permit.in_force is not InForceState.EFFECTIVE:
        yield Fault("construction_permit_id", f"施工许可证{permit.permit_no}已作废，请重新选择")
    elif permit is not None and permit.status is PermitStatus.LAPSED and unit.before is None:
        yield Fault("construction_permit_id", f"施工许可证{permit.permit_no}已自行废止，不能新增单位工程")
    if unit.found.get(TAKEN):
        yield Fault("unit_no", f"该施工许可证下已有编号相同的单位工程（{unit.found[TAKEN]}），请核对")
    above, below = unit["floors_above"], unit["floors_below"]
    if above is not None and below is not None and above + below < 1:
        yield Fault("floors_above", "地上层数和地下层数合计至少为1层，请核对")


@rule("CON-05", "单位工程面积合计与施工许可面积一致", Severity.WARN, "单位工程面积合计与施工许可面积不一致")
def units_add_up_to_the_permit(unit: Proposal) -> Iterator[Fault]:
    permit: ConstructionPermit | None = unit.found.get(PERMIT)
    if permit is None or unit["gfa"] is None:
        return
    whole = unit.found[OTHERS] + unit["gfa"]
    if abs(whole - permit.works_area) * 100 > permit.works_area * unit.thresholds.decimal(UNIT_AREA):
        yield Fault(
            "gfa",
            f"该证单位工程面积合计{shown(whole)}㎡，施工许可面积{shown(permit.works_area)}㎡，请核对或说明理由",
            evidence={"units": whole, "permit": permit.works_area},
        )


def titled(work: Work, owner: Owner, values: Values) -> str:
    """Name a unit work with its permit, so that a reviewer finds all of one permit together."""
    permit_id = values.get("construction_permit_id")
    permit_no = work.first(ConstructionPermit.permit_no, ConstructionPermit.id == permit_id) if permit_id else ""
    parts = (values.get("name"), values.get("unit_no"), permit_no)
    return "　".join(str(part) for part in parts if part) or "未命名单位工程"


def dependants(work: Work, unit: UnitEngineering) -> list[Dependant]:
    return list(resting_on(work, [unit.id]).get(unit.id, ()))


def ended(work: Work, unit: UnitEngineering, revision: Revision) -> None:
    """Mark the ties of a voided unit work as lapsed."""
    for tie in work.rows(UnitPlannedLink, UnitPlannedLink.unit_id == unit.id, UnitPlannedLink.state == TieState.TIED):
        take_step(work, tie, TIE, "lapse")
        tie.open_key, tie.ended_at = None, work.now
        work.add(tie)


UNIT_ENGINEERING = kept(
    Kind(
        name=KIND,
        label="单位工程",
        row=68,
        prefix="DW",
        table=UnitEngineering,
        makers=of_project(KIND, UnitEngineering, several=True),
        look=Look(
            title="name",
            grid=("construction_permit_id", "unit_no", "name", "kind", "floors_above", "gfa", "planned_finish"),
            filters=("construction_permit_id", "kind", "planned_finish", "gfa"),
            sections={
                "construction_permit_id": "单位工程",
                "floors_above": "规模",
                "planned_start": "计划与实际日期",
            },
            purpose="按幢管理项目的单位工程",
            titled=titled,
        ),
        slots=(Slot("drawing", "图纸"),),
        rules=rules_in(vars()),
        facts=Facts(look=permit_of),
        ties=Ties(
            needs=(PROJECT_NEED, in_project("construction_permit", "施工许可证")),
            dependants=dependants,
        ),
        effects=Effects(on_void=ended),
        stage=Stage(ProjectStage.CONSTRUCTION),
    )
)
