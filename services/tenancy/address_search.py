"""Finding houses by any part of their address: the rarest two-character cut first, always limited (decision 20)."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from models.dialect import cuts
from models.house import AddressCut, House
from services.engine.refusals import Rejected

#: More houses than this and the term is broad: then the list is walked in its own order instead.
MOST_HOUSES = 2000
#: A cut is counted no further than these, one after another, until one of the term's cuts turns out to be rare.
_COUNTED = (500, 4_000, 20_000)
_MOST_CUTS = 16


@dataclass(frozen=True)
class Places:
    """Result of an address term: the houses, or a clause on the address when there are too many."""

    house_ids: tuple[UUID, ...] | None
    clause: Any

    @property
    def broad(self) -> bool:
        return self.house_ids is None


def places_of(session: Session, text: str) -> Places:
    """Find the houses whose address contains `text`, ignoring blanks; `%` and `_` are literal (H26)."""
    plain = "".join(text.split())
    if len(plain) < 2:
        raise Rejected("请输入至少两个字的地址")
    if len(plain) > 60:
        raise Rejected("地址过长，请缩短后再查")
    contains = col(House.address).contains(plain, autoescape=True)
    chosen = _rarest(session, plain)
    statement = select(col(House.id)).where(contains)
    if chosen is None:
        # Every cut is in too many houses to be worth joining; one pass over the houses is bounded, a walk is not.
        found = session.exec(statement.limit(MOST_HOUSES + 1)).all()
    else:
        for gram in chosen:
            cut = aliased(AddressCut)
            statement = statement.join(cut, (col(cut.house_id) == col(House.id)) & (col(cut.gram) == gram))
        found = session.exec(statement.limit(MOST_HOUSES + 1)).all()
    return Places(None, contains) if len(found) > MOST_HOUSES else Places(tuple(found), contains)


def _rarest(session: Session, plain: str) -> tuple[str, ...] | None:
    """The rarest cut of a text and the next one, or None when all are frequent."""
    # Two characters of a road's name are rarer than a digit and its neighbour.
    grams = sorted(cuts(plain), key=lambda gram: sum(char.isascii() for char in gram))[:_MOST_CUTS]
    for most in _COUNTED:
        counted = sorted((_hits(session, gram, most), place, gram) for place, gram in enumerate(grams))
        if counted[0][0] < most:
            return tuple(gram for _, _, gram in counted[:2])
    return None


def _hits(session: Session, gram: str, most: int) -> int:
    counted = select(AddressCut.house_id).where(AddressCut.gram == gram).limit(most).subquery()
    return session.exec(select(func.count()).select_from(counted)).one()
