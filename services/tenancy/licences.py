"""制证: the filing notice goes to the licence library, which touches no filing where it fails; failures for the office of the filing (row 7)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlmodel import col, select

from models.documents import IssuedDocument, PaperKind
from models.engine import Outgoing, OutgoingState
from models.house import House
from models.sealing import sm3_hex
from models.tenancy import ContractParty, LeaseFiling
from models.tenancy_codes import LICENCE, FilingState, LicenceState, Side
from services.access.visibility import STAFF
from services.engine.listings import Column, Listing, listed, named
from services.engine.outbox import RESEND, route, send, sending_of
from services.engine.steps import take_step
from services.engine.work import Work
from services.ports.answers import LicencePush
from services.ports.systems import LICENCE_LIBRARY, Systems
from services.tenancy.endings import filing_state_text


def queue_licence(work: Work, filing: LeaseFiling, parties: Sequence[ContractParty]) -> None:
    """Have the filing's licence made, or made again after it was recalled; called once the filing has its number."""
    holders = [party for party in parties if party.side is not Side.OCCUPANT]
    take_step(work, filing, LICENCE, "queue", field="licence_state", log=False)
    _send(work, filing, "issue", [party.id_no.plain for party in holders])


def recall_licence(work: Work, filing: LeaseFiling) -> None:
    """Have the licence of an ended filing recalled, whether or not it has arrived yet."""
    _send(work, filing, "revoke", [])


def _send(work: Work, filing: LeaseFiling, operation: str, holder_ids: list[str]) -> None:
    # A filing may be cancelled, restored and cancelled again: each is a message of its own.
    key = f"{operation}:{filing.filing_no}:{filing.version}"
    send(
        work,
        to="licence_library",
        operation=operation,
        business_key=key,
        kind="lease_filing",
        object_id=filing.id,
        request_id=f"{operation}-{sm3_hex(key.encode())[:40]}",
        payload={
            "licence_no": filing.filing_no,
            "kind": "FILING_NOTICE",
            "title": "住房租赁合同备案通知书",
            "holder_ids": holder_ids,
            "issued_on": filing.filed_on.isoformat(),
            "revoked": operation == "revoke",
        },
    )


def _push(systems: Systems, payload: dict[str, Any], request_id: str) -> str:
    licence = LicencePush(
        licence_no=payload["licence_no"],
        kind=payload["kind"],
        title=payload["title"],
        holder_ids=tuple(payload["holder_ids"]),
        digest=payload.get("digest", ""),
        issued_on=date.fromisoformat(payload["issued_on"]),
        revoked=payload["revoked"],
    )
    return systems.at(LICENCE_LIBRARY).push(licence, request_id).receipt_no


def _issued(work: Work, message: Outgoing) -> None:
    filing = work.only(LeaseFiling, LeaseFiling.id == message.object_id)
    arrived = message.state is OutgoingState.SENT
    work.trail.tell("DATA.STATE", "licence.issue", about=filing, result="ok" if arrived else "fail")
    if filing.licence_state is LicenceState.REVOKED:
        # A dead message sent again by hand after the filing had ended: what it made is taken back.
        if arrived:
            recall_licence(work, filing)
        return
    take_step(work, filing, LICENCE, "issue" if arrived else "fail", field="licence_state", log=False)


def _revoked(work: Work, message: Outgoing) -> None:
    filing = work.only(LeaseFiling, LeaseFiling.id == message.object_id)
    # A filing restored meanwhile has its licence made again right behind this message.
    if message.state is OutgoingState.SENT and filing.state is not FilingState.ACTIVE:
        take_step(work, filing, LICENCE, "revoke", field="licence_state", log=False)
    work.trail.tell("DATA.STATE", "licence.revoke", about=filing, result=str(message.state))


def _with_digest(work: Work, message: Outgoing, payload: dict[str, Any]) -> dict[str, Any] | None:
    """A licence is known by the SM3 of its notice; until that is drawn the message waits, and so for earlier ones."""
    before = work.first(
        Outgoing.id,
        Outgoing.system == message.system,
        Outgoing.object_id == message.object_id,
        Outgoing.state == OutgoingState.WAITING,
        col(Outgoing.id) < message.id,
    )
    digest = work.first(
        IssuedDocument.digest,
        IssuedDocument.filing_id == message.object_id,
        IssuedDocument.kind == PaperKind.FILING_NOTICE,
        by=col(IssuedDocument.issued_at).desc(),
    )
    return {**payload, "digest": digest} if digest and before is None else None


route("licence_library", "issue", _push, _issued, _with_digest)
route("licence_library", "revoke", _push, _revoked, _with_digest)


OPERATIONS = {"issue": "制证", "revoke": "吊销"}
#: Words for a kind of failure; its content is never shown.
_ERRORS = {"NoAnswer": "对方未应答"}
_DEAD = col(Outgoing.state) == OutgoingState.DEAD


def _failing(work: Work) -> Any:
    """Messages about visible filings that failed for good, or failed once and are being tried again."""
    seen = work.visible(LeaseFiling).with_only_columns(LeaseFiling.id)  # type: ignore[call-overload]
    trying = (col(Outgoing.state) == OutgoingState.WAITING) & (col(Outgoing.last_error) != "")
    # Messages themselves are the city's; an office is shown those of the filings it sees.
    return select(Outgoing).where(
        Outgoing.system == "licence_library",
        Outgoing.object_kind == "lease_filing",
        col(Outgoing.object_id).in_(seen),
        _DEAD | trying,
    )


def _cells(work: Work, rows: Sequence[Any]) -> Mapping[str, Callable[[Any], Any]]:
    found = work.session.exec(
        select(LeaseFiling, House.address)
        .join(House, col(House.id) == col(LeaseFiling.house_id))
        .where(col(LeaseFiling.id).in_([row.object_id for row in rows]))
    ).all()
    filings = {filing.id: filing for filing, _ in found}
    addresses = {filing.id: address for filing, address in found}
    return {
        "filing_no": lambda row: filings[row.object_id].filing_no,
        "filing_state": lambda row: filing_state_text(filings[row.object_id], work.today),
        "contract_id": lambda row: filings[row.object_id].contract_id,
        "address": lambda row: addresses[row.object_id],
    }


FAILURES = listed(
    Listing(
        name="licence_failures",
        label="制证异常",
        roles=STAFF,
        table=Outgoing,
        rows=_failing,
        columns=(
            Column("filing_no", "备案编号", width=190),
            Column("address", "房屋坐落"),
            Column("filing_state", "备案状态", width=100),
            Column("operation", "业务", lambda row: OPERATIONS.get(row.operation, row.operation), width=60),
            Column("sending", "发送状态", sending_of, width=120),
            Column("attempts", "已试", sortable=True, number=True, width=60),
            Column(
                "next_at", "下次发送", lambda row: None if row.state is OutgoingState.DEAD else row.next_at, width=130
            ),
            Column("error", "原因", lambda row: _ERRORS.get(row.last_error, "对方系统异常"), width=120),
            Column("created_at", "产生时间", sortable=True, width=130),
        ),
        filters=(named("dead", "范围", {"dead": ("只看发送失败", _DEAD)}, all="失败和重试中", width=200),),
        look_up=_cells,
        also=("state",),
        sort="-created_at",
        bulk=(replace(RESEND, named="filing_no"),),
        empty="没有发送失败的电子证照",
    )
)
