"""Answer to a scanned card: one of six states, public data while it is known, and its photo's address (rows 48; decision 33)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from models.practitioner_codes import CardState
from models.sealing import Sealer
from services.public_check.answers import Standing, Verdict

#: The type of a card's code.
CARD = "pc"

FORGED = Verdict(
    Standing.NOT_OURS,
    None,
    "未查询到这张信息卡，谨防假冒。请不要凭此卡交付钱款或者签订合同，可以点击下方“反映问题”告诉我们。",
)

_STANDINGS = {
    CardState.ACTIVE: Standing.VALID,
    CardState.SUSPENDED: Standing.SUSPENDED,
    CardState.CANCELLED: Standing.CANCELLED,
    CardState.PASSED: Standing.NOT_IN_FORCE,
    CardState.LAPSED: Standing.NOT_IN_FORCE,
}
_MEANINGS = {
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
    return Verdict(_STANDINGS[card.state], _day(card.public.get("since")), _MEANINGS[card.state])


def card_lines(public: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the public lines of a card, in the order of the page: the fields of D6's scan page only."""
    record = " ".join(part for part in (_text(public, "record_no"), _bracketed(public, "record_state")) if part)
    shown = [
        ("姓名", _text(public, "name")),
        ("卡号", _text(public, "card_no")),
        ("状态", _text(public, "state")),
        ("从业类型", _text(public, "duty")),
        ("所在企业", _text(public, "firm")),
        ("企业简称", _text(public, "firm_short")),
        ("企业备案", record),
        ("信用记录", _text(public, "credit")),
    ]
    return [(label, value) for label, value in shown if value]


def _text(public: Mapping[str, Any], key: str) -> str:
    value = public.get(key)
    return value if isinstance(value, str) else ""


def _bracketed(public: Mapping[str, Any], key: str) -> str:
    text = _text(public, key)
    return f"（{text}）" if text else ""


def _day(value: Any) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) and value else None


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
