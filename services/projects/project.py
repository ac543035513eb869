"""项目 (row 58): begun from a confirmed parcel or by hand, completed by the project company, reviewed by the district."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from models.access import PROJECT_OFFICE
from models.alerts import Alert
from models.companies import ProjectCompany
from models.land_codes import CreateMode, HandoverState, ProjectStage
from models.parcels import Parcel, ParcelProjectLink
from models.projects import Project, ProjectHandover, ProjectParcelLine, ProjectParcels, ProjectProperty
from models.records import InForceState, PactState, Revision, SourceMode
from services.alerts.alert_states import lasting_alerts, pass_on
from services.engine.cycle import kept
from services.engine.held_keys import holder_of
from services.engine.kinds import (
    KINDS,
    Child,
    Dependant,
    Effects,
    Facts,
    Kind,
    Look,
    Makers,
    Need,
    Owner,
    Proposal,
    Slot,
    Stage,
    Ties,
    Values,
)
from services.engine.refusals import Conflict, NotFound
from services.engine.shapes import following
from services.engine.work import Work
from services.parcels.companies import in_hand, project_company, project_company_is_admitted
from services.parcels.district_moves import tell_left_district
from services.projects.list_names import PROJECT_NAME
from services.projects.ownership import SUBMITTERS
from services.projects.project_rules import CONTRACT, PROJECT_RULES, RELEASED, SAME_CODE, SAME_NAME, ContractBounds
from services.projects.stages import settle_stage

#: Characters of a project's name.
LONGEST_NAME = 200


def whose(work: Work, about: UUID | None) -> Owner:
    """A project is its company's, which has been admitted."""
    if about is not None:
        raise NotFound
    company = project_company(work, work.caller.enterprise_id)
    if company is None or not project_company_is_admitted(work, company.id):
        raise Conflict("本公司尚未准入或已退出，不能创建项目")
    return Owner(company.district_code, company.head_company_id, company.id)


def lies_in(work: Work, owner: Owner, values: Values) -> Owner:
    chosen = values.get("district")
    return replace(owner, district_code=str(chosen)) if chosen is not None else owner


def look(work: Work, project: Proposal) -> dict[str, Any]:
    """Return whether name or code is taken, and what the contracts of its parcels allow."""
    return {
        SAME_NAME: holder_of(work, Project, "name_key", project.values, other_than=project.record_id),
        SAME_CODE: holder_of(work, Project, "code_key", project.values, other_than=project.record_id),
        CONTRACT: contract_bounds(work, project.record_id),
        RELEASED: released_parcel(work, project.record_id),
    }


def released_parcel(work: Work, project_id: UUID) -> str:
    """Return the name of the parcel a project was begun from where it has none any more."""
    begun = select(Parcel.parcel_name).join(ParcelProjectLink, col(ParcelProjectLink.parcel_id) == col(Parcel.id))
    name = work.session.exec(begun.where(ParcelProjectLink.made_project_id == project_id)).first()
    return "" if name is None or parcels_of(work, project_id) else name


Used = tuple[Parcel, Decimal]


def parcels_of(work: Work, project_id: UUID) -> Sequence[Used]:
    """The parcels of a project with the area it uses: by its list in force, before that by the links it was begun from."""
    return parcels_by_project(work, [project_id]).get(project_id, [])


def parcels_by_project(work: Work, projects: Sequence[UUID]) -> dict[UUID, list[Used]]:
    """Return the parcels of many projects with two statements."""
    listed = work.session.exec(
        select(ProjectParcels.project_id, Parcel, col(ProjectParcelLine.used_area))
        .join(ProjectParcelLine, col(ProjectParcelLine.record_id) == col(ProjectParcels.id))
        .join(Parcel, col(Parcel.id) == col(ProjectParcelLine.parcel_id))
        .where(col(ProjectParcels.project_id).in_(projects), ProjectParcels.in_force == InForceState.EFFECTIVE)
        .order_by(col(ProjectParcels.id), col(ProjectParcelLine.place))
    ).all()
    found: dict[UUID, list[Used]] = {}
    for project_id, parcel, area in listed:
        if project_id is not None:
            found.setdefault(project_id, []).append((parcel, area))
    left = [one for one in projects if one not in found]
    begun = work.session.exec(
        select(ParcelProjectLink.made_project_id, Parcel, col(ParcelProjectLink.part_area))
        .join(Parcel, col(Parcel.id) == col(ParcelProjectLink.parcel_id))
        .where(col(ParcelProjectLink.made_project_id).in_(left), ParcelProjectLink.state == PactState.CONFIRMED)
        .order_by(col(ParcelProjectLink.offered_at), col(ParcelProjectLink.id))
    ).all()
    for project_id, parcel, part in begun:
        if project_id is not None:
            found.setdefault(project_id, []).append((parcel, part if part is not None else parcel.land_area))
    return found


def contract_bounds(work: Work, project_id: UUID) -> ContractBounds:
    """Return what the contracts of a project's parcels allow together."""
    return bounds_of(parcels_of(work, project_id))


def bounds_of(parcels: Sequence[Used]) -> ContractBounds:
    """Floor area by the part used, the earliest of the days."""
    if not parcels:
        return ContractBounds()
    far_area = sum((parcel.far_area * used / parcel.land_area for parcel, used in parcels), Decimal(0))
    return ContractBounds(
        far_area.quantize(Decimal("0.01")),
        _first(parcel.start_extended_to or parcel.start_due_on for parcel, _ in parcels),
        _first(parcel.finish_extended_to or parcel.finish_due_on for parcel, _ in parcels),
    )


def _first(days: Any) -> date | None:
    return min((day for day in days if day is not None), default=None)


def in_force(work: Work, project: Project, revision: Revision) -> None:
    """Fill computed fields; a new name and district pass to what follows the project."""
    company = in_hand(work, ProjectCompany, project.project_company_id)
    if company is None or company.in_force is not InForceState.EFFECTIVE:
        raise Conflict("项目公司的记录已作废，不能通过，请退回修改")
    project.project_id = revision.project_id = project.id
    begun = select(ParcelProjectLink.id).where(ParcelProjectLink.made_project_id == project.id)
    auto = work.session.exec(begun.limit(1)).first() is not None and _first_version_was_made(work, project.id)
    project.create_mode = CreateMode.AUTO_FROM_PARCEL if auto else CreateMode.MANUAL
    settle_stage(work, project)
    work.add(project)
    work.add(revision)
    if revision.version_no > 1:
        _rename_followers(work, project)
        _records_follow(work, project)
        tell_left_district(work, project, revision, f"项目“{project.name}”")


def _rename_followers(work: Work, project: Project) -> None:
    """Copy the project's name into the columns declared to follow it; a certificate keeps the name printed on it."""
    for table in [kind.table for kind in KINDS.values()]:
        for column in following(table, PROJECT_NAME):
            for row in work.rows(table, table.project_id == project.id):
                if getattr(row, column) != project.name:
                    setattr(row, column, project.name)
                    work.add(row)


def _records_follow(work: Work, project: Project) -> None:
    """Move a project's records, versions, handovers and alerts to its district."""
    tables: list[Any] = [kind.table for kind in KINDS.values() if kind.table is not Project]
    for table in (*tables, Revision, ProjectHandover):
        for row in work.rows(table, table.project_id == project.id, table.district_code != project.district_code):
            row.district_code = project.district_code
            work.add(row)
    for alert in lasting_alerts(work, Alert.project_id == project.id):
        # What an event raised is raised no second time: no other event would bring it to those who look after it now.
        pass_on(work, alert, Owner(project.district_code))


def _first_version_was_made(work: Work, record_id: UUID) -> bool:
    first = work.first(Revision.source_mode, Revision.record_id == record_id, Revision.version_no == 1)
    return first is SourceMode.SYSTEM


def standing_on(work: Work, project: Project) -> list[Dependant]:
    """Return every record in force of the project; a transfer that was carried out stays as history."""
    done = select(ProjectHandover.transfer_id).where(
        ProjectHandover.project_id == project.id, ProjectHandover.state == HandoverState.DONE
    )
    carried_out = set(work.session.exec(done).all())
    found = []
    for kind in KINDS.values():
        if kind.name == "project":
            continue
        rows = work.session.exec(
            select(kind.table)
            .where(kind.table.project_id == project.id, kind.table.in_force == InForceState.EFFECTIVE)
            .order_by(col(kind.table.record_no))
        ).all()
        found += [
            Dependant(kind.name, row.id, f"{kind.label}{row.record_no}") for row in rows if row.id not in carried_out
        ]
    return found


def _has_a_parcel(work: Work, owner: Owner, _: Values) -> bool:
    confirmed = select(ParcelProjectLink.id).where(
        ParcelProjectLink.project_company_id == owner.project_company_id,
        ParcelProjectLink.state == PactState.CONFIRMED,
    )
    return work.session.exec(confirmed.limit(1)).first() is not None


PROJECT = kept(
    Kind(
        name="project",
        label="项目",
        row=58,
        prefix="XM",
        table=Project,
        makers=Makers(draft=PROJECT_OFFICE, submit=SUBMITTERS, owner=whose, follow=lies_in),
        look=Look(
            title="name",
            menu="projects",
            grid=(
                "name",
                "district",
                "stage",
                "housing_kind",
                "total_gfa",
                "total_investment",
                "planned_finish_on",
            ),
            filters=(
                "district",
                "stage",
                "project_code",
                "housing_kind",
                "suspended",
                "ring",
                "total_gfa",
                "planned_start_on",
            ),
            sections={
                "name": "项目名称与坐落",
                "housing_kind": "建设规模",
                "total_investment": "投资",
                "planned_start_on": "计划日期",
                "contact_name": "联系人",
            },
            purpose="房地产开发项目全过程监管",
        ),
        children=(Child("properties", "物业类型", ProjectProperty, ("property_type",), 10),),
        slots=(Slot("approval", "立项批复或备案证明"), Slot("place_name", "地名批文")),
        rules=PROJECT_RULES,
        facts=Facts(look=look, alike=("name", "project_code", "address", "plate", "housing_kind", "total_gfa")),
        ties=Ties(
            needs=(
                Need(
                    "project_company",
                    "项目公司准入",
                    lambda work, owner, _: project_company_is_admitted(work, owner.project_company_id),
                ),
                Need("parcel_project_link", "地块指派", _has_a_parcel),
            ),
            dependants=standing_on,
        ),
        stage=Stage(ProjectStage.LAND),
        effects=Effects(on_effective=in_force),
    )
)
