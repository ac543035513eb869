"""The precheck over the signed API: what the city portal's front end sends, and what the answer says (row 4)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field

from models.access import Role
from models.house import HouseCategory
from models.tenancy_codes import Channel, LeaseMode
from models.verification_codes import PrecheckState
from services.engine.copied import copy_of
from services.engine.door import Gathering
from services.engine.findings import Finding, Severity
from services.engine.registry import action
from services.engine.work import Work
from services.partners.message_body import body_of, with_given
from services.partners.wire_fields import IdNumber, Moment, PersonName, WireModel
from services.tenancy.fact_sources import OutsideFacts
from services.verification.partner_orders import CertNo
from services.verification.precheck import CheckBefore, Prechecked, check_before, gather_within_limits
from services.verification.precheck_limits import Question
from services.verification.rules import BY_RULE


@dataclass(frozen=True, kw_only=True)
class PrecheckHome:
    """A home checked for a person who is signed in at the portal, before anything else is filled in."""

    requester_no: Annotated[IdNumber, Field(title="申请人证件号码", description="门户已实名核验的登录人")]
    address: Annotated[str, Field(title="申请人网络地址", min_length=2, max_length=45, description="申请人的IP地址")]
    category: Annotated[HouseCategory | None, Field(title="房屋类别", description="不填的由系统判断")] = None
    cert_no: Annotated[CertNo, Field(title="权属证明编号")]
    flat_room: Annotated[str, Field(title="室号", max_length=30, description="一证多户时必填")] = ""
    mode: Annotated[LeaseMode, Field(title="出租方式")] = LeaseMode.WHOLE
    room_no: Annotated[str, Field(title="出租房间号", max_length=20, description="按间出租时必填")] = ""
    owner_name: Annotated[PersonName, Field(title="权利人")]
    owner_id: Annotated[IdNumber, Field(title="权利人证件号码", description="单位填统一社会信用代码")]
    answer: Annotated[str, Field(title="问题的答案", max_length=10, description="上次答复有问题时必填")] = ""

    def check(self) -> CheckBefore:
        """The check in our words."""
        return copy_of(CheckBefore, self, channel=Channel.YWTB)


class PrecheckReason(WireModel):
    """A reason why the home does not pass yet, and what to do about it; nothing of the register's persons."""

    code: str = Field(title="原因代码", max_length=20)
    message: str = Field(title="说明", max_length=400)
    field: str = Field("", title="字段", max_length=80)
    #: A source was silent: the home neither passes nor fails.
    waiting: bool = Field(False, title="等待数据来源应答", description="请稍后重新核验")
    forceable: bool = Field(title="可申请强制核验")
    bring: str = Field("", title="需要的材料", max_length=400)
    where: str = Field("", title="办理地点", max_length=200)


class PrecheckAnswer(WireModel):
    """The answer to a precheck; a passed one has a token that the application must carry."""

    passed: bool = Field(title="已通过")
    state: PrecheckState = Field(title="结果")
    token: str | None = Field(None, title="前置核验凭证", max_length=80, description="24小时内提交申请时携带")
    expires_at: Moment | None = Field(None, title="凭证有效期止")
    question: str | None = Field(None, title="问题", max_length=40, description="有值时下次核验须带答案")
    reasons: list[PrecheckReason] = Field(title="未通过的原因", description="一次列出全部原因")


#: Fields of the lease form that the rules name, as those of a precheck.
_FIELDS = {"id_no": "owner_id", "name": "owner_name", "room_no": "flat_room"}


def reasons_told(findings: Iterable[Finding]) -> list[PrecheckReason]:
    """Return what a person reads of findings: the sentence of each rule, what to bring and where to go."""
    told = []
    for one in findings:
        rule, field = BY_RULE.get(one.code), one.field.rpartition(".")[2]
        told.append(
            PrecheckReason(
                code=one.code,
                message=one.message,
                field=_FIELDS.get(field, field),
                waiting=one.severity is Severity.PENDING,
                forceable=one.forceable,
                bring=rule.bring if rule else "",
                where=rule.where if rule else "",
            )
        )
    return told


def _gather(gathering: Gathering, order: PrecheckHome) -> OutsideFacts | Question:
    return gather_within_limits(gathering, order.check())


@action("precheck.portal", "接口房屋前置核验", roles={Role.PARTNER}, gather=_gather, event="")
def precheck_home(work: Work, order: PrecheckHome, asked: OutsideFacts | Question) -> Prechecked:
    """Check a home for a person at the portal, within the same limits as on our own page."""
    return check_before(work, order.check(), asked)


def precheck_body(answer: Prechecked) -> dict[str, Any]:
    """The answer to a precheck as plain JSON."""
    body = {
        "passed": answer.state is PrecheckState.PASSED,
        **body_of(answer, without=("findings",)),
        "reasons": [one.model_dump(exclude_defaults=True) for one in reasons_told(answer.findings)],
    }
    return with_given(body, "token", "expires_at", "question")
