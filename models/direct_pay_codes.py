"""Dictionaries and state tables of direct rent from the provident fund (leasing 2.10, 3.11)."""

from models.codes import Code
from models.machines import Machine


class PilotState(Code):
    PROPOSED = "PROPOSED", "待复核", "warn"
    CONFIRMED = "CONFIRMED", "已生效", "good"
    REJECTED = "REJECTED", "未同意", "muted"


PILOT = Machine(
    {
        "confirm": {PilotState.PROPOSED: PilotState.CONFIRMED},
        "reject": {PilotState.PROPOSED: PilotState.REJECTED},
    }
)


class DrawCycle(Code):
    MONTH = "MONTH", "按月"
    QUARTER = "QUARTER", "按季"


class EntrustState(Code):
    RECEIVED = "RECEIVED", "已接收", "info"
    REFUSED = "REFUSED", "核验未通过", "bad"
    CHECKED = "CHECKED", "核验通过", "info"
    PUSHED = "PUSHED", "已推送企业", "info"
    PUSH_FAILED = "PUSH_FAILED", "推送失败", "bad"
    ACKED = "ACKED", "企业已确认", "good"
    RUNNING = "RUNNING", "执行中", "good"
    ENDING = "ENDING", "终止中", "warn"
    ENDED = "ENDED", "已终止", "muted"


#: States in which a mandate binds its filing and its household (G04).
BINDING = frozenset(set(EntrustState) - {EntrustState.RECEIVED, EntrustState.REFUSED, EntrustState.ENDED})

_OVER = (EntrustState.ENDING, EntrustState.ENDED)

ENTRUST = Machine(
    {
        "check": {EntrustState.RECEIVED: EntrustState.CHECKED},
        "refuse": {EntrustState.RECEIVED: EntrustState.REFUSED},
        "push": {EntrustState.CHECKED: EntrustState.PUSHED, EntrustState.PUSH_FAILED: EntrustState.PUSHED},
        "fail": {EntrustState.CHECKED: EntrustState.PUSH_FAILED},
        "acknowledge": {EntrustState.PUSHED: EntrustState.ACKED},
        "run": {EntrustState.ACKED: EntrustState.RUNNING},
        "ending": dict.fromkeys(
            (
                EntrustState.CHECKED,
                EntrustState.PUSHED,
                EntrustState.PUSH_FAILED,
                EntrustState.ACKED,
                EntrustState.RUNNING,
            ),
            EntrustState.ENDING,
        ),
        # A filing restored, or the fund's approval taken back by a later decision: the mandate goes on from its last state.
        "resume_checked": dict.fromkeys(_OVER, EntrustState.CHECKED),
        "resume_pushed": dict.fromkeys(_OVER, EntrustState.PUSHED),
        "resume_acked": dict.fromkeys(_OVER, EntrustState.ACKED),
        "resume_running": dict.fromkeys(_OVER, EntrustState.RUNNING),
        "end": dict.fromkeys(BINDING, EntrustState.ENDED),
    }
)


class BillState(Code):
    RECEIVED = "RECEIVED", "已接收", "info"
    REFUSED = "REFUSED", "核验未通过", "bad"
    CHECKED = "CHECKED", "核验通过", "info"
    CANCELLED = "CANCELLED", "已撤销", "muted"
    SENT_TO_FUND = "SENT_TO_FUND", "已送公积金中心", "info"
    PAID = "PAID", "已支付", "good"
    UNPAID = "UNPAID", "未支付", "bad"
    REFUSED_BY_FUND = "REFUSED_BY_FUND", "公积金中心审查未通过", "bad"


#: States of a bill in which no other may be sent for its period (G07).
STANDING = frozenset(
    {BillState.CHECKED, BillState.SENT_TO_FUND, BillState.PAID, BillState.UNPAID},
)
#: Bills whose outcome is not known yet.
OPEN_BILLS = frozenset({BillState.CHECKED, BillState.SENT_TO_FUND})

BILL = Machine(
    {
        "check": {BillState.RECEIVED: BillState.CHECKED},
        "refuse": {BillState.RECEIVED: BillState.REFUSED},
        "cancel": {BillState.CHECKED: BillState.CANCELLED},
        "send": {BillState.CHECKED: BillState.SENT_TO_FUND},
        # The fund's later word replaces its earlier one: a payment sent back by the bank, a second attempt that worked.
        "pay": dict.fromkeys(
            (BillState.SENT_TO_FUND, BillState.UNPAID, BillState.REFUSED_BY_FUND),
            BillState.PAID,
        ),
        "fail": dict.fromkeys(
            (BillState.SENT_TO_FUND, BillState.PAID, BillState.REFUSED_BY_FUND),
            BillState.UNPAID,
        ),
        "refuse_by_fund": dict.fromkeys(
            (BillState.SENT_TO_FUND, BillState.PAID, BillState.UNPAID),
            BillState.REFUSED_BY_FUND,
        ),
    }
)


class PaymentOutcome(Code):
    SUCCESS = "SUCCESS", "已支付", "good"
    FAIL = "FAIL", "未支付", "bad"
    REFUSED = "REFUSED", "审查未通过", "bad"


class FailCode(Code):
    NONE = "", "无"
    BALANCE = "BALANCE", "余额不足"
    FROZEN = "FROZEN", "账户冻结"
    INELIGIBLE = "INELIGIBLE", "不符合条件"
    PAYEE = "PAYEE", "收款账户错误"
    OTHER = "OTHER", "其他"


class ResultState(Code):
    RECEIVED = "RECEIVED", "已接收", "info"
    MATCHED = "MATCHED", "已匹配账单", "info"
    ORPHAN = "ORPHAN", "无对应账单", "warn"
    HANDLED = "HANDLED", "已人工处理", "muted"
    PUSHED_TO_ENTERPRISE = "PUSHED_TO_ENTERPRISE", "已推送企业", "info"
    ACKED = "ACKED", "企业已确认", "good"


RESULT = Machine(
    {
        "match": {ResultState.RECEIVED: ResultState.MATCHED, ResultState.ORPHAN: ResultState.MATCHED},
        "orphan": {ResultState.RECEIVED: ResultState.ORPHAN},
        "handle": {ResultState.ORPHAN: ResultState.HANDLED},
        "push": {ResultState.MATCHED: ResultState.PUSHED_TO_ENTERPRISE},
        "acknowledge": {ResultState.PUSHED_TO_ENTERPRISE: ResultState.ACKED},
    }
)


class TermSide(Code):
    TENANT = "TENANT", "个人终止"
    ENTERPRISE = "ENTERPRISE", "企业终止"


class TermReason(Code):
    MOVE_OUT = "MOVE_OUT", "承租人退租"
    LEASE_ENDED = "LEASE_ENDED", "合同终止或到期"
    TENANT_WISH = "TENANT_WISH", "承租人申请"
    ARREARS = "ARREARS", "承租人欠付租金"
    ROOM_OUT = "ROOM_OUT", "房屋停止出租"
    OTHER = "OTHER", "其他"


#: Reasons that say the lease is over: the filing must say so too (G13).
LEASE_IS_OVER = frozenset({TermReason.MOVE_OUT, TermReason.LEASE_ENDED})


class ReviewDecision(Code):
    NONE = "", "未审核", "muted"
    APPROVED = "APPROVED", "同意终止", "good"
    REJECTED = "REJECTED", "不同意终止", "bad"


class TermState(Code):
    RECEIVED = "RECEIVED", "已接收", "info"
    REFUSED = "REFUSED", "核验未通过", "bad"
    CHECKED = "CHECKED", "核验通过", "info"
    SENT_TO_FUND = "SENT_TO_FUND", "已送公积金中心", "info"
    APPROVED = "APPROVED", "公积金中心同意", "good"
    REJECTED = "REJECTED", "公积金中心不同意", "bad"
    RECEIVED_RESULT = "RECEIVED_RESULT", "已收到终止结果", "info"
    WAITING = "WAITING", "等待委托书到达", "warn"
    PUSHED_TO_ENTERPRISE = "PUSHED_TO_ENTERPRISE", "已推送企业", "info"
    ACKED = "ACKED", "企业已确认", "good"


TERMINATION = Machine(
    {
        "check": {TermState.RECEIVED: TermState.CHECKED},
        "refuse": {TermState.RECEIVED: TermState.REFUSED},
        "send": {TermState.CHECKED: TermState.SENT_TO_FUND},
        # The fund's later decision replaces its earlier one; it may arrive when the earlier one is with the firm already.
        "approve": dict.fromkeys(
            (TermState.SENT_TO_FUND, TermState.REJECTED, TermState.PUSHED_TO_ENTERPRISE, TermState.ACKED),
            TermState.APPROVED,
        ),
        "reject": dict.fromkeys(
            (TermState.SENT_TO_FUND, TermState.APPROVED, TermState.PUSHED_TO_ENTERPRISE, TermState.ACKED),
            TermState.REJECTED,
        ),
        # The fund reported an end before its mandate reached us.
        "arrive": {TermState.WAITING: TermState.RECEIVED_RESULT},
        "push": dict.fromkeys(
            (TermState.RECEIVED_RESULT, TermState.APPROVED, TermState.REJECTED), TermState.PUSHED_TO_ENTERPRISE
        ),
        "acknowledge": {TermState.PUSHED_TO_ENTERPRISE: TermState.ACKED},
    }
)


class EndingKind(Code):
    """Reason for the end of a filing (D-CANCEL-REASON), or its restoration."""

    EXPIRED = "EXPIRED", "到期自动失效"
    EARLY_BOTH = "EARLY_BOTH", "双方解约"
    EARLY_ONE = "EARLY_ONE", "单方申请"
    COURT = "COURT", "司法或仲裁文书"
    ERROR = "ERROR", "录入错误"
    HOUSE_SOLD = "HOUSE_SOLD", "产权变动"
    FALSE = "FALSE", "虚假撤销"
    REFILED = "REFILED", "重新备案替换"
    MOVE_OUT = "MOVE_OUT", "退租"
    RESTORED = "RESTORED", "恢复有效"
