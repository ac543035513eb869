"""Systems of others that exchange signed messages with us: who they are, their keys, nonces, replies and the log (rows 13-23)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Index, UniqueConstraint

from models.base import Row, Stamped, Table
from models.codes import Code
from models.columns import code, district, flag, ident, integer, loose_ref, moment, open_json, ref, sealed_json, text
from models.machines import Machine
from models.sealed import Sealed


class PartnerKind(Code):
    FUND = "FUND", "公积金中心"
    ASSOCIATION = "ASSOCIATION", "经纪行业协会"
    DISTRICT = "DISTRICT", "区级平台"
    ENTERPRISE = "ENTERPRISE", "租赁企业"
    PLATFORM = "PLATFORM", "网络信息平台"
    PORTAL = "PORTAL", "一网通办"
    CIVIL = "CIVIL", "社区事务受理（民政）"


#: Systems of a firm that is registered on the platform.
OF_FIRMS = frozenset({PartnerKind.ENTERPRISE, PartnerKind.PLATFORM})


class PartnerRight(Code):
    """A right to call endpoints of ours, as they declare it."""

    QUERY = "filings.query", "合同与备案信息查询"
    ENDINGS = "filings.endings", "合同及备案终止数据查询"
    ENTRUSTMENTS = "direct-pay.entrustments", "个人委托开通"
    RESULTS = "direct-pay.results", "审查（支付）结果"
    BY_TENANT = "direct-pay.terminations.tenant", "个人终止"
    DECISIONS = "direct-pay.terminations.decisions", "终止审核结果"
    BROKER = "filings.broker", "经纪成交批量备案"
    REGISTRATIONS = "practitioners.registrations", "从业人员新办"
    CANCELLATIONS = "practitioners.cancellations", "从业人员注销"
    CARDS = "practitioners.cards", "信息卡查询"
    CHECK_INS = "checkins", "入住、退租和在住房间"
    BILLS = "direct-pay.bills", "企业账单"
    BY_FIRM = "direct-pay.terminations.enterprise", "企业终止"
    ACKS = "direct-pay.acks", "企业确认收到"
    VERIFICATIONS = "verifications", "房源核验和发布"
    LISTINGS = "listings", "平台核验码和房源发布"
    PRECHECK = "precheck", "房屋前置核验"
    ONE_STOP = "one-stop.cases", "一网通办办件"
    CIVIL = "civil-cases", "社区受理办件"


#: What a system of each kind may be given; endpoints answer no other kind, whatever it was given.
RIGHTS = {
    PartnerKind.FUND: (
        PartnerRight.QUERY,
        PartnerRight.ENDINGS,
        PartnerRight.ENTRUSTMENTS,
        PartnerRight.RESULTS,
        PartnerRight.BY_TENANT,
        PartnerRight.DECISIONS,
    ),
    PartnerKind.ASSOCIATION: (
        PartnerRight.BROKER,
        PartnerRight.REGISTRATIONS,
        PartnerRight.CANCELLATIONS,
        PartnerRight.CARDS,
    ),
    PartnerKind.DISTRICT: (PartnerRight.CHECK_INS,),
    PartnerKind.ENTERPRISE: (
        PartnerRight.BILLS,
        PartnerRight.BY_FIRM,
        PartnerRight.ACKS,
        PartnerRight.VERIFICATIONS,
    ),
    PartnerKind.PLATFORM: (PartnerRight.LISTINGS,),
    PartnerKind.PORTAL: (PartnerRight.PRECHECK, PartnerRight.ONE_STOP),
    PartnerKind.CIVIL: (PartnerRight.CIVIL,),
}


class PartnerState(Code):
    ACTIVE = "ACTIVE", "启用", "good"
    DISABLED = "DISABLED", "停用", "muted"


class KeyUse(Code):
    SIGN = "sign", "签名"
    ENC = "enc", "加密"


class PartnerKeyState(Code):
    ACTIVE = "ACTIVE", "有效", "good"
    REVOKED = "REVOKED", "已撤销", "muted"


PARTNER_KEY = Machine({"revoke": {PartnerKeyState.ACTIVE: PartnerKeyState.REVOKED}})


class ChangeKind(Code):
    REGISTER = "REGISTER", "登记对接方"
    EDIT = "EDIT", "修改对接方"
    KEY = "KEY", "登记公钥"
    ENABLE = "ENABLE", "恢复启用"


class ChangeState(Code):
    PROPOSED = "PROPOSED", "待确认", "warn"
    CONFIRMED = "CONFIRMED", "已生效", "good"
    REFUSED = "REFUSED", "未同意", "bad"
    ENDED = "ENDED", "已作废", "muted"


PARTNER = Machine(
    {
        "disable": {PartnerState.ACTIVE: PartnerState.DISABLED},
        "enable": {PartnerState.DISABLED: PartnerState.ACTIVE},
    }
)
PARTNER_CHANGE = Machine(
    {
        "confirm": {ChangeState.PROPOSED: ChangeState.CONFIRMED},
        "refuse": {ChangeState.PROPOSED: ChangeState.REFUSED},
        "replace": {ChangeState.PROPOSED: ChangeState.ENDED},
    }
)


class Partner(Stamped, table=True):
    """A partner system; its rights are part of the signed access list (security.md A5)."""

    app_id: str = text("应用标识", max=32, unique=True)
    label: str = text("对接方名称", max=60)
    kind: PartnerKind = code(PartnerKind, "对接方类别")
    enterprise_id: UUID | None = loose_ref("企业", None)
    district_code: str = district("区", "")
    base_url: str = text("接口基址", "", max=200)
    networks: str = text("来源网段", "", max=400, help="逗号分隔，空为不限")
    scopes: str = text("接口权限", "", max=800, help="逗号分隔")
    state: PartnerState = code(PartnerState, "状态", PartnerState.ACTIVE)
    maintenance: bool = flag("维护模式", False)
    maintenance_since: datetime | None = moment("维护开始时间", None)

    @property
    def scope_set(self) -> frozenset[str]:
        """The scopes as a set of names."""
        return frozenset(self.scopes.split(",")) - {""}


class PartnerKey(Stamped, table=True):
    """A public key of a partner; during a change two keys of the same use may be valid."""

    __table_args__ = (UniqueConstraint("partner_id", "kid"),)

    partner_id: UUID = ref("partner", "对接方")
    kid: str = text("密钥标识", max=40)
    use: KeyUse = code(KeyUse, "用途")
    public_key: str = text("公钥", max=130)
    valid_from: datetime = moment("生效时间")
    valid_to: datetime = moment("失效时间")
    state: PartnerKeyState = code(PartnerKeyState, "状态", PartnerKeyState.ACTIVE)
    revoked_at: datetime | None = moment("撤销时间", None)


class PartnerChange(Stamped, table=True):
    """A change of a partner proposed by one administrator and confirmed by another."""

    partner_id: UUID | None = loose_ref("对接方", None)
    app_id: str = text("应用标识", max=32, index=True)
    kind: ChangeKind = code(ChangeKind, "变更类别")
    wanted: dict[str, Any] = open_json("变更内容", reason="对接系统的技术参数和公钥，不含个人信息")
    state: ChangeState = code(ChangeState, "状态", ChangeState.PROPOSED, index=True)
    proposed_by: UUID | None = loose_ref("提出人", None, index=False)
    proposed_at: datetime = moment("提出时间")
    decided_by: UUID | None = loose_ref("确认人", None, index=False)
    decided_at: datetime | None = moment("确认时间", None)


class PartnerNonce(Table, table=True):
    """A nonce once taken from a partner; all processes share them (security.md 4.3, step 7)."""

    __table_args__ = (
        UniqueConstraint("app_id", "nonce"),
        {
            "info": {
                "unprotected": "lives for minutes; a repeated request is answered by its own reply, which is counted"
            }
        },
    )

    id: UUID = ident()
    app_id: str = text("应用标识", max=32)
    nonce: str = text("随机数", max=32)
    until: datetime = moment("保留至", index=True)


class PartnerRate(Table, table=True):
    """Remaining request allowance of a partner in thousandths, shared by all processes."""

    __table_args__ = ({"info": {"unprotected": "counts the requests of a minute"}},)

    id: UUID = ident()
    app_id: str = text("应用标识", max=32, unique=True)
    tokens: int = integer("余量", 0)
    at: datetime = moment("计算时间")


class PartnerReply(Row, table=True):
    """The reply to a request that changed something, written with the change; its repetition gets it again (4.7)."""

    __table_args__ = (
        UniqueConstraint("app_id", "method", "path", "idempotency_key"),
        UniqueConstraint("app_id", "message_id"),
    )

    app_id: str = text("应用标识", max=32)
    method: str = text("方法", max=8)
    path: str = text("接口", max=120)
    idempotency_key: str = text("幂等键", max=64)
    fingerprint: str = text("内容摘要", max=64)
    message_id: str | None = text("消息号", None, max=40)
    reply: Sealed = sealed_json("应答")
    at: datetime = moment("时间", index=True)


class PartnerExchange(Row, table=True):
    """A signed exchange in either direction with the evidence that proves it."""

    __table_args__ = (
        Index("ix_partner_exchange_app_id", "app_id", "at"),
        {"info": {"by_month": True}},
    )

    at: datetime = moment("时间", index=True)
    direction: str = text("方向", max=3)
    app_id: str = text("应用标识", max=32)
    system: str = text("对方系统", max=40)
    operation: str = text("业务", max=80, index=True)
    label: str = text("业务名称", "", max=60)
    row_no: int = integer("需求行号", 0)
    request_id: str = text("请求号", max=64, index=True)
    idempotency_key: str = text("幂等键", "", max=64, index=True)
    business_key: str = text("业务号", "", max=100, index=True)
    message_id: str = text("消息号", "", max=40, index=True)
    outgoing_id: UUID | None = loose_ref("待发报文", None)
    attempt: int = integer("第几次", 1)
    milliseconds: int = integer("耗时", 0, unit="毫秒")
    http_status: int = integer("应答状态", 0)
    code: str = text("应答码", "", max=8, index=True)
    findings: str = text("核验结论", "", max=200)
    replayed: bool = flag("重复请求", False)
    source: str = text("来源网络", "", max=64)
    detail: str = text("结果", "", max=200)
    body_digest: str = text("请求摘要", "", max=64)
    reply_digest: str = text("应答摘要", "", max=64)
    payload: Sealed | None = sealed_json("脱敏请求", None)
    reply: Sealed | None = sealed_json("脱敏应答", None)
    receipt: Sealed | None = sealed_json("双方凭据", None)
