"""A workbook of codes or certificates, answered line by line in its order (row 31)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import col, select

from models.codes import Toned
from models.house import House
from models.sealed import indexes_of
from models.verification import VerificationCode
from models.verification_codes import CodeState
from services.engine.door import Gathering
from services.engine.listings import Line
from services.engine.refusals import Rejected
from services.engine.registry import action, query
from services.engine.sheets import write_xlsx
from services.engine.work import Work
from services.imports.sheets import Cell, Checks, Level, Says, Sheet, SheetColumn
from services.imports.table_reader import read_table
from services.imports.workbooks import Page, write_book
from services.verification.listings import part_words
from services.verification.visibility import READERS

MOST_ROWS = 2_000
NOT_FOUND = Toned("未查到", "muted")
_CODE = 18
_PART = 400


def _key(cell: Cell, says: Says) -> str:
    text = cell.text.strip()
    if cell.kind == "n" and len(text) > 15:
        says.error("NUMBER_EATEN", "长数字已被表格改写，末几位不可靠，请把单元格设为文本后重新填写")
        return ""
    if text.isdigit() and len(text) < _CODE and len(text) >= _CODE - 3:
        says.warn("CODE_SHORT", "核验码应为18位，可能被表格去掉了开头的零")
    return text


SHEET = Sheet(
    "核验结果查询",
    (
        SheetColumn(
            "核验码或权属证明编号",
            _key,
            "一行一个；核验码18位，单元格请设为文本",
            "key",
            aliases=("核验码", "权属证明编号", "不动产权证号"),
            required=True,
            width=34,
            literal=True,
        ),
    ),
    MOST_ROWS,
)
HEADS = ("行号", "查询内容", "结果", "核验码", "状态", "部位", "房屋坐落", "有效期起", "有效期止", "失效原因", "说明")


@dataclass(frozen=True)
class FindMany:
    """The file as it was uploaded, and what the answer is needed for."""

    content: bytes
    purpose: str = ""


@dataclass(frozen=True)
class Found:
    """The answers in the order of the file; of a certificate every code is a line."""

    total: int
    missing: int
    lines: tuple[Line, ...]


def _read(gathering: Gathering, order: FindMany) -> list[Any]:
    rows = read_table(SHEET, Checks(), order.content).rows
    if not rows:
        raise Rejected("文件里没有需要查询的内容，请在“核验码或权属证明编号”一栏逐行填写后上传")
    return rows


@action("verification.find_many", "批量查询核验结果", roles=READERS, gather=_read, event="FILE.UPLOAD")
def find_many(work: Work, order: FindMany, rows: list[Any]) -> Found:
    """Answer every line of a workbook within what the caller may see; the look-up is logged with its purpose."""
    keys = [row.values[SHEET.columns[0].label] for row in rows]
    codes = _codes(work, [key for key in keys if key.isdigit() and len(key) == _CODE])
    by_cert = _by_certificate(work, [key for key in keys if key and not (key.isdigit() and len(key) == _CODE)])
    addresses = _addresses(work, [*codes.values(), *(code for found in by_cert.values() for code in found)])
    lines: list[Line] = []
    missing = 0
    for row, key in zip(rows, keys, strict=True):
        wrong = "；".join(one.message for one in row.findings if one.level is not Level.NOTE)
        found = [codes[key]] if key in codes else by_cert.get(key, [])
        missing += not found
        for place, code in enumerate(found or [None]):
            text = key or (next(iter(row.cells.values())).text if row.cells else "")
            lines.append(_line(work, row.sheet_row, place, text, code, addresses, wrong))
    work.trail.tell(
        "FILE.UPLOAD",
        "verification.find_many",
        reason=order.purpose[:60],
        detail={"rows": len(rows), "missing": missing},
    )
    return Found(len(rows), missing, tuple(lines))


def _parts(keys: Sequence[str]) -> list[list[str]]:
    wanted = sorted(set(keys))
    return [wanted[start : start + _PART] for start in range(0, len(wanted), _PART)]


def _codes(work: Work, keys: Sequence[str]) -> dict[str, VerificationCode]:
    found: dict[str, VerificationCode] = {}
    for part in _parts(keys):
        rows = work.rows(work.visible(VerificationCode), col(VerificationCode.code_no).in_(part))
        found |= {row.code_no or "": row for row in rows}
    return found


def _by_certificate(work: Work, keys: Sequence[str]) -> dict[str, list[VerificationCode]]:
    found: dict[str, list[VerificationCode]] = {}
    for part in _parts(keys):
        named = {index: key for key in part for index in indexes_of(work.sealer, "cert_no", key)}
        houses = work.session.exec(
            select(House.id, House.cert_no_index).where(col(House.cert_no_index).in_(list(named)))
        ).all()
        of_house = {house_id: named[index] for house_id, index in houses if index}
        rows = work.rows(
            work.visible(VerificationCode), col(VerificationCode.house_id).in_(list(of_house)), by=VerificationCode.id
        )
        for row in rows:
            assert row.house_id is not None
            found.setdefault(of_house[row.house_id], []).append(row)
    return found


def _addresses(work: Work, codes: Sequence[VerificationCode]) -> Mapping[Any, str]:
    ids = sorted({code.house_id for code in codes if code.house_id}, key=str)
    found: dict[Any, str] = {}
    for start in range(0, len(ids), _PART):
        rows = select(House.id, House.address).where(col(House.id).in_(ids[start : start + _PART]))
        found |= dict(work.session.exec(rows).all())
    return found


def _line(
    work: Work,
    number: int,
    place: int,
    key: str,
    code: VerificationCode | None,
    addresses: Mapping[Any, str],
    note: str,
) -> Line:
    made = Line(id=f"{number}.{place}", number=number, key=key[:80], note=note)
    if code is None:
        return Line(
            **vars(made), result=NOT_FOUND, code_no="", state="", part="", address="", since="", until="", why=""
        )
    over = code.state is CodeState.VALID and code.valid_to is not None and code.valid_to < work.today
    return Line(
        **vars(made),
        result=Toned("已查到", "good"),
        code_no=code.code_no or "",
        state=CodeState.INVALID.label if over else code.state.label,
        part=part_words(code.part_key),
        address=addresses.get(code.house_id, ""),
        since=code.valid_from.isoformat() if code.valid_from else "",
        until=code.valid_to.isoformat() if code.valid_to else "",
        why="期满" if over else code.end_reason.label if code.end_reason else "",
    )


_CELLS = ("number", "key", "result", "code_no", "state", "part", "address", "since", "until", "why", "note")


def answers_book(found: Found) -> bytes:
    """The answers as a workbook, texts as texts."""
    rows = [[str(getattr(line, name)) for name in _CELLS] for line in found.lines]
    return write_xlsx("核验结果", HEADS, rows)


@query("verification.find_template", "批量查询模板", roles=READERS)
def find_template(work: Work, order: None) -> bytes:
    """A workbook with the head for codes or certificates to be looked up."""
    return write_book([Page(SHEET, lambda page: [])])
