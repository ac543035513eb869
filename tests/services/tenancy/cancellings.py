"""What the tests of row 8 ask about a cancelling."""

from typing import Any
from uuid import UUID

import httpx
from sqlmodel import select

from models.cancellation import CancelApply
from models.documents import IssuedDocument, PaperKind
from models.tenancy_codes import (
    ContractState,
    FilingState,
)
from services.engine.orders import Reasoned
from services.tenancy.cancellation import restore_lease
from tests.services.tenancy.counter import Counter, Filed


def apply_of(counter: Counter, apply_id: UUID) -> CancelApply:
    statement = select(CancelApply).where(CancelApply.id == apply_id)
    found: CancelApply = counter.world.read(lambda work: work.session.exec(statement).one())
    return found


def notice_of(counter: Counter, apply_id: UUID) -> IssuedDocument:
    """The cancellation notice of one application."""
    statement = select(IssuedDocument).where(
        IssuedDocument.object_id == apply_id, IssuedDocument.kind == PaperKind.CANCEL_NOTICE
    )
    found: IssuedDocument = counter.world.read(lambda work: work.session.exec(statement).one())
    return found


def states(counter: Counter, filed: Filed) -> tuple[ContractState, FilingState]:
    return counter.contract(filed.contract_id).state, counter.filing(filed.filing_id).state


def licence(counter: Counter, filed: Filed) -> dict[str, Any] | None:
    """What the licence library holds of the filing."""
    answer = httpx.get(f"{counter.world.simulators.base_url('licence_library')}/sim/received").json()
    return next((one for one in answer if one["licence_code"] == filed.decision.filing_no), None)


def send_all(counter: Counter, filed: Filed, *more: UUID) -> None:
    """Draw what is to be drawn and send what is to be sent."""
    counter.draw_papers(filed.filing_id, filed.contract_id, *more)
    for _ in range(3):
        counter.world.let_pass(seconds=6)
        counter.run("outbox.send")


def restore(counter: Counter, apply_id: UUID, login: str = "shi01") -> None:
    counter.world.door.perform(restore_lease, counter.clerk(login), Reasoned(apply_id, "经办人误操作"))
