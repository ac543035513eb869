"""备案记录 as of a day: the state each filing had at its end, from the ledger of ended and restored filings (issue 21)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select

from models.codes import Toned
from models.direct_pay import FilingEnding
from models.direct_pay_codes import EndingKind
from models.tenancy import LeaseFiling
from models.tenancy_codes import FilingState
from services.engine.search_terms import chosen, day_is_over
from services.engine.work import Work
from services.tenancy.filing_search import FilingLine

#: The state in which an ending leaves a filing; every other kind of ending cancels it.
_ENDS = {
    EndingKind.RESTORED: FilingState.ACTIVE,
    EndingKind.EXPIRED: FilingState.EXPIRED,
    EndingKind.REFILED: FilingState.REPLACED,
    EndingKind.FALSE: FilingState.REVOKED,
}


def was_filed(day: date) -> Any:
    """The clause of filings that were there at the end of a day."""
    return col(LeaseFiling.filed_on) <= day


def state_on(day: date) -> Any:
    """The SQL of the state at the end of a day: by the last line of the ledger until then, and by the last day of the term."""
    last = (
        select(FilingEnding.kind)
        .where(FilingEnding.filing_id == LeaseFiling.id, col(FilingEnding.recorded_at) < day_is_over(day))
        .order_by(col(FilingEnding.recorded_at).desc(), col(FilingEnding.position).desc())
        .limit(1)
        .correlate(LeaseFiling)
        .scalar_subquery()
    )
    ends = [(last == kind, sa.literal(str(state))) for kind, state in _ENDS.items() if state is not FilingState.ACTIVE]
    over = (col(LeaseFiling.valid_to) < day, sa.literal(str(FilingState.EXPIRED)))
    counts = sa.or_(last.is_(None), last == EndingKind.RESTORED)
    return sa.case(
        (sa.and_(counts, over[0]), over[1]),
        (counts, sa.literal(str(FilingState.ACTIVE))),
        *ends,
        else_=sa.literal(str(FilingState.CANCELLED)),
    )


def in_state(day: date, text: str) -> Any:
    """The clause of filings that were in a chosen state."""
    return state_on(day) == str(chosen(FilingState, text))


def as_they_were(work: Work, day: date, lines: Sequence[FilingLine]) -> tuple[FilingLine, ...]:
    """Lines with the states of that day in place of today's."""
    ids = [line.id for line in lines]
    asked = select(LeaseFiling.id, state_on(day)).where(col(LeaseFiling.id).in_(ids))
    states: dict[UUID, str] = dict(work.session.exec(asked).all()) if ids else {}
    return tuple(replace(line, state=_words(line, FilingState.stored(states[line.id]), day)) for line in lines)


def _words(line: FilingLine, state: FilingState, day: date) -> str:
    if state is FilingState.ACTIVE and line.valid_from > day:
        return Toned("有效（未起租）", "good")
    return state.label
