"""Places let to many tenants outside the managed library, as districts report them month by month (row 37, leasing 2.12)."""

import re
from datetime import date, datetime
from decimal import Decimal

from models.codes import Code
from models.columns import (
    area,
    blind_index,
    code,
    computed,
    credit_code,
    day,
    integer,
    letters_key,
    moment,
    money,
    normal_key,
    sealed,
    text,
)
from models.machines import Machine
from models.normal import normal_number
from models.places_data import districts
from models.records import ChildRow, InForce, grid_index
from models.sealed import Sealed


class OperatorKind(Code):
    FIRM = "FIRM", "企业"
    PERSON = "PERSON", "个人"
    UNKNOWN = "UNKNOWN", "不明"


class LandNature(Code):
    COMMERCIAL = "COMMERCIAL", "商业"
    OFFICE = "OFFICE", "办公"
    FACTORY = "FACTORY", "厂房"
    DORMITORY = "DORMITORY", "宿舍"
    OTHER = "OTHER", "其他"


class Known(Code):
    YES = "YES", "有"
    NO = "NO", "没有"
    UNKNOWN = "UNKNOWN", "不明"


class YesNo(Code):
    YES = "YES", "是"
    NO = "NO", "否"


class Rectification(Code):
    NONE = "NONE", "无需整改", "muted"
    UNDER_WAY = "UNDER_WAY", "整改中", "warn"
    DONE = "DONE", "已整改", "good"
    STOPPED = "STOPPED", "已停止出租", "muted"


class HazardKind(Code):
    FIRE = "FIRE", "消防设施"
    EXIT = "EXIT", "疏散通道"
    ELECTRIC = "ELECTRIC", "用电用气"
    STRUCTURE = "STRUCTURE", "房屋结构"
    PARTITION = "PARTITION", "违规分隔"
    CROWDED = "CROWDED", "超员居住"
    OTHER = "OTHER", "其他"


class LetState(Code):
    LET = "LET", "在租", "info"
    FREE = "FREE", "空置", "good"
    OUT = "OUT", "停用", "muted"


class UnmanagedState(Code):
    """Stage of a reported place; a converted one keeps its history and is updated no more."""

    LISTED = "LISTED", "在册", "info"
    PROPOSED = "PROPOSED", "拟转入纳管", "warn"
    CONVERTED = "CONVERTED", "已转入纳管", "good"
    CLOSED = "CLOSED", "已停止出租", "muted"


UNMANAGED = Machine(
    {
        "propose": {UnmanagedState.LISTED: UnmanagedState.PROPOSED},
        "give_up": {UnmanagedState.PROPOSED: UnmanagedState.LISTED},
        "convert": {UnmanagedState.PROPOSED: UnmanagedState.CONVERTED},
        "close": dict.fromkeys((UnmanagedState.LISTED, UnmanagedState.PROPOSED), UnmanagedState.CLOSED),
        "reopen": {UnmanagedState.CLOSED: UnmanagedState.LISTED},
    }
)

_CITY = re.compile(r"^(上海市|上海)")
_LONGEST_KEY = 160


def address_key(address: str) -> str:
    """Return the form in which addresses are compared: without city and district, half-width, no blanks."""
    plain = _CITY.sub("", normal_number(address))
    for one in districts():
        if plain.startswith(one.name):
            return plain.removeprefix(one.name)[:_LONGEST_KEY]
    return plain[:_LONGEST_KEY]


class UnmanagedReport(InForce, table=True):
    """A reported place in force, with its numbers of the month reported last."""

    __table_args__ = (
        grid_index(
            "unmanaged_report",
            "project_name",
            "stage",
            "land_nature",
            "period",
            "room_count",
            "resident_count",
            "open_hazards",
            "rectification",
            "street",
        ),
    )

    project_name: str = text("项目名称", max=100)
    project_name_letters: str | None = letters_key("项目名称", "project_name", max=100)
    address: str = text("项目地址", max=200, help="写到门牌号，同一地址据此查重")
    address_key: str | None = normal_key("项目地址", max=_LONGEST_KEY)
    street: str = text("街镇", max=40)
    in_estate: YesNo = code(YesNo, "在居民小区内")
    land_nature: LandNature = code(LandNature, "土地房屋性质")
    title_state: Known = code(Known, "权属证明")
    conversion: Known = code(Known, "改建批准")

    operator_kind: OperatorKind = code(OperatorKind, "经营者类型")
    operator_name: Sealed | None = sealed("经营者名称", None, domain="name", mask="party")
    operator_name_index: str | None = blind_index("经营者名称")
    operator_phone: Sealed | None = sealed("经营者电话", None, domain="phone", mask="phone")
    operator_phone_index: str | None = blind_index("经营者电话")
    licence_no: str | None = credit_code("营业执照号", None)
    safety_manager: Sealed | None = sealed("安全管理人员", None, domain="name", mask="name")
    safety_manager_index: str | None = blind_index("安全管理人员")
    safety_phone: Sealed | None = sealed("安全员电话", None, domain="phone", mask="phone")
    safety_phone_index: str | None = blind_index("安全员电话")

    period: str = text("报备月份", max=7, help="例如2026-06")
    building_count: int = integer("楼栋数", unit="栋", positive=True)
    room_count: int = integer("房间数", unit="间", positive=True)
    bed_count: int = integer("床位数", unit="张")
    resident_count: int = integer("居住人数", unit="人")
    rectification: Rectification = code(Rectification, "整改情况")

    stage: UnmanagedState = computed(code(UnmanagedState, "纳管情况", UnmanagedState.LISTED, index=True))
    open_hazards: int = computed(integer("未整改隐患", 0, unit="项"))
    managed_as: str | None = computed(text("纳管项目编号", None, max=40))
    proposed_at: datetime | None = computed(moment("提议纳管时间", None))
    reminded_at: datetime | None = computed(moment("最近提醒时间", None))


class UnmanagedRoom(ChildRow, table=True):
    """A room of a reported place."""

    room_no: str = text("房号", max=40)
    area: Decimal | None = area("面积", None, positive=True)
    beds: int | None = integer("床位", None, unit="张")
    rent: Decimal | None = money("月租金", None)
    let_state: LetState = code(LetState, "出租状态")


class UnmanagedTenant(ChildRow, table=True):
    """A person who lives in a reported place; read by the district alone."""

    name: Sealed = sealed("姓名", domain="name", mask="name")
    name_index: str | None = blind_index("姓名")
    id_no: Sealed | None = sealed("身份证号码", None, domain="id_no", mask="id")
    id_no_index: str | None = blind_index("身份证号码")
    phone: Sealed | None = sealed("手机号", None, domain="phone", mask="phone")
    phone_index: str | None = blind_index("手机号")
    room_no: str = text("房号", max=40)
    moved_in_on: date = day("入住日期")
    moved_out_on: date | None = day("搬离日期", None)
    workplace: Sealed | None = sealed("工作单位", None, mask="party")
    registered: YesNo = code(YesNo, "已办居住登记")


class UnmanagedHazard(ChildRow, table=True):
    """A hazard found in a reported place, and the day on which it was put right."""

    kind: HazardKind = code(HazardKind, "隐患类别")
    spot: str = text("部位", max=60)
    found_on: date = day("发现日期")
    due_on: date | None = day("整改期限", None)
    done_on: date | None = day("整改完成日期", None)
