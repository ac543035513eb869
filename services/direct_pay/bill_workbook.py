"""Bills by workbook: up to 2,000 rows, each judged and answered with its row number (row 18)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlmodel import col

from models.direct_pay import RentBill
from models.normal import BadText, clean_text, parse_day, parse_money
from services.access.visibility import ENTERPRISE
from services.direct_pay.bills import submit_bills
from services.direct_pay.orders import Answer, NewBill, SubmitBills
from services.engine.door import Gathering
from services.engine.findings import numbered
from services.engine.listings import Line
from services.engine.refusals import Refusal
from services.engine.registry import action
from services.engine.work import Work
from services.imports.sheets import Cell, Checks, ImportedRow, Level, Reader, Says, Sheet, SheetColumn, Verdict, day_in
from services.imports.table_reader import read_table
from services.imports.workbooks import Page, value_cell, write_book

MOST_ROWS = 2_000
#: As many bills share a transaction; a longer one would keep every other writer waiting.
_AT_ONCE = 100


def _reader(parse: Callable[[str], Any]) -> Reader:
    """Read a cell by one of our parsers; the row keeps the text of the value."""

    def read(cell: Cell, says: Says) -> str:
        text = day_in(cell, says) if parse is parse_day else cell.text.strip()
        try:
            return str(parse(text)) if text else ""
        except BadText as problem:
            says.error("FORM", problem.sentence.rstrip("。"))
            return ""

    return read


_number, _day, _money = _reader(lambda text: clean_text(text, 40)), _reader(parse_day), _reader(parse_money)
_subject = _reader(lambda text: clean_text(text, 100))
SHEET = Sheet(
    "账单",
    (
        SheetColumn("账单编号", _number, "本企业自编，不能重复", "bill_no", required=True),
        SheetColumn("委托书编号", _number, "已生效委托的编号", "entrust_no", required=True, width=24),
        SheetColumn("账期起", _day, "日期，例如2026-03-01", "period_start", required=True, shape="day"),
        SheetColumn("账期止", _day, "日期，不能早于账期起", "period_end", required=True, shape="day"),
        SheetColumn("租金", _money, "元，最多两位小数", "rent_fee", required=True),
        SheetColumn("押金", _money, "元，没有的填0或留空", "deposit_fee"),
        SheetColumn("其他费用", _money, "元，没有的填0或留空", "other_fee"),
        SheetColumn("应付合计", _money, "元，留空即等于租金", "total_amount"),
        SheetColumn("摘要", _subject, "选填", "subject", width=24),
        SheetColumn("更正的账单编号", _number, "选填；更正一笔未支付账单时填写其编号", "corrects", width=18),
    ),
    MOST_ROWS,
)
HEADS = tuple(column.label for column in SHEET.columns)


@dataclass(frozen=True)
class WorkbookReport:
    accepted: int
    refused: int
    rows: tuple[Line, ...]


def _submit(gathering: Gathering, content: bytes) -> WorkbookReport:
    rows = read_table(SHEET, Checks(), content).rows
    sound = [row for row in rows if row.verdict is not Verdict.REJECT]
    numbers = {row.values["账单编号"] for row in sound}
    known: dict[str, datetime] = gathering.look(lambda work: _times(work, numbers))
    answers: dict[int, Answer] = {}
    for start in range(0, len(sound), _AT_ONCE):
        part = sound[start : start + _AT_ONCE]
        bills = [_bill(row, known.get(row.values["账单编号"], gathering.now)) for row in part]
        given = _answers(gathering, bills)
        answers |= {row.sheet_row: answer for row, answer in zip(part, given, strict=True)}
    told = tuple(_told(row, answers.get(row.sheet_row)) for row in rows)
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


def _answers(gathering: Gathering, bills: Sequence[NewBill]) -> Sequence[Answer]:
    """Return what was answered to each bill; where all of a part were refused at once, each row says why."""
    try:
        return gathering.perform(submit_bills, SubmitBills(tuple(bills)))
    except Refusal as refusal:
        return [Answer(bill.bill_no, False, note=refusal.message) for bill in bills]


@action("direct_pay.submit_workbook", "上传账单工作簿", roles=ENTERPRISE, gather=_submit, event="FILE.UPLOAD")
def submit_workbook(work: Work, content: bytes, report: WorkbookReport) -> WorkbookReport:
    """Report the result of every row; a file that is no plain workbook is refused whole.

    The bills were taken before, in parts with a transaction each: sending the file again after a break takes the
    missing ones and refuses none already taken.
    """
    detail = {"accepted": report.accepted, "refused": report.refused}
    work.trail.tell("FILE.UPLOAD", "direct_pay.submit_workbook", detail=detail)
    return report


def bill_template(lines: Sequence[Sequence[Any]] = ()) -> bytes:
    """A workbook with the heads, and below them what is known of the bills to come."""
    return write_book([Page(SHEET, lambda page: ([value_cell(page, value) for value in line] for line in lines))])


def _bill(row: ImportedRow, made_at: datetime) -> NewBill:
    told = {column.name: row.values[column.label] for column in SHEET.columns}
    return NewBill(
        bill_no=told["bill_no"],
        entrust_no=told["entrust_no"],
        period_start=date.fromisoformat(told["period_start"]),
        period_end=date.fromisoformat(told["period_end"]),
        bill_time=made_at,
        rent_fee=Decimal(told["rent_fee"]),
        deposit_fee=Decimal(told["deposit_fee"] or "0.00"),
        other_fee=Decimal(told["other_fee"] or "0.00"),
        total_amount=Decimal(told["total_amount"] or told["rent_fee"]),
        subject=told["subject"],
        corrects=told["corrects"],
    )


def _told(row: ImportedRow, answer: Answer | None) -> Line:
    """Result of a row; `number` is its number in the spreadsheet."""
    wrong = [f"{one.column}：{one.message}" for one in row.findings if one.level is Level.ERROR]
    if answer is not None:
        wrong = [numbered(finding.code, finding.message) for finding in answer.reasons]
        if not answer.accepted and not wrong:
            wrong = [answer.note or "未能接收，请稍后重新上传"]
    return Line(
        id=str(row.sheet_row),
        number=row.sheet_row,
        bill_no=row.values["账单编号"][:40],
        accepted=answer is not None and answer.accepted,
        receipt_no=answer.receipt_no if answer is not None else "",
        reasons=tuple(wrong),
        notes=tuple(f"{one.column}：{one.message}" for one in row.findings if one.level is not Level.ERROR),
    )
