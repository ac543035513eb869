"""Projects: begun by the district, completed by their operator with buildings, title proofs and 是否纳管 (row 33)."""

from uuid import UUID

from sqlmodel import col, func, select

from models.documents import Attachment
from models.enterprise import Enterprise
from models.identity import check_credit_code, check_mobile
from models.names import name_problem
from models.normal import BadText, clean_text, half_width, without_blanks
from models.rooms import (
    PROJECT,
    CentralBuilding,
    CentralProject,
    CentralRoom,
    CentralRoomState,
    CentralTitle,
    ProjectState,
)
from models.sealed import Sealed
from services.access.visibility import ENTERPRISE
from services.documents.attachments import VIRUS
from services.engine.events import Event
from services.engine.look_ups import held
from services.engine.numbering import number_later
from services.engine.refusals import Conflict, NotAllowed, Rejected
from services.engine.registry import Step, action
from services.engine.steps import begin_in, take_step
from services.engine.words import enough_words, some_words
from services.engine.work import Work
from services.rooms.applications import is_operator
from services.rooms.orders import AddTitle, BuildingForm, ChangeOperator, KeepProject, StartProject
from services.rooms.records import held_project, tell_firm
from services.rooms.visibility import DISTRICT

#: A project has been begun; what else is known of its address is above this area (Z11).
STARTED: Event[CentralProject] = Event("rooms.project_started")
#: The operator of a project has changed.
OPERATOR_CHANGED: Event[CentralProject] = Event("rooms.operator_changed")
_MOST_BUILDINGS, _MOST_FLOORS, _MOST_TITLES = 200, 100, 200


@action("rooms.start_project", "新建集中式项目", roles=DISTRICT, event="DATA.CREATE")
def start_project(work: Work, order: StartProject) -> UUID:
    """Begin a project for its operator to complete; a project needs one, and its operator must be on record (Z04)."""
    district = order.district_code or work.caller.district_code
    if district not in [scope.code for scope in work.caller.scope_of(*DISTRICT)]:
        raise NotAllowed("只能新建本区的项目")
    name = enough_words(order.name, "项目名称", least=2, most=80)
    address = enough_words(order.address, "项目地址", most=200)
    operator = _firm(work, order.operator_uscc, "运营主体")
    if not is_operator(operator):
        raise Rejected("运营企业未办理住房租赁企业备案，或者已暂停服务")
    owner = _firm(work, order.owner_uscc, "权属单位") if order.owner_uscc.strip() else None
    if order.operate_from and order.operate_to and order.operate_to < order.operate_from:
        raise Rejected("经营期的止日早于起日，请核对")
    if order.build_area is not None and order.build_area <= 0:
        raise Rejected("总建筑面积应大于0，请核对")
    project = CentralProject(
        project_no="",
        name=name,
        kind=order.kind,
        enterprise_id=operator.id,
        owner_id=owner.id if owner is not None else None,
        operate_from=order.operate_from,
        operate_to=order.operate_to,
        address=address,
        build_area=order.build_area,
        district_code=district,
        street_code=order.street_code,
    )
    begin_in(project, ProjectState.STARTED)
    number_later(work, "XM", district, work.today, lambda number: setattr(project, "project_no", number))
    work.then(lambda: _begun(work, project))
    return project.id


def _begun(work: Work, project: CentralProject) -> None:
    work.add(project)
    body = f"{project.name}（{project.project_no}）已建立，请补充项目资料并导入房间。"
    tell_firm(work, project.enterprise_id, "集中式项目待入库", body, project)
    STARTED.happened(work, project)


def _firm(work: Work, uscc: str, what: str) -> Enterprise:
    found = check_credit_code(uscc)
    if found.normal is None or found.problem:
        raise Rejected(f"请填写{what}的统一社会信用代码")
    firm: Enterprise | None = work.session.exec(select(Enterprise).where(Enterprise.uscc == found.normal)).first()
    if firm is None:
        raise Rejected(f"没有查到{what}，请核对统一社会信用代码")
    return firm


@action("rooms.keep_project", "补充项目资料", roles=ENTERPRISE, event="DATA.UPDATE")
def keep_project(work: Work, order: KeepProject) -> None:
    """Store what the operator says of its project; buildings with rooms stay."""
    project = held(work, CentralProject, held_project(work, order.project_id).id, order.version)
    if project.state is ProjectState.CLOSED:
        raise Conflict("项目已关闭，不能再修改")
    recognition = some_words(order.recognition_no, "纳管认定文件", most=60)
    if order.managed and not recognition:
        raise Rejected("请选择是否纳管并上传依据：纳管的项目请填写认定文件编号")
    if project.state is ProjectState.IN_LIBRARY and project.managed != order.managed:
        raise Rejected("项目已入库，是否纳管请逐间申请变更")
    project.managed, project.recognition_no = order.managed, recognition
    project.agreement_no = some_words(order.agreement_no, "委托运营协议", most=60)
    project.safety_manager, project.safety_phone = _manager(order)
    _keep_buildings(work, project, order.buildings)
    work.add(project)
    work.trail.tell("DATA.UPDATE", "rooms.keep_project", about=project)


def _manager(order: KeepProject) -> tuple[Sealed | None, Sealed | None]:
    name, phone = order.safety_manager.strip(), order.safety_phone.strip()
    if not name and not phone:
        return None, None
    if problem := name_problem(name):
        raise Rejected(problem)
    found = check_mobile(phone)
    if found.problem or found.normal is None:
        raise Rejected("请填写安全管理人员的手机号码")
    return Sealed.of(name), Sealed.of(found.normal)


def _keep_buildings(work: Work, project: CentralProject, forms: tuple[BuildingForm, ...]) -> None:
    names = [half_width(without_blanks(form.name)) for form in forms]
    if len(set(names)) != len(names) or not all(names) or len(names) > _MOST_BUILDINGS:
        raise Rejected("楼栋名称不能为空，也不能重复")
    if any(not 1 <= form.floors <= _MOST_FLOORS or len(form.name) > 20 for form in forms):
        raise Rejected(f"楼栋的总层数应为1到{_MOST_FLOORS}，名称不超过20个字")
    kept = select(CentralBuilding).where(CentralBuilding.project_id == project.id)
    known = {building.name: building for building in work.session.exec(kept).all()}
    highest: dict[str, int] = dict(
        work.session.exec(
            select(col(CentralRoom.building), func.max(CentralRoom.floor))
            .where(CentralRoom.project_id == project.id, CentralRoom.state != CentralRoomState.CANCELLED)
            .group_by(col(CentralRoom.building))
        ).all()
    )
    for name, form in zip(names, forms, strict=True):
        if form.floors < highest.get(name, 0):
            raise Rejected(f"{name}在库的房间最高在{highest[name]}层，总层数不能更小")
        building = known.pop(name, None) or CentralBuilding(project_id=project.id, name=name, floors=form.floors)
        building.floors, building.elevator = form.floors, form.elevator
        work.add(building)
    for name, building in known.items():
        if name in highest:
            raise Rejected(f"{name}有在库的房间，不能删除")
        work.session.delete(building)


@action("rooms.add_title", "上传权属文件", roles=ENTERPRISE, event="DATA.CREATE")
def add_title(work: Work, order: AddTitle) -> str:
    """Attach a title proof with its last day to a project; returns the number by which rooms cite it."""
    project = held_project(work, order.project_id)
    if order.valid_to < work.today:
        raise Rejected("权属文件已到期，请上传有效的文件")
    try:
        cert_no = clean_text(order.cert_no, 60)
    except BadText as bad:
        raise Rejected(bad.sentence) from None
    if not cert_no:
        raise Rejected("请填写权属证明编号")
    if order.file_id is None:
        raise Rejected("请上传权属文件的扫描件")
    file = work.get(Attachment, order.file_id)
    if VIRUS in file.kept_apart:
        raise Rejected("该文件含有病毒，已隔离，不作为材料；请更换文件")
    count = select(func.count()).where(CentralTitle.project_id == project.id)
    number = work.session.exec(count).one() + 1
    if number > _MOST_TITLES:
        raise Rejected(f"一个项目最多{_MOST_TITLES}份权属文件")
    title = CentralTitle(
        project_id=project.id,
        title_ref=f"TF-{project.project_no}-{number}",
        kind=order.kind,
        cert_no=Sealed.of(cert_no),
        valid_to=order.valid_to,
        file_id=file.id,
    )
    file.object_kind, file.object_id = "central_project", project.id
    work.add(file)
    work.add(title)
    work.trail.tell("DATA.CREATE", "rooms.add_title", about=project, detail={"title": title.title_ref})
    return title.title_ref


@action("rooms.change_operator", "变更运营主体", roles=DISTRICT, event="DATA.UPDATE")
def change_operator(work: Work, order: ChangeOperator) -> None:
    """Give a project another operator; an opening is suspended until a key of the new one is bound (row 34)."""
    project = held(work, CentralProject, order.project_id, order.version)
    if project.state is ProjectState.CLOSED:
        raise Conflict("项目已关闭，不能变更运营主体")
    operator = _firm(work, order.operator_uscc, "运营主体")
    if not is_operator(operator):
        raise Rejected("运营企业未办理住房租赁企业备案，或者已暂停服务")
    if operator.id == project.enterprise_id:
        raise Rejected("该企业已是项目的运营主体")
    before = project.enterprise_id
    if project.owner_id is None:
        project.owner_id = before
    project.enterprise_id = operator.id
    project.operate_from = order.operate_from or project.operate_from
    project.operate_to = order.operate_to or project.operate_to
    work.add(project)
    work.trail.tell("DATA.UPDATE", "rooms.change_operator", about=project)
    OPERATOR_CHANGED.happened(work, project)
    for firm_id in (before, operator.id):
        tell_firm(work, firm_id, "项目运营主体变更", f"{project.name}的运营主体已变更为{operator.name}。", project)


@action("rooms.close_project", "关闭项目", roles=DISTRICT, step=Step(PROJECT, "close"))
def close_project(work: Work, project_id: UUID) -> None:
    """Close a project none of whose rooms is let."""
    project = held(work, CentralProject, project_id)
    let = select(CentralRoom.id).where(CentralRoom.project_id == project.id, CentralRoom.state == CentralRoomState.LET)
    if work.session.exec(let.limit(1)).first() is not None:
        raise Conflict("项目还有在租的房间，不能关闭")
    take_step(work, project, PROJECT, "close")
    OPERATOR_CHANGED.happened(work, project)
