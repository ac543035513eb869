"""进度查询: one line a mandate, searched by everything it is known by, paged by place and not by count (row 23)."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, or_, select

from models.direct_pay import Entrustment, PaymentTermination, RentBill
from models.direct_pay_codes import BillState, EntrustState
from models.enterprise import Enterprise
from models.name_search import holds_text
from models.privacy import Shown
from models.rooms import CentralProject
from models.sealed import index_of, indexes_of
from services.direct_pay.abnormal import NOT_PAID, Abnormal, abnormal_of, mandates_with
from services.direct_pay.visibility import WATCHERS
from services.engine.list_filters import Where
from services.engine.listings import Column, Filter, Filters, Listing, choice, days, listed, numbers
from services.engine.look_ups import values_by
from services.engine.refusals import Rejected
from services.engine.search_terms import chosen, search_word
from services.engine.work import Work
from services.privacy.accesses import note_access

_MOST_NAMED = 200
_LEAST_NAME = 2
_NUMBERS = (col(Entrustment.entrust_no), col(Entrustment.filing_no), col(Entrustment.contract_no))


def _numbered(work: Work, text: str) -> Any:
    """The mandates of a number. Found first: an OR over several tables would walk all of them for each mandate."""
    number = search_word(text)
    numbers = {number, number.upper()}
    found = {
        row_id for column in _NUMBERS for row_id in work.rows(Entrustment.id, column.in_(numbers), most=_MOST_NAMED)
    }
    for row_id, own in (
        (RentBill.entrustment_id, RentBill.bill_no),
        (PaymentTermination.entrustment_id, PaymentTermination.term_no),
    ):
        named = select(row_id).where(col(own).in_(numbers)).limit(_MOST_NAMED)
        found |= {one for one in work.session.exec(named).all() if one is not None}
    return col(Entrustment.id).in_(found)


def _of_tenant(work: Work, text: str) -> Any:
    """Sealed names are found whole only (decision 11)."""
    name = search_word(text)
    if len(name) < _LEAST_NAME:
        raise Rejected(f"姓名请至少输入{_LEAST_NAME}个字")
    found = indexes_of(work.sealer, "name", name)
    return or_(col(Entrustment.tenant_index).in_(found), col(Entrustment.spouse_index).in_(found))


def _of_person(work: Work, text: str) -> Any:
    found = indexes_of(work.sealer, "id_no", text)
    return or_(col(Entrustment.tenant_id_no_index).in_(found), col(Entrustment.spouse_id_no_index).in_(found))


def _named(column: Any, table: Any, number: Any, what: str) -> Where:
    """The mandates of firms or projects of a name; few enough to be named, or the word says too little."""

    def where(work: Work, text: str) -> Any:
        word = search_word(text)
        if len(word) < _LEAST_NAME:
            raise Rejected(f"{what}名称请至少输入{_LEAST_NAME}个字")
        matches = or_(holds_text(word, table.name), number == word.upper())
        found = list(work.session.exec(select(table.id).where(matches).limit(_MOST_NAMED + 1)).all())
        if len(found) > _MOST_NAMED:
            raise Rejected(f"名称相符的{what}过多，请输入更完整的名称")
        return col(column).in_(found)

    return where


def _abnormal(work: Work, text: str) -> Any:
    return col(Entrustment.id).in_(mandates_with(work, chosen(Abnormal, text)))


_NONE: dict[str, Any] = {"bills": 0, "paid": 0, "unpaid": 0, "waiting": 0, "paid_sum": Decimal("0.00")}


def _counts(work: Work, ids: list[UUID]) -> dict[UUID | None, dict[str, Any]]:
    """Bills of each mandate by what became of them; refused and cancelled ones are no bills any more."""
    grouped = (
        select(RentBill.entrustment_id, RentBill.state, func.count(), func.sum(RentBill.paid_amount))
        .where(
            col(RentBill.entrustment_id).in_(ids),
            col(RentBill.state).not_in([BillState.RECEIVED, BillState.REFUSED, BillState.CANCELLED]),
        )
        .group_by(col(RentBill.entrustment_id), col(RentBill.state))
    )
    found: dict[UUID | None, dict[str, Any]] = {row_id: {**_NONE} for row_id in ids}
    for row_id, state, count, paid_sum in work.session.exec(grouped).all():
        mine = found[row_id]
        mine["bills"] += count
        mine["paid" if state is BillState.PAID else "unpaid" if state in NOT_PAID else "waiting"] += count
        mine["paid_sum"] += (paid_sum or 0) if state is BillState.PAID else 0
    return found


def mandate_cells(work: Work, rows: Sequence[Any]) -> Mapping[str, Callable[[Any], Any]]:
    """Cells of mandates beside their own columns: names, counts of bills, what is abnormal."""
    ids = [row.id for row in rows]
    counts, wrong = _counts(work, ids), abnormal_of(work, ids)
    firms = values_by(work, Enterprise.id, Enterprise.name, (row.enterprise_id for row in rows))
    projects = values_by(work, CentralProject.id, CentralProject.name, (row.project_id for row in rows))

    def counted(key: str) -> Callable[[Any], Any]:
        return lambda row: counts[row.id][key]

    return {
        "enterprise": lambda row: firms.get(row.enterprise_id, ""),
        "project": lambda row: projects.get(row.project_id, ""),
        "abnormal": lambda row: wrong.get(row.id, ()),
        **{key: counted(key) for key in _NONE},
    }


def draw_months(row: Entrustment) -> str:
    """The months of a mandate in words."""
    return f"{row.draw_from} 至 {row.draw_to}"


def _note_look(work: Work, filters: Filters) -> None:
    """Log the search by a person's number as a look at the person."""
    if number := filters.get("id_no", "").strip():
        person = [index_of(work.sealer, "id_no", number)]
        note_access(work, person, "direct_pay.list", Shown.MASKED, purpose="按证件号码查询公积金直付进度")


NUMBER = Filter("number", "编号", _numbered, width=210, finds=numbers("WT", "ZD", "GZ", "QZ"))
TENANT = Filter("tenant", "承租人姓名", _of_tenant, personal=True, width=180)
STATE = choice("state", "状态", Entrustment.state, EntrustState, width=150)

PROGRESS = listed(
    Listing(
        name="direct_pay",
        label="公积金直付进度",
        roles=WATCHERS,
        table=Entrustment,
        columns=(
            Column("entrust_no", "委托书编号", width=150),
            Column("tenant", "承租人", width=74),
            Column("enterprise", "企业"),
            Column("project", "项目", width=130),
            Column("filing_no", "备案编号", width=186),
            Column("contract_no", "合同编号", shown=False),
            Column("monthly_rent", "月租金", number=True, width=84),
            Column("draw", "提取月份", draw_months, shown=False),
            Column("state", "状态", width=96),
            Column("bills", "账单", number=True, width=46),
            Column("paid", "已付", number=True, width=46),
            Column("unpaid", "未付", number=True, width=46),
            Column("waiting", "待办", number=True, width=46),
            Column("paid_sum", "已付金额", number=True, shown=False),
            Column("abnormal", "异常", width=128),
            Column("received_at", "接收时间", sortable=True, width=122),
        ),
        filters=(
            NUMBER,
            TENANT,
            Filter("id_no", "证件号码", _of_person, personal=True, width=220),
            Filter("enterprise", "企业", _named(Entrustment.enterprise_id, Enterprise, Enterprise.uscc, "企业")),
            Filter(
                "project", "项目", _named(Entrustment.project_id, CentralProject, CentralProject.project_no, "项目")
            ),
            STATE,
            Filter("abnormal", "异常", _abnormal, options=Abnormal.labels(), width=160),
            *days(Entrustment.received_at, "接收日期"),
        ),
        sort="-received_at",
        look_up=mandate_cells,
        empty="没有符合条件的委托。编号可填委托书、备案、合同或账单编号，须完整；姓名须完整。",
        personal=True,
        persons=lambda work, rows: frozenset(index for row in rows if (index := row.tenant_id_no_index)),
        on_look=_note_look,
        deep=True,
    )
)
