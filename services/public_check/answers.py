"""Answers to a scanned paper or card on the day of the scan: a state, since when, and public lines (decision 33)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from models.codes import Code
from models.documents import PaperKind, PaperState
from models.practitioner_codes import CardState
from models.sealing import Sealer
from models.tenancy_codes import FilingState

#: Papers that stand for the filing itself; any other paper only says what was true on its day.
STANDS_FOR_FILING = frozenset({PaperKind.CONTRACT, PaperKind.FILING_NOTICE})


class Standing(Code):
    """The state in large letters on the page."""

    VALID = "valid", "有效"
    EXPIRED = "expired", "已到期"
    CANCELLED = "cancelled", "已注销"
    REPLACED = "replaced", "已被替代"
    REVOKED = "revoked", "已撤销"
    FROZEN = "frozen", "已冻结"
    SUSPECT = "suspect", "核查中"
    SUSPENDED = "suspended", "暂停"
    NOT_IN_FORCE = "inactive", "未生效"
    NOT_OURS = "foreign-card", "非本系统签发"
    WAITING = "waiting", "待生效"
    ENDED = "ended", "已失效"
    WITHDRAWN = "withdrawn", "已撤销"
    OFF_SHELF = "off-shelf", "已下架"
    FOREIGN = "foreign", "非本系统签发或已损坏"
    UNREADABLE = "unreadable", "无法识别"


@dataclass(frozen=True)
class PublicAnswer:
    """A paper as read by a single statement, with its filing if any."""

    kind: PaperKind
    title: str
    number: str
    issued_on: date
    digest: str
    state: PaperState
    public: Mapping[str, Any] = field(default_factory=dict)
    filing_state: FilingState | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    ended_on: date | None = None
    #: False when the register was changed past the product.
    sound: bool = True


@dataclass(frozen=True)
class Verdict:
    """The state of a paper on a day, since when, and what that means for who holds it."""

    standing: Standing
    since: date | None
    meaning: str


_MEANINGS = {
    Standing.VALID: "本文书由本系统签发，现为有效。",
    Standing.EXPIRED: "本文书由本系统签发，备案有效期已经届满。",
    Standing.CANCELLED: "本文书由本系统签发，所载备案已经注销，不能再作为有效备案使用。",
    Standing.REPLACED: "本文书由本系统签发，已有新的文书代替，请以新文书为准。",
    Standing.REVOKED: "本文书由本系统签发，所载备案已被撤销，不能再作为有效备案使用。",
    Standing.FROZEN: "本文书由本系统签发，所载备案正在核查，核查结束前暂停使用。",
}
_MEANINGS[Standing.SUSPECT] = "本文书的登记信息正在核查，暂不能给出核验结论，请向签发单位核实。"
_OF_THE_DAY = "本文书由本系统签发，记载的是签发时的情况。"
_ENDED = {
    FilingState.CANCELLED: Standing.CANCELLED,
    FilingState.REPLACED: Standing.REPLACED,
    FilingState.REVOKED: Standing.REVOKED,
    FilingState.FROZEN: Standing.FROZEN,
}


def verdict(answer: PublicAnswer, today: date) -> Verdict:
    """Return what a paper is worth on a day; that a term has run out is seen from the date, not from a job."""
    if not answer.sound:
        return _told(Standing.SUSPECT, None)
    if answer.state is PaperState.REPLACED:
        return _told(Standing.REPLACED, _day(answer.public.get("replaced_on")))
    if answer.kind not in STANDS_FOR_FILING or answer.filing_state is None:
        return Verdict(Standing.VALID, answer.issued_on, _OF_THE_DAY)
    if ended := _ENDED.get(answer.filing_state):
        return _told(ended, answer.ended_on)
    if answer.valid_to is not None and (answer.filing_state is FilingState.EXPIRED or answer.valid_to < today):
        return _told(Standing.EXPIRED, answer.valid_to + timedelta(days=1))
    return _told(Standing.VALID, answer.valid_from)


def lines(answer: PublicAnswer) -> list[tuple[str, str]]:
    """Return the public lines of a paper, in the order of the page."""
    public = answer.public
    term = (answer.valid_from, answer.valid_to)
    if answer.filing_state is None:
        term = (_day(public.get("valid_from")), _day(public.get("valid_to")))
    shown = [
        ("文书名称", answer.title),
        ("文书编号", answer.number),
        ("签发单位", _text(public.get("unit"))),
        ("签发日期", chinese_day(answer.issued_on)),
        ("备案有效期", f"{chinese_day(term[0])} 至 {chinese_day(term[1])}" if term[0] and term[1] else ""),
        *_parties(public.get("parties")),
        ("房屋坐落", _text(public.get("address"))),
        ("租赁部位", _text(public.get("part"))),
        ("内容摘要", _text(public.get("content_digest"))),
        ("文件摘要", answer.digest or "原件正在生成"),
    ]
    return [(label, value) for label, value in shown if value]


def chinese_day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _told(standing: Standing, since: date | None) -> Verdict:
    return Verdict(standing, since, _MEANINGS[standing])


def _parties(pairs: Any) -> list[tuple[str, str]]:
    """Return a line a side, in the order they were given."""
    sides: dict[str, list[str]] = {}
    for side, name in pairs if isinstance(pairs, list) else ():
        sides.setdefault(_text(side), []).append(_text(name))
    return [(side, "、".join(names)) for side, names in sides.items()]


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _day(value: Any) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) and value else None


#: The type of a card's code.
CARD = "pc"

FORGED = Verdict(
    Standing.NOT_OURS,
    None,
    "未查询到这张信息卡，谨防假冒。请不要凭此卡交付钱款或者签订合同，可以点击下方“反映问题”告诉我们。",
)

_CARD_STANDINGS = {
    CardState.ACTIVE: Standing.VALID,
    CardState.SUSPENDED: Standing.SUSPENDED,
    CardState.CANCELLED: Standing.CANCELLED,
    CardState.PASSED: Standing.NOT_IN_FORCE,
    CardState.LAPSED: Standing.NOT_IN_FORCE,
}
_CARD_MEANINGS = {
    CardState.ACTIVE: "持卡人为下列企业的从业人员。请核对照片、姓名与持卡人本人是否一致。",
    CardState.SUSPENDED: "此卡已暂停使用，暂停期间持卡人不能从事相关业务。",
    CardState.CANCELLED: "此卡已经注销，不能再使用。持卡人不得凭此卡从事相关业务。",
    CardState.PASSED: "此卡尚未由所在企业激活，还不能使用。",
    CardState.LAPSED: "此卡逾期未激活，不能使用，需要由所在企业重新申办。",
}
_SUSPECT = "此卡的登记信息正在核查，暂不能给出核验结论，请向所在企业备案地的区房屋管理局核实。"


@dataclass(frozen=True)
class CardAnswer:
    """A card as read by a single statement with its firm; `state` is the present one (`practitioners.card_status`).

    `sound` is False when card or firm was changed past the product.
    """

    id: UUID
    card_no: str
    state: CardState
    public: Mapping[str, Any] = field(default_factory=dict)
    portrait: bool = False
    sound: bool = True

    @property
    def shows_photo(self) -> bool:
        """A face is shown of a card in force only."""
        return self.portrait and self.sound and self.state is CardState.ACTIVE


def card_verdict(card: CardAnswer) -> Verdict:
    """The answer for a card of ours."""
    if not card.sound:
        return Verdict(Standing.SUSPECT, None, _SUSPECT)
    return Verdict(_CARD_STANDINGS[card.state], _day(card.public.get("since")), _CARD_MEANINGS[card.state])


def card_lines(public: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the public lines of a card, in the order of the page: the fields of D6's scan page only."""
    record = " ".join(part for part in (_text(public.get("record_no")), _bracketed(public, "record_state")) if part)
    shown = [
        ("姓名", _text(public.get("name"))),
        ("卡号", _text(public.get("card_no"))),
        ("状态", _text(public.get("state"))),
        ("从业类型", _text(public.get("duty"))),
        ("所在企业", _text(public.get("firm"))),
        ("企业简称", _text(public.get("firm_short"))),
        ("企业备案", record),
        ("信用记录", _text(public.get("credit"))),
    ]
    return [(label, value) for label, value in shown if value]


def _bracketed(public: Mapping[str, Any], key: str) -> str:
    text = _text(public.get(key))
    return f"（{text}）" if text else ""


SECONDS = 120


def photo_address(sealer: Sealer, card_id: UUID, at: datetime) -> str:
    """Return what follows `/c/photo/` from `at` (system time) on for two minutes."""
    told = f"{card_id.hex}.{int(at.timestamp()) + SECONDS}"
    return f"{told}.{sealer.mac(_message(told))}"


def card_of_address(sealer: Sealer, address: str, at: datetime) -> UUID | None:
    """The card such an address belongs to; None for one we did not make or whose time is over."""
    card, _, rest = address.partition(".")
    until, _, mac = rest.partition(".")
    if not address.isascii() or len(card) != 32 or not until.isdecimal() or len(until) > 12:
        return None
    if not sealer.check_mac(_message(f"{card}.{until}"), mac) or int(until) < at.timestamp():
        return None
    return UUID(hex=card)


def _message(told: str) -> bytes:
    # Another head than that of a row's message, so that neither passes for the other.
    return b"photo\0" + told.encode()
