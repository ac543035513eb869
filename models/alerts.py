"""Alerts: graded warnings about a company, a parcel or a project, with a life of their own (market 2.16, row 54)."""

from datetime import date, datetime
from uuid import UUID

from models.base import Row, Stamped
from models.codes import Code
from models.columns import code, day, district, integer, letters_key, loose_ref, moment, ref, sealed_json, text
from models.machines import Machine
from models.sealed import Sealed


class AlertGrade(Code):
    """Mildest first."""

    BLUE = "BLUE", "提示", "info"
    YELLOW = "YELLOW", "警示", "warn"
    RED = "RED", "严重", "bad"

    @property
    def rank(self) -> int:
        return list(type(self)).index(self)

    @property
    def next(self) -> "AlertGrade":
        """Return the next higher grade; red stays red."""
        grades = list(type(self))
        return grades[min(self.rank + 1, len(grades) - 1)]


class AlertState(Code):
    OPEN = "OPEN", "待确认", "bad"
    ACKNOWLEDGED = "ACKNOWLEDGED", "处理中", "warn"
    EXPLAINED = "EXPLAINED", "已说明", "info"
    RESOLVED = "RESOLVED", "已消除", "good"
    CLOSED_BY_AUTHORITY = "CLOSED_BY_AUTHORITY", "已关闭", "muted"


_STANDING = (AlertState.OPEN, AlertState.ACKNOWLEDGED, AlertState.EXPLAINED)

ALERT = Machine(
    {
        "acknowledge": {AlertState.OPEN: AlertState.ACKNOWLEDGED},
        "explain": dict.fromkeys(_STANDING, AlertState.EXPLAINED),
        "escalate": {AlertState.OPEN: AlertState.OPEN},
        # Readers who acknowledged the milder grade have not seen this one.
        "worsen": dict.fromkeys(_STANDING, AlertState.OPEN),
        "resolve": dict.fromkeys(_STANDING, AlertState.RESOLVED),
        "close": dict.fromkeys(_STANDING, AlertState.CLOSED_BY_AUTHORITY),
    }
)

#: States in which an alert still waits for a reader or for its condition to go.
STANDING = frozenset(_STANDING)
#: States in which the deadline runs: what was explained in time waits for the authority, which may leave it.
UNANSWERED = frozenset({AlertState.OPEN, AlertState.ACKNOWLEDGED})


class Alert(Stamped, table=True):
    """A warning about a subject; `open_key` is its rule, subject and key while it is open, so that only one can be.

    `quiet_key` holds that value after the authority closed the alert while its condition lasts: it is raised again only
    when the condition gets worse. The title names no person; the compared values are sealed in `evidence`.
    """

    alert_no: str = text("预警编号", "", max=32, index=True)
    rule_code: str = text("规则", max=20, index=True)
    subject_type: str = text("对象类别", max=40, index=True)
    subject_id: UUID = loose_ref("对象")
    subject_label: str = text("对象名称（企业、项目或地块）", "", max=200)
    subject_label_letters: str | None = letters_key("对象名称", "subject_label")
    key: str = text("事由标识", "", max=80)
    open_key: str | None = text("未了结标识", None, max=160, unique=True)
    quiet_key: str | None = text("已关闭未消除标识", None, max=160, index=True)

    grade: AlertGrade = code(AlertGrade, "级别", index=True)
    state: AlertState = code(AlertState, "状态", AlertState.OPEN, index=True)
    title: str = text("标题", max=120)
    detail: Sealed = sealed_json("内容")
    evidence: Sealed = sealed_json("依据数据")
    #: Recipients: P project company, H head company, D district, C city, S system staff.
    told: str = text("告知对象", "", max=8)

    first_seen: datetime = moment("首次发现", index=True)
    last_seen: datetime = moment("最近发现", index=True)
    hits: int = integer("发现次数", 1)
    acknowledge_by: date = day("确认期限", index=True)
    due_on: date = day("处理期限", index=True)
    ended_at: datetime | None = moment("了结时间", None)

    district_code: str = district("所属区", "", index=True)
    head_company_id: UUID | None = loose_ref("总公司", None)
    project_company_id: UUID | None = loose_ref("项目公司", None)
    project_id: UUID | None = loose_ref("项目", None)


class AlertAct(Code):
    RAISED = "RAISED", "发出预警"
    WORSENED = "WORSENED", "情形加重"
    ESCALATED = "ESCALATED", "逾期未确认升级"
    ACKNOWLEDGED = "ACKNOWLEDGED", "确认"
    EXPLAINED = "EXPLAINED", "提交说明"
    RESOLVED = "RESOLVED", "情形消除"
    CLOSED = "CLOSED", "主管部门关闭"


class AlertAction(Row, table=True):
    """A step in the history of an alert, kept for good. `said` holds the comment and the ids of its files."""

    alert_id: UUID = ref("alert", "预警", owner=True)
    act: AlertAct = code(AlertAct, "事项")
    grade: AlertGrade = code(AlertGrade, "当时级别")
    by_account: UUID | None = loose_ref("办理人", None)
    by_unit: UUID | None = loose_ref("办理单位", None)
    at: datetime = moment("时间", index=True)
    said: Sealed | None = sealed_json("内容", None)
