"""项目地块 (row 59): the list of a project's parcels with used area, reviewed as a whole."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from models.companies import District
from models.land_codes import ProjectStage
from models.parcels import Parcel, ParcelProjectLink
from models.projects import Project, ProjectParcelLine, ProjectParcels
from models.records import InForceState, PactState, Revision
from services.engine.cycle import kept
from services.engine.cycle_judgement import stopping
from services.engine.door import Gathering
from services.engine.findings import Severity, judge
from services.engine.kinds import Child, Effects, Facts, Given, Kind, Look, Owner, Prefill, Proposal, Stage, Ties
from services.engine.refusals import Rejected
from services.engine.rule_declaration import Fault, rule, rules_in
from services.engine.value_checks import FORMAT, WIDEST, shown, total
from services.engine.work import Work
from services.ports.answers import Answer, hit, miss
from services.projects.land_milestones import hide_land, show_land
from services.projects.list_names import list_in_force, project_title
from services.projects.ownership import PROJECT_NEED, of_project
from services.projects.project_rules import ABOVE_OVER_CONTRACT

USED_AREA_TOLERANCE = "projects.used_area_tolerance"
SOURCE = "已确认的地块指派"
ALL = frozenset({"全部", "*"})
_HUNDRED = Decimal(100)


@dataclass(frozen=True)
class ParcelUse:
    """A parcel available to a project: its area, what other projects use of it, and what was assigned to this company.

    `used_by_us` is what other projects of this company use of it; `far_area` what its contract allows to be built, and
    `built_elsewhere` and `built_by_us` what other projects build of that.
    """

    name: str
    land_area: Decimal
    used_elsewhere: Decimal = Decimal(0)
    linked: bool = True
    part_area: Decimal | None = None
    voided: bool = False
    used_by_us: Decimal = Decimal(0)
    far_area: Decimal | None = None
    built_elsewhere: Decimal = Decimal(0)
    built_by_us: Decimal = Decimal(0)
    district: District | None = None


@dataclass(frozen=True)
class OfProject:
    """Land and district of the project as it is in force."""

    land_area: Decimal
    district: District


#: `Facts.look` gives a mapping of parcel ids to `ParcelUse` under this name.
PARCELS = "parcels"
#: And under this one what the project says of itself.
PROJECT = "project"


@rule(FORMAT, "面积合计在合理范围", Severity.REFUSE, "面积合计过大，请核对")
def sums_can_be_kept(listed: Proposal) -> Iterator[Fault]:
    for name, label in (("used_area", "使用面积"), ("far_area_part", "计容面积")):
        if total(listed.lines("parcels"), name) >= WIDEST:
            yield Fault("parcels", f"各地块{label}合计过大，请核对")


@rule("PAR-09", "地块已关联本公司", Severity.REFUSE, "该地块未经总公司指派给本公司")
def parcels_are_ours(listed: Proposal) -> Iterator[Fault]:
    known: Mapping[UUID, ParcelUse] = listed.found.get(PARCELS, {})
    for number, line in enumerate(listed.lines("parcels"), 1):
        parcel = known.get(line.get("parcel_id"))  # type: ignore[arg-type]
        if parcel is None:
            continue
        if parcel.voided:
            yield Fault(f"parcels.{number}.parcel_id", f"地块“{parcel.name}”已作废，请移除")
        elif not parcel.linked:
            yield Fault(f"parcels.{number}.parcel_id", f"地块“{parcel.name}”未经总公司指派并由本公司确认，不能使用")


@rule("PRJ-02", "各项目使用面积合计不超过地块面积", Severity.REFUSE, "使用面积超过地块面积")
def areas_fit_the_parcels(listed: Proposal) -> Iterator[Fault]:
    known: Mapping[UUID, ParcelUse] = listed.found.get(PARCELS, {})
    part = listed.thresholds.decimal(USED_AREA_TOLERANCE)
    for number, line in enumerate(listed.lines("parcels"), 1):
        parcel, used = known.get(line.get("parcel_id")), line.get("used_area")  # type: ignore[arg-type]
        if parcel is None or used is None:
            continue
        most = parcel.land_area * (1 + part / _HUNDRED)
        if parcel.used_elsewhere + used > most:
            told = f"地块“{parcel.name}”面积{shown(parcel.land_area)}㎡"
            if parcel.used_elsewhere:
                told += f"，其他项目已使用{shown(parcel.used_elsewhere)}㎡"
            yield Fault(
                f"parcels.{number}.used_area",
                f"{told}，本项目填写{shown(used)}㎡，超过地块面积，请核对",
                evidence={"land": parcel.land_area, "elsewhere": parcel.used_elsewhere, "used": used},
            )
        elif parcel.part_area is not None and parcel.used_by_us + used > parcel.part_area * (1 + part / _HUNDRED):
            ours = f"，本公司其他项目已使用{shown(parcel.used_by_us)}㎡" if parcel.used_by_us else ""
            yield Fault(
                f"parcels.{number}.used_area",
                f"地块“{parcel.name}”指派给本公司{shown(parcel.part_area)}㎡{ours}，填写{shown(used)}㎡，超过指派面积，请核对",
                evidence={"part": parcel.part_area, "ours": parcel.used_by_us, "used": used},
            )


@rule("PRJ-03", "各项目计容面积合计不超过地块计容面积", Severity.WARN, "计容面积超过地块合同计容面积")
def floor_area_fits_the_parcels(listed: Proposal) -> Iterator[Fault]:
    known: Mapping[UUID, ParcelUse] = listed.found.get(PARCELS, {})
    part = listed.thresholds.decimal(ABOVE_OVER_CONTRACT)
    for number, line in enumerate(listed.lines("parcels"), 1):
        parcel, built = known.get(line.get("parcel_id")), line.get("far_area_part")  # type: ignore[arg-type]
        if parcel is None or built is None or parcel.far_area is None:
            continue
        if parcel.built_elsewhere + built > parcel.far_area * (1 + part / _HUNDRED):
            told = f"，其他项目已填写{shown(parcel.built_elsewhere)}㎡" if parcel.built_elsewhere else ""
            yield Fault(
                f"parcels.{number}.far_area_part",
                f"地块“{parcel.name}”合同计容面积{shown(parcel.far_area)}㎡{told}，本项目填写{shown(built)}㎡，请说明原因",
                evidence={"contract": parcel.far_area, "elsewhere": parcel.built_elsewhere, "built": built},
            )
        elif (ours := _far_area_given(parcel)) is not None and parcel.built_by_us + built > ours * (
            1 + part / _HUNDRED
        ):
            told = f"，本公司其他项目已填写{shown(parcel.built_by_us)}㎡" if parcel.built_by_us else ""
            yield Fault(
                f"parcels.{number}.far_area_part",
                f"地块“{parcel.name}”按指派给本公司的面积计，计容面积为{shown(ours)}㎡{told}，本项目填写{shown(built)}㎡，请说明原因",
                evidence={"given": ours, "ours": parcel.built_by_us, "built": built},
            )


@rule("PRJ-02", "使用面积合计不超过项目用地面积", Severity.WARN, "地块使用面积合计超过项目用地面积")
def areas_add_up_to_the_project(listed: Proposal) -> Iterator[Fault]:
    project: OfProject | None = listed.found.get(PROJECT)
    used = total(listed.lines("parcels"), "used_area")
    part = listed.thresholds.decimal(USED_AREA_TOLERANCE)
    if project is not None and used > project.land_area * (1 + part / _HUNDRED):
        yield Fault(
            "parcels",
            f"地块使用面积合计{shown(used)}㎡，项目用地面积{shown(project.land_area)}㎡，请移除不属于本项目的地块，或说明原因",
            evidence={"used": used, "land": project.land_area},
        )


@rule("PRJ-02", "地块与项目在同一区", Severity.WARN, "地块不在项目所在区")
def parcels_are_in_the_district(listed: Proposal) -> Iterator[Fault]:
    project: OfProject | None = listed.found.get(PROJECT)
    known: Mapping[UUID, ParcelUse] = listed.found.get(PARCELS, {})
    for number, line in enumerate(listed.lines("parcels"), 1):
        parcel = known.get(line.get("parcel_id"))  # type: ignore[arg-type]
        if project is not None and parcel is not None and parcel.district not in (None, project.district):
            yield Fault(
                f"parcels.{number}.parcel_id",
                f"地块“{parcel.name}”在{parcel.district.label}，项目在{project.district.label}，请核对，确属本项目的说明原因",
                evidence={"parcel": parcel.district.label, "project": project.district.label},
            )


def _far_area_given(parcel: ParcelUse) -> Decimal | None:
    """Return what may be built on the part that was assigned, by its share of the land; None where the whole was."""
    if parcel.part_area is None or parcel.far_area is None or not parcel.land_area:
        return None
    return (parcel.far_area * parcel.part_area / parcel.land_area).quantize(Decimal("0.01"))


def uses(work: Work, listed: Proposal) -> Mapping[str, Any]:
    """The parcels named, with what other projects in force use of them and what was assigned to this company; the project."""
    ids = _ids(listed)
    parcels = work.rows(Parcel, col(Parcel.id).in_(ids))
    links = {
        link.parcel_id: link
        for link in work.rows(
            ParcelProjectLink,
            col(ParcelProjectLink.parcel_id).in_(ids),
            ParcelProjectLink.project_company_id == listed.owner.project_company_id,
            ParcelProjectLink.state == PactState.CONFIRMED,
        )
    }
    elsewhere = _used_elsewhere(work, ids, listed.record_id)
    ours = _used_elsewhere(work, ids, listed.record_id, listed.owner.project_company_id)
    project = work.session.get(Project, listed.owner.project_id) if listed.owner.project_id else None
    return {
        PROJECT: OfProject(project.land_area, project.district) if project is not None else None,
        PARCELS: {
            parcel.id: ParcelUse(
                parcel.parcel_name,
                parcel.land_area,
                _of(elsewhere, parcel).used,
                parcel.id in links,
                links[parcel.id].part_area if parcel.id in links else None,
                parcel.in_force is not InForceState.EFFECTIVE,
                _of(ours, parcel).used,
                parcel.far_area,
                _of(elsewhere, parcel).built,
                _of(ours, parcel).built,
                parcel.district,
            )
            for parcel in parcels
        },
    }


def _ids(listed: Proposal) -> list[UUID]:
    return [line["parcel_id"] for line in listed.lines("parcels") if line.get("parcel_id")]


@dataclass(frozen=True)
class _Taken:
    """Land used and floor area built on a parcel, in square metres."""

    used: Decimal = Decimal(0)
    built: Decimal = Decimal(0)


def _of(taken: Mapping[UUID, _Taken], parcel: Parcel) -> _Taken:
    return taken.get(parcel.id, _Taken())


def _used_elsewhere(work: Work, ids: list[UUID], but: UUID, company: UUID | None = None) -> dict[UUID, _Taken]:
    wanted = (
        select(ProjectParcelLine)
        .join(ProjectParcels, col(ProjectParcels.id) == col(ProjectParcelLine.record_id))
        .where(
            col(ProjectParcelLine.parcel_id).in_(ids),
            ProjectParcels.id != but,
            ProjectParcels.in_force == InForceState.EFFECTIVE,
        )
    )
    rows = work.session.exec(
        wanted if company is None else wanted.where(ProjectParcels.project_company_id == company)
    ).all()
    taken: dict[UUID, _Taken] = {}
    for row in rows:
        before = taken.get(row.parcel_id, _Taken())
        taken[row.parcel_id] = _Taken(before.used + row.used_area, before.built + (row.far_area_part or Decimal(0)))
    return taken


def _measured_again(work: Work, listed: ProjectParcels, lines: Sequence[ProjectParcelLine]) -> None:
    """With the parcels in hand: of two lists passed at one moment the second sees what the first has taken."""
    proposal = Proposal(
        kind="project_parcels",
        record_id=listed.id,
        version_no=listed.version_no,
        values={},
        children={"parcels": [{"parcel_id": line.parcel_id, "used_area": line.used_area} for line in lines]},
        files={},
        owner=Owner.of(listed),
        today=work.today,
        thresholds=work.thresholds.over(listed.district_code),
    )
    in_hand = select(Parcel).where(col(Parcel.id).in_(_ids(proposal))).order_by(col(Parcel.id))
    work.held(in_hand).all()
    found = judge(replace(proposal, found=uses(work, proposal)), rules_in(globals())).findings
    found = stopping(found)
    if found:
        raise Rejected("地块的使用情况刚有变化，不能通过，请退回修改", found)


def in_force(work: Work, listed: ProjectParcels, revision: Revision) -> None:
    """Keep which version of each parcel was approved, so that a later one shows."""
    lines = work.rows(ProjectParcelLine, ProjectParcelLine.record_id == listed.id)
    _measured_again(work, listed, lines)
    for line in lines:
        parcel = work.session.get(Parcel, line.parcel_id)
        line.parcel_version = parcel.version_no if parcel is not None else None
        work.add(line)
    plain = [{"used_area": line.used_area, "far_area_part": line.far_area_part} for line in lines]
    listed.used_area_total, listed.far_area_total = total(plain, "used_area"), total(plain, "far_area_part")
    list_in_force(work, listed, revision)
    work.session.flush()
    show_land(work, listed)


def assigned(gathering: Gathering, key: str, owner: Owner) -> Answer[Given]:
    """The parcels assigned to the company and confirmed: all in the project's district, or those whose number or name
    has the key.
    """

    def read(work: Work) -> list[dict[str, Any]]:
        rows = work.session.exec(
            select(Parcel, ParcelProjectLink)
            .join(ParcelProjectLink, col(ParcelProjectLink.parcel_id) == col(Parcel.id))
            .where(
                ParcelProjectLink.project_company_id == owner.project_company_id,
                ParcelProjectLink.state == PactState.CONFIRMED,
                Parcel.in_force == InForceState.EFFECTIVE,
            )
            .order_by(col(ParcelProjectLink.offered_at), col(ParcelProjectLink.id))
        ).all()
        lines = []
        for parcel, link in rows:
            mine = link.made_project_id in (None, owner.project_id) and parcel.district_code == owner.district_code
            wanted = mine if key in ALL else key in parcel.parcel_no or key in parcel.parcel_name
            if wanted:
                area = link.part_area if link.part_area is not None else parcel.land_area
                lines.append(
                    {
                        "parcel_id": parcel.id,
                        "used_area": area,
                        "far_area_part": (parcel.far_area * area / parcel.land_area).quantize(Decimal("0.01")),
                    }
                )
        return lines

    lines = gathering.look(read)
    if not lines:
        return miss(SOURCE, gathering.now)
    return hit(SOURCE, Given({}, {"parcels": lines}, SOURCE, gathering.now), gathering.now)


PROJECT_PARCELS = kept(
    Kind(
        name="project_parcels",
        label="项目地块",
        row=59,
        prefix="XD",
        table=ProjectParcels,
        makers=of_project("project_parcels", ProjectParcels),
        look=Look(
            title="project_name",
            menu="projects",
            grid=("project_name", "used_area_total", "far_area_total", "note"),
            filters=("used_area_total",),
            purpose="项目用地来源与面积核对",
            titled=project_title,
        ),
        children=(Child("parcels", "地块", ProjectParcelLine, ("parcel_id",), 50, least=1),),
        rules=rules_in(vars()),
        facts=Facts(
            look=uses, prefill=Prefill("地块编号（填“全部”带入本项目的全部地块）", "parcel_no", SOURCE, assigned)
        ),
        ties=Ties(needs=(PROJECT_NEED,)),
        stage=Stage(ProjectStage.LAND),
        effects=Effects(on_effective=in_force, on_void=hide_land),
    )
)
