"""Personal sublets (个人转租): who lets on, which units, and alerts above the threshold (leasing 2.11, row 49)."""

from datetime import date, datetime
from uuid import UUID

from sqlmodel import UniqueConstraint

from models.base import Placed, Row, Stamped
from models.codes import Code
from models.columns import blind_index, code, day, district, flag, integer, loose_ref, moment, ref, sealed, text
from models.machines import Machine
from models.sealed import Sealed

#: The part of a unit that is a whole flat.
WHOLE = "*"


class UnitState(Code):
    ACTIVE = "ACTIVE", "转租中", "good"
    INTERCEPTED = "INTERCEPTED", "待核实", "warn"
    ENDED = "ENDED", "已结束", "muted"


UNIT = Machine({"end": dict.fromkeys((UnitState.ACTIVE, UnitState.INTERCEPTED), UnitState.ENDED)})


class UnitEnding(Code):
    DECLARED = "DECLARED", "本人申报"
    HEAD_LEASE = "HEAD_LEASE", "上手租约到期"


class SubletAlertState(Code):
    OPEN = "OPEN", "待处理", "bad"
    HANDLING = "HANDLING", "处理中", "warn"
    CLOSED = "CLOSED", "已关闭", "muted"


ALERT = Machine(
    {
        "handle": {SubletAlertState.OPEN: SubletAlertState.HANDLING},
        "close": dict.fromkeys((SubletAlertState.OPEN, SubletAlertState.HANDLING), SubletAlertState.CLOSED),
        "reopen": {SubletAlertState.CLOSED: SubletAlertState.OPEN},
    }
)


class SubletClosing(Code):
    REDUCED = "REDUCED", "减少"
    FIRM = "FIRM", "办照"
    MISTAKEN = "MISTAKEN", "误报"


class SubletAct(Code):
    OPENED = "OPENED", "发出预警"
    REOPENED = "REOPENED", "再次预警"
    TAKEN = "TAKEN", "接手处理"
    TALKED = "TALKED", "约谈"
    URGED = "URGED", "督促办照"
    CLOSED = "CLOSED", "关闭"


class SubletPerson(Placed, table=True):
    """A person who lets on what he rents. `district_code` is the main district.

    `joined_to` is the person of whom this is a second document; `firm_uscc` the business the person registered, from
    `firm_since` on nothing counts as a personal sublet.
    """

    name: Sealed = sealed("姓名", domain="name", mask="name")
    name_index: str | None = blind_index("姓名")
    id_type: str = text("证件类型", max=2)
    id_no: Sealed = sealed("证件号码", domain="id_no", mask="id")
    id_no_index: str | None = blind_index("证件号码")
    mobile: Sealed | None = sealed("联系电话", None, domain="phone", mask="phone")
    mobile_index: str | None = blind_index("联系电话")
    joined_to: UUID | None = loose_ref("同一人的主记录", None)
    firm_uscc: str = text("已登记市场主体", "", max=18)
    firm_since: date | None = day("登记市场主体日期", None)
    units: int = integer("转租套（间）数", 0, index=True)
    most: int = integer("最多套（间）数", 0)
    counted_at: datetime | None = moment("计数时间", None)
    #: The office that registered the person; others do not see who it is.
    unit_id: UUID | None = loose_ref("登记单位", None)


class SubletUnit(Placed, table=True):
    """A flat or a room a person has registered as let on; it counts while its head lease runs."""

    register_no: str = text("登记编号", "", max=32, index=True)
    person_id: UUID = ref("sublet_person", "转租人")
    house_id: UUID = ref("house", "房屋")
    part: str = text("部位", max=20, help="整套为 *，否则为房间号")
    head_from: date = day("上手租约起")
    head_to: date = day("上手租约止", index=True)
    consent: str = text("出租人同意材料", "", max=64, help="扫描件摘要，或纸质件编号")
    state: UnitState = code(UnitState, "状态", UnitState.ACTIVE, index=True)
    ended_on: date | None = day("结束日期", None)
    ending: UnitEnding | None = code(UnitEnding, "结束方式", None)
    unit_id: UUID | None = loose_ref("登记单位", None)
    clerk_id: UUID | None = loose_ref("经办人", None)


class SubletAlert(Stamped, table=True):
    """The alert about a person above the threshold; the same one is opened again when the count crosses it again."""

    alert_no: str = text("预警编号", "", max=32, index=True)
    person_id: UUID = ref("sublet_person", "转租人", unique=True)
    state: SubletAlertState = code(SubletAlertState, "状态", SubletAlertState.OPEN, index=True)
    units: int = integer("预警时套（间）数")
    threshold: int = integer("预警标准", unit="套（间）")
    opened_at: datetime = moment("预警时间", index=True)
    times: int = integer("预警次数", 1)
    handler_id: UUID | None = loose_ref("处理人", None, index=False)
    closing: SubletClosing | None = code(SubletClosing, "关闭原因", None)
    closed_at: datetime | None = moment("关闭时间", None)


class SubletAlertDistrict(Row, table=True):
    """A district that was notified of an alert, and the streets in which units lie."""

    __table_args__ = (UniqueConstraint("alert_id", "district_code"),)

    alert_id: UUID = ref("sublet_alert", "预警", owner=True)
    district_code: str = district("区", index=True)
    main: bool = flag("主要区", False)
    units: int = integer("本区套（间）数", 0)
    streets: str = text("涉及街镇", "", max=400)


class SubletAlertStep(Row, table=True):
    """A step in the history of an alert."""

    alert_id: UUID = ref("sublet_alert", "预警", owner=True)
    act: SubletAct = code(SubletAct, "事项")
    at: datetime = moment("时间")
    units: int = integer("套（间）数")
    by_account: UUID | None = loose_ref("办理人", None, index=False)
    note: Sealed | None = sealed("说明", None)
