"""进度查询: one line a mandate, searched by everything it is known by, paged by place and not by count (row 23)."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlmodel import and_, col, or_, select

from models.direct_pay import Entrustment, RentBill
from models.direct_pay_codes import BillState, EntrustState
from models.enterprise import CentralProject, Enterprise
from models.privacy import Shown
from models.sealed import index_of, indexes_of
from services.direct_pay.abnormal import NOT_PAID, Abnormal, abnormal_of, mandates_with
from services.direct_pay.visibility import WATCHERS
from services.engine.refusals import Rejected
from services.engine.registry import query
from services.engine.search_terms import FIRST_DAY, LAST_DAY, chosen, day_begins, day_is_over, search_word
from services.engine.work import Work
from services.privacy.accesses import note_access

#: Further than this nothing is counted; nobody has so many mandates.
MOST = 1_000_000
_LARGEST_PAGE = 200
_MOST_NAMED = 200
_LEAST_NAME = 2


@dataclass(frozen=True)
class ProgressFilter:
    """`number` is a mandate's, filing's, contract's or bill's, exact; `tenant` a whole name; days are of receipt.

    `after` is the `mark` of the line the page begins after; without it `page` counts from the first.
    """

    number: str = ""
    id_no: str = ""
    tenant: str = ""
    enterprise: str = ""
    project: str = ""
    state: str = ""
    abnormal: str = ""
    since: date | None = None
    until: date | None = None
    oldest_first: bool = False
    after: str = ""
    page: int = 1
    size: int = 50

    @property
    def about_a_person(self) -> bool:
        return bool(self.id_no.strip() or self.tenant.strip())


@dataclass(frozen=True)
class ProgressLine:
    """A mandate with the counts of its bills; names masked."""

    id: UUID
    entrust_no: str
    filing_no: str
    contract_no: str
    tenant: str
    enterprise: str
    project: str
    monthly_rent: Decimal
    draw: str
    state: str
    bills: int
    paid: int
    unpaid: int
    waiting: int
    paid_sum: Decimal
    abnormal: tuple[str, ...]
    received_at: datetime
    mark: str


@dataclass(frozen=True)
class ProgressPage:
    total: int
    lines: tuple[ProgressLine, ...] = field(default_factory=tuple)


@query("direct_pay.progress", "公积金直付进度查询", roles=WATCHERS, personal=lambda order: order.about_a_person)
def progress(work: Work, order: ProgressFilter) -> ProgressPage:
    """Visible mandates, the newest first. A search by a person is a look at him."""
    if order.id_no.strip():
        person = [index_of(work.sealer, "id_no", order.id_no)]
        note_access(work, person, "direct_pay.progress", Shown.MASKED, purpose="按证件号码查询公积金直付进度")
    return progress_page(work, order)


def progress_page(work: Work, order: ProgressFilter) -> ProgressPage:
    """Return progress without logging an access, for an export that logs its own."""
    if not 1 <= order.size <= _LARGEST_PAGE or not 1 <= order.page <= MOST:
        raise Rejected("页码不正确，请返回第一页")
    base = work.visible(Entrustment).where(*_where(work, order))
    total = work.session.exec(select(func.count()).select_from(base.limit(MOST).subquery())).one()
    return ProgressPage(total, tuple(_lines(work, _rows(work, base, order))))


def _rows(work: Work, base: Any, order: ProgressFilter) -> list[Entrustment]:
    ids = base.with_only_columns(Entrustment.id)
    if order.after:
        ids = ids.where(_beyond(order.after, oldest_first=order.oldest_first))
    else:
        ids = ids.offset((order.page - 1) * order.size)
    at, key = col(Entrustment.received_at), col(Entrustment.id)
    ids = ids.order_by(at, key) if order.oldest_first else ids.order_by(at.desc(), key.desc())
    # Rows carry sealed text; only those of the page are read whole.
    page = list(work.session.exec(ids.limit(order.size)).all())
    rows = {row.id: row for row in work.session.exec(work.visible(Entrustment).where(col(Entrustment.id).in_(page)))}
    return [rows[row_id] for row_id in page if row_id in rows]


def _beyond(mark: str, *, oldest_first: bool) -> Any:
    try:
        moment, key = mark.split("|")
        at, row_id = datetime.fromisoformat(moment), UUID(key)
    except ValueError as problem:
        raise Rejected("页码不正确，请返回第一页") from problem
    if at.tzinfo is None or not FIRST_DAY < at.date() < LAST_DAY:
        raise Rejected("页码不正确，请返回第一页")
    column, own = col(Entrustment.received_at), col(Entrustment.id)
    if oldest_first:
        return and_(column >= at, or_(column > at, own > row_id))
    return and_(column <= at, or_(column < at, own < row_id))


def mark_of(row: Entrustment) -> str:
    """Return where a page that begins after this mandate begins."""
    return f"{row.received_at.isoformat()}|{row.id}"


def _where(work: Work, order: ProgressFilter) -> list[Any]:
    where: list[Any] = []
    if number := search_word(order.number):
        where.append(_numbered(work, number))
    if order.id_no.strip():
        found = indexes_of(work.sealer, "id_no", order.id_no)
        where.append(
            or_(col(Entrustment.tenant_id_no_index).in_(found), col(Entrustment.spouse_id_no_index).in_(found))
        )
    if name := search_word(order.tenant):
        if len(name) < _LEAST_NAME:
            raise Rejected(f"姓名请至少输入{_LEAST_NAME}个字")
        # Sealed names are found whole only (decision 11).
        found = indexes_of(work.sealer, "name", name)
        where.append(or_(col(Entrustment.tenant_index).in_(found), col(Entrustment.spouse_index).in_(found)))
    if word := search_word(order.enterprise):
        named = _named(work, Enterprise, word, Enterprise.uscc, "企业")
        where.append(col(Entrustment.enterprise_id).in_(named))
    if word := search_word(order.project):
        named = _named(work, CentralProject, word, CentralProject.project_no, "项目")
        where.append(col(Entrustment.project_id).in_(named))
    if order.state:
        where.append(Entrustment.state == chosen(EntrustState, order.state))
    if order.abnormal:
        where.append(col(Entrustment.id).in_(mandates_with(work, chosen(Abnormal, order.abnormal))))
    if order.since:
        where.append(col(Entrustment.received_at) >= day_begins(order.since))
    if order.until:
        where.append(col(Entrustment.received_at) < day_is_over(order.until))
    return where


def _numbered(work: Work, number: str) -> Any:
    """The mandates of a number. Found first: an OR over several tables would walk all of them for each mandate."""
    numbers = {number, number.upper()}
    found = {
        row_id
        for column in _NUMBERS
        for row_id in work.session.exec(select(Entrustment.id).where(column.in_(numbers)).limit(_MOST_NAMED)).all()
    }
    bills = select(RentBill.entrustment_id).where(col(RentBill.bill_no).in_(numbers)).limit(_MOST_NAMED)
    found |= {row_id for row_id in work.session.exec(bills).all() if row_id is not None}
    return col(Entrustment.id).in_(found)


_NUMBERS = (col(Entrustment.entrust_no), col(Entrustment.filing_no), col(Entrustment.contract_no))


def _named(work: Work, table: Any, word: str, number: Any, what: str) -> list[UUID]:
    """The firms or projects of a name; few enough to be named, or the word says too little."""
    if len(word) < _LEAST_NAME:
        raise Rejected(f"{what}名称请至少输入{_LEAST_NAME}个字")
    matches = or_(col(table.name).contains(word, autoescape=True), number == word.upper())
    found = list(work.session.exec(select(table.id).where(matches).limit(_MOST_NAMED + 1)).all())
    if len(found) > _MOST_NAMED:
        raise Rejected(f"名称相符的{what}过多，请输入更完整的名称")
    return found


def _lines(work: Work, rows: list[Entrustment]) -> Iterable[ProgressLine]:
    ids = [row.id for row in rows]
    counts, wrong = _counts(work, ids), abnormal_of(work, ids)
    firms = names_of(work, Enterprise, (row.enterprise_id for row in rows))
    projects = names_of(work, CentralProject, (row.project_id for row in rows))
    for row in rows:
        mine = counts.get(row.id, _Counts())
        yield ProgressLine(
            id=row.id,
            entrust_no=row.entrust_no,
            filing_no=row.filing_no,
            contract_no=row.contract_no,
            tenant=row.tenant.masked(),
            enterprise=firms.get(row.enterprise_id, ""),
            project=projects.get(row.project_id, ""),
            monthly_rent=row.monthly_rent,
            draw=f"{row.draw_from} 至 {row.draw_to}",
            state=row.state.label,
            bills=mine.bills,
            paid=mine.paid,
            unpaid=mine.unpaid,
            waiting=mine.waiting,
            paid_sum=mine.paid_sum,
            abnormal=tuple(kind.label for kind in wrong.get(row.id, ())),
            received_at=row.received_at,
            mark=mark_of(row),
        )


@dataclass(frozen=True)
class _Counts:
    bills: int = 0
    paid: int = 0
    unpaid: int = 0
    waiting: int = 0
    paid_sum: Decimal = Decimal("0.00")


def _counts(work: Work, ids: list[UUID]) -> dict[UUID, _Counts]:
    """Bills of each mandate by what became of them; refused and cancelled ones are no bills any more."""
    grouped = (
        select(RentBill.entrustment_id, RentBill.state, func.count(), func.sum(RentBill.paid_amount))
        .where(col(RentBill.entrustment_id).in_(ids))
        .group_by(col(RentBill.entrustment_id), col(RentBill.state))
    )
    found: dict[UUID, _Counts] = {}
    for row_id, state, count, paid_sum in work.session.exec(grouped).all():
        if row_id is None or state in (BillState.RECEIVED, BillState.REFUSED, BillState.CANCELLED):
            continue
        mine = found.get(row_id, _Counts())
        mine = replace(mine, bills=mine.bills + count)
        if state is BillState.PAID:
            mine = replace(mine, paid=mine.paid + count, paid_sum=mine.paid_sum + (paid_sum or Decimal("0.00")))
        elif state in NOT_PAID:
            mine = replace(mine, unpaid=mine.unpaid + count)
        else:
            mine = replace(mine, waiting=mine.waiting + count)
        found[row_id] = mine
    return found


def names_of(work: Work, table: Any, ids: Iterable[UUID | None]) -> dict[UUID | None, str]:
    """The names of firms or projects by their ids."""
    wanted = {row_id for row_id in ids if row_id is not None}
    if not wanted:
        return {}
    return dict(work.session.exec(select(table.id, table.name).where(col(table.id).in_(wanted))).all())
