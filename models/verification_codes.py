"""Codes and state tables of listing verification, its codes, shelf and forced review (leasing 3.5-3.7)."""

from models.codes import Code
from models.machines import Machine


class RequesterKind(Code):
    """The party that asks for the verification of a home."""

    OWNER = "OWNER", "权利人"
    BROKERAGE = "BROKERAGE", "房地产经纪机构"
    RENTAL_ENTERPRISE = "RENTAL_ENTERPRISE", "住房租赁企业"
    INFO_PLATFORM = "INFO_PLATFORM", "网络信息平台"


class UncodedType(Code):
    """A type of home that is published without a verification code, under the label of its type (V10)."""

    RESETTLEMENT = "RESETTLEMENT", "动迁安置房"
    HOMESTEAD = "HOMESTEAD", "宅基地房"


#: Requesters who must show a mandate of the owner (V04).
WITH_MANDATE = frozenset({RequesterKind.BROKERAGE, RequesterKind.RENTAL_ENTERPRISE, RequesterKind.INFO_PLATFORM})


class MandateKind(Code):
    ENTRUST = "ENTRUST", "委托出租"
    OPERATE = "OPERATE", "委托经营"
    PLATFORM = "PLATFORM", "委托发布"


class PenaltyKind(Code):
    PENALTY = "PENALTY", "行政处罚"
    SHUT = "SHUT", "停业整顿"


class VerificationState(Code):
    """A request for a code. While a source is silent it stays SUBMITTED and is asked again."""

    SUBMITTED = "SUBMITTED", "核验中", "info"
    PASSED = "PASSED", "通过", "good"
    FAILED = "FAILED", "未通过", "bad"
    REVIEWING = "REVIEWING", "强制核验中", "warn"
    FAILED_FINAL = "FAILED_FINAL", "强制核验未同意", "bad"
    WITHDRAWN = "WITHDRAWN", "已撤回", "muted"


VERIFICATION: Machine[VerificationState] = Machine(
    {
        "check": {VerificationState.SUBMITTED: VerificationState.SUBMITTED},
        "pass": {VerificationState.SUBMITTED: VerificationState.PASSED},
        "fail": {VerificationState.SUBMITTED: VerificationState.FAILED},
        "withdraw": {VerificationState.SUBMITTED: VerificationState.WITHDRAWN},
        "review": {VerificationState.FAILED: VerificationState.REVIEWING},
        "pass_by_force": {VerificationState.REVIEWING: VerificationState.PASSED},
        "fail_finally": {VerificationState.REVIEWING: VerificationState.FAILED_FINAL},
        # The window or the applicant takes the application back; another may follow.
        "stop_review": {VerificationState.REVIEWING: VerificationState.FAILED},
    }
)


class CodeState(Code):
    """A verification code: shown at once, in force once the request has passed."""

    PENDING = "PENDING", "待生效", "info"
    VALID = "VALID", "有效", "good"
    VOID = "VOID", "未生效", "muted"
    INVALID = "INVALID", "已失效", "muted"
    CANCELLED = "CANCELLED", "已撤销", "muted"


class CodeEnd(Code):
    EXPIRED = "EXPIRED", "期满"
    FILED = "FILED", "房屋已备案"
    RESTRICTED = "RESTRICTED", "房屋存在限制"
    RENEWED = "RENEWED", "已换新码"
    WITHDRAWN = "WITHDRAWN", "已撤销"


CODE: Machine[CodeState] = Machine(
    {
        "take_effect": {CodeState.PENDING: CodeState.VALID},
        "void": {CodeState.PENDING: CodeState.VOID},
        # A forced review reopens the code of the failed request.
        "reopen": {CodeState.VOID: CodeState.VALID},
        "invalidate": {CodeState.VALID: CodeState.INVALID},
        "cancel": {CodeState.VALID: CodeState.CANCELLED, CodeState.PENDING: CodeState.CANCELLED},
    }
)


class ShelfState(Code):
    """Public display of a listing under its code."""

    NONE = "NONE", "未发布", "muted"
    ON = "ON", "已上架", "good"
    OFF = "OFF", "已下架", "muted"
    FORCED_ON = "FORCED_ON", "强制上架", "warn"
    FORCED_OFF = "FORCED_OFF", "强制下架", "bad"


#: Listings that the public sees.
ON_SHELF = frozenset({ShelfState.ON, ShelfState.FORCED_ON})

SHELF: Machine[ShelfState] = Machine(
    {
        "publish": dict.fromkeys((ShelfState.NONE, ShelfState.OFF, *ON_SHELF), ShelfState.ON),
        "take_off": dict.fromkeys(ON_SHELF, ShelfState.OFF),
        "force_on": {ShelfState.NONE: ShelfState.FORCED_ON, ShelfState.OFF: ShelfState.FORCED_ON},
        "force_off": dict.fromkeys((ShelfState.NONE, ShelfState.OFF, *ON_SHELF), ShelfState.FORCED_OFF),
        "lift": {ShelfState.FORCED_OFF: ShelfState.OFF},
    }
)


class LockState(Code):
    LOCKED = "LOCKED", "已锁定", "info"
    UNLOCKED = "UNLOCKED", "已解除", "muted"


LOCK: Machine[LockState] = Machine({"unlock": {LockState.LOCKED: LockState.UNLOCKED}})


class ForcedState(Code):
    """An application for forced review of a failed verification (rows 28, 29)."""

    DRAFT = "DRAFT", "草稿", "muted"
    SUBMITTED = "SUBMITTED", "待受理", "info"
    CORRECTION = "CORRECTION", "待补正", "warn"
    ACCEPTED = "ACCEPTED", "待审核", "info"
    ESCALATED = "ESCALATED", "待复审", "warn"
    PASSED = "PASSED", "已同意", "good"
    REFUSED = "REFUSED", "未同意", "bad"
    DONE = "DONE", "已办结", "good"
    WITHDRAWN = "WITHDRAWN", "已撤回", "muted"


#: A verification has one of these at a time.
OPEN_FORCED = frozenset(
    {ForcedState.DRAFT, ForcedState.SUBMITTED, ForcedState.CORRECTION, ForcedState.ACCEPTED, ForcedState.ESCALATED}
)

FORCED: Machine[ForcedState] = Machine(
    {
        "submit": {ForcedState.DRAFT: ForcedState.SUBMITTED, ForcedState.CORRECTION: ForcedState.SUBMITTED},
        "ask_for_more": {ForcedState.SUBMITTED: ForcedState.CORRECTION},
        "accept": {ForcedState.SUBMITTED: ForcedState.ACCEPTED},
        "escalate": {ForcedState.ACCEPTED: ForcedState.ESCALATED},
        "step_back": {ForcedState.ESCALATED: ForcedState.ACCEPTED},
        "agree": {ForcedState.ACCEPTED: ForcedState.PASSED, ForcedState.ESCALATED: ForcedState.PASSED},
        "refuse": {ForcedState.ACCEPTED: ForcedState.REFUSED, ForcedState.ESCALATED: ForcedState.REFUSED},
        "finish": {ForcedState.PASSED: ForcedState.DONE},
        # Another rule failed when everything not waived was run again.
        "return": {ForcedState.PASSED: ForcedState.ACCEPTED},
        "withdraw": dict.fromkeys(OPEN_FORCED, ForcedState.WITHDRAWN),
        # The reason is gone: the verification passes by itself.
        "close": dict.fromkeys(OPEN_FORCED, ForcedState.DONE),
        # The refusal taken back within its minute; the row is again as it was, accepted or escalated.
        "undo": {ForcedState.REFUSED: ForcedState.ACCEPTED},
    }
)


class TemplateState(Code):
    DRAFT = "DRAFT", "草稿", "muted"
    PUBLISHED = "PUBLISHED", "使用中", "good"
    RETIRED = "RETIRED", "已停用", "muted"


TEMPLATE: Machine[TemplateState] = Machine(
    {
        "edit": {TemplateState.DRAFT: TemplateState.DRAFT},
        "publish": {TemplateState.DRAFT: TemplateState.PUBLISHED},
        "retire": {TemplateState.PUBLISHED: TemplateState.RETIRED},
        "drop": {TemplateState.DRAFT: TemplateState.RETIRED},
    }
)


class PrecheckState(Code):
    PASSED = "PASSED", "通过", "good"
    FAILED = "FAILED", "未通过", "bad"
    PENDING = "PENDING", "核验中", "info"
