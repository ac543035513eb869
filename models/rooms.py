"""Centralized projects and their rooms: the library, applications that change it, and openings (rows 33-36)."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlmodel import UniqueConstraint

from models.base import Placed, Row
from models.codes import Code
from models.columns import (
    area,
    blind_index,
    code,
    day,
    flag,
    integer,
    letters_key,
    loose_ref,
    moment,
    money,
    open_json,
    ref,
    sealed,
    sealed_json,
    text,
)
from models.machines import Machine
from models.sealed import Sealed


class ProjectKind(Code):
    MARKET = "MARKET", "市场化集中式"
    AFFORDABLE = "AFFORDABLE", "保障性租赁住房"
    PUBLIC_RENTAL = "PUBLIC_RENTAL", "公租房"
    BUILDER_HOME = "BUILDER_HOME", "建设者管理者之家"


class ProjectState(Code):
    STARTED = "STARTED", "待入库", "info"
    IN_LIBRARY = "IN_LIBRARY", "已入库", "good"
    CLOSED = "CLOSED", "已关闭", "muted"


PROJECT = Machine(
    {
        "admit": {
            ProjectState.STARTED: ProjectState.IN_LIBRARY,
            ProjectState.IN_LIBRARY: ProjectState.IN_LIBRARY,
        },
        "close": dict.fromkeys((ProjectState.STARTED, ProjectState.IN_LIBRARY), ProjectState.CLOSED),
    }
)


class TitleKind(Code):
    TITLE = "TITLE", "不动产权证书"
    CONVERSION = "CONVERSION", "改建批准文件"
    OTHER = "OTHER", "其他权属证明"


class CentralRoomState(Code):
    FREE = "FREE", "空置", "good"
    RESERVED = "RESERVED", "预订", "info"
    LET = "LET", "在租", "info"
    OUT = "OUT", "停用", "muted"
    CANCELLED = "CANCELLED", "已注销", "muted"


_IN_USE = (CentralRoomState.FREE, CentralRoomState.RESERVED, CentralRoomState.LET, CentralRoomState.OUT)
ROOM = Machine(
    {
        "let": {CentralRoomState.FREE: CentralRoomState.LET},
        "free": {CentralRoomState.LET: CentralRoomState.FREE},
        "cancel": dict.fromkeys(_IN_USE, CentralRoomState.CANCELLED),
    }
)


class ApplyKind(Code):
    INTAKE = "INTAKE", "入库"
    CHANGE = "CHANGE", "变更"


class RoomApplyState(Code):
    DRAFT = "DRAFT", "草稿", "info"
    REVIEWING = "REVIEWING", "待审核", "warn"
    RETURNED = "RETURNED", "已退回", "bad"
    APPROVED = "APPROVED", "已通过", "good"
    REFUSED = "REFUSED", "未通过", "bad"
    WITHDRAWN = "WITHDRAWN", "已撤回", "muted"


#: Where the firm may still edit an application.
EDITED_APPLY = frozenset({RoomApplyState.DRAFT, RoomApplyState.RETURNED})
ROOM_APPLY = Machine(
    {
        "submit": dict.fromkeys(EDITED_APPLY, RoomApplyState.REVIEWING),
        "return": {RoomApplyState.REVIEWING: RoomApplyState.RETURNED},
        "approve": {RoomApplyState.REVIEWING: RoomApplyState.APPROVED},
        "refuse": {RoomApplyState.REVIEWING: RoomApplyState.REFUSED},
        "withdraw": dict.fromkeys((*EDITED_APPLY, RoomApplyState.REVIEWING), RoomApplyState.WITHDRAWN),
    }
)


class LineKind(Code):
    ADD = "ADD", "新增"
    CHANGE = "CHANGE", "变更"
    CANCEL = "CANCEL", "注销"


class LineState(Code):
    DRAFT = "DRAFT", "待提交", "info"
    BARRED = "BARRED", "未提交", "bad"
    OPEN = "OPEN", "待审核", "warn"
    APPLIED = "APPLIED", "已生效", "good"
    REFUSED = "REFUSED", "不通过", "bad"
    RETURNED = "RETURNED", "已退回", "bad"
    WITHDRAWN = "WITHDRAWN", "已撤回", "muted"


_WAITING = (LineState.DRAFT, LineState.RETURNED, LineState.BARRED)
ROOM_LINE = Machine(
    {
        "submit": dict.fromkeys(_WAITING, LineState.OPEN),
        "bar": dict.fromkeys(_WAITING, LineState.BARRED),
        "apply": {LineState.OPEN: LineState.APPLIED},
        "refuse": {LineState.OPEN: LineState.REFUSED},
        "return": {LineState.OPEN: LineState.RETURNED},
        "withdraw": dict.fromkeys((*_WAITING, LineState.OPEN), LineState.WITHDRAWN),
    }
)


class FilingAnswer(Code):
    """Answer of the filing library about a room."""

    NONE = "NONE", "无有效备案", "good"
    ACTIVE = "ACTIVE", "有有效备案", "bad"
    UNKNOWN = "UNKNOWN", "未应答", "warn"


class OpeningMode(Code):
    AUTO = "AUTO", "自动关联"
    MANUAL = "MANUAL", "人工选择"


class OpeningState(Code):
    OPENED = "OPENED", "已开盘", "good"
    SUSPENDED = "SUSPENDED", "暂停", "bad"
    CLOSED = "CLOSED", "已结束", "muted"


OPENING = Machine(
    {
        "suspend": {OpeningState.OPENED: OpeningState.SUSPENDED},
        "rebind": {OpeningState.SUSPENDED: OpeningState.OPENED},
        "close": dict.fromkeys((OpeningState.OPENED, OpeningState.SUSPENDED), OpeningState.CLOSED),
    }
)


class CentralProject(Placed, table=True):
    """A project run as a whole."""

    project_no: str = text("项目编号", max=40, unique=True)
    name: str = text("项目名称", max=80)
    name_letters: str | None = letters_key("项目名称", "name", max=80)
    kind: ProjectKind = code(ProjectKind, "项目类别")
    managed: bool = flag("已纳管", False)
    enterprise_id: UUID = ref("enterprise", "运营企业")
    operate_from: date | None = day("经营期起", None)
    operate_to: date | None = day("经营期止", None)
    #: True while an opening is in force (row 34); filings read it (F16).
    opened: bool = flag("已开盘", False)
    room_total: int = integer("房间数", 0)
    owner_id: UUID | None = loose_ref("权属单位", None)
    agreement_no: str = text("委托运营协议", "", max=60)
    recognition_no: str = text("纳管认定文件", "", max=60)
    address: str = text("项目地址", "", max=200)
    build_area: Decimal | None = area("总建筑面积", None)
    #: Named where fifteen persons or more may live in the project (Z10).
    safety_manager: Sealed | None = sealed("安全管理人员", None, mask="name")
    safety_phone: Sealed | None = sealed("安全管理人员电话", None, mask="phone")
    state: ProjectState = code(ProjectState, "项目状态", ProjectState.IN_LIBRARY, index=True)
    #: The last number given to a room of it.
    last_room: int = integer("房间序号", 0)


class CentralBuilding(Row, table=True):
    """A building of a project."""

    __table_args__ = (UniqueConstraint("project_id", "name"),)

    project_id: UUID = ref("central_project", "项目", owner=True)
    name: str = text("楼栋", max=40)
    floors: int = integer("总层数", positive=True)
    elevator: bool = flag("有电梯", True)


class CentralTitle(Row, table=True):
    """A proof of the right to let rooms of a project, with the end of its validity (Z01)."""

    project_id: UUID = ref("central_project", "项目", owner=True)
    title_ref: str = text("权属文件编号", max=40, unique=True)
    kind: TitleKind = code(TitleKind, "文件类别")
    cert_no: Sealed | None = sealed("权属证明编号", None, domain="cert_no", mask="cert")
    cert_no_index: str | None = blind_index("权属证明编号")
    valid_to: date = day("有效期至")
    file_id: UUID | None = loose_ref("扫描件", None, index=False)


class CentralRoom(Row, table=True):
    """A room of a project in the library; its number is unique in its building."""

    # NULLs are distinct in a unique key on every engine: the number of a cancelled room may be used again.
    __table_args__ = (UniqueConstraint("project_id", "number_key"),)

    project_id: UUID = ref("central_project", "项目", owner=True)
    house_id: UUID | None = loose_ref("房屋", None)
    room_no: str = text("房号", max=40)
    usable_area: Decimal = area("使用面积")
    max_persons: int = integer("最多居住人数", 2)
    beds: int = integer("床位数", 0)
    in_library: bool = flag("已入库", True)
    state: CentralRoomState = code(CentralRoomState, "状态", CentralRoomState.FREE)
    room_code: str = text("房间编码", "", max=50, index=True)
    building: str = text("楼栋", "", max=40)
    #: Building and number of a room that is not cancelled.
    number_key: str | None = text("房号比对值", None, max=90)
    floor: int = integer("楼层", 0)
    layout: str = text("户型", "", max=20)
    build_area: Decimal | None = area("建筑面积", None)
    list_rent: Decimal | None = money("月租金", None)
    managed: bool = flag("纳管", True)
    title_id: UUID | None = loose_ref("权属文件", None, index=False)
    note: Sealed | None = sealed_json("备注", None)


class RoomApply(Placed, table=True):
    """An application of an operator: rooms to take into the library (row 33), or changes of rooms in it (row 35)."""

    apply_no: str = text("申请编号", max=40, unique=True)
    kind: ApplyKind = code(ApplyKind, "申请类别", index=True)
    project_id: UUID = ref("central_project", "项目")
    enterprise_id: UUID = ref("enterprise", "运营企业")
    #: The import session its lines came with.
    session_id: UUID | None = loose_ref("导入批次", None)
    reason: Sealed | None = sealed_json("申请理由", None)
    state: RoomApplyState = code(RoomApplyState, "状态", RoomApplyState.DRAFT, index=True)
    submitted_by: UUID | None = loose_ref("提交人", None, index=False)
    submitted_at: datetime | None = moment("提交时间", None, index=True)
    reviewed_by: UUID | None = loose_ref("审核人", None, index=False)
    reviewed_at: datetime | None = moment("审核时间", None)
    opinion: Sealed | None = sealed_json("审核意见", None)
    last_line: int = integer("行数", 0)
    paper_no: str = text("审核意见编号", "", max=60)


class RoomApplyLine(Row, table=True):
    """A line of an application: a room to add, a field of a room to change, or a room to cancel."""

    __table_args__ = (UniqueConstraint("apply_id", "line_no"),)

    apply_id: UUID = ref("room_apply", "申请", owner=True)
    line_no: int = integer("行号")
    kind: LineKind = code(LineKind, "类别")
    state: LineState = code(LineState, "状态", LineState.DRAFT, index=True)
    room_id: UUID | None = loose_ref("房间", None)
    building: str = text("楼栋", max=40)
    room_no: str = text("房号", max=40)
    field: str = text("变更项", "", max=20)
    before: str = text("变更前", "", max=200)
    after: str = text("变更后", "", max=200)
    #: The fields of a room to add, by name.
    content: dict[str, str] | None = open_json("房间内容", None, reason="房间的楼层、面积、租金等，无个人信息")
    paper: str = text("依据文件", "", max=60)
    reason: Sealed | None = sealed_json("理由", None)
    note: Sealed | None = sealed_json("备注", None)
    codes: str = text("规则", "", max=80)
    found: str = text("核验情况", "", max=300)
    review_codes: str = text("审核时规则", "", max=80)
    library: FilingAnswer | None = code(FilingAnswer, "备案库答复", None)
    opinion: Sealed | None = sealed_json("审核意见", None)
    decided_at: datetime | None = moment("办结时间", None)


class ProjectOpening(Placed, table=True):
    """The opening of a project: whose key its contracts are signed with (row 34)."""

    project_id: UUID = ref("central_project", "项目")
    #: The firm whose key opens it, and the operator at that moment.
    enterprise_id: UUID = ref("enterprise", "密钥企业")
    operator_id: UUID = loose_ref("运营主体")
    key_id: UUID = loose_ref("密钥")
    mode: OpeningMode = code(OpeningMode, "关联方式")
    state: OpeningState = code(OpeningState, "状态", OpeningState.OPENED, index=True)
    rooms: int = integer("开盘房间数", 0)
    opened_by: UUID | None = loose_ref("办理人", None, index=False)
    opened_on: date = day("开盘日期")
    suspended_on: date | None = day("暂停日期", None)
    reason: str = text("暂停原因", "", max=200)
    closed_on: date | None = day("结束日期", None)
    paper_no: str = text("确认单编号", "", max=60)
