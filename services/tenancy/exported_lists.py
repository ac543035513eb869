"""Filings, cases and applications to cancel as lists that may leave as files (H23)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from models.normal import BadText, parse_day
from models.tenancy import ContractParty, LeaseFiling
from models.tenancy_codes import Side
from services.access.visibility import STAFF
from services.engine.paging import Paging
from services.engine.refusals import Rejected
from services.engine.work import Work
from services.privacy.listings import LONGEST, Criteria, Listed, Listing, offer_listing
from services.tenancy.filing_search import FilingLine
from services.tenancy.listings import BROAD, FilingFilter, filing_page

_PAGE = 200
_Asked = Callable[[Work, Any], Any]


def _day(criteria: Criteria, key: str) -> date | None:
    try:
        return parse_day(criteria[key]) if criteria.get(key) else None
    except BadText as problem:
        raise Rejected("查询条件中的日期有误") from problem


def _filing_filter(criteria: Criteria) -> FilingFilter:
    return FilingFilter(
        number=criteria.get("number", ""),
        id_no=criteria.get("id_no", ""),
        cert_no=criteria.get("cert_no", ""),
        address=criteria.get("address", ""),
        state=criteria.get("state", ""),
        since=_day(criteria, "since"),
        until=_day(criteria, "until"),
    )


def _count(asked: _Asked, order_of: Callable[[Criteria], Any]) -> Callable[[Work, Criteria], int]:
    def count(work: Work, criteria: Criteria) -> int:
        total: int = asked(work, replace(order_of(criteria), paging=Paging(size=1))).total
        if criteria.get("address", "").strip() and total >= BROAD:
            raise Rejected(f"按坐落查到{BROAD}条以上，请补充查询条件后再导出")
        return total

    return count


def _every_line(work: Work, asked: _Asked, order: Any) -> list[Any]:
    """All pages of a list, as the caller sees it."""
    lines: list[Any] = []
    for page in range(1, LONGEST // _PAGE + 1):
        found = asked(work, replace(order, paging=Paging(page, _PAGE))).lines
        lines += found
        if len(found) < _PAGE:
            break
    return lines


def _filings(work: Work, criteria: Criteria, full: bool) -> Listed:
    lines: list[FilingLine] = _every_line(work, filing_page, _filing_filter(criteria))
    tenants = _tenants(work, [line.id for line in lines])
    rows = tuple(
        (
            line.filing_no,
            line.address,
            line.part,
            "、".join(party.name.plain for party in tenants.get(line.id, ())) if full else line.tenants,
            line.start,
            line.term_end,
            line.valid_from,
            line.valid_to,
            line.state,
            line.unit,
        )
        for line in lines
    )
    numbers = (party.id_no_index for parties in tenants.values() for party in parties)
    return Listed(rows, frozenset(number for number in numbers if number))


def _tenants(work: Work, filing_ids: list[UUID]) -> dict[UUID, list[ContractParty]]:
    found: dict[UUID, list[ContractParty]] = {}
    for start in range(0, len(filing_ids), 500):
        pairs = work.session.exec(
            select(LeaseFiling.id, ContractParty)
            .join(ContractParty, col(ContractParty.contract_id) == col(LeaseFiling.contract_id))
            .where(col(LeaseFiling.id).in_(filing_ids[start : start + 500]), ContractParty.side == Side.LESSEE)
            .order_by(col(ContractParty.position))
        ).all()
        for filing_id, party in pairs:
            found.setdefault(filing_id, []).append(party)
    return found


offer_listing(
    Listing(
        name="filings",
        label="备案记录",
        roles=frozenset(STAFF),
        columns=(
            "备案编号",
            "房屋坐落",
            "部位",
            "承租人",
            "起租日期",
            "止租日期",
            "备案有效期起",
            "备案有效期止",
            "状态",
            "受理单位",
        ),
        count=_count(filing_page, _filing_filter),
        lines=_filings,
        filters=frozenset({"number", "id_no", "cert_no", "address", "state", "since", "until"}),
        personal=True,
    )
)
