"""Dictionaries of applications that come from the city's case library (leasing 3.1, rows 1-3)."""

from models.codes import Code
from models.machines import Machine


class StopKind(Code):
    """Kind of a message of the case library."""

    SUBMIT = "SUBMIT", "提交"
    SUPPLEMENT = "SUPPLEMENT", "补正"
    WITHDRAW = "WITHDRAW", "撤回"
    CONVERT = "CONVERT", "转换情形"
    STATE = "STATE", "状态通知"


#: Kinds that bring the whole content anew.
WITH_CONTENT = frozenset({StopKind.SUBMIT, StopKind.SUPPLEMENT, StopKind.CONVERT})


class MessageOutcome(Code):
    APPLIED = "APPLIED", "已处理", "good"
    OUTDATED = "OUTDATED", "版本较旧", "muted"
    NO_EFFECT = "NO_EFFECT", "无需处理", "muted"
    REFUSED = "REFUSED", "不予接收", "bad"
    #: Kept because taking it in failed; it is taken in anew.
    FAILED = "FAILED", "处理失败", "bad"


class StopState(Code):
    RECEIVED = "RECEIVED", "收件", "info"
    CORRECTION = "CORRECTION", "待补正", "warn"
    ACCEPTED = "ACCEPTED", "已受理", "info"
    GROUPED = "GROUPED", "已合并", "info"
    CHECKING = "CHECKING", "核验中", "info"
    INTERCEPTED = "INTERCEPTED", "系统拦截", "warn"
    DONE = "DONE", "办结", "good"
    RETURNED = "RETURNED", "退件", "bad"
    REFUSED = "REFUSED", "不予受理", "bad"
    WITHDRAWN = "WITHDRAWN", "已撤回", "muted"
    CLOSED_TIMEOUT = "CLOSED_TIMEOUT", "逾期关闭", "muted"


#: Before acceptance: content may still be changed.
INTAKE = (StopState.RECEIVED, StopState.CORRECTION)
#: Accepted and not yet decided.
UNDECIDED = (StopState.ACCEPTED, StopState.GROUPED, StopState.CHECKING)
OPEN_STATES = (*INTAKE, *UNDECIDED, StopState.INTERCEPTED)

STOP = Machine(
    {
        "correct": dict.fromkeys(INTAKE, StopState.CORRECTION),
        "supplement": dict.fromkeys(INTAKE, StopState.RECEIVED),
        "time_out": {StopState.CORRECTION: StopState.CLOSED_TIMEOUT},
        "refuse": {StopState.RECEIVED: StopState.REFUSED, StopState.CORRECTION: StopState.REFUSED},
        "accept": {StopState.RECEIVED: StopState.ACCEPTED},
        "merge": {StopState.ACCEPTED: StopState.GROUPED, StopState.INTERCEPTED: StopState.GROUPED},
        "part": {StopState.GROUPED: StopState.ACCEPTED, StopState.INTERCEPTED: StopState.ACCEPTED},
        "check": dict.fromkeys(UNDECIDED, StopState.CHECKING),
        # One side's cancellation waits accepted until its notice period is over.
        "wait": dict.fromkeys(UNDECIDED, StopState.ACCEPTED),
        "finish": dict.fromkeys((*UNDECIDED, StopState.INTERCEPTED), StopState.DONE),
        "intercept": dict.fromkeys((*UNDECIDED, StopState.INTERCEPTED), StopState.INTERCEPTED),
        "return": dict.fromkeys((*UNDECIDED, StopState.INTERCEPTED), StopState.RETURNED),
        "withdraw": dict.fromkeys(OPEN_STATES, StopState.WITHDRAWN),
    }
)


class RefusalGround(Code):
    """Ground of a refusal at intake."""

    NOT_OURS = "NOT_OURS", "不属于本机关职权范围"
    FALSE_MATERIAL = "FALSE_MATERIAL", "申请材料虚假"


class ApplicantRole(Code):
    LESSOR = "LESSOR", "出租人"
    LESSEE = "LESSEE", "承租人"
    AGENT = "AGENT", "代理人"


class StopMaterialKind(Code):
    """Material of an application, as item definition and library name it."""

    APPLICATION = "APPLICATION", "申请书"
    ID = "ID", "身份证明"
    TITLE = "TITLE", "住房权属证明"
    CONTRACT = "CONTRACT", "租赁合同"
    COOWNER_CONSENT = "COOWNER_CONSENT", "共有人同意出租证明"
    PUBLIC_CONSENT = "PUBLIC_CONSENT", "公房同住人同意书"
    GUARDIAN = "GUARDIAN", "监护关系证明"
    MANDATE = "MANDATE", "授权委托书"
    COMMITMENT = "COMMITMENT", "单方书面承诺"
    AGREEMENT = "AGREEMENT", "解除租赁合同协议"


class MaterialSource(Code):
    UPLOAD = "UPLOAD", "上传"
    REFERENCE = "REFERENCE", "引用电子证照"
    LIBRARY = "LIBRARY", "免提交"


class MaterialState(Code):
    GOOD = "GOOD", "齐全", "good"
    #: Named while the licence library was silent.
    UNVERIFIED = "UNVERIFIED", "待核", "warn"
    BAD = "BAD", "不合格", "bad"


MATERIAL = Machine(
    {
        "take": dict.fromkeys(MaterialState, MaterialState.GOOD),
        "leave_open": dict.fromkeys(MaterialState, MaterialState.UNVERIFIED),
    }
)


class MatchVerdict(Code):
    """Judgement of two applications for one part."""

    EXACT = "EXACT", "同一合同", "good"
    SUGGESTED = "SUGGESTED", "内容不一致", "warn"
    APART = "APART", "互不相关", "muted"


class GroupState(Code):
    OPEN = "OPEN", "待决定", "info"
    DECIDED = "DECIDED", "已决定", "good"
    PARTED = "PARTED", "已拆分", "muted"


GROUP = Machine(
    {
        "decide": {GroupState.OPEN: GroupState.DECIDED, GroupState.DECIDED: GroupState.DECIDED},
        "part": {GroupState.OPEN: GroupState.PARTED},
    }
)


class StopAct(Code):
    """Step in the log of a case."""

    RECEIVE = "RECEIVE", "收件"
    OUTDATED = "OUTDATED", "收到较旧版本"
    REFUSE_MESSAGE = "REFUSE_MESSAGE", "不予接收"
    ASK_LIBRARY = "ASK_LIBRARY", "查询电子证照库"
    CHECK_INTAKE = "CHECK_INTAKE", "收件审查"
    CORRECT = "CORRECT", "通知补正"
    CONVERT = "CONVERT", "转换情形"
    ACCEPT = "ACCEPT", "受理"
    REFUSE = "REFUSE", "不予受理"
    MATCH = "MATCH", "比对其他申请"
    MERGE = "MERGE", "合并"
    PART = "PART", "拆分"
    JUDGE = "JUDGE", "规则核验"
    DECIDE = "DECIDE", "决定"
    NOTICE = "NOTICE", "告知对方"
    WITHDRAW = "WITHDRAW", "撤回"
    TIME_OUT = "TIME_OUT", "逾期关闭"
    SEND = "SEND", "推送状态"
