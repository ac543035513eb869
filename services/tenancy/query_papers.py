"""租赁备案信息查询结果 (D9, row 10): issued for every query; an empty result is the negative certificate."""

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col

from models.documents import PaperKind
from models.masking import mask
from models.normal import normal
from models.sealed import Sealed
from models.tenancy import FilingQuery
from printing.page import Issue
from printing.query_result import Entry, QueryResult
from services.access.visibility import CITY, CLERKS
from services.documents.issuance import issue_paper, public_answer
from services.engine.clock import shanghai_text
from services.engine.numbering import number_later
from services.engine.refusals import NotFound, Rejected
from services.engine.registry import action
from services.engine.work import Work, visible_rows
from services.tenancy.filing_search import FilingLine, FilingsFound, SearchFilings, ask_register, search_filings
from services.tenancy.paper_words import clerk_name, seal_of, unit_name

CAPACITIES = {"OWNER": "权利人", "FORMER": "原权利人", "CO_OWNER": "共有人", "AGENT": "权利人的代理人"}


@visible_rows(FilingQuery)
def own_office(work: Work, table: Any) -> Any:
    if work.caller.has(*CITY):
        return True
    if work.caller.unit_id is None or not work.caller.has(*CLERKS):
        return sa.false()
    return col(table.unit_id) == work.caller.unit_id


@dataclass(frozen=True)
class IssueResult:
    """The search to print, and the picked rows (none picked is all of them)."""

    search: SearchFilings
    picked: tuple[UUID, ...] = ()


@dataclass(frozen=True)
class IssuedResult:
    paper_id: UUID
    query_no: str


def _ask(gathering: Any, order: IssueResult) -> Any:
    return ask_register(gathering, order.search)


@action("filings.issue_result", "打印查询结果", roles=CLERKS, gather=_ask, event="DATA.CREATE")
def issue_result(work: Work, order: IssueResult, titles: Any) -> IssuedResult:
    """Search again, so that the paper says what holds now, and issue it."""
    if not order.search.purpose.strip():
        raise Rejected("请填写查询用途")
    found: FilingsFound = search_filings(work, replace(order.search, page=1, size=0), titles)
    if not found.holder and (order.search.cert_no.strip() or order.search.address.strip()):
        raise Rejected("申请人不是该房屋现在或所查期间的权利人，不能出具查询结果")
    lines = found.lines
    if order.picked:
        lines = tuple(line for line in lines if line.id in order.picked)
        if len(lines) != len(set(order.picked)):
            raise NotFound
    kept = FilingQuery(
        query_no="",
        requester=Sealed.of_json({"id_no": normal("id_no", order.search.id_no), "name": order.search.name}),
        capacity=order.search.capacity[:10],
        purpose=order.search.purpose.strip()[:60],
        criteria=Sealed.of_json(found.criteria),
        total=len(lines),
        unit_id=work.caller.unit_id,
        clerk_id=work.caller.account_id,
        at=work.now,
        district_code=work.caller.district_code or "310000",
        street_code=work.caller.street_code,
    )
    work.add(kept)
    number_later(work, "CX", kept.district_code, work.today, lambda number: setattr(kept, "query_no", number))

    def issue() -> IssuedResult:
        row = issue_paper(
            work,
            _page(work, order.search, kept, found, lines),
            kind=PaperKind.QUERY_RESULT,
            about=kept,
            public=public_answer(unit=unit_name(work, kept.unit_id)),
            unit_id=kept.unit_id,
        )
        return IssuedResult(row.id, kept.query_no)

    return work.later(issue)


def _page(
    work: Work, search: SearchFilings, kept: FilingQuery, found: FilingsFound, lines: tuple[FilingLine, ...]
) -> QueryResult:
    unit = unit_name(work, kept.unit_id)
    requester = f"{search.name or '—'}（{mask('id', normal('id_no', search.id_no))}）"
    return QueryResult(
        issue=Issue(
            number=kept.query_no, unit=unit, issued_on=work.today, seal=seal_of(work, unit, "备案信息查询专用章")
        ),
        requester=requester,
        capacity=CAPACITIES.get(search.capacity, search.capacity),
        purpose=kept.purpose,
        criteria=found.criteria,
        data_time=shanghai_text(found.as_of),
        operator=clerk_name(work, kept.clerk_id),
        entries=tuple(
            Entry(
                filing_no=line.filing_no,
                place=f"{line.address}\n{line.part}",
                tenant=line.tenants,
                term=f"{line.start}至\n{line.term_end}",
                valid=f"{line.valid_from}至\n{line.valid_to}",
                state=line.state,
                accepted_by=line.unit or "—",
            )
            for line in lines
        ),
    )
