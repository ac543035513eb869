"""Changing a project's company after its transfer (row 62): both companies say yes, then the district does it; history stays."""

from dataclasses import dataclass
from functools import partial
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select

from models.access import PROJECT_OFFICE, Role
from models.alerts import Alert
from models.companies import ProjectCompany
from models.land_codes import HandoverState
from models.parcels import ParcelProjectLink
from models.projects import HANDOVER, Project, ProjectHandover, ProjectTransfer
from models.records import OPEN_STATES, InForceState, PactState, Revision
from models.sealed import Sealed
from services.alerts.alert_states import lasting_alerts
from services.engine.kept_visibility import of_sides
from services.engine.kinds import KINDS
from services.engine.notices import notify
from services.engine.record_files import forget_files
from services.engine.refusals import Conflict, NotAllowed
from services.engine.registry import Step, action
from services.engine.steps import take_step
from services.engine.words import enough_words
from services.engine.work import Work, visible_rows
from services.parcels.companies import in_hand, is_admitted
from services.parcels.transferred_links import pass_parcels

HANDLERS = frozenset({Role.DIST_HANDLER, Role.CITY_HANDLER})


visible_rows(ProjectHandover)(
    partial(of_sides, heads=("from_head_id", "to_head_id"), companies=("from_company_id", "to_company_id"))
)


@dataclass(frozen=True)
class HandoverWord:
    """A word about a handover; stopping it needs a reason."""

    handover_id: UUID
    words: str = ""


def begin_handover(work: Work, transfer: ProjectTransfer, own: ProjectCompany, transferee: ProjectCompany) -> None:
    """Begin the handover of a transfer in force, once; until it is done, a correction changes its recipient."""
    if transfer.project_id is None:
        return
    row = _of_transfer(work, transfer.id)
    if row is not None:
        if row.state is not HandoverState.DONE and row.to_company_id != transferee.id:
            row.to_company_id, row.to_head_id = transferee.id, transferee.head_company_id
            row.to_agreed_by = row.to_agreed_at = None
            take_step(work, row, HANDOVER, "reopen", log=False)
            _ask_both(work, row, own, transferee)
        return
    row = ProjectHandover(
        transfer_id=transfer.id,
        project_id=transfer.project_id,
        district_code=transfer.district_code,
        from_company_id=own.id,
        from_head_id=own.head_company_id,
        to_company_id=transferee.id,
        to_head_id=transferee.head_company_id,
    )
    work.add(row)
    _ask_both(work, row, own, transferee)


def _ask_both(work: Work, row: ProjectHandover, own: ProjectCompany, transferee: ProjectCompany) -> None:
    said = f"项目转让已审核通过，请确认将项目公司由{own.name}变更为{transferee.name}。"
    _tell_both(work, row, "请确认变更项目公司", said)


def _tell_both(work: Work, row: ProjectHandover, subject: str, said: str) -> None:
    for company in (row.from_company_id, row.to_company_id):
        notify(work, subject, said, about=row, to_enterprise=company)


def _of_transfer(work: Work, transfer_id: UUID) -> ProjectHandover | None:
    return work.first(ProjectHandover, ProjectHandover.transfer_id == transfer_id)


def was_handed_over(work: Work, transfer_id: UUID) -> bool:
    """Return whether the project has gone to the other company by this transfer."""
    row = _of_transfer(work, transfer_id)
    return row is not None and row.state is HandoverState.DONE


def stop_handover(work: Work, transfer_id: UUID, because: str) -> None:
    """Stop the handover of a transfer that is void."""
    row = _of_transfer(work, transfer_id)
    if row is None or row.state is HandoverState.STOPPED:
        return
    if row.state is HandoverState.DONE:
        raise Conflict("项目公司已经变更，转让记录不能作废")
    take_step(work, row, HANDOVER, "stop")
    row.note = Sealed.of_json(because)


@action("projects.handover_agree", "确认变更项目公司", roles={Role.PROJ_ADMIN}, step=Step(HANDOVER, "agree"))
def agree_to_handover(work: Work, order: HandoverWord) -> None:
    """A company's yes; with both the authority may act."""
    row = _in_hand(work, order.handover_id)
    mine = work.caller.enterprise_id
    if mine == row.from_company_id and row.from_agreed_at is None:
        row.from_agreed_by, row.from_agreed_at = work.caller.account_id, work.now
    elif mine == row.to_company_id and row.to_agreed_at is None:
        row.to_agreed_by, row.to_agreed_at = work.caller.account_id, work.now
    else:
        raise Conflict("本公司已经确认，请等待对方确认")
    both = row.from_agreed_at is not None and row.to_agreed_at is not None
    take_step(work, row, HANDOVER, "complete" if both else "agree")
    if both:
        said = "双方公司均已确认，请办理项目公司变更。"
        notify(work, "项目公司待变更", said, about=row, to_district=row.district_code)


@action("projects.handover_stop", "终止变更项目公司", roles=set(HANDLERS), step=Step(HANDOVER, "stop"))
def stop_by_authority(work: Work, order: HandoverWord) -> None:
    row = _in_hand(work, order.handover_id)
    said = enough_words(order.words, "终止原因")
    take_step(work, row, HANDOVER, "stop")
    row.note = Sealed.of_json(said)
    _tell_both(work, row, "变更项目公司已终止", said)


@action("projects.handover_do", "变更项目公司", roles=set(HANDLERS), step=Step(HANDOVER, "hand_over"))
def hand_over(work: Work, order: HandoverWord) -> None:
    """Give the project and all its records to the other company; what the old one never handed in ends, as do rival changes."""
    # The project before its handovers, so that two of one project are settled one after the other.
    project = _locked_project(work, work.get(ProjectHandover, order.handover_id).project_id)
    row = _in_hand(work, order.handover_id)
    if row.state is not HandoverState.AGREED:
        raise Conflict("双方公司尚未都确认，不能变更")
    if project is None or project.project_company_id != row.from_company_id:
        raise Conflict("项目已不再属于转出公司，不能按本次转让变更，请终止本事项")
    # In hand, for it may be leaving or voided at this moment (decision 57).
    taker = in_hand(work, ProjectCompany, row.to_company_id)
    if not is_admitted(taker):
        raise Conflict(f"{taker.name}未准入或已退出，不能接收项目")
    _nothing_is_on_its_way(work, row)
    _drop_drafts(work, row)
    pass_parcels(work, row.project_id, taker)
    take_step(work, row, HANDOVER, "hand_over")
    row.done_by, row.done_at = work.caller.account_id, work.now
    for kind in KINDS.values():
        key = kind.table.id if kind.table is Project else kind.table.project_id
        for record in work.session.exec(select(kind.table).where(key == row.project_id)).all():
            record.project_company_id, record.head_company_id = taker.id, taker.head_company_id
            work.add(record)
    for version in work.rows(
        Revision,
        sa.or_(
            col(Revision.project_id) == row.project_id,
            sa.and_(col(Revision.kind) == "project", col(Revision.record_id) == row.project_id),
        ),
    ):
        version.project_company_id, version.head_company_id = taker.id, taker.head_company_id
        work.add(version)
    _pass_alerts(work, row, taker)
    _stop_rivals(work, row)
    _tell_both(work, row, "项目公司已变更", f"项目已转由{taker.name}开发。")


def _in_hand(work: Work, handover_id: UUID) -> ProjectHandover:
    row = work.hold(ProjectHandover, handover_id)
    if work.caller.has(*PROJECT_OFFICE) and work.caller.enterprise_id not in (row.from_company_id, row.to_company_id):
        raise NotAllowed("只有转让双方可以确认")
    if row.state in (HandoverState.DONE, HandoverState.STOPPED):
        raise Conflict(f"当前状态为“{row.state.label}”，不能进行此操作")
    return row


def _nothing_is_on_its_way(work: Work, row: ProjectHandover) -> None:
    waiting = work.rows(
        Revision,
        Revision.project_id == row.project_id,
        col(Revision.state).in_(OPEN_STATES),
        col(Revision.submitted_at).is_not(None),
        by=Revision.id,
    )
    if waiting:
        numbers = "、".join(one.record_no or "未编号" for one in waiting[:5])
        raise Conflict(f"该项目还有在办的记录（{numbers}），请先办结再变更项目公司")


def _locked_project(work: Work, project_id: UUID) -> Project | None:
    wanted = select(Project).where(Project.id == project_id, Project.in_force == InForceState.EFFECTIVE)
    found: Project | None = work.held(wanted).first()
    return found


def _drop_drafts(work: Work, row: ProjectHandover) -> None:
    """Delete drafts of the former company, which would block the new company's own and could return the project."""
    drafts = work.rows(
        Revision, Revision.project_id == row.project_id, col(Revision.state).in_(OPEN_STATES), by=Revision.id
    )
    for draft in drafts:
        forget_files(work, draft)
        work.session.delete(draft)
        work.trail.tell("DATA.DELETE", f"{draft.kind}.drop", about=draft, digest=draft.digest)
    work.session.flush()
    if drafts:
        said = f"项目公司变更，本公司未提交的{len(drafts)}份草稿已删除。"
        notify(work, "未提交的草稿已删除", said, about=row, to_enterprise=row.from_company_id)


def _pass_alerts(work: Work, row: ProjectHandover, taker: ProjectCompany) -> None:
    """Assign the alerts of the project and its land to the new company."""
    land = select(ParcelProjectLink.parcel_id).where(
        ParcelProjectLink.made_project_id == row.project_id, ParcelProjectLink.state == PactState.CONFIRMED
    )
    its = sa.or_(col(Alert.project_id) == row.project_id, col(Alert.subject_id).in_(land))
    for alert in lasting_alerts(work, Alert.project_company_id == row.from_company_id, its):
        alert.project_company_id, alert.head_company_id = taker.id, taker.head_company_id
        work.add(alert)


def _stop_rivals(work: Work, row: ProjectHandover) -> None:
    """Stop other transfers of the project by its former company."""
    others = select(ProjectHandover).where(
        ProjectHandover.project_id == row.project_id,
        ProjectHandover.id != row.id,
        col(ProjectHandover.state).in_((HandoverState.OPEN, HandoverState.AGREED)),
    )
    for other in work.held(others.order_by(col(ProjectHandover.id))).all():
        take_step(work, other, HANDOVER, "stop")
        other.note = Sealed.of_json("项目已按另一转让变更公司")
        said = "项目已按另一转让变更公司，本次变更自动终止；转让记录有误的，请联系业务部门作废。"
        _tell_both(work, other, "变更项目公司已终止", said)
