"""Finding the firm a partner's system belongs to, by its name or credit code."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import col, or_, select

from models.enterprise import Enterprise
from services.engine.refusals import NotFound, Rejected
from services.engine.registry import query
from services.engine.search_terms import search_word
from services.engine.work import Work
from services.partners.registry import ADMINISTRATORS

_MOST = 30


@dataclass(frozen=True)
class FirmLine:
    id: UUID
    name: str
    uscc: str


@query("partners.firms", "查找企业", roles=ADMINISTRATORS)
def find_firms(work: Work, text: str) -> list[FirmLine]:
    """Up to thirty firms whose name holds the word, or the one of this credit code."""
    word = search_word(text)
    if len(word) < 2:
        raise Rejected("请至少输入2个字")
    rows = work.session.exec(
        select(Enterprise)
        .where(or_(col(Enterprise.name).contains(word, autoescape=True), Enterprise.uscc == word.upper()))
        .order_by(col(Enterprise.name))
        .limit(_MOST)
    ).all()
    return [FirmLine(row.id, row.name, row.uscc) for row in rows]


@query("partners.firm", "对接方所属企业", roles=ADMINISTRATORS)
def firm_of(work: Work, firm_id: UUID) -> FirmLine:
    """Return the firm named in a proposal, for its confirmer."""
    row = work.session.exec(select(Enterprise).where(Enterprise.id == firm_id)).first()
    if row is None:
        raise NotFound
    return FirmLine(row.id, row.name, row.uscc)
