"""Kept records: what is in force as typed rows, what is on its way and what was as revisions (architecture 3, decision 23)."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import UniqueConstraint

from models.base import Row, Stamped
from models.codes import Code
from models.columns import code, day, district, flag, integer, loose_ref, moment, ref, sealed_json, text
from models.machines import Machine
from models.sealed import Sealed


class RevisionState(Code):
    """Market 3.1; RETURNED has the rights of DRAFT and shows the opinion."""

    DRAFT = "DRAFT", "草稿", "muted"
    SUBMITTED = "SUBMITTED", "待审核", "info"
    RETURNED = "RETURNED", "退回修改", "warn"
    REJECTED = "REJECTED", "不予通过", "bad"
    EFFECTIVE = "EFFECTIVE", "生效", "good"
    SUPERSEDED = "SUPERSEDED", "历史", "muted"
    VOIDED = "VOIDED", "作废", "bad"


_OPEN = (RevisionState.DRAFT, RevisionState.RETURNED)
_WAITING = RevisionState.SUBMITTED

REVISION = Machine(
    {
        "save": {state: state for state in _OPEN},
        "drop": {RevisionState.DRAFT: RevisionState.DRAFT},
        "submit": dict.fromkeys(_OPEN, _WAITING),
        "withdraw": {_WAITING: RevisionState.DRAFT},
        "take": {_WAITING: _WAITING},
        "reassign": {_WAITING: _WAITING},
        "send_back": {_WAITING: RevisionState.RETURNED},
        "reject": {_WAITING: RevisionState.REJECTED},
        "pass_on": {_WAITING: _WAITING},
        "step_back": {_WAITING: _WAITING},
        "approve": {_WAITING: RevisionState.EFFECTIVE},
        "supersede": {RevisionState.EFFECTIVE: RevisionState.SUPERSEDED},
        "void": {RevisionState.EFFECTIVE: RevisionState.VOIDED},
        "undo": {
            _WAITING: _WAITING,
            RevisionState.RETURNED: _WAITING,
            RevisionState.REJECTED: _WAITING,
            RevisionState.EFFECTIVE: _WAITING,
        },
    }
)

#: While a revision is in one of these, no other of its record may be begun.
OPEN_STATES = frozenset({*_OPEN, _WAITING})


class SourceMode(Code):
    PREFILLED = "PREFILLED", "自动带入"
    MANUAL = "MANUAL", "手工填报"
    IMPORTED = "IMPORTED", "表格导入"
    SYSTEM = "SYSTEM", "系统生成"


class InForceState(Code):
    EFFECTIVE = "EFFECTIVE", "生效", "good"
    VOIDED = "VOIDED", "作废", "bad"


class InForce(Stamped):
    """A kept record in force: a typed row whose id is the record's own, made when the record was begun.

    The columns after these are the form of its kind, in order. The scope keys decide who may see it (market 3.7).
    """

    record_no: str = text("业务编号", max=32, index=True, unique=True)
    version_no: int = integer("版次", 1)
    in_force: InForceState = code(InForceState, "记录状态", InForceState.EFFECTIVE, index=True)
    revision_id: UUID = loose_ref("生效版本", index=False)
    effective_from: datetime = moment("生效时间", index=True)
    district_code: str = district("所属区", "", index=True)
    head_company_id: UUID | None = loose_ref("总公司", None)
    project_company_id: UUID | None = loose_ref("项目公司", None)
    project_id: UUID | None = loose_ref("项目", None)


def grid_index(table: str, *columns: str) -> sa.Index:
    """Make an index over all columns that a grid filters and sorts by: those named by its kind and those of every list.

    Rows of kinds are wide because they carry sealed values; a grid that reads this index alone is four to ten times as
    fast (measured over 200,000 rows). The district comes first, so that a district's grid reads a sixteenth; then
    codes,
    ranges, and texts of at most 255 characters, because PostgreSQL takes 2,704 bytes.
    """
    return sa.Index(f"ix_{table}_grid", "district_code", *columns, *_OF_EVERY_GRID, "id")


_OF_EVERY_GRID = ("in_force", "head_company_id", "effective_from", "record_no")


class ChildRow(Row):
    """A line of a list that belongs to a record in force; all lines are replaced when another version takes effect."""

    record_id: UUID = loose_ref("所属记录", owner=())
    place: int = integer("序号", 1)


#: Columns a form never shows, because the engine fills them.
HEADER = frozenset(InForce.model_fields) | frozenset(ChildRow.model_fields)


class Revision(Stamped, table=True):
    """A version of a kept record: a draft, under review, in force, or past (market 2.0 RecordHeader).

    `version` locks it for its editor. `payload` holds `values` by column, `children` as lists of such values, and
    `files`
    by slot as ids of attachments. `open_key` is the record's id while the revision is open, so that only one can be.
    """

    __table_args__ = (
        UniqueConstraint("record_id", "version_no"),
        # Lists as of a day find by it the versions that were replaced since.
        sa.Index("ix_revision_in_force_then", "kind", "effective_from", "superseded_at", "state"),
    )

    kind: str = text("类别", max=40, index=True)
    record_id: UUID = loose_ref("记录")
    record_no: str = text("业务编号", "", max=32, index=True)
    version_no: int = integer("版次", 1)
    based_on: int | None = integer("基于版次", None)
    state: RevisionState = code(RevisionState, "状态", RevisionState.DRAFT, index=True)
    open_key: str | None = text("在途标识", None, max=36, unique=True)
    title: Sealed = sealed_json("标题")
    change_reason: Sealed | None = sealed_json("变更原因", None)
    source_mode: SourceMode = code(SourceMode, "填报方式", SourceMode.MANUAL)

    district_code: str = district("所属区", "", index=True)
    head_company_id: UUID | None = loose_ref("总公司", None)
    project_company_id: UUID | None = loose_ref("项目公司", None)
    project_id: UUID | None = loose_ref("项目", None)

    payload: Sealed = sealed_json("内容")
    #: What the gateway answered: source, moment, values; by prefill.
    source_snapshot: Sealed | None = sealed_json("来源快照", None)
    #: Fields that differ from what was prefilled: [{field, given, now}].
    prefill_diff: Sealed | None = sealed_json("与来源不一致", None)
    #: The findings of the last trial, submission and approval, and the reasons given for warnings.
    rule_results: Sealed | None = sealed_json("核验结果", None)
    digest: str = text("内容摘要", "", max=64)

    author_id: UUID | None = loose_ref("起草人", None)
    #: A draft is seen only by the office that writes it.
    author_unit: UUID | None = loose_ref("起草单位", None)
    submitted_by: UUID | None = loose_ref("提交人", None)
    submitted_at: datetime | None = moment("提交时间", None)
    #: Which level of the kind's review waits, from 0; who has it in hand since when.
    review_step: int = integer("审核层级", 0)
    review_due: date | None = day("审核期限", None, index=True)
    taken_by: UUID | None = loose_ref("承办人", None)
    taken_at: datetime | None = moment("承办时间", None)
    #: Whom an administrator gave the level in hand to: no other reviewer decides at it while that one can.
    assigned_to: UUID | None = loose_ref("指定审核人", None)
    #: A reviewer of the level in hand has looked at it: from now on it cannot be withdrawn.
    opened_at: datetime | None = moment("开始审核时间", None)
    reviewed_by: UUID | None = loose_ref("审核人", None)
    reviewed_at: datetime | None = moment("审核时间", None)
    opinion: Sealed | None = sealed_json("审核意见", None)
    effective_from: datetime | None = moment("生效时间", None)
    superseded_at: datetime | None = moment("失效时间", None)


class StepVerdict(Code):
    SUBMITTED = "SUBMITTED", "提交", "info"
    WITHDRAWN = "WITHDRAWN", "撤回", "info"
    PASSED = "PASSED", "通过本级", "good"
    RETURNED = "RETURNED", "退回修改", "warn"
    REJECTED = "REJECTED", "不予通过", "bad"
    APPROVED = "APPROVED", "审核通过", "good"
    SUPERSEDED = "SUPERSEDED", "被新版替代", "info"
    VOIDED = "VOIDED", "作废", "bad"
    REASSIGNED = "REASSIGNED", "转交审核", "info"
    REQUEUED = "REQUEUED", "放回待审", "info"
    UNDONE = "UNDONE", "撤销决定", "warn"
    HANDED_BACK = "HANDED_BACK", "退回上一级", "warn"
    ASKED = "ASKED", "征求意见", "info"
    ANSWERED = "ANSWERED", "答复意见", "info"
    TOLD = "TOLD", "抄送", "info"


#: A step in hand went to another reviewer.
MOVES = frozenset({StepVerdict.REASSIGNED, StepVerdict.REQUEUED})
#: The official who works on a version is shown to the authority alone.
INTERNAL_STEPS = MOVES | {StepVerdict.HANDED_BACK, StepVerdict.ASKED, StepVerdict.ANSWERED, StepVerdict.TOLD}


class RevisionStep(Row, table=True):
    """A step in the history of a revision, kept for good."""

    revision_id: UUID = ref("revision", "版本", owner=True)
    level: str = text("环节", "", max=20)
    verdict: StepVerdict = code(StepVerdict, "结果")
    by_account: UUID | None = loose_ref("办理人", None)
    by_unit: UUID | None = loose_ref("办理单位", None)
    at: datetime = moment("时间", index=True)
    opinion: Sealed | None = sealed_json("意见", None)


class FreshDecision(Stamped, table=True):
    """A reviewer's decision that may still be undone: what every row was before it, and when its time is over."""

    revision_id: UUID = loose_ref("版本")
    record_id: UUID = loose_ref("记录", index=False)
    verb: str = text("决定", max=20)
    by_account: UUID | None = loose_ref("决定人", None, index=False)
    decided_at: datetime = moment("决定时间")
    until: datetime = moment("可撤销至", index=True)
    #: Rows made, and rows changed or deleted with the values they had, by table; the MAC each was left with.
    images: Sealed = sealed_json("决定前内容")
    undone_at: datetime | None = moment("撤销时间", None)


class OpinionState(Code):
    ASKED = "ASKED", "待答复", "info"
    GIVEN = "GIVEN", "已答复", "good"
    WITHDRAWN = "WITHDRAWN", "已撤回", "muted"
    LAPSED = "LAPSED", "未答复", "muted"


OPINION = Machine(
    {
        "give": {OpinionState.ASKED: OpinionState.GIVEN},
        "withdraw": {OpinionState.ASKED: OpinionState.WITHDRAWN},
        "lapse": {OpinionState.ASKED: OpinionState.LAPSED},
    }
)


class SecondOpinion(Stamped, table=True):
    """An opinion that a reviewer asks of a named colleague before the decision about a version."""

    revision_id: UUID = loose_ref("版本")
    review_step: int = integer("审核层级", 0)
    asked_by: UUID = loose_ref("征求人", index=False)
    of_account: UUID = loose_ref("被征求人")
    question: Sealed = sealed_json("征求事项")
    state: OpinionState = code(OpinionState, "状态", OpinionState.ASKED, index=True)
    agrees: bool | None = flag("是否同意", None)
    opinion: Sealed | None = sealed_json("意见", None)
    answered_at: datetime | None = moment("答复时间", None)


class RecordCopy(Stamped, table=True):
    """A copy of a version for an official, who may read this version and finds it in the inbox until then."""

    __table_args__ = (UniqueConstraint("revision_id", "to_account"),)

    revision_id: UUID = loose_ref("版本")
    to_account: UUID = loose_ref("抄送给")
    by_account: UUID = loose_ref("抄送人", index=False)
    words: Sealed | None = sealed_json("说明", None)
    read_at: datetime | None = moment("阅读时间", None)


class RevisionFile(Row, table=True):
    """An attachment cited by a version; it is visible to those who see the version."""

    revision_id: UUID = ref("revision", "版本", owner=True)
    attachment_id: UUID = ref("attachment", "附件")
    slot: str = text("附件栏", max=40)
    place: int = integer("序号", 1)


class PactState(Code):
    """A thing two sides agree on (market 2.7 links, 2.5 confirmations)."""

    OFFERED = "OFFERED", "待确认", "info"
    CONFIRMED = "CONFIRMED", "已确认", "good"
    DECLINED = "DECLINED", "已拒绝", "bad"
    CANCELLED = "CANCELLED", "已撤回", "muted"
    EXPIRED = "EXPIRED", "逾期失效", "muted"
    RELEASED = "RELEASED", "已解除", "muted"


PACT = Machine(
    {
        "confirm": {PactState.OFFERED: PactState.CONFIRMED},
        "decline": {PactState.OFFERED: PactState.DECLINED},
        "cancel": {PactState.OFFERED: PactState.CANCELLED},
        "expire": {PactState.OFFERED: PactState.EXPIRED},
        "release": {PactState.CONFIRMED: PactState.RELEASED},
    }
)


class Pact(Stamped):
    """Columns of an agreement that one side offers and the other confirms.

    `offered_side` is the side that began, in the table's own codes. The reason is that of the latest step.
    """

    state: PactState = code(PactState, "状态", PactState.OFFERED, index=True)
    offered_side: str = text("发起方", max=20)
    offered_by: UUID | None = loose_ref("发起人", None, index=False)
    offered_at: datetime = moment("发起时间")
    expires_on: date | None = day("确认期限", None, index=True)
    answered_by: UUID | None = loose_ref("答复人", None, index=False)
    answered_at: datetime | None = moment("答复时间", None)
    ended_at: datetime | None = moment("解除时间", None)
    reason: Sealed | None = sealed_json("说明", None)


class TaskDelegation(Stamped, table=True):
    """A delegation that shows a user's inbox to a colleague of the same office and role, acting in their own right."""

    from_account: UUID = ref("account", "委托人")
    to_account: UUID = ref("account", "受托人")
    valid_from: date = day("开始日期")
    valid_to: date = day("结束日期", index=True)
    reason: Sealed | None = sealed_json("原因", None)
    ended_at: datetime | None = moment("收回时间", None)
