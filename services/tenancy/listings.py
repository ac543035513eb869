"""Lists for staff: filings, automatic checks with every item, hit counts per rule (rows 5, 7, 10)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from operator import itemgetter
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, literal_column, type_coerce
from sqlalchemy.types import NullType
from sqlmodel import col, or_, select

from models.access import OrgUnit
from models.house import House
from models.privacy import Shown
from models.sealed import index_of, indexes_of
from models.tenancy import CheckItem, CheckRun, ContractParty, GovCase, LeaseContract, LeaseFiling
from models.tenancy_codes import CaseState, FilingState, Side
from services.access.visibility import CITY, CLERKS, ENTERPRISE, STAFF
from services.engine.clock import SHANGHAI
from services.engine.findings import Result, Rule
from services.engine.listings import (
    Bulk,
    Column,
    Fetched,
    Filter,
    Filters,
    Listing,
    choice,
    clauses_of,
    days,
    exact,
    flag,
    listed,
    numbers,
    placed,
)
from services.engine.look_ups import values_by
from services.engine.paging import DEEPEST, Paging
from services.engine.past_lists import only
from services.engine.registry import query
from services.engine.search_terms import chosen, search_word
from services.engine.work import Work
from services.privacy.accesses import note_access
from services.tenancy.address_search import Places, places_of
from services.tenancy.check_record import items_of
from services.tenancy.filing_facts import FilingFacts
from services.tenancy.filing_search import FilingLine, lines_of
from services.tenancy.filings_on_day import as_they_were, in_state, was_filed
from services.tenancy.reprints import ReprintNotice, reprint_notice
from services.tenancy.rules.catalogue import FILING_RULES

#: Cases a clerk must look at: stopped by a rule, waiting for a silent source, or for papers.
WAITING_CASES = (CaseState.INTERCEPTED, CaseState.CHECKING, CaseState.CORRECTION)
#: Cases that a rule stopped, whether or not they may still go on.
REFUSED_CASES = (CaseState.INTERCEPTED, CaseState.RETURNED)
_RULES = {rule.code: f"{rule.code} {rule.label}" for rule in FILING_RULES}
#: A broad address is counted no further than this; the page says 以上.
BROAD = 1_000


def _of_party(work: Work, text: str) -> Any:
    numbers = indexes_of(work.sealer, "id_no", search_word(text))
    parties = select(ContractParty.contract_id).where(col(ContractParty.id_no_index).in_(numbers))
    return col(LeaseFiling.contract_id).in_(parties)


def _of_certificate(work: Work, text: str) -> Any:
    numbers = indexes_of(work.sealer, "cert_no", search_word(text))
    return col(LeaseFiling.house_id).in_(select(House.id).where(col(House.cert_no_index).in_(numbers)))


def _of_contract(work: Work, text: str) -> Any:
    number = search_word(text).upper()
    return col(LeaseFiling.contract_id).in_(select(LeaseContract.id).where(LeaseContract.contract_no == number))


def _at(places: Places) -> Any:
    if places.house_ids is not None:
        return col(LeaseFiling.house_id).in_(places.house_ids)
    return select(House.id).where(col(House.id) == col(LeaseFiling.house_id), places.clause).exists()


def _in_state(work: Work, text: str) -> Any:
    state = chosen(FilingState, text)
    current, over = col(LeaseFiling.state) == state, col(LeaseFiling.valid_to) < work.today
    if state is FilingState.EXPIRED:
        return or_(current, (col(LeaseFiling.state) == FilingState.ACTIVE) & over)
    return and_(current, ~over) if state is FilingState.ACTIVE else current


def _log_look(work: Work, filters: Filters) -> None:
    persons = [index_of(work.sealer, "id_no", filters["id_no"])]
    note_access(work, persons, "filings.list", Shown.MASKED, purpose="按证件号码查询备案")


def _found_filings(work: Work, filters: Filters, paging: Paging, *, day: date | None = None) -> Fetched:
    """Search by the rarest condition first: few filings are named and sorted here, many are walked in their order.

    With `day` the filings that were there at its end, in the states they had.
    """
    address = filters.get("address", "").strip()
    listing = FILINGS if day is None else _filings_on(day)
    where = clauses_of(work, listing, filters, without="address")
    if day is not None:
        where.append(was_filed(day))
    places = places_of(work.session, address) if address else None
    if places is not None:
        where.append(_at(places))
    visible = work.visible(LeaseFiling).where(*where)
    offset, size = paging.bounds()
    wanted = paging.sort or FILINGS.sort
    key = col(getattr(LeaseFiling, wanted.removeprefix("-")))
    # As the database has them: of a broad search a thousand of these are only counted.
    only_ids = visible.with_only_columns(type_coerce(col(LeaseFiling.id), NullType()), type_coerce(key, NullType()))
    # Without any condition there are mostly more than can be named, so they are counted first.
    total = 0 if where else _deep(work, visible)
    found = [] if total > BROAD else work.session.connection().execute(only_ids.limit(BROAD + 1)).all()
    broad = False
    if total <= BROAD and len(found) <= BROAD:
        # Few enough to be named: left to itself the database may walk all filings in their order to find these.
        total = len(found)
        named = sorted(found, key=itemgetter(1, 0), reverse=wanted.startswith("-"))
        ids = [row_id for row_id, _ in named[offset : offset + size]]
    else:
        broad = places is not None and places.broad
        if where:
            total = BROAD if broad else _deep(work, visible)
        # Id and key in one direction, which is that of the indexes.
        by = [one.desc() if wanted.startswith("-") else one for one in (key, col(LeaseFiling.id))]
        page = only_ids.order_by(*by).offset(offset).limit(size)
        ids = [row_id for row_id, _ in work.session.connection().execute(page)]
    wanted_ids = [row_id if isinstance(row_id, UUID) else UUID(row_id) for row_id in ids]
    lines = lines_of(work, wanted_ids)
    return Fetched(total, lines if day is None else as_they_were(work, day, lines), more=broad)


def _filings_on(day: date) -> Listing:
    """The filings as of the end of a day."""
    return only(
        FILINGS,
        filters={"state": lambda work, text: in_state(day, text)},
        fetch=partial(_found_filings, day=day),
        empty="当日没有符合条件的备案",
    )


def _deep(work: Work, visible: Any) -> int:
    """Count filings as far as a list may be paged."""
    # No column of theirs: an index that has the conditions is then all that is read.
    rows = visible.with_only_columns(literal_column("1"), maintain_column_froms=True).limit(DEEPEST).subquery()
    total: int = work.session.exec(select(func.count()).select_from(rows)).one()
    return total


def _tenants(work: Work, rows: Sequence[FilingLine]) -> dict[UUID, list[ContractParty]]:
    found: dict[UUID, list[ContractParty]] = {}
    parties = (
        select(ContractParty)
        .where(col(ContractParty.contract_id).in_([row.contract_id for row in rows]), ContractParty.side == Side.LESSEE)
        .order_by(col(ContractParty.position))
    )
    for party in work.session.exec(parties).all():
        found.setdefault(party.contract_id, []).append(party)
    return found


def _names(work: Work, rows: Sequence[Any], full: bool) -> Mapping[str, Callable[[Any], Any]]:
    tenants = _tenants(work, rows) if full else {}
    return (
        {}
        if not full
        else {"tenants": lambda row: "、".join(party.name.plain for party in tenants.get(row.contract_id, ()))}
    )


def _persons(work: Work, rows: Sequence[Any]) -> frozenset[str]:
    numbers = (party.id_no_index for parties in _tenants(work, rows).values() for party in parties)
    return frozenset(number for number in numbers if number)


FILINGS = listed(
    Listing(
        name="filings",
        label="备案记录",
        roles=STAFF | ENTERPRISE,
        table=LeaseFiling,
        fetch=_found_filings,
        columns=(
            Column("filing_no", "备案编号", sortable=True, width=190),
            Column("address", "房屋坐落"),
            Column("part", "部位", width=90),
            Column("tenants", "承租人", width=120),
            Column("start", "起租日期", shown=False),
            Column("term_end", "止租日期", shown=False),
            Column("valid_from", "有效期起", sortable=True, width=96),
            Column("valid_to", "有效期止", sortable=True, width=96),
            Column("filed_on", "备案日期", sortable=True, shown=False),
            Column("state", "状态", width=110),
            Column("unit", "受理单位", width=190),
        ),
        filters=(
            exact("number", "备案编号", LeaseFiling.filing_no, upper=True, width=220, finds=numbers("BA")),
            Filter("contract", "合同编号", _of_contract, more=True, finds=numbers("HT")),
            Filter("id_no", "证件号码", _of_party, personal=True, width=220),
            Filter("cert_no", "权属证明", _of_certificate, secret=True, width=220),
            Filter("address", "坐落", lambda work, text: _at(places_of(work.session, text)), width=190),
            Filter("state", "状态", _in_state, options=FilingState.labels(), width=130),
            *days(LeaseFiling.filed_on, "备案日期"),
            *placed(LeaseFiling),
        ),
        sort="-filed_on",
        in_file=_names,
        also=("contract_id",),
        exporters=STAFF,
        personal=True,
        persons=_persons,
        on_look=_log_look,
        on_day=lambda day: _filings_on(day),
        bulk=(
            Bulk(
                reprint_notice,
                lambda line, given: ReprintNotice(line.id, given),
                label="批量补打",
                icon="print",
                key="ctrl+p",
            ),
        ),
        empty="没有符合条件的备案。窗口人员看到本单位受理的备案；其他备案请用“合同查询及打印”精确查找。",
    )
)


def failed_runs(code: Any) -> Any:
    """The runs in which a rule failed, as a select of their cases."""
    failed = select(CheckRun.object_id).join(CheckItem, col(CheckItem.run_id) == col(CheckRun.id))
    return failed.where(CheckItem.code == code, CheckItem.result == Result.FAIL)


def _failed(work: Work, text: str) -> Any:
    return col(GovCase.id).in_(failed_runs(search_word(text, 12)))


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
            exact("number", "办件编号", GovCase.case_no, upper=True, width=230, finds=numbers("SL")),
            *days(GovCase.accepted_on, "受理日期"),
            flag("waiting", "待处理", col(GovCase.state).in_(WAITING_CASES), more=True),
            flag("refused", "退件和拦截", col(GovCase.state).in_(REFUSED_CASES), more=True),
            Filter("rule", "未通过规则", _failed, options=_RULES, width=260, more=True),
            *placed(GovCase),
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
class RunView:
    """A run of the rules on a case, with what each rule said, in their order."""

    run: CheckRun
    items: tuple[CheckItem, ...]


@query("cases.runs", "核验明细", roles=STAFF | ENTERPRISE)
def case_runs(work: Work, case_id: UUID) -> list[RunView]:
    """Every run of one visible case, newest first."""
    case = work.get(GovCase, case_id)
    newest = work.visible(CheckRun).where(CheckRun.object_id == case.id).order_by(col(CheckRun.started_at).desc())
    return [RunView(run, tuple(items_of(work, run))) for run in work.session.exec(newest).all()]


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
    counts = {(code, result): count for code, result, count in rows}

    def hits(rule: Rule[FilingFacts]) -> RuleHits:
        failed, waived, unknown, warned, passed = (counts.get((rule.code, str(result)), 0) for result in _RESULTS)
        # What was waived had failed.
        failed += waived
        return RuleHits(rule.code, rule.label, failed, unknown, warned, failed + unknown + warned + passed)

    return [hits(rule) for rule in FILING_RULES]


_RESULTS = (Result.FAIL, Result.WAIVED, Result.UNKNOWN, Result.WARN, Result.PASS)
