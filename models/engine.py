"""Tables of the engine: dated parameters, counters, outbox, leases, answered requests, drafts, notices."""

from datetime import date, datetime
from uuid import UUID

from sqlmodel import UniqueConstraint

from models.base import Row, Stamped, Table
from models.codes import Code
from models.columns import code, day, flag, ident, integer, loose_ref, moment, sealed_json, text
from models.machines import Machine
from models.sealed import Sealed


class ParameterState(Code):
    PROPOSED = "PROPOSED", "待复核", "warn"
    CONFIRMED = "CONFIRMED", "已同意", "good"
    REJECTED = "REJECTED", "未同意", "muted"


PARAMETER = Machine(
    {
        "confirm": {ParameterState.PROPOSED: ParameterState.CONFIRMED},
        "reject": {ParameterState.PROPOSED: ParameterState.REJECTED},
    }
)


class Parameter(Stamped, table=True):
    """A value of a threshold from one day on; a change needs a second person's confirmation."""

    key: str = text("参数", max=60, index=True)
    value: str = text("值", max=200)
    valid_from: date = day("生效日期", index=True)
    valid_to: date | None = day("失效日期", None)
    source: str = text("依据", max=120)
    reason: str = text("修改理由", "", max=200)
    state: ParameterState = code(ParameterState, "状态", ParameterState.PROPOSED)
    proposed_by: UUID | None = loose_ref("提出人", None, index=False)
    confirmed_by: UUID | None = loose_ref("复核人", None, index=False)
    confirmed_at: datetime | None = moment("复核时间", None)


class NumberCounter(Row, table=True):
    """A series of numbers; its row is locked while one is drawn.

    The last number drawn is the row's version, so that the audit knows it: a counter put back draws nothing.
    """

    series: str = text("号段", max=40, unique=True)
    version: int = integer("当前值", 0)


class OutgoingState(Code):
    WAITING = "WAITING", "待发送", "info"
    SENT = "SENT", "已送达", "good"
    DEAD = "DEAD", "发送失败", "bad"


OUTGOING = Machine(
    {
        # A receipt may come by another way after the last attempt has failed.
        "arrive": {OutgoingState.WAITING: OutgoingState.SENT, OutgoingState.DEAD: OutgoingState.SENT},
        "give_up": {OutgoingState.WAITING: OutgoingState.DEAD, OutgoingState.DEAD: OutgoingState.DEAD},
        "resend": {OutgoingState.DEAD: OutgoingState.WAITING},
    }
)


class Outgoing(Stamped, table=True):
    """A message to a partner, written in the transaction that caused it and sent by a job."""

    __table_args__ = (UniqueConstraint("system", "business_key"),)

    system: str = text("对方系统", max=40, index=True)
    operation: str = text("业务", max=60)
    business_key: str = text("业务键", max=100)
    object_kind: str = text("对象类别", max=40)
    object_id: UUID = loose_ref("对象")
    request_id: str = text("请求号", max=64, unique=True)
    payload: Sealed = sealed_json("报文")
    state: OutgoingState = code(OutgoingState, "状态", OutgoingState.WAITING, index=True)
    attempts: int = integer("尝试次数", 0)
    next_at: datetime = moment("下次发送", index=True)
    last_error: str = text("最近错误", "", max=200)
    sent_at: datetime | None = moment("送达时间", None)
    receipt: str = text("回执号", "", max=100)


class ExchangeLog(Row, table=True):
    """An exchange with a partner: the request, the outcome, the duration."""

    __table_args__ = ({"info": {"by_month": True}},)

    at: datetime = moment("时间", index=True)
    system: str = text("对方系统", max=40, index=True)
    direction: str = text("方向", max=3)
    operation: str = text("业务", max=60)
    request_id: str = text("请求号", max=64, index=True)
    outcome: str = text("结果", max=20)
    attempt: int = integer("第几次", 1)
    milliseconds: int = integer("耗时", 0, unit="毫秒")
    detail: str = text("说明", "", max=200)


class JobLease(Table, table=True):
    """The worker that holds a job, and until when no other worker may run it."""

    __table_args__ = (
        {"info": {"unprotected": "who works now: a job without its lease runs once more, which every job allows"}},
    )

    id: UUID = ident()
    job: str = text("任务", max=60, unique=True)
    holder: str = text("持有者", max=80)
    until: datetime = moment("租约至")
    last_run_at: datetime | None = moment("上次运行", None)
    #: Of a daily job: the last business day it was run for.
    day: date | None = day("已运行至业务日", None)
    last_result: str = text("上次结果", "", max=200)


class AnsweredRequest(Row, table=True):
    """The stored answer to a request id, returned when the request is repeated."""

    __table_args__ = (UniqueConstraint("caller", "action", "request_id"),)

    caller: str = text("主体", max=80)
    action: str = text("动作", max=60)
    request_id: str = text("请求号", max=64)
    fingerprint: str = text("内容摘要", max=64)
    answer: Sealed = sealed_json("应答")
    at: datetime = moment("时间", index=True)


class Draft(Stamped, table=True):
    """A user's unfinished input, saved on the server every few seconds."""

    __table_args__ = ({"info": {"no_ledger": "written every few seconds, binds nobody"}},)

    owner_id: UUID = loose_ref("所有人")
    kind: str = text("类别", max=40, index=True)
    title: str = text("标题", "", max=80)
    payload: Sealed = sealed_json("内容")
    closed: bool = flag("已了结", False)
    result_id: UUID | None = loose_ref("结果", None, index=False)


class Notice(Stamped, table=True):
    """A message shown in a user's workspace (decision 28)."""

    __table_args__ = ({"info": {"no_ledger": "tells of an act that is in the audit itself"}},)

    to_account: UUID | None = loose_ref("接收人", None)
    to_unit: UUID | None = loose_ref("接收单位", None)
    to_enterprise: UUID | None = loose_ref("接收企业", None)
    subject: str = text("主题", max=120)
    body: Sealed = sealed_json("内容")
    object_kind: str = text("对象类别", "", max=40)
    object_id: UUID | None = loose_ref("对象", None)
    read_at: datetime | None = moment("已读时间", None)
    #: When its reader first sees it, because the act behind it may be undone before.
    held_until: datetime | None = moment("暂缓至", None)


class ClockShift(Table, table=True):
    """Offset of the business clock from the system clock; movable in demo and tests only."""

    __table_args__ = ({"info": {"unprotected": "demo and tests only"}},)

    id: UUID = ident()
    name: str = text("时钟", max=20, unique=True)
    seconds: int = integer("偏移", 0, unit="秒")
