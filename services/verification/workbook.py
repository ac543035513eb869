"""Homes by workbook: up to 2,000 are taken in at once, each line answered with its row number (row 26)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from models.house import RoomKind
from models.normal import BadText, clean_text, parse_day, parse_money
from models.tenancy_codes import LeaseMode
from services.access.visibility import ENTERPRISE
from services.engine.door import Gathering
from services.engine.listings import Line
from services.engine.refusals import Refusal
from services.engine.registry import action, query
from services.engine.work import Work
from services.imports.sheets import Cell, Checks, ImportedRow, Level, Reader, Says, Sheet, SheetColumn, Verdict, day_in
from services.imports.table_reader import read_table
from services.imports.workbooks import Page, write_book
from services.verification.partner_orders import HomeLine, ItemAnswer, RoomLine, SubmitHomes, submit_homes

MOST_ROWS = 2_000
#: As many homes share a transaction; a longer one would keep every other writer waiting.
_AT_ONCE = 50
_YES = {"是": True, "否": False, "": False}
_MODES = {"整租": LeaseMode.WHOLE, "按间": LeaseMode.ROOM, "": LeaseMode.WHOLE}
_KINDS = {kind.label: kind for kind in RoomKind}
PLAN_SHAPE = "房间号:类型:使用面积:人数，隔间再加:所在客厅；各房间以分号隔开，例如1:卧室:15.20:2;N1:客厅隔间:9.40:1:T1"


def _reader(parse: Callable[[str], Any]) -> Reader:
    """Read a cell by a parser; the row keeps the text of the value."""

    def read(cell: Cell, says: Says) -> str:
        text = day_in(cell, says) if parse is parse_day else cell.text.strip()
        if parse is _number and cell.kind == "n" and len(text) > 15:
            says.error("NUMBER_EATEN", "长数字已被表格改写，请把单元格设为文本后重新填写")
            return ""
        try:
            return str(parse(text)) if text else ""
        except BadText as problem:
            says.error("FORM", problem.sentence.rstrip("。"))
            return ""

    return read


def _number(text: str) -> str:
    return clean_text(text, 80)


def _one_of(*allowed: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text not in allowed:
            raise BadText(f"请填写{'、'.join(word for word in allowed if word)}")
        return text

    return parse


def _plan_text(text: str) -> str:
    plan_in(text)
    return text


def plan_in(text: str) -> tuple[RoomLine, ...]:
    """Read a room plan as a cell has it."""
    rooms = []
    for part in text.replace("；", ";").replace("：", ":").split(";"):
        fields = [one.strip() for one in part.split(":")]
        if not part.strip():
            continue
        try:
            label, kind, size, persons, *hall = fields
            rooms.append(
                RoomLine(
                    label=label,
                    kind=_KINDS[kind],
                    usable_area=Decimal(size),
                    persons=int(persons),
                    hall="".join(hall[:1]),
                )
            )
        except (KeyError, ValueError, ArithmeticError):
            raise BadText(f"拆间信息“{part.strip()[:30]}”看不懂，请按{PLAN_SHAPE}填写") from None
    return tuple(rooms)


_text, _words = _reader(_number), _reader(lambda text: clean_text(text, 120))
_yes, _mode, _plan = _reader(_one_of("是", "否")), _reader(_one_of("整租", "按间")), _reader(_plan_text)
_day, _money = _reader(parse_day), _reader(parse_money)
SHEET = Sheet(
    "房源核验",
    (
        SheetColumn("权属证明编号", _text, "不动产权证、租用居住公房凭证等的编号", "cert_no", required=True, width=28),
        SheetColumn("室号", _text, "一证多户时填写", "flat_room"),
        SheetColumn("权利人", _words, "与证书一致", "owner_name", required=True),
        SheetColumn("权利人证件号码", _text, "单位填统一社会信用代码", "owner_id", required=True, width=22, mask="id"),
        SheetColumn("权利人电话", _text, "住房租赁企业必填", "owner_phone", width=16, mask="phone"),
        SheetColumn("出租方式", _mode, "整租或按间，留空为整租", "mode"),
        SheetColumn("房间号", _text, "按间出租时填写", "room_no"),
        SheetColumn("拆间信息", _plan, f"按间出租时填写整套房屋：{PLAN_SHAPE}", "plan", width=40),
        SheetColumn("隔间声明", _yes, "有客厅隔间时填是：采用轻质不燃材料隔断且采光通风", "n1_declared"),
        SheetColumn("共有人同意", _yes, "共有房屋填是", "coowner_consent"),
        SheetColumn("改建批准", _yes, "非居住改建并有批准文件的填是", "papers"),
        SheetColumn("从业信息卡编号", _text, "经办人员的信息卡", "card_no", width=18),
        SheetColumn("月租金", _money, "元，最多两位小数", "rent", required=True),
        SheetColumn("出租面积", _money, "平方米，留空为整套建筑面积", "area"),
        SheetColumn("对外地址", _words, "不含室号", "address_public", width=28),
        SheetColumn("委托合同编号", _text, "与权利人签订的委托合同", "mandate_no", width=18),
        SheetColumn("委托期起", _day, "首次使用该合同时填写", "mandate_from", shape="day"),
        SheetColumn("委托期止", _day, "首次使用该合同时填写", "mandate_to", shape="day"),
    ),
    MOST_ROWS,
)


@dataclass(frozen=True)
class WorkbookReport:
    """Numbers of homes taken in and refused, and a line for each row of the sheet."""

    accepted: int
    refused: int
    rows: tuple[Line, ...]


def _submit(gathering: Gathering, content: bytes) -> WorkbookReport:
    rows = read_table(SHEET, Checks(), content).rows
    sound = [row for row in rows if row.verdict is not Verdict.REJECT]
    answers: dict[int, ItemAnswer] = {}
    for start in range(0, len(sound), _AT_ONCE):
        part = sound[start : start + _AT_ONCE]
        homes = [home_of(row) for row in part]
        try:
            given = gathering.perform(submit_homes, SubmitHomes(tuple(homes)))
        except Refusal as refusal:
            given = [ItemAnswer(one.request_no, False, state=refusal.message) for one in homes]
        answers |= {row.sheet_row: answer for row, answer in zip(part, given, strict=True)}
    told = tuple(_told(row, answers.get(row.sheet_row)) for row in rows)
    accepted = sum(one.accepted for one in told)
    return WorkbookReport(accepted, len(told) - accepted, told)


@action("verification.submit_workbook", "上传房源核验工作簿", roles=ENTERPRISE, gather=_submit, event="FILE.UPLOAD")
def submit_workbook(work: Work, content: bytes, report: WorkbookReport) -> WorkbookReport:
    """Report what was taken in of every row. The answers follow; the homes were taken in before, part by part."""
    work.trail.tell(
        "FILE.UPLOAD",
        "verification.submit_workbook",
        detail={"accepted": report.accepted, "refused": report.refused},
    )
    return report


@query("verification.template", "房源核验模板", roles=ENTERPRISE)
def verification_template(work: Work, order: None) -> bytes:
    """A workbook with the heads of homes to be verified."""
    return write_book([Page(SHEET, lambda page: [])])


def home_of(row: ImportedRow) -> HomeLine:
    """A row of the sheet as a home of a message."""
    told = {column.name: row.values[column.label] for column in SHEET.columns}
    return HomeLine(
        request_no=str(row.sheet_row),
        cert_no=told["cert_no"],
        flat_room=told["flat_room"],
        owner_name=told["owner_name"],
        owner_id=told["owner_id"],
        owner_phone=told["owner_phone"],
        mode=_MODES[told["mode"]],
        room_no=told["room_no"],
        plan=plan_in(told["plan"]) if told["plan"] else (),
        n1_declared=_YES[told["n1_declared"]],
        coowner_consent=_YES[told["coowner_consent"]],
        papers=_YES[told["papers"]],
        card_no=told["card_no"],
        rent=Decimal(told["rent"]),
        area=Decimal(told["area"]) if told["area"] else None,
        address_public=told["address_public"],
        mandate_no=told["mandate_no"],
        mandate_from=_maybe_day(told["mandate_from"]),
        mandate_to=_maybe_day(told["mandate_to"]),
    )


def _maybe_day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _told(row: ImportedRow, answer: ItemAnswer | None) -> Line:
    """Result of a row; `number` is its number in the spreadsheet."""
    wrong = [f"{one.column}：{one.message}" for one in row.findings if one.level is Level.ERROR]
    if answer is not None:
        wrong = [one.message for one in answer.reasons]
        if not answer.accepted and not wrong:
            wrong = [answer.state or "未能接收，请稍后重新上传"]
    return Line(
        id=str(row.sheet_row),
        number=row.sheet_row,
        cert_no=row.values["权属证明编号"][:60],
        room_no=row.values["房间号"][:20],
        accepted=answer is not None and answer.accepted,
        code_no=answer.code_no if answer is not None else "",
        reasons=tuple(wrong),
    )
