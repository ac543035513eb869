"""谁看过我的信息: what a citizen is shown of who looked at his record, and what an investigation sees of it (D23).

To the citizen an official is his surname, unit and post: enough to complain by, and not the clerk's own data. The
investigation of the city centre or the auditor sees the whole name, for a stated reason.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import func
from sqlmodel import col, select

from models.access import Account, OrgUnit, Role
from models.masking import mask
from models.privacy import PersonAccess, Shown
from models.sealed import Sealed, index_of, indexes_of
from printing.access_sheet import AccessSheet, Look, render
from printing.page import Issue
from services.access.matches import open_person, whole_number
from services.access.visibility import CLERKS
from services.engine.callers import Caller
from services.engine.clock import shanghai_text
from services.engine.door import Door
from services.engine.listings import Line
from services.engine.look_ups import rows_by, values_by
from services.engine.refusals import NotFound, Rejected
from services.engine.registry import ACTIONS, QUERIES, action, query
from services.engine.words import enough_words
from services.engine.work import Work, visible_rows
from services.privacy.accesses import look_of

INVESTIGATORS = {Role.CITY_CENTER, Role.AUDITOR}
MOST = 500
OWN, INVESTIGATION = "accesses.of_person", "accesses.investigate"
#: What a partner's system or an earlier version did has no action of ours by that name.
_OTHER_ACTS = {"exports.make": "清单导出"}


@visible_rows(PersonAccess)
def own_looks(work: Work, table: Any) -> Any:
    """Show users their own accesses; investigators all."""
    if work.caller.has(*INVESTIGATORS):
        return sa.true()
    if work.caller.account_id is None:
        return sa.false()
    return col(table.account_id) == work.caller.account_id


@dataclass(frozen=True)
class Looks:
    """`look_id` is this very enquiry, by which its sheet is printed; no personal number is ever part of an address."""

    look_id: UUID
    number: str
    total: int
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class AskWhoLooked:
    """The citizen's own number; `how` is CARD or TYPED."""

    id_no: str
    how: str = "TYPED"


@action(OWN, "查询本人信息查看记录", roles=CLERKS, event="PII.READ")
def who_looked(work: Work, order: AskWhoLooked) -> Looks:
    """Return who looked at the person at this counter; officials by surname. Reading it is a look too."""
    number = whole_number(order.id_no)
    open_person(work, number, order.how)
    return _looks(work, number, OWN, "本人在窗口查询", whole_names=False)


@dataclass(frozen=True)
class InvestigateLooks:
    id_no: str
    reason: str


@action(INVESTIGATION, "调查信息查看记录", roles=INVESTIGATORS, event="PII.READ")
def investigate_looks(work: Work, order: InvestigateLooks) -> Looks:
    """Return who looked at one person, with whole names, for a stated reason."""
    number = whole_number(order.id_no)
    reason = enough_words(order.reason, "调查事由", least=4, most=200)
    return _looks(work, number, INVESTIGATION, reason, whole_names=True)


def _looks(work: Work, number: str, act: str, purpose: str, *, whole_names: bool) -> Looks:
    index = index_of(work.sealer, "id_no", number)
    look = PersonAccess(**look_of(work, work.caller, index, act, Shown.LOOKS, purpose))
    look.shown_as = Sealed.of_json(mask("id", number))
    work.add(look)
    work.session.flush()
    work.trail.tell("PII.READ", act, about=look)
    total, lines = _lines(work, indexes_of(work.sealer, "id_no", number), whole_names=whole_names)
    return Looks(look.id, mask("id", number), total, lines)


def _lines(work: Work, indexes: list[str], *, whole_names: bool) -> tuple[int, tuple[Line, ...]]:
    where = col(PersonAccess.id_no_index).in_(indexes)
    total = work.session.exec(select(func.count()).select_from(PersonAccess).where(where)).one()
    rows = work.rows(PersonAccess, where, by=(col(PersonAccess.at).desc(), col(PersonAccess.id).desc()), most=MOST)
    units = values_by(work, OrgUnit.id, OrgUnit.name, (row.unit_id for row in rows))
    accounts = rows_by(work, Account, (row.account_id for row in rows))
    return total, tuple(
        Line(
            id=row.id,
            at=row.at,
            unit=units.get(row.unit_id, "") if row.unit_id else row.partner,
            role=Role.of(row.role).label if row.role in Role.labels() else row.role,
            official=_official(accounts.get(row.account_id), whole=whole_names) if row.account_id else "—",
            act=act_label(row.act),
            what=row.what.label,
            purpose=row.purpose.json() if row.purpose is not None else "",
        )
        for row in rows
    )


def _official(account: Account | None, *, whole: bool) -> str:
    if account is None:
        return "—"
    return f"{account.name.plain}（{account.login}）" if whole else account.name.masked("P")


def act_label(act: str) -> str:
    """The Chinese name of what was done."""
    if act in _OTHER_ACTS:
        return _OTHER_ACTS[act]
    known = ACTIONS.get(act) or QUERIES.get(act)
    return known.label if known is not None else act


@query("accesses.sheet", "打印信息查看记录", roles=CLERKS | INVESTIGATORS, personal=True)
def access_sheet(work: Work, look_id: UUID) -> AccessSheet:
    """Return the sheet of an enquiry of today to its enquirer; later accesses are not on it."""
    look = work.get(PersonAccess, look_id)
    if look.what is not Shown.LOOKS or look.account_id != work.caller.account_id or look.shown_as is None:
        raise NotFound
    if (work.at - look.at).days:
        raise Rejected("查询结果当日有效，请重新查询后打印")
    total, lines = _lines(work, [look.id_no_index], whole_names=look.act == INVESTIGATION)
    return AccessSheet(
        issue=Issue(number=f"CK{look.id.hex[-12:].upper()}", unit=work.caller.unit_name, issued_on=work.today),
        number=look.shown_as.json(),
        asked_at=shanghai_text(look.at),
        operator=work.caller.name,
        total=total,
        looks=tuple(
            Look(
                shanghai_text(line.at)[:16],
                line.unit or "—",
                f"{line.role}\n{line.official}",
                line.act,
                line.what,
                line.purpose,
            )
            for line in lines
        ),
    )


def access_sheet_pdf(door: Door, caller: Caller, look_id: UUID) -> bytes:
    """The sheet as PDF, drawn with no transaction open."""
    return render(door.ask(access_sheet, caller, look_id))
