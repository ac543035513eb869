"""Finding houses by any part of their address: the rarest two-character cut first, always limited (decision 20)."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from models.dialect import cuts
from models.house import AddressCut, House
from services.engine.refusals import Rejected

#: More houses than this and the term is broad: then the list is walked in its own order instead.
MOST_HOUSES = 2000
_COUNTED = 20_000


@dataclass(frozen=True)
class Places:
    """What a term means: these houses, or a clause on the address when there are too many to name."""

    house_ids: tuple[UUID, ...] | None
    clause: Any

    @property
    def broad(self) -> bool:
        return self.house_ids is None


def places_of(session: Session, text: str) -> Places:
    """The houses whose address contains `text`, blanks left out; `%` and `_` are taken as they stand (H26)."""
    plain = "".join(text.split())
    if len(plain) < 2:
        raise Rejected("请输入至少两个字的地址")
    if len(plain) > 60:
        raise Rejected("地址过长，请缩短后再查")
    contains = col(House.address).contains(plain, autoescape=True)
    rarest, hits = min(((gram, _hits(session, gram)) for gram in cuts(plain)[:8]), key=lambda pair: pair[1])
    if hits >= _COUNTED:
        return Places(None, contains)
    found = session.exec(
        select(col(House.id))
        .join(AddressCut, col(AddressCut.house_id) == col(House.id))
        .where(AddressCut.gram == rarest, contains)
        .limit(MOST_HOUSES + 1)
    ).all()
    return Places(None, contains) if len(found) > MOST_HOUSES else Places(tuple(found), contains)


def _hits(session: Session, gram: str) -> int:
    counted = select(AddressCut.house_id).where(AddressCut.gram == gram).limit(_COUNTED).subquery()
    return session.exec(select(func.count()).select_from(counted)).one()
