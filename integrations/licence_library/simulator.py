"""An electronic licence library for demo and tests: what it holds by a fixed rule, and every deposit taken once."""

from typing import Annotated

from fastapi import HTTPException
from pydantic import BaseModel, Field

from integrations.licence_library.contract import (
    DEPOSIT,
    HELD,
    REVOKE,
    Deposit,
    DepositReply,
    HeldReply,
    HeldRequest,
    Revocation,
)
from integrations.wire.simulator import Change, ContentFault, Ground, Simulator
from models.identity import check_id_number
from models.normal import normal_id_no

ID_CARD = "居民身份证"
TITLE_CERTIFICATE = "不动产权证"
_OTHER_PERSON = "310101197001019034"


class HeldChange(Change):
    """The materials held for a person from now on."""

    id_no: str
    materials: Annotated[list[str], Field(max_length=50)]


class Received(BaseModel):
    """A licence after all messages received for it; `times` counts the messages, including repetitions."""

    licence_code: str
    licence_type: str
    licence_title: str
    holder_codes: list[str]
    file_digest: str
    issue_date: str
    revoked: bool
    receipt_code: str
    times: int


class LicenceLibrarySimulator(Simulator):
    """Materials by person; deposits by request id and licence number."""

    def __init__(self, ground: Ground) -> None:
        super().__init__("licence_library", "电子证照库（模拟）", latency_ms=ground.latency_ms)
        self._fixtures = frozenset(ground.records.fixtures)
        self._owners = ground.records.owners()
        self._set: dict[str, tuple[str, ...]] = {}
        self._kept: dict[str, Received] = {}
        self._answered: dict[str, tuple[Deposit | Revocation, DepositReply]] = {}
        self.on_change(HeldChange, self._change)
        self._add_addresses()

    def _add_addresses(self) -> None:
        @self.app.post(HELD.path)
        async def held(request: HeldRequest, fault: ContentFault) -> HeldReply:
            number = normal_id_no(request.holder_code)
            return HeldReply(
                request_id=request.request_id,
                holder_code=_OTHER_PERSON if fault == "mismatch" else request.holder_code,
                data_time=self.now() if number in self._set else self.data_time,
                licence_types=() if fault == "miss" else self._materials(number),
            )

        @self.app.post(DEPOSIT.path)
        async def deposit(message: Deposit, fault: ContentFault) -> DepositReply:
            return self._deposit(message, fault)

        @self.app.post(REVOKE.path)
        async def revoke(message: Revocation, fault: ContentFault) -> DepositReply:
            return self._revoke(message, fault)

        @self.app.get("/sim/received")
        async def received() -> list[Received]:
            return list(self._kept.values())

    def _materials(self, number: str) -> tuple[str, ...]:
        """Fixtures and every third number have their identity card here, and their title when they own a flat."""
        if (chosen := self._set.get(number)) is not None:
            return chosen
        third = check_id_number(number).ok and int(number[:17]) % 3 == 0
        if number not in self._fixtures and not third:
            return ()
        return (ID_CARD, TITLE_CERTIFICATE) if number in self._owners else (ID_CARD,)

    def _change(self, change: HeldChange) -> int:
        self._set[normal_id_no(change.id_no)] = tuple(change.materials)
        return 1

    def _deposit(self, message: Deposit, fault: str) -> DepositReply:
        kept = self._kept.get(message.licence_code)
        if repeated := self._repeated(message, kept):
            return _spoilt(repeated, fault)
        if fault == "miss":
            raise HTTPException(404, "holder unknown")
        content = message.model_dump(exclude={"request_id"})
        if kept is None or kept.revoked:
            receipt = f"ZZ{len(self._answered) + 1:010d}"
            kept = Received(**content, revoked=False, receipt_code=receipt, times=0)
            self._kept[message.licence_code] = kept
        elif kept.model_dump(include=set(content)) != content:
            raise HTTPException(409, "another file has this licence number")
        # A new request id for what is already here: the sender lost its first number, the licence stays one.
        kept.times += 1
        return _spoilt(self._accept(message, kept.receipt_code), fault)

    def _revoke(self, message: Revocation, fault: str) -> DepositReply:
        kept = self._kept.get(message.licence_code)
        if repeated := self._repeated(message, kept):
            return _spoilt(repeated, fault)
        if kept is None or fault == "miss":
            raise HTTPException(404, "no such licence")
        if kept.file_digest != message.file_digest:
            raise HTTPException(409, "another file has this licence number")
        kept.revoked, kept.times = True, kept.times + 1
        return _spoilt(self._accept(message, f"{kept.receipt_code}-ZX"), fault)

    def _repeated(self, message: Deposit | Revocation, kept: Received | None) -> DepositReply | None:
        """Return the first answer to a repeated request; the id with other content is refused."""
        if message.request_id not in self._answered:
            return None
        first, reply = self._answered[message.request_id]
        if first != message:
            raise HTTPException(409, "request id already used for another message")
        if kept is not None:
            kept.times += 1
        return reply

    def _accept(self, message: Deposit | Revocation, receipt: str) -> DepositReply:
        reply = DepositReply(
            request_id=message.request_id, result="ACCEPTED", receipt_code=receipt, receive_time=self.now()
        )
        self._answered[message.request_id] = (message, reply)
        return reply


def _spoilt(reply: DepositReply, fault: str) -> DepositReply:
    return reply.model_copy(update={"request_id": "another-request"}) if fault == "mismatch" else reply
