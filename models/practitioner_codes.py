"""Codes and state tables of practitioners, their cards and firms' brands (leasing 2.8, 2.9, 3.8, 3.10)."""

from models.codes import Code
from models.machines import Machine


class CardState(Code):
    """A card: drawn up at inspection, in force from activation."""

    PASSED = "PASSED", "未生效", "warn"
    ACTIVE = "ACTIVE", "有效", "good"
    SUSPENDED = "SUSPENDED", "暂停", "bad"
    CANCELLED = "CANCELLED", "已注销", "muted"
    LAPSED = "LAPSED", "逾期未激活", "muted"


#: Of these a person has one in the whole city (K04).
LIVE = frozenset({CardState.PASSED, CardState.ACTIVE, CardState.SUSPENDED})

CARD: Machine[CardState] = Machine(
    {
        "activate": {CardState.PASSED: CardState.ACTIVE},
        "lapse": {CardState.PASSED: CardState.LAPSED},
        "suspend": {CardState.ACTIVE: CardState.SUSPENDED},
        "resume": {CardState.SUSPENDED: CardState.ACTIVE},
        "cancel": dict.fromkeys(LIVE, CardState.CANCELLED),
        # Objecting changes nothing.
        "dispute": {CardState.SUSPENDED: CardState.SUSPENDED, CardState.CANCELLED: CardState.CANCELLED},
    }
)


class CardOrigin(Code):
    LOCAL = "LOCAL", "企业申办"
    ASSOC = "ASSOC", "诚信平台"


class CardEnd(Code):
    """Reason for the cancellation of a card."""

    LEFT = "LEFT", "离职"
    CHANGED = "CHANGED", "信息变更换卡"
    FIRM_ENDED = "FIRM_ENDED", "企业注销"
    BLACKLIST = "BLACKLIST", "黑名单"
    ASSOCIATION = "ASSOCIATION", "协会同步"
    IN_PERSON = "IN_PERSON", "本人窗口申请"


class CardPause(Code):
    """Reason for the suspension of a card."""

    BLACKLIST = "BLACKLIST", "黑名单核查"
    FIRM = "FIRM", "企业服务暂停"
    INQUIRY = "INQUIRY", "区级调查"
    ASSOCIATION = "ASSOCIATION", "协会同步"


class ApplyKind(Code):
    NEW = "NEW", "新办"
    CHANGE = "CHANGE", "变更"
    CANCEL = "CANCEL", "注销"


class ApplyChannel(Code):
    FIRM = "FIRM", "企业逐人申办"
    BATCH = "BATCH", "企业批量导入"
    WINDOW = "WINDOW", "窗口"
    ASSOC = "ASSOC", "诚信平台"


class ApplyState(Code):
    """An application for a card. While an outside system is silent it stays SUBMITTED (K03)."""

    DRAFT = "DRAFT", "草稿", "muted"
    SUBMITTED = "SUBMITTED", "核验中", "info"
    AUTO_REJECTED = "AUTO_REJECTED", "核验未通过", "bad"
    INSPECTING = "INSPECTING", "待验看", "info"
    RETURNED = "RETURNED", "已退回", "warn"
    PASSED = "PASSED", "已通过", "good"
    WITHDRAWN = "WITHDRAWN", "已撤回", "muted"


#: A person has one of these at a time.
OPEN_APPLIES = frozenset({ApplyState.DRAFT, ApplyState.SUBMITTED, ApplyState.INSPECTING, ApplyState.RETURNED})

APPLY: Machine[ApplyState] = Machine(
    {
        "submit": {ApplyState.DRAFT: ApplyState.SUBMITTED, ApplyState.RETURNED: ApplyState.SUBMITTED},
        "check_again": {ApplyState.SUBMITTED: ApplyState.SUBMITTED},
        "verified": {ApplyState.SUBMITTED: ApplyState.INSPECTING},
        "auto_reject": {ApplyState.SUBMITTED: ApplyState.AUTO_REJECTED},
        "pass": {ApplyState.INSPECTING: ApplyState.PASSED},
        "return": {ApplyState.INSPECTING: ApplyState.RETURNED},
        "undo": dict.fromkeys((ApplyState.PASSED, ApplyState.RETURNED), ApplyState.INSPECTING),
        "withdraw": dict.fromkeys(OPEN_APPLIES, ApplyState.WITHDRAWN),
    }
)


class CheckAnswer(Code):
    """Answer of the two-factor check or the blacklist."""

    UNASKED = "UNASKED", "未核验", "muted"
    GOOD = "GOOD", "通过", "good"
    BAD = "BAD", "未通过", "bad"
    SILENT = "SILENT", "核验中", "info"


class FaceSeen(Code):
    """Result of the face detector for a portrait (K07): a hint for inspectors that errs both ways."""

    ONE = "ONE", "一张人脸", "good"
    NONE = "NONE", "未检出人脸", "warn"
    SEVERAL = "SEVERAL", "不止一张人脸", "warn"
    TURNED = "TURNED", "人脸不是正立的", "warn"
    SMALL = "SMALL", "人脸偏小", "warn"
    LARGE = "LARGE", "人脸偏大", "warn"
    ASIDE = "ASIDE", "人脸偏离中央", "warn"


#: Such a portrait is looked at by itself, never passed among many.
FACE_IN_DOUBT = frozenset({FaceSeen.NONE, FaceSeen.SEVERAL, FaceSeen.TURNED})


class FaceView(Code):
    """Portraits as a queue sorts them."""

    IN_DOUBT = "IN_DOUBT", "人脸待核对", "warn"
    GOOD = "GOOD", "检出一张人脸", "good"
    UNSEEN = "UNSEEN", "未作检测", "muted"


class BrandState(Code):
    DRAFT = "DRAFT", "草稿", "muted"
    SUBMITTED = "SUBMITTED", "待审核", "info"
    APPROVED = "APPROVED", "已通过", "good"
    RETURNED = "RETURNED", "已退回", "warn"
    WITHDRAWN = "WITHDRAWN", "已撤回", "muted"


BRAND: Machine[BrandState] = Machine(
    {
        "submit": {BrandState.DRAFT: BrandState.SUBMITTED, BrandState.RETURNED: BrandState.SUBMITTED},
        "approve": {BrandState.SUBMITTED: BrandState.APPROVED},
        "return": {BrandState.SUBMITTED: BrandState.RETURNED},
        "undo": {BrandState.RETURNED: BrandState.SUBMITTED},
        "withdraw": dict.fromkeys((BrandState.DRAFT, BrandState.SUBMITTED, BrandState.RETURNED), BrandState.WITHDRAWN),
    }
)


class TaskKind(Code):
    """Reason for a district to examine a live card."""

    BLACKLIST = "BLACKLIST", "黑名单命中", "bad"
    TWO_FACTOR = "TWO_FACTOR", "身份核验不再通过", "bad"
    ASSOC_CONFLICT = "ASSOC_CONFLICT", "与诚信平台不一致", "warn"
    FIRM_ENDED = "FIRM_ENDED", "企业备案已失效", "muted"
    DISPUTE = "DISPUTE", "企业异议", "warn"
    REPORT = "REPORT", "公众反映", "info"


class TaskState(Code):
    OPEN = "OPEN", "待处理", "warn"
    DONE = "DONE", "已处理", "good"


TASK: Machine[TaskState] = Machine(
    {"close": {TaskState.OPEN: TaskState.DONE}, "undo": {TaskState.DONE: TaskState.OPEN}}
)


class SessionState(Code):
    """A table people bring in, from upload until every row is committed or given up."""

    READING = "READING", "读取中", "info"
    MAPPING = "MAPPING", "待确认读取", "warn"
    READY = "READY", "待提交", "warn"
    COMMITTING = "COMMITTING", "提交中", "info"
    PAUSED = "PAUSED", "已暂停", "warn"
    DONE = "DONE", "已完成", "good"
    CANCELLED = "CANCELLED", "已取消", "muted"
    UNDONE = "UNDONE", "已撤销", "muted"
    REFUSED = "REFUSED", "文件未通过检查", "bad"


class RowState(Code):
    """A row of such a table."""

    BAD = "BAD", "待改正", "bad"
    GOOD = "GOOD", "可提交", "info"
    COMMITTED = "COMMITTED", "已提交", "good"
    DROPPED = "DROPPED", "不再提交", "muted"
    UNDONE = "UNDONE", "已撤销", "muted"


#: A file is read again after its heads were matched ("map") and when corrected rows came back ("correct").
IMPORT: Machine[SessionState] = Machine(
    {
        "read": {SessionState.READING: SessionState.READY},
        "ask_heads": {SessionState.READING: SessionState.MAPPING},
        "map": {SessionState.MAPPING: SessionState.READING},
        "refuse": {SessionState.READING: SessionState.REFUSED},
        "correct": {SessionState.READY: SessionState.READING},
        "commit": {SessionState.READY: SessionState.COMMITTING, SessionState.PAUSED: SessionState.COMMITTING},
        "pause": {SessionState.COMMITTING: SessionState.PAUSED},
        "rest": {SessionState.COMMITTING: SessionState.READY},
        "finish": {SessionState.COMMITTING: SessionState.DONE},
        "cancel": dict.fromkeys(
            (
                SessionState.READING,
                SessionState.MAPPING,
                SessionState.READY,
                SessionState.COMMITTING,
                SessionState.PAUSED,
            ),
            SessionState.CANCELLED,
        ),
        "undo": dict.fromkeys(
            (SessionState.READY, SessionState.PAUSED, SessionState.DONE, SessionState.CANCELLED), SessionState.UNDONE
        ),
    }
)

#: Rows move many at a time with their session, which logs how many.
IMPORT_ROW: Machine[RowState] = Machine(
    {
        "judged_good": {RowState.BAD: RowState.GOOD, RowState.GOOD: RowState.GOOD},
        "judged_bad": {RowState.BAD: RowState.BAD, RowState.GOOD: RowState.BAD},
        "commit": {RowState.GOOD: RowState.COMMITTED},
        "drop": {RowState.BAD: RowState.DROPPED, RowState.GOOD: RowState.DROPPED},
        "undo": {RowState.COMMITTED: RowState.UNDONE},
    }
)
