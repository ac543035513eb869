"""提议转入纳管 (row 37): a district proposes that a reported place becomes a managed project; its history stays."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select

from models.access import LEASING_AUTHORITY, LEASING_DISTRICT, OrgUnit, UnitKind
from models.records import InForceState
from models.rooms import CentralProject, ProjectState
from models.unmanaged import UNMANAGED, UnmanagedReport, UnmanagedState, address_key
from services.engine.clock import SHANGHAI
from services.engine.copied import copy_of
from services.engine.cycle_lock import open_of
from services.engine.events import Event, on
from services.engine.notices import notify
from services.engine.refusals import Conflict, Rejected
from services.engine.registry import Step, action, query
from services.engine.steps import take_step
from services.engine.words import enough_words
from services.engine.work import Work
from services.rooms.projects import STARTED
from services.rooms.review import ADMITTED
from services.unmanaged.reminders import UPDATE_DAYS, WATCHED

#: A place is proposed for the managed library, and a place has entered it.
PROPOSED: Event[UnmanagedReport] = Event("unmanaged.proposed")
CONVERTED: Event[UnmanagedReport] = Event("unmanaged.converted")


@action(
    "unmanaged.propose",
    "提议转入纳管",
    roles=set(LEASING_DISTRICT),
    step=Step(UNMANAGED, "propose", field="stage"),
    event="DATA.STATE",
)
def propose_conversion(work: Work, report_id: UUID) -> None:
    """Propose a reported place for the managed library and notify the city."""
    report = _held(work, report_id)
    take_step(work, report, UNMANAGED, "propose", field="stage", named="纳管情况", act="unmanaged.propose")
    report.proposed_at = work.now
    work.add(report)
    told = (
        f"{report.record_no}“{report.project_name}”（{report.street}，{report.room_count}间）提议转入纳管，请安排入库。"
    )
    for unit in work.rows(OrgUnit.id, OrgUnit.kind == UnitKind.CITY_CENTER):
        notify(work, "未纳管项目提议转入纳管", told, about=report, to_unit=unit)
    PROPOSED.happened(work, report)
    projects = work.rows(
        CentralProject,
        CentralProject.district_code == report.district_code,
        CentralProject.state == ProjectState.IN_LIBRARY,
        col(CentralProject.managed).is_(True),
        by=CentralProject.project_no,
    )
    for project in projects:
        if address_key(project.address) == report.address_key:
            _enter(work, report, project)
            break


@on(ADMITTED)
def convert_proposed(work: Work, project: CentralProject) -> None:
    """Note the number of a managed project, once its rooms are in the library, at the places proposed at its address."""
    if not project.managed:
        return
    same = select(UnmanagedReport).where(
        UnmanagedReport.in_force == InForceState.EFFECTIVE,
        UnmanagedReport.district_code == project.district_code,
        UnmanagedReport.address_key == address_key(project.address),
        UnmanagedReport.stage == UnmanagedState.PROPOSED,
    )
    for report in work.held(same.order_by(col(UnmanagedReport.id))).all():
        name = f"{report.record_no}“{report.project_name}”"
        if (standing := open_of(work, report.id)) is not None:
            told = (
                f"{name}的地址已有纳管项目{project.project_no}入库，但该记录第{standing.version_no}版正在办理"
                f"（{standing.state.label}），请办结后登记纳管项目编号。"
            )
            notify(work, "未纳管项目待登记转入纳管", told, about=report, to_district=report.district_code)
            continue
        _enter(work, work.whole(report), project)
        told = f"{name}已转入纳管，纳管项目编号{project.project_no}，历史记录保留。"
        notify(work, "未纳管项目已转入纳管", told, about=report, to_district=report.district_code)


@on(STARTED)
def warn_of_reports(work: Work, project: CentralProject) -> None:
    """Notify the district that a managed project begins at the address of a reported place (Z11)."""
    same = work.in_force(
        UnmanagedReport,
        UnmanagedReport.address_key == address_key(project.address),
        col(UnmanagedReport.stage).in_((UnmanagedState.LISTED, UnmanagedState.PROPOSED)),
    )
    for report in same:
        told = (
            f"集中式项目{project.project_no}“{project.name}”的地址存在未纳管报备记录"
            f"{report.record_no}“{report.project_name}”，是否转入纳管？请核对后登记纳管项目编号。"
        )
        notify(work, "该地址存在未纳管报备记录", told, about=report, to_district=report.district_code)


@dataclass(frozen=True)
class GiveUp:
    report_id: UUID
    reason: str


@action(
    "unmanaged.give_up",
    "撤回纳管提议",
    roles=set(LEASING_DISTRICT),
    step=Step(UNMANAGED, "give_up", field="stage"),
    event="DATA.STATE",
)
def give_up_conversion(work: Work, order: GiveUp) -> None:
    """Withdraw a proposal; the place is reported as before."""
    report = _held(work, order.report_id)
    reason = enough_words(order.reason, "撤回原因")
    take_step(
        work, report, UNMANAGED, "give_up", field="stage", named="纳管情况", act="unmanaged.give_up", reason=reason[:60]
    )
    report.proposed_at = None
    work.add(report)


@dataclass(frozen=True)
class Convert:
    """The managed project that a place has become, by its number."""

    report_id: UUID
    project_no: str


@action(
    "unmanaged.convert",
    "登记已转入纳管",
    roles=set(LEASING_DISTRICT),
    step=Step(UNMANAGED, "convert", field="stage"),
    event="DATA.STATE",
)
def convert(work: Work, order: Convert) -> None:
    """Note the managed project that a place has become; all versions stay, none is added."""
    report = _held(work, order.report_id)
    number = order.project_no.strip()
    project = work.first(CentralProject, CentralProject.project_no == number)
    if project is None or project.district_code != report.district_code:
        raise Rejected("没有查到本区的这个集中式项目，请核对项目编号")
    if not project.managed:
        raise Rejected("该集中式项目的“是否纳管”为否，请先在房源库中办理纳管")
    if (standing := open_of(work, report.id)) is not None:
        raise Conflict(f"该记录第{standing.version_no}版正在办理（{standing.state.label}），请先办结再登记")
    _enter(work, report, project)


def _enter(work: Work, report: UnmanagedReport, project: CentralProject) -> None:
    take_step(work, report, UNMANAGED, "convert", field="stage", named="纳管情况", act="unmanaged.convert")
    report.managed_as = project.project_no
    work.add(report)
    CONVERTED.happened(work, report)


@dataclass(frozen=True)
class Standing:
    """The stage of a reported place, and the days since its last update; `late` when they exceed the interval."""

    id: UUID
    stage: UnmanagedState
    managed_as: str
    proposed_at: datetime | None
    days: int
    late: bool


@query("unmanaged.standing", "未纳管项目纳管情况", roles=set(LEASING_AUTHORITY))
def standing_of(work: Work, report_id: UUID) -> Standing:
    """Return the stage of a visible place between report and managed library."""
    report = work.get(UnmanagedReport, report_id)
    days = (work.today - report.effective_from.astimezone(SHANGHAI).date()).days
    late = report.stage in WATCHED and days > work.thresholds.integer(UPDATE_DAYS)
    return copy_of(Standing, report, managed_as=report.managed_as or "", days=days, late=late)


def _held(work: Work, report_id: UUID) -> UnmanagedReport:
    report: UnmanagedReport = work.hold(UnmanagedReport, report_id)
    return report
