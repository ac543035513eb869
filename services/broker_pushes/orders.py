"""Orders and answers of the association in our words (row 13)."""

import json
from dataclasses import dataclass, field
from typing import Any

from models.push_codes import PushState
from models.sealing import sm3_hex
from services.engine.findings import Finding

#: A batch holds no more (row 13).
MOST_ITEMS = 500


def digest_of(told: list[Any]) -> str:
    """The SM3 that identifies a repetition of these values."""
    return sm3_hex(json.dumps(told, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode())


@dataclass(frozen=True)
class PushedItem:
    """A lease as its member sent it.

    `raw` is the lease form as typed, `signed_text` the SM3 of the text both sides signed. `faults` lists faults of the
    item's own form; then `raw` is empty. `attempt` counts the member's tries under this number.
    """

    position: int
    own_no: str
    member_uscc: str
    raw: dict[str, Any] = field(default_factory=dict)
    signed_text: str = ""
    attempt: int = 1
    faults: tuple[Finding, ...] = ()

    @property
    def fingerprint(self) -> str:
        """Return the SM3 of the item, independent of its position."""
        told = [self.own_no, self.member_uscc, self.attempt, self.signed_text, self.raw]
        told.append([[fault.code, fault.field, fault.message] for fault in self.faults])
        return digest_of(told)


@dataclass(frozen=True)
class ReceiveBatch:
    batch_no: str
    items: tuple[PushedItem, ...]

    @property
    def fingerprint(self) -> str:
        return sm3_hex("".join(item.fingerprint for item in self.items).encode())


@dataclass(frozen=True)
class Reason:
    """A finding for the sender, without values of a register or of another person (decision 9)."""

    code: str
    severity: str
    field: str
    message: str


@dataclass(frozen=True)
class ItemAnswer:
    """Result of an item; `state` is None when it could not be processed now and should be sent again."""

    position: int
    own_no: str
    member_uscc: str
    attempt: int
    state: PushState | None
    filing_no: str = ""
    contract_no: str = ""
    case_no: str = ""
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True)
class BatchAnswer:
    """Every item's answer in the order of the batch, and how many came to what."""

    batch_no: str
    items: tuple[ItemAnswer, ...]

    def count(self, state: PushState | None) -> int:
        return sum(item.state is state for item in self.items)
