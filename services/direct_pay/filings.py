"""合同与备案信息查询, 终止数据查询: what the fund may ask about filings, never older than the record (rows 15, 16)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import Field
from sqlalchemy import func
from sqlmodel import col, select

from models.access import Role
from models.direct_pay import FilingEnding
from models.enterprise import Enterprise
from models.house import House
from models.normal import normal
from models.privacy import Shown
from models.sealed import indexes_of
from models.tenancy import ContractParty, LeaseContract, LeaseFiling
from models.tenancy_codes import FilingState, Side
from services.direct_pay.mandates import contract_state_by_date, state_by_date
from services.direct_pay.visibility import only_the_fund
from services.engine.door import Gathering
from services.engine.listings import Line
from services.engine.refusals import Malformed, NotFound
from services.engine.registry import action, query
from services.engine.work import Work
from services.partners.wire_fields import IdNumber, Moment, PersonName
from services.privacy.accesses import note_access
from services.tenancy.endings import day_after
from services.tenancy.jobs import expire, expire_filings

MOST_LINES = 1_000
#: How many filings past their last day one question may have to expire before it is answered.
_DUE_AT_ONCE = 300
_OF_LINE = ("filing_no", "contract_no", "kind", "ended_on", "recorded_at")


def _numbered(work: Work, order: "AskFilings | AskEndings") -> Sequence[tuple[LeaseFiling, LeaseContract]]:
    """Every filing of a contract number, newest first, or the one of a filing number; `NotFound` when there is none."""
    rows = select(LeaseFiling, LeaseContract).join(LeaseContract, col(LeaseFiling.contract_id) == LeaseContract.id)
    if order.filing_no:
        rows = rows.where(LeaseFiling.filing_no == order.filing_no)
    if order.contract_no:
        rows = rows.where(LeaseContract.contract_no == order.contract_no)
    found = work.session.exec(rows.order_by(col(LeaseFiling.ticket).desc())).all()
    if not found:
        raise NotFound
    return found


def _summary(work: Work, filing: LeaseFiling, contract: LeaseContract) -> dict[str, Any]:
    """A filing as of now; `changed_at` is its last change, by the record or by its last day."""
    return {
        "filing_no": filing.filing_no,
        "contract_no": contract.contract_no or "",
        "state": state_by_date(filing, work.today),
        "valid_from": filing.valid_from,
        "valid_to": filing.valid_to,
        "changed_at": _changed_at(filing, work),
    }


def _detail(work: Work, filing: LeaseFiling, contract: LeaseContract, purpose: str) -> Line:
    """A filing in full, its persons in clear: this leaves only in an envelope."""
    house = work.only(House, House.id == filing.house_id)
    firm = None
    if filing.enterprise_id is not None:
        firm = work.first(Enterprise, Enterprise.id == filing.enterprise_id)
    parties = work.rows(
        ContractParty,
        ContractParty.contract_id == work.whole(contract).id,
        col(ContractParty.side).in_([Side.LESSOR, Side.LESSEE]),
        by=ContractParty.position,
    )
    # An occupant is no tenant, and is left out.
    tenants = [one for one in parties if one.side is Side.LESSEE]
    seen = [one.id_no_index for one in tenants]
    note_access(work, seen, "filings.ask", Shown.FULL, purpose=purpose, about=filing)
    form = contract.form.json()
    return Line(
        **_summary(work, filing, contract),
        contract_state=contract_state_by_date(contract, work.today),
        address=house.address,
        house_code=house.house_code,
        enterprise_uscc="" if firm is None else firm.uscc,
        enterprise="" if firm is None else firm.name,
        landlords=tuple(one.name.plain for one in parties if one.side is Side.LESSOR),
        tenants=tuple(Line(name=one.name.plain, id_no=one.id_no.plain) for one in tenants),
        start=contract.start,
        end=contract.end,
        month_rent=filing.month_rent,
        pay_cycle=str(form.get("pay_cycle", "")) if isinstance(form, dict) else "",
        ended_on=_ended_on(filing, work.today),
    )


def _ended_on(filing: LeaseFiling, today: date) -> date | None:
    return filing.valid_to if state_by_date(filing, today) is FilingState.EXPIRED else filing.ended_on


def _changed_at(filing: LeaseFiling, work: Work) -> datetime:
    by_record: datetime = filing.updated_at or filing.filed_at
    if state_by_date(filing, work.today) is FilingState.EXPIRED:
        return max(day_after(filing.valid_to), filing.filed_at)
    return by_record


def _of_person(work: Work, order: "AskFilings") -> list[Line]:
    """The filings of a tenant whose name and number both fit, newest first; none is an empty list, not an error."""
    if not order.name.strip() or not order.id_no.strip():
        raise Malformed("请提供承租人姓名和证件号码")
    rows = work.session.exec(
        select(LeaseFiling, LeaseContract, ContractParty)
        .join(LeaseContract, col(LeaseFiling.contract_id) == LeaseContract.id)
        .join(ContractParty, col(ContractParty.contract_id) == LeaseContract.id)
        .where(
            ContractParty.side == Side.LESSEE,
            col(ContractParty.id_no_index).in_(indexes_of(work.sealer, "id_no", order.id_no)),
        )
        .order_by(col(LeaseFiling.filed_at).desc(), col(LeaseFiling.id))
    ).all()
    hits = [row for row in rows if normal("name", row[2].name.plain) == normal("name", order.name)]
    note_access(work, {party.id_no_index for _, _, party in hits}, "filings.ask", Shown.FULL, purpose=order.purpose)
    return [Line(**_summary(work, filing, contract)) for filing, contract, _ in hits]


@dataclass(frozen=True, kw_only=True)
class AskFilings:
    """A question by a contract number, a filing number, or a tenant's name with number."""

    contract_no: Annotated[str, Field(title="合同编号", max_length=40, description="三种查询方式任选其一")] = ""
    filing_no: Annotated[str, Field(title="备案编号", max_length=40)] = ""
    name: Annotated[PersonName, Field(title="承租人姓名", description="与证件号码一并填写")] = ""
    id_no: Annotated[IdNumber, Field(title="承租人证件号码")] = ""
    purpose: Annotated[
        str, Field(title="查询目的", description="每次查询都留存", min_length=2, max_length=60, pattern=r"\S.*\S")
    ]


@dataclass(frozen=True)
class Found:
    """Details where a number was asked for, summaries where a person was."""

    filings: tuple[Line, ...] = ()
    summaries: tuple[Line, ...] = ()


@query("filings.ask", "合同与备案信息查询", roles={Role.PARTNER}, personal=True)
def ask_filings(work: Work, order: AskFilings) -> Found:
    """The layer that was asked for, and no other."""
    only_the_fund(work)
    if sum(map(bool, (order.contract_no, order.filing_no, order.name or order.id_no))) != 1:
        raise Malformed("请按合同编号、备案编号、承租人姓名和证件号码三种方式之一查询")
    if order.name or order.id_no:
        return Found(summaries=tuple(_of_person(work, order)))
    return Found(tuple(_detail(work, *found, order.purpose) for found in _numbered(work, order)))


# Ends


@dataclass(frozen=True)
class AskEndings:
    """Lines of one number, or with neither number the lines behind `cursor` (or since a moment), at most `limit`."""

    filing_no: Annotated[str, Field(title="备案编号", max_length=40, description="按编号查询时填写其一")] = ""
    contract_no: Annotated[str, Field(title="合同编号", max_length=40)] = ""
    cursor: Annotated[str, Field(title="游标", max_length=20, description="上一页返回的游标，首次为空")] = ""
    since: Annotated[Moment | None, Field(title="起始时间", description="游标为空时有效，只取此后登记的记录")] = None
    limit: Annotated[int, Field(title="条数", ge=1, le=1000)] = MOST_LINES


@dataclass(frozen=True)
class Endings:
    """`cursor` is where the next question goes on; `more` says that there is more to be had now.

    `numbers` are the filings asked for by number with their state today, computed from their dates.
    """

    lines: tuple[Line, ...]
    cursor: str
    more: bool
    numbers: tuple[Line, ...] = ()


def _overdue(order: AskEndings) -> Any:
    """Select filings past their last day that no job has expired yet, as far as the question concerns them."""
    rows = select(LeaseFiling).where(LeaseFiling.state == FilingState.ACTIVE)
    if order.filing_no:
        rows = rows.where(LeaseFiling.filing_no == order.filing_no)
    if order.contract_no:
        numbered = select(LeaseContract.id).where(LeaseContract.contract_no == order.contract_no)
        rows = rows.where(col(LeaseFiling.contract_id).in_(numbered))
    return rows


def _is_overdue(work: Work, order: AskEndings) -> bool:
    return work.session.exec(_overdue(order).where(LeaseFiling.valid_to < work.today).limit(1)).first() is not None


@action("filings.expire_due", "到期备案即时失效", roles={Role.PARTNER})
def expire_due(work: Work, order: AskEndings) -> int:
    """Expire what a question finds past its last day, so that its answer is by date and not by when the job came round."""
    only_the_fund(work)
    if not (order.filing_no or order.contract_no):
        return expire_filings(work, _DUE_AT_ONCE)
    rows = work.session.exec(_overdue(order).where(LeaseFiling.valid_to < work.today)).all()
    for filing in rows:
        expire(work, filing)
    return len(rows)


def _expired_first(gathering: Gathering, order: AskEndings) -> None:
    if gathering.look(lambda work: _is_overdue(work, order)):
        gathering.perform(expire_due, order)


@query("filings.endings", "查询备案终止数据", roles={Role.PARTNER}, gather=_expired_first)
def filing_endings(work: Work, order: AskEndings, _: None) -> Endings:
    """Every end and every restoring, each a line that is never taken away; what is overdue was expired before."""
    only_the_fund(work)
    if order.filing_no or order.contract_no:
        return _by_number(work, order)
    if not 1 <= order.limit <= MOST_LINES:
        raise Malformed(f"每页条数应在1至{MOST_LINES}之间")
    return _page(work, order, _is_overdue(work, order))


def _by_number(work: Work, order: AskEndings) -> Endings:
    found = _numbered(work, order)[::-1]
    lines = _lines(work, col(FilingEnding.filing_id).in_([filing.id for filing, _ in found]))
    told = tuple(
        Line(
            filing_no=filing.filing_no,
            contract_no=contract.contract_no or "",
            state=state_by_date(filing, work.today),
            ended_on=_ended_on(filing, work.today),
        )
        for filing, contract in found
    )
    return Endings(lines, "", False, told)


def _page(work: Work, order: AskEndings, still_due: bool) -> Endings:
    last = work.session.exec(select(func.max(FilingEnding.position))).one() or 0
    # A cursor of a time to come must not skip what is recorded until then.
    after = min(_position(order.cursor), last)
    where: list[Any] = [col(FilingEnding.position) > after]
    if order.since is not None and not order.cursor:
        where.append(col(FilingEnding.created_at) >= order.since)
    lines = _lines(work, *where, limit=order.limit + 1)
    shown = lines[: order.limit]
    reached = shown[-1].line_no if shown else (last if order.since is not None and not order.cursor else after)
    return Endings(shown, str(reached), len(lines) > order.limit or still_due)


def _lines(work: Work, *where: Any, limit: int = MOST_LINES) -> tuple[Line, ...]:
    rows = work.rows(work.visible(FilingEnding), *where, by=FilingEnding.position, most=limit)
    return tuple(Line(line_no=row.position or 0, **{name: getattr(row, name) for name in _OF_LINE}) for row in rows)


def _position(cursor: str) -> int:
    if not cursor:
        return 0
    if not cursor.isascii() or not cursor.isdigit() or len(cursor) > 18:
        raise Malformed("游标不正确，请使用上一页返回的游标")
    return int(cursor)
