"""开盘: a project is opened with a valid key, and suspended when the key ends or the operator changes (row 34)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import col, func, or_, select

from models.access import Role
from models.enterprise import RECORDED, Enterprise, EnterpriseKey, KeyState, ServiceState
from models.rooms import (
    OPENING,
    CentralProject,
    CentralRoom,
    CentralRoomState,
    OpeningMode,
    OpeningState,
    ProjectOpening,
    ProjectState,
)
from services.engine.events import on
from services.engine.findings import Finding
from services.engine.jobs import repeated
from services.engine.look_ups import held
from services.engine.numbering import number_later
from services.engine.refusals import Conflict, Rejected
from services.engine.registry import action, query
from services.engine.steps import take_step
from services.engine.work import Work
from services.rooms.opinion_paper import firm_name, issue_opening
from services.rooms.orders import OpenProject
from services.rooms.projects import OPERATOR_CHANGED
from services.rooms.records import tell_bureau, tell_firm
from services.rooms.visibility import DISTRICT, READERS

#: So many days before its end a key has a warning.
_SOON = 30
_AT_ONCE = 100
NO_KEY = "企业无有效密钥，请先办理"
GUIDE = "请运营主体携营业执照和经办人身份证件，到法人一证通服务网点或者线上申领、续期密钥，生效后再办理开盘"
_LIVE = (OpeningState.OPENED, OpeningState.SUSPENDED)


@dataclass(frozen=True)
class KeyChoice:
    """A valid key that may open a project; `warning` says that it ends soon."""

    id: UUID
    serial: str
    holder: str
    valid_to: date
    warning: str = ""


@dataclass(frozen=True)
class OpeningView:
    """A project before it is opened: both firms, the keys that count, and why it cannot be opened."""

    project_id: UUID
    project_no: str
    name: str
    enterprise: str
    operator: str
    rooms: int
    keys: tuple[KeyChoice, ...]
    state: OpeningState | None = None
    refusal: str = ""
    guide: str = ""


@query("rooms.opening", "查看开盘条件", roles=READERS)
def view_opening(work: Work, project_id: UUID) -> OpeningView:
    """Return the keys that may open a project, and the reason where none may."""
    project = work.get(CentralProject, project_id)
    keys = tuple(_choice(work, key) for key in keys_for(work, project))
    opening = opening_of(work, project.id)
    refusal = _refusal(work, project, opening)
    return OpeningView(
        project.id,
        project.project_no,
        project.name,
        firm_name(work, project.owner_id or project.enterprise_id),
        firm_name(work, project.enterprise_id),
        _rooms(work, project),
        keys,
        opening.state if opening is not None else None,
        refusal or ("" if keys else NO_KEY),
        "" if keys else GUIDE,
    )


def _choice(work: Work, key: EnterpriseKey) -> KeyChoice:
    left = (key.valid_to - work.today).days
    warning = f"密钥将于{key.valid_to.isoformat()}到期，请及时续期" if left <= _SOON else ""
    return KeyChoice(key.id, key.serial, firm_name(work, key.enterprise_id), key.valid_to, warning)


def keys_for(work: Work, project: CentralProject) -> Sequence[EnterpriseKey]:
    """Return the valid keys of the operator; those of the owner where the operator has none (Q8)."""
    for firm_id in (project.enterprise_id, project.owner_id):
        if firm_id is None:
            continue
        held_keys = select(EnterpriseKey).where(EnterpriseKey.enterprise_id == firm_id)
        keys = work.session.exec(held_keys.order_by(col(EnterpriseKey.serial))).all()
        if valid := [key for key in keys if key.counts_on(work.today)]:
            return valid
    return ()


def opening_of(work: Work, project_id: UUID) -> ProjectOpening | None:
    """Return the opening of a project that is in force or suspended."""
    rows = select(ProjectOpening).where(ProjectOpening.project_id == project_id, col(ProjectOpening.state).in_(_LIVE))
    return work.session.exec(rows).first()


def _rooms(work: Work, project: CentralProject) -> int:
    kept = select(func.count()).where(
        CentralRoom.project_id == project.id,
        col(CentralRoom.in_library).is_(True),
        CentralRoom.state != CentralRoomState.CANCELLED,
    )
    return int(work.session.exec(kept).one())


def _refusal(work: Work, project: CentralProject, opening: ProjectOpening | None) -> str:
    operator = work.session.exec(select(Enterprise).where(Enterprise.id == project.enterprise_id)).first()
    if project.state is not ProjectState.IN_LIBRARY:
        return f"项目现为“{project.state.label}”，不能开盘"
    if opening is not None and opening.state is OpeningState.OPENED:
        return "项目已开盘"
    if not _rooms(work, project):
        return "项目没有已入库的房间，不能开盘"
    if operator is None or operator.record_state not in RECORDED:
        return "运营企业未办理住房租赁企业备案"
    if operator.service_state is not ServiceState.NORMAL:
        return f"运营企业{operator.service_state.label}，不能开盘"
    return ""


@action("rooms.open", "项目开盘", roles=DISTRICT, event="DATA.STATE")
def open_project(work: Work, order: OpenProject) -> UUID:
    """Open a project, or resume a suspended opening: with the only valid key by itself, with a chosen one of several (Z08)."""
    project = held(work, CentralProject, order.project_id)
    opening = opening_of(work, project.id)
    if refusal := _refusal(work, project, opening):
        raise Conflict(refusal)
    keys = keys_for(work, project)
    if not keys:
        raise Rejected(f"{NO_KEY}。{GUIDE}", [Finding("Z08", NO_KEY, "key_id")])
    if len(keys) > 1 and order.key_id is None:
        raise Rejected("企业有多个有效密钥，请选择一个", [Finding("Z08", "请选择密钥", "key_id")])
    key = next((one for one in keys if order.key_id in (None, one.id)), None)
    if key is None:
        raise Rejected("所选密钥已失效，请刷新后重新选择", [Finding("Z08", "密钥已失效", "key_id")])
    mode = OpeningMode.AUTO if len(keys) == 1 else OpeningMode.MANUAL
    if opening is not None and opening.operator_id != project.enterprise_id:
        _end(work, opening)
        opening = None
    opening = _bind(work, project, opening, key, mode)
    project.opened = True
    work.add(project)
    return opening.id


def _bind(
    work: Work, project: CentralProject, opening: ProjectOpening | None, key: EnterpriseKey, mode: OpeningMode
) -> ProjectOpening:
    """Open with a key: a new opening, or a suspended one of the same operator."""
    if opening is None:
        opening = ProjectOpening(
            project_id=project.id,
            enterprise_id=key.enterprise_id,
            operator_id=project.enterprise_id,
            key_id=key.id,
            mode=mode,
            opened_on=work.today,
            district_code=project.district_code,
            street_code=project.street_code,
        )
        work.trail.tell("DATA.CREATE", "rooms.open", about=project, detail={"mode": str(mode)})
    else:
        take_step(work, opening, OPENING, "rebind")
        opening.enterprise_id, opening.key_id, opening.mode = key.enterprise_id, key.id, mode
        opening.suspended_on, opening.reason = None, ""
    opening.rooms, opening.opened_by = _rooms(work, project), work.caller.account_id
    made = opening

    def issue() -> None:
        work.add(made)
        issue_opening(work, made, project, key)
        body = f"{project.name}已开盘，关联密钥尾号{key.serial[-6:]}，共{made.rooms}间。"
        tell_firm(work, project.enterprise_id, "项目已开盘", body, project)

    number_later(work, "KP", project.district_code, work.today, lambda number: setattr(made, "paper_no", number))
    work.then(issue)
    return opening


def _end(work: Work, opening: ProjectOpening) -> None:
    take_step(work, opening, OPENING, "close")
    opening.closed_on = work.today
    work.add(opening)


def suspend(work: Work, opening: ProjectOpening, reason: str) -> None:
    """Suspend an opening, and with it filings in its project, until a valid key is bound."""
    project = work.session.get_one(CentralProject, opening.project_id)
    take_step(work, opening, OPENING, "suspend", reason=reason)
    opening.suspended_on, opening.reason = work.today, reason
    project.opened = False
    work.add(opening)
    work.add(project)
    body = f"{project.name}的开盘已暂停：{reason}。换用有效密钥后，请区局办理恢复。"
    tell_firm(work, project.enterprise_id, "项目开盘已暂停", body, project)
    tell_bureau(work, project, "项目开盘已暂停", body, project)


@on(OPERATOR_CHANGED)
def follow_operator(work: Work, project: CentralProject) -> None:
    """Suspend the opening of a project whose operator has changed; end that of a closed one."""
    opening = opening_of(work, project.id)
    if opening is None:
        return
    if project.state is ProjectState.CLOSED:
        _end(work, opening)
        project.opened = False
    elif opening.state is OpeningState.OPENED:
        suspend(work, opening, "运营主体已变更，请关联新运营主体的密钥")


@action("rooms.watch_keys", "核对开盘密钥", roles={Role.SYSTEM}, event="")
def watch_keys(work: Work, limit: int) -> int:
    """Suspend openings whose key no longer counts, or whose operator is out of service; the number suspended."""
    rows = work.free(
        select(ProjectOpening)
        .join(EnterpriseKey, col(EnterpriseKey.id) == col(ProjectOpening.key_id))
        .join(Enterprise, col(Enterprise.id) == col(ProjectOpening.operator_id))
        .where(
            ProjectOpening.state == OpeningState.OPENED,
            _ended(work.today),
            col(ProjectOpening.id).not_in(work.locked("project_opening")),
            col(ProjectOpening.project_id).not_in(work.locked("central_project")),
        )
        .order_by(col(ProjectOpening.id))
        .limit(limit)
    ).all()
    for opening in rows:
        suspend(work, opening, _why(work, opening))
    return len(rows)


def _ended(today: date) -> Any:
    return or_(
        EnterpriseKey.state != KeyState.VALID,
        EnterpriseKey.valid_to < today,
        EnterpriseKey.valid_from > today,
        Enterprise.service_state != ServiceState.NORMAL,
        col(Enterprise.record_state).not_in(RECORDED),
    )


def _why(work: Work, opening: ProjectOpening) -> str:
    key = work.session.get_one(EnterpriseKey, opening.key_id)
    if key.counts_on(work.today):
        return "运营主体已暂停服务或者备案已注销"
    if key.valid_to < work.today:
        return f"密钥已于{key.valid_to.isoformat()}到期"
    return f"密钥{key.state.label}"


repeated("rooms.watch_keys", "开盘密钥核对", watch_keys, _AT_ONCE, at="00:20")
