"""Life of an alert: acknowledged, explained with files, closed by the authority, escalated unanswered (row 54)."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from models.access import AUTHORITY, CITY_AUTHORITY, HEAD_OFFICE, MARKET, PROJECT_OFFICE, Role
from models.alerts import ALERT, Alert, AlertAct, AlertGrade, AlertState
from models.documents import Attachment
from services.alerts.alert_states import OF_NO_DISTRICT, answering_company, end, go_up, note, tell
from services.documents.attachments import (
    KeepAttachment,
    KeptAttachment,
    OpenedAttachment,
    keep_attachment,
    opened,
    store_attachment,
)
from services.engine.door import Gathering
from services.engine.jobs import repeated
from services.engine.orders import OneRow, Reasoned
from services.engine.refusals import Conflict, NotAllowed, Rejected
from services.engine.registry import Step, action, query
from services.engine.steps import take_step
from services.engine.words import enough_words
from services.engine.work import Work

LEAST = 5
MOST = 2_000
MOST_FILES = 10
_AT_ONCE = 200
_COMPANIES = HEAD_OFFICE | PROJECT_OFFICE


@dataclass(frozen=True)
class Explain:
    """The company's explanation, with files stored before by `alerts.keep_file`."""

    id: UUID
    text: str
    files: tuple[UUID, ...] = ()
    version: int = 0


@action("alerts.acknowledge", "确认预警", roles=set(MARKET), step=Step(ALERT, "acknowledge"))
def acknowledge(work: Work, order: OneRow) -> None:
    """Acknowledge an alert as its responsible office, so that it does not escalate."""
    alert = _mine(work, order.id, order.version)
    take_step(work, alert, ALERT, "acknowledge")
    note(work, alert, AlertAct.ACKNOWLEDGED)


@action("alerts.explain", "提交预警说明", roles=set(MARKET), step=Step(ALERT, "explain"))
def explain(work: Work, order: Explain) -> None:
    """Add an explanation with files, as often as needed while the alert is open; the authority decides."""
    text = enough_words(order.text, "情况说明", least=LEAST, most=MOST)
    if len(order.files) > MOST_FILES:
        raise Rejected(f"一次最多提交{MOST_FILES}个文件")
    alert = _mine(work, order.id, order.version)
    take_step(work, alert, ALERT, "explain")
    for file_id in order.files:
        _file_of(work, alert, file_id)
    note(work, alert, AlertAct.EXPLAINED, text, order.files)
    tell(work, alert, "".join(letter for letter in alert.told if letter in "DC"), "企业已提交情况说明。")


@action("alerts.close", "关闭预警", roles=set(AUTHORITY), step=Step(ALERT, "close"))
def close_alert(work: Work, order: Reasoned) -> None:
    """End it with a reason; while its condition lasts and gets no worse it is not raised again."""
    reason = enough_words(order.reason, "关闭理由", least=LEAST, most=MOST)
    alert = _seen(work, order.id, order.version)
    if not may_close(work, alert):
        raise NotAllowed("集团公司的预警由市房屋管理局关闭")
    take_step(work, alert, ALERT, "close", reason="")
    end(work, alert, quiet=True)
    note(work, alert, AlertAct.CLOSED, reason)
    tell(
        work, alert, "".join(letter for letter in alert.told if letter in "PH"), f"主管部门已关闭：{reason}", ended=True
    )


# Files


@dataclass(frozen=True)
class KeepAlertFile:
    alert_id: UUID
    file_name: str
    content: bytes


def _examine(gathering: Gathering, order: KeepAlertFile) -> Any:
    gathering.look(lambda work: _answering(work, work.get(Alert, order.alert_id)))
    assert keep_attachment.gather is not None
    return keep_attachment.gather(gathering, _as_material(order))


def _as_material(order: KeepAlertFile) -> KeepAttachment:
    return KeepAttachment("预警说明", order.file_name, order.content)


@action("alerts.keep_file", "上传预警说明附件", roles=set(MARKET), gather=_examine, event="FILE.UPLOAD")
def keep_file(work: Work, order: KeepAlertFile, found: Any) -> KeptAttachment:
    """Keep a file for an alert; an explanation names it afterwards."""
    alert = _mine(work, order.alert_id, 0)
    return store_attachment(work, _as_material(order), found, object_kind="alert", object_id=alert.id)


@dataclass(frozen=True)
class AlertFile:
    alert_id: UUID
    file_id: UUID


@query("alerts.file", "查看预警说明附件", roles=set(MARKET), personal=True)
def open_file(work: Work, order: AlertFile) -> OpenedAttachment:
    """A file of an alert one may see."""
    return opened(work, _file_of(work, work.get(Alert, order.alert_id), order.file_id), "alerts.file")


# Sent up


@action("alerts.escalate", "预警逾期未确认升级", roles={Role.SYSTEM}, event="")
def escalate(work: Work, limit: int) -> int:
    """Raise every alert without acknowledgement in time by a grade; red stays red."""
    rows = work.free(
        select(Alert)
        .where(Alert.state == AlertState.OPEN, Alert.grade != AlertGrade.RED, Alert.acknowledge_by < work.today)
        .order_by(col(Alert.id))
        .limit(limit)
    ).all()
    for alert in rows:
        go_up(work, alert, alert.grade.next, "escalate", AlertAct.ESCALATED, "逾期未确认")
    return len(rows)


escalate_all = repeated("alerts.escalate", "预警逾期未确认升级", escalate, _AT_ONCE, at="01:10")


# Parts


def may_answer(work: Work, alert: Alert) -> bool:
    """Return whether an answer is expected from the caller: the notified company, without one the authority."""
    return work.caller.has(*_COMPANIES) if answering_company(alert) else may_close(work, alert)


def may_close(work: Work, alert: Alert) -> bool:
    """Return whether the caller speaks for the authority that looks after it: of what lies in no district, the city."""
    return work.caller.has(*(CITY_AUTHORITY if alert.district_code in OF_NO_DISTRICT else AUTHORITY))


def _answering(work: Work, alert: Alert) -> Alert:
    if not may_answer(work, alert):
        raise NotAllowed("该预警由被告知的企业确认和说明；没有告知企业的，由主管的房屋管理局办理")
    return alert


def _mine(work: Work, alert_id: UUID, version: int) -> Alert:
    return _answering(work, _seen(work, alert_id, version))


def _seen(work: Work, alert_id: UUID, version: int) -> Alert:
    alert = work.get(Alert, alert_id)
    if version and version != alert.version:
        raise Conflict("该预警已有新的变化，请刷新后再办理")
    return alert


def _file_of(work: Work, alert: Alert, file_id: UUID) -> Attachment:
    return work.find(
        Attachment, Attachment.id == file_id, Attachment.object_kind == "alert", Attachment.object_id == alert.id
    )
