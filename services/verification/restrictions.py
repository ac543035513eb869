"""Restrictions that other offices report on a house: all its codes die, and their end revives none (3.6)."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import col, or_, select

from models.access import Role
from models.house import House, HouseRestriction, RestrictionKind
from models.verification_codes import CodeEnd
from services.engine.copied import values_for
from services.engine.refusals import NotFound
from services.engine.registry import action
from services.engine.work import Work
from services.tenancy.filing import lock_house
from services.verification.codes import end_code, running_codes

#: The source of restrictions reported to us; what the register says itself is asked each time.
REPORTED = "主管部门通报"


@dataclass(frozen=True)
class NoteRestriction:
    """A restriction on a house of our base library, with the day it begins."""

    house_code: str
    kind: RestrictionKind
    since: date
    source: str = REPORTED
    reference: str = ""
    until: date | None = None


@dataclass(frozen=True)
class EndRestriction:
    """The reported restrictions of a kind end: `until` is the last day they hold."""

    house_code: str
    kind: RestrictionKind
    until: date


def _house(work: Work, house_code: str) -> House:
    found = work.find(
        work.visible(House), House.house_code == house_code, missing=NotFound("没有查到这套房屋，请核对房屋编码")
    )
    return lock_house(work, found.id)


@action("restrictions.note", "登记房屋限制", roles={Role.DISTRICT_BUREAU, Role.SYSTEM}, event="DATA.CREATE")
def note_restriction(work: Work, order: NoteRestriction) -> int:
    """Keep a restriction and end every valid code of the house; returns how many codes ended."""
    house = _house(work, order.house_code)
    work.add(HouseRestriction(house_id=house.id, **values_for(HouseRestriction, order)))
    if order.since > work.today:
        return 0
    return sum(end_code(work, code, CodeEnd.RESTRICTED) for code in running_codes(work, house.id))


@action("restrictions.end", "解除房屋限制", roles={Role.DISTRICT_BUREAU, Role.SYSTEM}, event="DATA.STATE")
def end_restriction(work: Work, order: EndRestriction) -> int:
    """End the reported restrictions of a kind; codes that died of them stay dead."""
    house = _house(work, order.house_code)
    rows = work.held(
        select(HouseRestriction).where(
            HouseRestriction.house_id == house.id,
            HouseRestriction.kind == order.kind,
            HouseRestriction.source != "不动产登记",
            or_(col(HouseRestriction.until).is_(None), col(HouseRestriction.until) > order.until),
        )
    ).all()
    for row in rows:
        row.until = order.until
        work.add(row)
    return len(rows)
