"""The register of retention: how long each table's rows are kept, what for, and which of them the night erases (D22, D23).

A table that is not named here is kept for good as the record of a filing, a decision or a right.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import col

from models.access import PASSWORDS_KEPT, AddressFailure, OldPassword, PersonGrant, RecordGrant, Reveal, SignInSession
from models.alarms import Alarm, AlarmState
from models.citizens import CitizenDraft, CitizenSession, DraftState
from models.engine import AnsweredRequest, Draft, ExchangeLog, Notice, Outgoing, OutgoingState
from models.imports import ImportedLine, ImportSession
from models.operations import DeviceManifest, Erasure, FlowReport
from models.partners import PartnerExchange, PartnerNonce, PartnerReply
from models.practitioner_codes import ApplyState
from models.practitioners import CardApply, InfoCard, Portrait, Practitioner
from models.privacy import PersonAccess, Reauthentication
from models.records import FreshDecision
from models.sign_in import SpentToken
from services.catalogue.subjects import subject_of
from services.engine.work import Work

YEAR = 365
#: Logs: 网络安全法 asks for six months, the product keeps three years (D10).
LOG_DAYS = 3 * YEAR


@dataclass(frozen=True)
class Rule:
    """A line of the register: rows of `table` for which `over` says so are erased."""

    table: type[Any]
    purpose: str
    kept: str
    over: Callable[[Work], Any]

    @property
    def name(self) -> str:
        return str(self.table.__tablename__)


def _system(column: Any, days: float) -> Callable[[Work], Any]:
    """Older than so many days of the system's time."""
    return lambda work: col(column) < work.at - timedelta(days=days)


def _business(column: Any, days: float, *more: Any) -> Callable[[Work], Any]:
    """Older than so many days of the business clock, which stamps what is typed."""
    return lambda work: sa.and_(col(column) < work.now - timedelta(days=days), *more)


def _superseded_password(work: Work) -> Any:
    """All but the newest five of each account: those may not come back, older ones serve nothing."""
    newer = aliased(OldPassword)
    count = (
        sa.select(sa.func.count())
        .where(col(newer.account_id) == OldPassword.account_id, col(newer.set_at) > OldPassword.set_at)
        .scalar_subquery()
    )
    return count >= PASSWORDS_KEPT


def _of_a_session_at_rest(work: Work) -> Any:
    """Return what became of the rows is kept as records; the session keeps its figures."""
    resting = sa.select(col(ImportSession.id)).where(col(ImportSession.updated_at) < work.now - timedelta(days=90))
    return col(ImportedLine.session_id).in_(resting)


def _unused_portrait(work: Work) -> Any:
    """Select photos without application, person or card, except recent uploads."""
    used = sa.or_(
        *(
            sa.exists().where(col(column) == col(Portrait.id))
            for column in (CardApply.portrait_id, Practitioner.photo_id, InfoCard.portrait_id)
        )
    )
    return (col(Portrait.kept_at) < work.now - timedelta(days=30)) & ~used


REGISTER: tuple[Rule, ...] = (
    Rule(SignInSession, "登录会话", "结束后1天", _system(SignInSession.started_at, 1)),
    Rule(CitizenSession, "市民登录会话", "结束后1天", _system(CitizenSession.started_at, 1)),
    Rule(SpentToken, "一次性挑战与网关断言", "失效即清除", lambda work: col(SpentToken.until) < work.at),
    Rule(AddressFailure, "登录失败限速", "1天", _system(AddressFailure.since, 1)),
    Rule(
        Reauthentication,
        "再次确认口令",
        "1天",
        lambda work: (
            (col(Reauthentication.confirmed_at) < work.at - timedelta(days=1))
            & (col(Reauthentication.blocked_until).is_(None) | (col(Reauthentication.blocked_until) < work.at))
        ),
    ),
    Rule(OldPassword, "口令不得重复使用", f"最近{PASSWORDS_KEPT}个", _superseded_password),
    Rule(AnsweredRequest, "重复请求应答", "7天", _system(AnsweredRequest.at, 7)),
    Rule(
        RecordGrant,
        "窗口精确查询的当日授权",
        "期满7天",
        lambda work: col(RecordGrant.until_day) < work.today - timedelta(days=7),
    ),
    Rule(
        PersonGrant,
        "窗口核验本人的当日授权",
        "期满7天",
        lambda work: col(PersonGrant.until_day) < work.today - timedelta(days=7),
    ),
    Rule(Draft, "已了结的草稿", "30天", _business(Draft.updated_at, 30, col(Draft.closed))),
    Rule(Draft, "未了结的草稿", "90天", _business(Draft.updated_at, 90)),
    Rule(
        CitizenDraft,
        "已了结的网上申请草稿",
        "30天",
        _business(CitizenDraft.edited_at, 30, col(CitizenDraft.state) != DraftState.OPEN),
    ),
    Rule(
        CardApply,
        "没有提交的信息卡申请",
        "90天",
        _business(
            CardApply.updated_at, 90, col(CardApply.state) == ApplyState.DRAFT, col(CardApply.submitted_at).is_(None)
        ),
    ),
    Rule(Portrait, "没有用到的从业人员照片", "30天", _unused_portrait),
    Rule(FreshDecision, "可撤销的审核决定", "1天", _business(FreshDecision.until, 1)),
    Rule(ImportedLine, "导入批次的逐行内容", "批次90天没有办理", _of_a_session_at_rest),
    Rule(Notice, "工作台通知", "1年", _business(Notice.created_at, YEAR)),
    Rule(
        Outgoing,
        "已送达的对外消息",
        "1年",
        _business(Outgoing.sent_at, YEAR, col(Outgoing.state) == OutgoingState.SENT),
    ),
    Rule(ExchangeLog, "对接交换日志", "3年", _system(ExchangeLog.at, LOG_DAYS)),
    Rule(PartnerNonce, "防重放随机数", "失效即清除", lambda work: col(PartnerNonce.until) < work.at),
    Rule(PartnerReply, "对接请求应答", "7天", _system(PartnerReply.at, 7)),
    Rule(PartnerExchange, "签名交换日志与凭据", "3年", _system(PartnerExchange.at, LOG_DAYS)),
    Rule(Reveal, "查看完整信息的记录", "3年", _system(Reveal.at, LOG_DAYS)),
    Rule(PersonAccess, "个人信息查看记录", "3年", _system(PersonAccess.at, LOG_DAYS)),
    Rule(
        Alarm,
        "已关闭的告警",
        "3年",
        lambda work: (
            (col(Alarm.state) == AlarmState.CLOSED) & (col(Alarm.last_at) < work.at - timedelta(days=LOG_DAYS))
        ),
    ),
    Rule(DeviceManifest, "主机采集清单", "3年", _system(DeviceManifest.made_at, LOG_DAYS)),
    Rule(Erasure, "清除报告", "3年", _system(Erasure.at, LOG_DAYS)),
    Rule(FlowReport, "流转监测周报", "3年", _system(FlowReport.made_at, LOG_DAYS)),
)


#: What is said of the tables of an area that the register does not name.
_FOR_GOOD = {
    "住房租赁": "作为备案档案长期保存",
    "房屋与企业": "在用期间保存，随来源库更新",
    "房地产市场": "作为项目档案长期保存",
    "审计与完整性": "不少于3年，不自动清除",
}


def kept_for(table: str) -> str:
    """Return how long a table's rows are kept, in words."""
    told = "；".join(f"{rule.purpose}：{rule.kept}" for rule in REGISTER if rule.name == table)
    return told or _FOR_GOOD.get(subject_of(table).area, "在用期间保存")
