"""Lists for staff: filings, automatic checks with every item, hit counts per rule (rows 5, 7, 10)."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from operator import itemgetter
from typing import Any
from uuid import UUID

from sqlalchemy import func, type_coerce
from sqlalchemy.types import NullType
from sqlmodel import col, or_, select

from models.access import OrgUnit
from models.house import House
from models.privacy import Shown
from models.sealed import index_of, indexes_of
from models.tenancy import CheckItem, CheckRun, ContractParty, GovCase, LeaseFiling
from models.tenancy_codes import CaseState, FilingState
from services.access.visibility import CITY, CLERKS, ENTERPRISE, STAFF
from services.engine.clock import SHANGHAI
from services.engine.paging import DEEPEST, Paging, ordering
from services.engine.refusals import Rejected
from services.engine.registry import query
from services.engine.work import Work
from services.privacy.accesses import note_access
from services.tenancy.address_search import places_of
from services.tenancy.filing_search import FilingLine, lines_of
from services.tenancy.rules.catalogue import FILING_RULES

#: A broad address is counted no further than this; the page says 以上.
BROAD = 1_000


@dataclass(frozen=True)
class FilingFilter:
    """`number` is exact, `id_no` a party's, `address` any part of it."""

    number: str = ""
    id_no: str = ""
    cert_no: str = ""
    address: str = ""
    state: str = ""
    since: date | None = None
    until: date | None = None
    paging: Paging = field(default_factory=Paging)


@dataclass(frozen=True)
class FilingPage:
    total: int
    lines: tuple[FilingLine, ...]


_FILING_SORTS: dict[str, Any] = {
    "filed_on": LeaseFiling.filed_on,
    "valid_from": LeaseFiling.valid_from,
    "valid_to": LeaseFiling.valid_to,
    "filing_no": LeaseFiling.filing_no,
}


@query("filings.list", "备案记录", roles=STAFF | ENTERPRISE, personal=lambda order: bool(order.id_no.strip()))
def list_filings(work: Work, order: FilingFilter) -> FilingPage:
    """Return visible filings, newest first; tenants masked. A search by a person's number is logged as an access."""
    if order.id_no.strip():
        note_access(work, [index_of("id_no", order.id_no)], "filings.list", Shown.MASKED, purpose="按证件号码查询备案")
    return filing_page(work, order)


def filing_page(work: Work, order: FilingFilter) -> FilingPage:
    """Return visible filings without logging an access, for an export that logs its own."""
    where: list[Any] = []
    if order.number.strip():
        where.append(LeaseFiling.filing_no == order.number.strip().upper())
    if order.id_no.strip():
        parties = select(ContractParty.contract_id).where(
            col(ContractParty.id_no_index).in_(indexes_of("id_no", order.id_no))
        )
        where.append(col(LeaseFiling.contract_id).in_(parties))
    if order.cert_no.strip():
        houses = select(House.id).where(col(House.cert_no_index).in_(indexes_of("cert_no", order.cert_no)))
        where.append(col(LeaseFiling.house_id).in_(houses))
    if order.address.strip():
        places = places_of(work.session, order.address)
        if places.house_ids is not None:
            where.append(col(LeaseFiling.house_id).in_(places.house_ids))
        else:
            same_house = col(House.id) == col(LeaseFiling.house_id)
            where.append(select(House.id).where(same_house, places.clause).exists())
    if order.state:
        where.append(_state_clause(order.state, work.today))
    if order.since:
        where.append(LeaseFiling.filed_on >= order.since)
    if order.until:
        where.append(LeaseFiling.filed_on <= order.until)
    visible = work.visible(LeaseFiling).where(*where)
    offset, size = order.paging.bounds()
    wanted = order.paging.sort or "-filed_on"
    by = ordering(wanted, _FILING_SORTS, "")
    key = _FILING_SORTS[wanted.lstrip("-")]
    # As the database has them: of a broad search a thousand of these are only counted.
    only_ids = visible.with_only_columns(
        type_coerce(col(LeaseFiling.id), NullType()), type_coerce(col(key), NullType())
    )
    deep = select(func.count()).select_from(visible.with_only_columns(col(LeaseFiling.id)).limit(DEEPEST).subquery())
    # Without any condition there are mostly more than can be named, so they are counted first.
    total = 0 if where else work.session.exec(deep).one()
    found = [] if total > BROAD else work.session.connection().execute(only_ids.limit(BROAD + 1)).all()
    if total <= BROAD and len(found) <= BROAD:
        # Few enough to be named: left to itself the database may walk all filings in their order to find these.
        total = len(found)
        named = sorted(sorted(found, key=itemgetter(0)), key=itemgetter(1), reverse=wanted.startswith("-"))
        ids = [row_id for row_id, _ in named[offset : offset + size]]
    else:
        if order.address.strip() and places.broad:
            total = BROAD
        elif where:
            total = work.session.exec(deep).one()
        page = only_ids.order_by(by, col(LeaseFiling.id)).offset(offset).limit(size)
        ids = [row_id for row_id, _ in work.session.connection().execute(page)]
    wanted_ids = [row_id if isinstance(row_id, UUID) else UUID(row_id) for row_id in ids]
    return FilingPage(total, lines_of(work, wanted_ids))


def _state_clause(state: str, today: date) -> Any:
    if state == FilingState.EXPIRED:
        return or_(
            LeaseFiling.state == FilingState.EXPIRED,
            (col(LeaseFiling.state) == FilingState.ACTIVE) & (col(LeaseFiling.valid_to) < today),
        )
    if state == FilingState.ACTIVE:
        return (col(LeaseFiling.state) == FilingState.ACTIVE) & (col(LeaseFiling.valid_to) >= today)
    if state not in FilingState.labels():
        raise Rejected("没有这种状态")
    return LeaseFiling.state == FilingState.of(state)


@dataclass(frozen=True)
class CaseFilter:
    state: str = ""
    number: str = ""
    since: date | None = None
    until: date | None = None
    paging: Paging = field(default_factory=Paging)


@dataclass(frozen=True)
class CaseRow:
    id: UUID
    case_no: str
    situation: str
    address: str
    state: str
    state_code: str
    channel: str
    unit: str
    received_at: datetime
    retries: int
    retry_at: datetime | None
    filing_id: UUID | None
    contract_id: UUID | None


@dataclass(frozen=True)
class CasePage:
    total: int
    lines: tuple[CaseRow, ...]
    counts: dict[str, int] = field(default_factory=dict)


_CASE_SORTS: dict[str, Any] = {"received_at": GovCase.received_at, "case_no": GovCase.case_no, "state": GovCase.state}


@query("cases.list", "自动核验办件", roles=STAFF | ENTERPRISE)
def list_cases(work: Work, order: CaseFilter) -> CasePage:
    """Visible cases with the count of each state, for the list of automatic checks."""
    where: list[Any] = []
    if order.number.strip():
        where.append(GovCase.case_no == order.number.strip().upper())
    if order.since:
        where.append(col(GovCase.accepted_on) >= order.since)
    if order.until:
        where.append(col(GovCase.accepted_on) <= order.until)
    base = work.visible(GovCase).where(*where)
    grouped = base.with_only_columns(GovCase.state, func.count()).group_by(col(GovCase.state))  # type: ignore[call-overload]
    counts = {str(state): count for state, count in work.session.connection().execute(grouped).all()}
    if order.state:
        if order.state not in CaseState.labels():
            raise Rejected("没有这种状态")
        base = base.where(GovCase.state == CaseState.of(order.state))
    offset, size = order.paging.bounds()
    total = counts.get(order.state, 0) if order.state else sum(counts.values())
    rows = work.session.exec(
        base.order_by(ordering(order.paging.sort, _CASE_SORTS, "-received_at"), col(GovCase.id))
        .offset(offset)
        .limit(size)
    ).all()
    addresses = dict(
        work.session.exec(
            select(House.id, House.address).where(col(House.id).in_([row.house_id for row in rows]))
        ).all()
    )
    units = dict(work.session.exec(select(OrgUnit.id, OrgUnit.name)).all())
    return CasePage(
        total,
        tuple(
            CaseRow(
                row.id,
                row.case_no,
                row.situation.label,
                addresses.get(row.house_id, "") if row.house_id else "",
                row.state.label,
                row.state.value,
                row.channel.label,
                units.get(row.unit_id, "") if row.unit_id else "",
                row.received_at,
                row.retries,
                row.retry_at,
                row.filing_id,
                row.contract_id,
            )
            for row in rows
        ),
        counts,
    )


@dataclass(frozen=True)
class ItemView:
    code: str
    label: str
    result: str
    severity: str
    message: str
    source: str
    milliseconds: int
    digest: str
    forceable: bool
    basis: str


@dataclass(frozen=True)
class RunView:
    case_no: str
    state: str
    outcome: str
    rule_set: str
    parameters_on: date
    started_at: datetime
    finished_at: datetime
    sources: tuple[dict[str, Any], ...]
    items: tuple[ItemView, ...]


@query("cases.runs", "核验明细", roles=STAFF | ENTERPRISE)
def case_runs(work: Work, case_id: UUID) -> list[RunView]:
    """Every run of one visible case, newest first, with each rule's word, source and time."""
    case = work.get(GovCase, case_id)
    labels = {rule.code: rule for rule in FILING_RULES}
    views = []
    for run in work.session.exec(
        work.visible(CheckRun).where(CheckRun.object_id == case.id).order_by(col(CheckRun.started_at).desc())
    ).all():
        items = work.session.exec(
            select(CheckItem).where(CheckItem.run_id == run.id).order_by(col(CheckItem.position))
        ).all()
        views.append(
            RunView(
                case.case_no,
                case.state.label,
                run.outcome,
                run.rule_set,
                run.parameters_on,
                run.started_at,
                run.finished_at,
                tuple(run.sources),
                tuple(
                    ItemView(
                        item.code,
                        labels[item.code].label if item.code in labels else item.code,
                        item.result,
                        item.severity,
                        item.message,
                        item.source,
                        item.milliseconds,
                        item.evidence_digest[:16],
                        item.forceable,
                        labels[item.code].basis if item.code in labels else "",
                    )
                    for item in items
                ),
            )
        )
    return views


@dataclass(frozen=True)
class RuleHits:
    code: str
    label: str
    failed: int
    unknown: int
    warned: int
    runs: int


@query("rules.hits", "规则命中统计", roles=CITY | CLERKS)
def rule_hits(work: Work, days: int) -> list[RuleHits]:
    """Return how often each rule stopped, warned or waited in the last `days` days of visible runs."""
    since = work.now.astimezone(SHANGHAI) - timedelta(days=min(max(days, 1), 366))
    runs = work.visible(CheckRun).where(col(CheckRun.started_at) >= since).with_only_columns(CheckRun.id)  # type: ignore[call-overload]
    rows = work.session.exec(
        select(CheckItem.code, CheckItem.result, func.count())
        .where(col(CheckItem.run_id).in_(runs))
        .group_by(col(CheckItem.code), col(CheckItem.result))
    ).all()
    by_rule: dict[str, dict[str, int]] = {}
    for rule_code, result, count in rows:
        by_rule.setdefault(rule_code, {})[result] = count
    return [
        RuleHits(
            rule.code,
            rule.label,
            by_rule.get(rule.code, {}).get("FAIL", 0),
            by_rule.get(rule.code, {}).get("UNKNOWN", 0),
            by_rule.get(rule.code, {}).get("WARN", 0),
            sum(by_rule.get(rule.code, {}).values()),
        )
        for rule in FILING_RULES
    ]
