"""签发前预览: the papers an action would issue, seen before it is performed (issue 19, decision 118).

The action is performed up to its commit, with every number left undrawn, and undone; nothing of it stays but the audit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from models.columns import new_id
from models.documents import IssuedDocument
from models.privacy import Shown
from services.access.visibility import ENTERPRISE, STAFF
from services.documents.forms import freeze, preview, thaw
from services.engine.callers import Caller
from services.engine.door import Door, Gathering
from services.engine.refusals import NotFound, Rejected
from services.engine.registry import Action, query
from services.engine.work import Work
from services.privacy.accesses import note_access, numbers_of_contracts
from services.privacy.papers import contracts_of, masked_page

#: Callers whose pages are kept at a time.
_MOST = 50


@dataclass(frozen=True)
class Rehearse:
    """An action with the order it would be performed with; one whose gatherer performs acts cannot be rehearsed."""

    action: Action[Any, Any]
    order: Any


@dataclass(frozen=True)
class Rehearsed:
    """The pages an action would issue, as the caller may see them, and the numbers of the persons they show."""

    pages: tuple[Any, ...]
    numbers: Sequence[Any]


def _rehearse(gathering: Gathering, order: Rehearse) -> Rehearsed:
    return gathering.rehearse(order.action, order.order, _issued)


def _issued(work: Work, _: object) -> Rehearsed:
    assert work.written is not None
    work.session.flush()
    pages: list[Any] = []
    numbers: list[Any] = []
    for row in work.written.rows.values():
        if isinstance(row, IssuedDocument) and row.issued_at == work.now:
            contracts = contracts_of(work, row)
            pages.append(masked_page(work, contracts, thaw(row.page)[1]))
            numbers += numbers_of_contracts(work, contracts)
    return Rehearsed(tuple(pages), numbers)


@query("papers.rehearse", "签发前预览文书", roles=STAFF | ENTERPRISE, gather=_rehearse, personal=True)
def rehearse_papers(work: Work, order: Rehearse, seen: Rehearsed) -> UUID:
    """Keep the pages for the caller's browser, which asks for them next, and return their id."""
    if not seen.pages:
        raise Rejected("按当前填写的内容，本次办理不会签发新的文书")
    note_access(work, seen.numbers, "papers.rehearse", Shown.MASKED)
    preview_id, kept = new_id(), work.house.rehearsed
    kept.pop(work.caller.key, None)
    kept[work.caller.key] = (preview_id, tuple(freeze(page) for page in seen.pages))
    while len(kept) > _MOST:
        kept.pop(next(iter(kept)), None)
    return preview_id


def rehearsed_papers(door: Door, caller: Caller, preview_id: UUID) -> bytes:
    """Draw the papers the caller rehearsed last as one watermarked document."""
    kept_id, pages = door.house.rehearsed.get(caller.key, (None, ()))
    if kept_id != preview_id:
        raise NotFound
    clerk = f"{caller.unit_name} {caller.name}".strip()
    return preview(*(thaw(page)[1] for page in pages), clerk=clerk, at=door.clock.now())
