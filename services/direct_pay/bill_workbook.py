"""Bills by workbook: up to 2,000 rows, each judged and answered with its row number (row 18)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlmodel import col

from models.direct_pay import RentBill
from models.normal import BadText, clean_text, parse_day, parse_money
from services.access.visibility import ENTERPRISE
from services.direct_pay.bills import submit_bills
from services.direct_pay.orders import Answer, NewBill, SubmitBills
from services.engine.door import Gathering
from services.engine.refusals import Refusal, Rejected
from services.engine.registry import action
from services.engine.sheets import write_xlsx
from services.engine.work import Work
from services.files.workbook_tables import TableRow, table_rows

MOST_ROWS = 2_000
#: As many bills share a transaction; a longer one would keep every other writer waiting.
_AT_ONCE = 100
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_NUMBER, _MANDATE, _START, _END = "账单编号", "委托书编号", "账期起", "账期止"
_RENT, _DEPOSIT, _OTHER, _TOTAL, _SUBJECT = "租金", "押金", "其他费用", "应付合计", "摘要"
HEADS = (_NUMBER, _MANDATE, _START, _END, _RENT, _DEPOSIT, _OTHER, _TOTAL, _SUBJECT)
_OPTIONAL = (_DEPOSIT, _OTHER, _TOTAL, _SUBJECT)


@dataclass(frozen=True)
class SubmitWorkbook:
    """The file as it was uploaded."""

    content: bytes


@dataclass(frozen=True)
class RowAnswer:
    """Result of a row; `number` is its number in the spreadsheet."""

    id: str
    number: int
    bill_no: str
    accepted: bool
    receipt_no: str
    reasons: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class WorkbookReport:
    accepted: int
    refused: int
    rows: tuple[RowAnswer, ...]


@dataclass(frozen=True)
class _Read:
    """A row as a bill, or why it is none."""

    row: TableRow
    bill: NewBill | None
    faults: tuple[str, ...]


def _submit(gathering: Gathering, order: SubmitWorkbook) -> WorkbookReport:
    rows = table_rows(order.content, HEADS, rows=MOST_ROWS, optional=_OPTIONAL)
    if not rows:
        raise Rejected("工作簿里没有账单，请在表头下方填写后上传")
    numbers = {number for row in rows if (number := row.values.get(_NUMBER, "").strip())}
    known: dict[str, datetime] = gathering.look(lambda work: _times(work, numbers))
    read = [_read(row, known.get(row.values.get(_NUMBER, "").strip(), gathering.now)) for row in rows]
    sound = [one for one in read if one.bill is not None]
    answers: dict[int, Answer] = {}
    for start in range(0, len(sound), _AT_ONCE):
        part = sound[start : start + _AT_ONCE]
        answers |= _answers(gathering, part)
    told = tuple(_told(one, answers.get(one.row.number)) for one in read)
    accepted = sum(one.accepted for one in told)
    return WorkbookReport(accepted, len(told) - accepted, told)


def _times(work: Work, numbers: set[str]) -> dict[str, datetime]:
    """Return when bills of these numbers were made, so that a row sent again is recognised."""
    found: dict[str, datetime] = {}
    wanted = sorted(numbers)
    for start in range(0, len(wanted), 500):
        rows = work.visible(RentBill).where(col(RentBill.bill_no).in_(wanted[start : start + 500]))
        found |= {row.bill_no: row.bill_time for row in work.session.exec(rows).all()}
    return found


def _answers(gathering: Gathering, part: Sequence[_Read]) -> dict[int, Answer]:
    """Return what was answered to each bill; where all of a part were refused at once, each row says why."""
    order = SubmitBills(tuple(one.bill for one in part if one.bill is not None))
    try:
        given: Sequence[Answer] = gathering.perform(submit_bills, order)
    except Refusal as refusal:
        given = [Answer(one.bill.bill_no, False, note=refusal.message) for one in part if one.bill is not None]
    return {one.row.number: answer for one, answer in zip(part, given, strict=True)}


@action("direct_pay.submit_workbook", "上传账单工作簿", roles=ENTERPRISE, gather=_submit, event="FILE.UPLOAD")
def submit_workbook(work: Work, order: SubmitWorkbook, report: WorkbookReport) -> WorkbookReport:
    """Report the result of every row; a file that is no plain workbook is refused whole.

    The bills were taken before, in parts with a transaction each: sending the file again after a break takes the
    missing ones and refuses none already taken.
    """
    detail = {"accepted": report.accepted, "refused": report.refused}
    work.trail.tell("FILE.UPLOAD", "direct_pay.submit_workbook", detail=detail)
    return report


def bill_template(lines: Sequence[Sequence[Any]] = ()) -> bytes:
    """A workbook with the heads, and below them what is known of the bills to come."""
    return write_xlsx("账单", HEADS, lines)


def _read(row: TableRow, made_at: datetime) -> _Read:
    faults = list(row.faults)

    def value(head: str, parse: Callable[[str], Any], otherwise: Any = None) -> Any:
        text = row.values.get(head, "")
        if not text and head in _OPTIONAL:
            return otherwise
        try:
            return parse(text)
        except BadText as problem:
            if not row.faults:
                faults.append(f"{head}：{problem.sentence.rstrip('。')}")
            return None

    def short(text: str) -> str:
        if not text:
            raise BadText("请填写。")
        return clean_text(text, 40)

    told = {
        "bill_no": value(_NUMBER, short),
        "entrust_no": value(_MANDATE, short),
        "period_start": value(_START, parse_day),
        "period_end": value(_END, parse_day),
        "rent_fee": value(_RENT, parse_money),
        "deposit_fee": value(_DEPOSIT, parse_money, Decimal("0.00")),
        "other_fee": value(_OTHER, parse_money, Decimal("0.00")),
        "total_amount": value(_TOTAL, parse_money),
        "subject": value(_SUBJECT, lambda text: clean_text(text, 100), ""),
    }
    if faults:
        return _Read(row, None, tuple(faults))
    if told["total_amount"] is None:
        told["total_amount"] = told["rent_fee"]
    return _Read(row, NewBill(bill_time=made_at, **told), ())


def _told(one: _Read, answer: Answer | None) -> RowAnswer:
    reasons = one.faults
    if answer is not None:
        reasons = tuple(f"{finding.code} {finding.message}" for finding in answer.reasons)
        if not answer.accepted and not reasons:
            reasons = (answer.note or "未能接收，请稍后重新上传",)
    return RowAnswer(
        id=str(one.row.number),
        number=one.row.number,
        bill_no=one.row.values.get(_NUMBER, "")[:40],
        accepted=answer is not None and answer.accepted,
        receipt_no=answer.receipt_no if answer is not None else "",
        reasons=reasons,
        notes=one.row.notes,
    )
