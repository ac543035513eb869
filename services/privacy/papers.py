"""Papers that show persons: whose they are, that they were looked at, and what a preview hides of them (security.md 5)."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar
from uuid import UUID

from sqlmodel import col, select

from models.cancellation import CancelApply
from models.direct_pay import Entrustment
from models.documents import IssuedDocument, PaperKind, PrintLog
from models.masking import mask
from models.privacy import Shown
from models.tenancy import ContractParty, GovCase, LeaseContract, LeaseFiling
from models.tenancy_codes import Side
from services.access.matches import open_persons
from services.engine.work import Work
from services.privacy.accesses import note_access, numbers_of_contracts

Page = TypeVar("Page")
#: What a page says of a person that no party's own columns hold.
_FREE = {"address": "addr", "account": "acct"}


def contracts_of(work: Work, paper: IssuedDocument) -> list[UUID]:
    """The leases a paper is about."""
    found: set[UUID | None] = set()
    if paper.object_kind == LeaseContract.__tablename__:
        found.add(paper.object_id)
    for table in (LeaseFiling, GovCase, CancelApply):
        if paper.object_kind == table.__tablename__:
            found.update(work.session.exec(select(table.contract_id).where(table.id == paper.object_id)).all())
    if paper.filing_id is not None:
        found.update(work.rows(LeaseFiling.contract_id, LeaseFiling.id == paper.filing_id))
    return [contract_id for contract_id in found if contract_id is not None]


def note_paper(work: Work, paper: IssuedDocument, act: str) -> None:
    """A contract shows its parties in full, every other paper masks their numbers."""
    shown = Shown.FULL if paper.kind is PaperKind.CONTRACT else Shown.MASKED
    purpose = work.first(
        PrintLog.purpose,
        PrintLog.document_id == paper.id,
        PrintLog.account_id == work.caller.account_id,
        by=col(PrintLog.at).desc(),
    )
    numbers = numbers_of_contracts(work, contracts_of(work, paper))
    if paper.object_kind == Entrustment.__tablename__:
        mandate = work.session.get_one(Entrustment, paper.object_id)
        numbers |= {one for one in (mandate.tenant_id_no_index, mandate.spouse_id_no_index) if one}
    note_access(work, numbers, act, shown, purpose=purpose or "", about=paper)


def masked_page(work: Work, contract_ids: list[UUID], page: Page) -> Page:
    """Return the page as this caller may preview it: persons read today in clear, all others masked."""
    seen = open_persons(work)
    parties = work.rows(ContractParty, col(ContractParty.contract_id).in_(contract_ids))
    hidden: dict[str, str] = {}
    open_words: set[str] = set()
    for party in parties:
        for index, sealed in (
            (party.id_no_index, (party.name, party.id_no, party.mobile)),
            (party.agent_id_no_index, (party.agent_name, party.agent_id_no)),
        ):
            for value in sealed:
                if value is not None and index in seen:
                    open_words.add(value.plain)
                elif value is not None and value.plain:
                    hidden[value.plain] = value.masked()
    lessors = [party for party in parties if party.side is Side.LESSOR]
    clear_title = any(party.id_no_index in seen for party in lessors)
    words = {plain: shown for plain, shown in hidden.items() if plain not in open_words}
    return _masked(page, words, free=_FREE if not clear_title else {}) if words else page


def _masked(value: Any, words: Mapping[str, str], *, free: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        # The longest first: a short name may be part of a long one.
        for plain in sorted(words, key=len, reverse=True):
            value = value.replace(plain, words[plain])
        return value
    if isinstance(value, tuple):
        return tuple(_masked(item, words, free=free) for item in value)
    if is_dataclass(value) and not isinstance(value, type):
        changed = {}
        of_person = type(value).__name__ in {"Party", "Rent", "Deposit"}
        for one in fields(value):
            kept = getattr(value, one.name)
            if of_person and one.name in free and isinstance(kept, str) and kept not in {"", "—"}:
                changed[one.name] = mask(free[one.name], kept)
            elif one.name != "issue":
                changed[one.name] = _masked(kept, words, free=free)
        return replace(value, **changed)
    return value
