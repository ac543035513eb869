"""Card events exchanged with the association's integrity platform, each processed once (rows 45, 46)."""

from datetime import datetime
from uuid import UUID

from sqlmodel import UniqueConstraint

from models.base import Placed
from models.codes import Code
from models.columns import blind_index, code, integer, loose_ref, moment, sealed, sealed_json, text
from models.machines import Machine
from models.sealed import Sealed


class EventWay(Code):
    IN = "IN", "协会报来"
    OUT = "OUT", "告知协会"


class CardEventKind(Code):
    """Kind of a card event."""

    REGISTERED = "REGISTERED", "登记"
    ACTIVATED = "ACTIVATED", "激活"
    CANCELLED = "CANCELLED", "注销"
    SUSPENDED = "SUSPENDED", "暂停"
    RESUMED = "RESUMED", "恢复"


class EventState(Code):
    """Result of an event. HELD: an earlier event on its way may yet cancel the person's card elsewhere."""

    RECEIVED = "RECEIVED", "已接收", "info"
    DONE = "DONE", "已办理", "good"
    WAITING = "WAITING", "核验中", "info"
    INSPECTING = "INSPECTING", "待验看", "info"
    HELD = "HELD", "等待原卡注销", "warn"
    CONFLICT = "CONFLICT", "待核对", "bad"
    REFUSED = "REFUSED", "未通过", "bad"
    OLDER = "OLDER", "早于现有信息", "muted"
    ECHO = "ECHO", "本系统事件的回声", "muted"
    UNKNOWN = "UNKNOWN", "没有此卡", "warn"


class AssociationReason(Code):
    """Reason why a card ended, in the codes both sides use."""

    LEFT = "LEFT", "离职"
    FIRM_ENDED = "FIRM_ENDED", "机构注销"
    EXPELLED = "EXPELLED", "协会除名"
    QUALIFICATION = "QUALIFICATION", "职业资格失效"
    OWN_REQUEST = "OWN_REQUEST", "本人申请"
    BLACKLIST = "BLACKLIST", "黑名单"
    CHANGED = "CHANGED", "信息变更换卡"
    OTHER = "OTHER", "其他"


class EventOrigin(Code):
    """Side on which an event happened; a side that forwards an event keeps the origin."""

    ASSOCIATION = "ASSOCIATION", "协会"
    AUTHORITY = "AUTHORITY", "本系统"


#: Of these the sender has yet to hear the last word.
UNDECIDED = (EventState.WAITING, EventState.INSPECTING, EventState.HELD)
_OPEN = (EventState.RECEIVED, *UNDECIDED)

CARD_EVENT: Machine[EventState] = Machine(
    {
        "do": dict.fromkeys(_OPEN, EventState.DONE),
        "wait": dict.fromkeys((EventState.RECEIVED, EventState.HELD), EventState.WAITING),
        "inspect": dict.fromkeys((EventState.RECEIVED, EventState.WAITING, EventState.HELD), EventState.INSPECTING),
        "hold": {EventState.RECEIVED: EventState.HELD},
        "conflict": dict.fromkeys(_OPEN, EventState.CONFLICT),
        "refuse": dict.fromkeys(_OPEN, EventState.REFUSED),
        "overtake": dict.fromkeys(_OPEN, EventState.OLDER),
        "echo": {EventState.RECEIVED: EventState.ECHO},
        "miss": {EventState.RECEIVED: EventState.UNKNOWN},
    }
)


class AssociationEvent(Placed, table=True):
    """An event about a person's card, received from the association or sent to it, unique by number and direction.

    District and street are those of the firm's record, empty while the firm is unknown here.
    """

    __table_args__ = (UniqueConstraint("app_id", "way", "event_no"),)

    app_id: str = text("对接系统", max=32)
    way: EventWay = code(EventWay, "方向")
    event_no: str = text("事件编号", max=80)
    kind: CardEventKind = code(CardEventKind, "事件")
    #: When it happened, as its sender says: events about one person count in this order, however they arrive.
    event_at: datetime = moment("事件时间", index=True)
    received_at: datetime = moment("接收时间", index=True)
    fingerprint: str = text("内容摘要", "", max=64)
    uscc: str = text("统一社会信用代码", "", max=18)
    card_no: str = text("信息卡编号", "", max=40, index=True)
    name: Sealed | None = sealed("姓名", None, domain="name", mask="name")
    name_index: str | None = blind_index("姓名")
    id_no: Sealed | None = sealed("证件号码", None, domain="id_no", mask="id")
    id_no_index: str | None = blind_index("证件号码")
    enterprise_id: UUID | None = loose_ref("企业", None)
    card_id: UUID | None = loose_ref("信息卡", None)
    apply_id: UUID | None = loose_ref("申请", None)
    content: Sealed | None = sealed_json("事件内容", None)
    reasons: Sealed | None = sealed_json("原因", None)
    #: A HELD one is given up then.
    held_until: datetime | None = moment("等待至", None, index=True)
    answers: int = integer("答复次数", 0)
    state: EventState = code(EventState, "状态", index=True)
