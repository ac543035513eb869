"""Lists for staff: filings, automatic checks with every item, hit counts per rule (rows 5, 7, 10)."""

from collections.abc import Callable, Mapping, Sequence
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
from services.engine.listings import Column, Listing, choice, days, exact, listed
from services.engine.look_ups import values_by
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
        note_access(
            work,
            [index_of(work.sealer, "id_no", order.id_no)],
            "filings.list",
            Shown.MASKED,
            purpose="按证件号码查询备案",
        )
    return filing_page(work, order)


def filing_page(work: Work, order: FilingFilter) -> FilingPage:
    """Return visible filings without logging an access, for an export that logs its own."""
    where: list[Any] = []
    if order.number.strip():
        where.append(LeaseFiling.filing_no == order.number.strip().upper())
    if order.id_no.strip():
        parties = select(ContractParty.contract_id).where(
            col(ContractParty.id_no_index).in_(indexes_of(work.sealer, "id_no", order.id_no))
        )
        where.append(col(LeaseFiling.contract_id).in_(parties))
    if order.cert_no.strip():
        houses = select(House.id).where(col(House.cert_no_index).in_(indexes_of(work.sealer, "cert_no", order.cert_no)))
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


def _case_cells(work: Work, rows: Sequence[Any]) -> Mapping[str, Callable[[Any], Any]]:
    addresses = values_by(work, House.id, House.address, (row.house_id for row in rows))
    units = values_by(work, OrgUnit.id, OrgUnit.name, (row.unit_id for row in rows))
    return {
        "address": lambda row: addresses.get(row.house_id, ""),
        "unit": lambda row: units.get(row.unit_id, ""),
    }


CASES = listed(
    Listing(
        name="cases",
        label="自动核验办件",
        roles=STAFF | ENTERPRISE,
        table=GovCase,
        columns=(
            Column("case_no", "办件编号", sortable=True, width=180),
            Column("situation", "情形", width=80),
            Column("address", "房屋坐落"),
            Column("state", "状态", sortable=True, width=90),
            Column("channel", "渠道", shown=False),
            Column("unit", "受理单位", shown=False),
            Column("received_at", "收件时间", sortable=True, width=126),
            Column("retries", "重试次数", number=True, shown=False),
            Column("retry_at", "下次核验", shown=False),
        ),
        filters=(
            choice("state", "状态", GovCase.state, CaseState),
            exact("number", "办件编号", GovCase.case_no, upper=True, width=230),
            *days(GovCase.accepted_on, "受理日期"),
        ),
        sort="-received_at",
        counts="state",
        counted={
            "CHECKING": "核验中",
            "DONE": "已通过",
            "INTERCEPTED": "系统拦截",
            "RETURNED": "退件",
            "CORRECTION": "待补正",
        },
        look_up=_case_cells,
        also=("filing_id", "contract_id"),
        exporters=STAFF,
        empty="没有符合条件的办件",
    )
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
