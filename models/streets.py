"""Links of street users to streets, the chosen street of a session, and dated changes of streets (leasing 2.13, row 50)."""

from datetime import date, datetime
from uuid import UUID

from models.base import Placed, Row, Stamped
from models.codes import Code
from models.columns import code, day, district, flag, loose_ref, moment, ref, text
from models.machines import Machine


class LinkDuty(Code):
    """The duty of a user in a street: handlers accept, reviewers also review, readers only look."""

    HANDLE = "HANDLE", "经办"
    REVIEW = "REVIEW", "审核"
    READ = "READ", "查询"


class LinkState(Code):
    PENDING = "PENDING", "待生效", "info"
    ACTIVE = "ACTIVE", "有效", "good"
    ENDED = "ENDED", "已结束", "muted"


LINK = Machine(
    {
        "begin": {LinkState.PENDING: LinkState.ACTIVE},
        "end": dict.fromkeys((LinkState.PENDING, LinkState.ACTIVE), LinkState.ENDED),
    }
)


def state_on(today: date, valid_from: date, valid_to: date | None) -> LinkState:
    """Return the state a link has on a day by its dates, both of which are included."""
    if valid_to is not None and valid_to < today:
        return LinkState.ENDED
    return LinkState.PENDING if valid_from > today else LinkState.ACTIVE


class StreetChangeKind(Code):
    MERGED = "MERGED", "并入"
    RENAMED = "RENAMED", "更名"


class StreetLink(Placed, table=True):
    """A user of a street. `street_code` is the street as it was on the first day; later changes of streets lead on from it.

    The dates decide; `state` follows them every night, and is ENDED at once where an administrator ends the link.
    """

    account_id: UUID = ref("account", "用户")
    duty: LinkDuty = code(LinkDuty, "关联角色", LinkDuty.HANDLE)
    main: bool = flag("主关联", False)
    valid_from: date = day("生效日期")
    valid_to: date | None = day("失效日期", None, index=True)
    state: LinkState = code(LinkState, "状态", LinkState.ACTIVE, index=True)
    #: Who linked; None for links that came with a grant of the role.
    granted_by: UUID | None = loose_ref("授权管理员", None, index=False)
    session_id: UUID | None = loose_ref("导入批次", None)
    ended_at: datetime | None = moment("解除时间", None)
    end_reason: str = text("解除原因", "", max=200)


class StreetChoice(Row, table=True):
    """The street in which a user of several works during a session."""

    account_id: UUID = ref("account", "用户", unique=True)
    session_digest: str = text("会话摘要", max=64)
    street_code: str = text("街镇", max=9)


class StreetChange(Stamped, table=True):
    """A street that was merged into another or renamed from a day on; records keep the old code."""

    old_code: str = text("原街镇代码", max=9, index=True)
    old_name: str = text("原街镇名称", max=40)
    district_code: str = district("区", index=True)
    change: StreetChangeKind = code(StreetChangeKind, "变更方式")
    new_code: str = text("现街镇代码", max=9, index=True)
    new_name: str = text("现街镇名称", max=40)
    effective: date = day("生效日期")
