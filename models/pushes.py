"""Leases pushed by the association's members, check-ins and move-outs of long-rent projects (rows 13, 14)."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlmodel import UniqueConstraint

from models.base import Placed, Row, Stamped
from models.columns import area, code, day, flag, integer, loose_ref, moment, money, open_json, ref, sealed_json, text
from models.push_codes import BatchState, DifferenceKind, DifferenceState, MoveOutState, PushState, StayState
from models.sealed import Sealed


class BrokerBatch(Stamped, table=True):
    """A batch of the association; its lines are `BrokerPush`, its counts those of the reply."""

    __table_args__ = (UniqueConstraint("app_id", "batch_no"),)

    app_id: str = text("对接系统", max=32)
    batch_no: str = text("批次号", max=64)
    fingerprint: str = text("内容摘要", max=64)
    received_at: datetime = moment("接收时间", index=True)
    answered_at: datetime | None = moment("答复时间", None)
    total: int = integer("报送件数", unit="件")
    filed: int = integer("已备案", 0, unit="件")
    waiting: int = integer("核验中", 0, unit="件")
    intercepted: int = integer("系统拦截", 0, unit="件")
    refused: int = integer("未通过", 0, unit="件")
    state: BatchState = code(BatchState, "状态", BatchState.RECEIVING)


class BrokerPush(Placed, table=True):
    """A signed lease of a member, judged once; unique by the member's own number and the attempt."""

    __table_args__ = (UniqueConstraint("app_id", "member_uscc", "own_no", "attempt"),)

    app_id: str = text("对接系统", max=32)
    batch_id: UUID = ref("broker_batch", "批次")
    position: int = integer("批内序号")
    member_uscc: str = text("会员统一社会信用代码", "", max=18, index=True)
    enterprise_id: UUID | None = loose_ref("会员企业", None)
    own_no: str = text("会员自编号", max=80)
    attempt: int = integer("报送次数", 1)
    fingerprint: str = text("内容摘要", max=64)
    contract_key: str = text("合同特征", "", max=64, index=True, help="房屋、部位、双方和租期的摘要")
    contract_id: UUID | None = loose_ref("合同", None)
    case_id: UUID | None = loose_ref("办件", None)
    filing_id: UUID | None = loose_ref("备案", None)
    received_at: datetime = moment("接收时间", index=True)
    month: str = text("报送月份", max=7, index=True)
    signed_on: date | None = day("签订日期", None)
    late_days: int = integer("逾期天数", 0, unit="天")
    month_rent: Decimal | None = money("月租金", None)
    leased_area: Decimal | None = area("租赁面积", None)
    rent_unusual: bool = flag("租金异常", False)
    state: PushState = code(PushState, "状态", index=True)


class PushReason(Row, table=True):
    """A finding about a pushed lease or a check-in, as sent to its sender."""

    push_id: UUID = loose_ref("报送件", owner=("broker_push", "check_in"))
    position: int = integer("序号", 1)
    code: str = text("规则", max=12, index=True)
    severity: str = text("处理", max=12)
    field: str = text("字段", "", max=60)
    message: str = text("说明", max=300)


class CheckIn(Placed, table=True):
    """A tenant's move into a room of a project; the filing follows automatically."""

    __table_args__ = (UniqueConstraint("app_id", "checkin_no", "attempt"),)

    app_id: str = text("对接系统", max=32)
    checkin_no: str = text("入住编号", max=64)
    attempt: int = integer("报送次数", 1)
    fingerprint: str = text("内容摘要", max=64)
    operator_uscc: str = text("运营方统一社会信用代码", max=18)
    enterprise_id: UUID | None = loose_ref("运营企业", None)
    project_id: UUID | None = loose_ref("项目", None)
    project_no: str = text("项目编号", max=40)
    room_no: str = text("房号", max=40)
    bed: str = text("床位", "", max=20)
    previous_id: UUID | None = loose_ref("换出的入住", None)
    start: date = day("起租日期")
    end: date = day("止租日期")
    checked_in_at: datetime = moment("入住时间")
    received_at: datetime = moment("接收时间", index=True)
    month: str = text("入住月份", max=7, index=True)
    late_days: int = integer("补报天数", 0, unit="天")
    persons: int = integer("居住人数", 0, unit="人")
    month_rent: Decimal | None = money("月租金", None)
    message: Sealed | None = sealed_json("入住信息", None)
    contract_id: UUID | None = loose_ref("合同", None)
    case_id: UUID | None = loose_ref("办件", None)
    filing_id: UUID | None = loose_ref("备案", None)
    state: StayState = code(StayState, "状态", index=True)


class MoveOut(Placed, table=True):
    """A tenant's move out of a room of a project; the filing of the stay is cancelled."""

    __table_args__ = (UniqueConstraint("app_id", "checkout_no"),)

    app_id: str = text("对接系统", max=32)
    checkout_no: str = text("退租编号", max=64)
    fingerprint: str = text("内容摘要", max=64)
    checkin_no: str = text("入住编号", max=64)
    checkin_id: UUID | None = loose_ref("入住", None)
    project_id: UUID | None = loose_ref("项目", None)
    project_no: str = text("项目编号", max=40)
    room_no: str = text("房号", max=40)
    left_on: date = day("退租日期")
    room_change: bool = flag("换房", False)
    received_at: datetime = moment("接收时间", index=True)
    month: str = text("退租月份", max=7, index=True)
    filing_id: UUID | None = loose_ref("备案", None)
    state: MoveOutState = code(MoveOutState, "状态", index=True)


class OccupiedList(Placed, table=True):
    """The occupied rooms of a project on a day, as its operator reports them."""

    __table_args__ = (UniqueConstraint("project_id", "as_of"),)

    app_id: str = text("对接系统", max=32)
    project_id: UUID = ref("central_project", "项目")
    as_of: date = day("在住日期", index=True)
    received_at: datetime = moment("接收时间")
    rooms: list[dict[str, object]] = open_json("在住房间", reason="房号、床位、入住编号和人数，不含个人信息")


class StayDifference(Placed, table=True):
    """A difference between the occupied rooms and the active filings of a project; closed when they agree."""

    project_id: UUID = ref("central_project", "项目")
    kind: DifferenceKind = code(DifferenceKind, "差异", index=True)
    room_no: str = text("房号", "", max=40)
    bed: str = text("床位", "", max=20)
    checkin_no: str = text("入住编号", "", max=64)
    filing_id: UUID | None = loose_ref("备案", None)
    detail: str = text("说明", "", max=120)
    found_on: date = day("发现日期")
    closed_on: date | None = day("消除日期", None)
    state: DifferenceState = code(DifferenceState, "状态", DifferenceState.OPEN, index=True)
