"""Citizens on their own pages: sessions without an account, and drafts that survive a closed phone (rows 3, 4)."""

from datetime import datetime

from models.base import Row, Stamped
from models.codes import Code
from models.columns import blind_index, code, moment, sealed, sealed_json, text
from models.machines import Machine
from models.sealed import Sealed
from models.tenancy_codes import Situation


class CitizenSession(Row, table=True):
    """A citizen who signed in at the city portal: the cookie's digest and the verified identity, for a short time."""

    # Touched once a minute without loading it, as a session of an account.
    __table_args__ = ({"info": {"mac_skips": ("seen_at",)}},)

    digest: str = text("会话摘要", max=64, unique=True)
    name: Sealed = sealed("姓名", domain="name", mask="name")
    name_index: str | None = blind_index("姓名")
    id_type: str = text("证件类型", max=2)
    id_no: Sealed = sealed("证件号码", domain="id_no", mask="id")
    id_no_index: str | None = blind_index("证件号码")
    mobile: Sealed | None = sealed("联系电话", None, domain="phone", mask="phone")
    mobile_index: str | None = blind_index("联系电话")
    started_at: datetime = moment("登录时间", index=True)
    seen_at: datetime = moment("最近活动")
    ended_at: datetime | None = moment("结束时间", None)


class DraftState(Code):
    OPEN = "OPEN", "填写中", "info"
    SUBMITTED = "SUBMITTED", "已提交", "good"
    DROPPED = "DROPPED", "已删除", "muted"


DRAFT = Machine(
    {
        "submit": {DraftState.OPEN: DraftState.SUBMITTED},
        "drop": {DraftState.OPEN: DraftState.DROPPED},
    }
)


class CitizenDraft(Stamped, table=True):
    """An application that a citizen is filling in; with `case_no` it supplements or changes a case already handed in."""

    owner_no: Sealed = sealed("填写人证件号码", domain="id_no", mask="id")
    owner_no_index: str | None = blind_index("填写人证件号码")
    situation: Situation = code(Situation, "情形")
    content: Sealed = sealed_json("填写内容")
    case_no: str = text("办件编号", "", max=40, index=True)
    edited_at: datetime = moment("最近填写时间", index=True)
    state: DraftState = code(DraftState, "状态", DraftState.OPEN, index=True)


class CitizenInvitation(Row, table=True):
    """A party named in another's application, who is asked to confirm the lease in an application of their own."""

    party_no: Sealed = sealed("当事人证件号码", domain="id_no", mask="id")
    party_no_index: str | None = blind_index("当事人证件号码")
    case_no: str = text("对方办件编号", max=40, index=True)
    invited_at: datetime = moment("提请确认时间")
    answered_at: datetime | None = moment("确认时间", None)
