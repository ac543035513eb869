"""Old houses and contracts as their CSV files state them, parsed or refused with row and column."""

import csv
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from sys import intern
from typing import Annotated, Any, TypeVar, get_type_hints

from models.normal import BadText, parse_day
from services.engine.refusals import Rejected

_WHOLE_NUMBER = re.compile(r"-?[0-9]{1,9}")
_DECIMAL = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,6})?")
_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Owner:
    id_no: str
    share: int


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A rule that is on, with its verdict."""

    no: str
    code: str
    verdict: str
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a file with the words to refuse it by."""

    file: str
    row: int
    values: Mapping[str, str]

    def wrong(self, column: str, what: str) -> Rejected:
        return Rejected(f"文件“{self.file}”第{self.row}行的“{column}”列{what}，请更正后重新提交")

    def text(self, column: str) -> str:
        return self.values[column]

    def word(self, column: str) -> str:
        """A value that many rows share, kept once."""
        return intern(self.values[column])

    def needed(self, column: str) -> str:
        if not self.values[column].strip():
            raise self.wrong(column, "为空")
        return self.values[column]

    def day(self, column: str) -> date:
        text = self.values[column].strip()
        try:
            return date.fromisoformat(text) if _ISO_DAY.fullmatch(text) else parse_day(text)
        except (ValueError, BadText):
            raise self.wrong(column, f"“{_short(text)}”不是日期") from None

    def whole(self, column: str) -> int:
        text = self.values[column].strip()
        if not _WHOLE_NUMBER.fullmatch(text):
            raise self.wrong(column, f"“{_short(text)}”不是整数")
        return int(text)

    def number(self, column: str) -> float:
        # The old rules were computed with floats, and a bulk check must come to the same verdict to the last digit.
        return _number(self, column, self.values[column].strip())


def _number(line: Line, column: str, text: str) -> float:
    if not _DECIMAL.fullmatch(text):
        raise line.wrong(column, f"“{_short(text)}”不是数字")
    return float(text)


def _short(text: str) -> str:
    return text if len(text) <= 20 else f"{text[:20]}…"


def _rooms(line: Line, column: str) -> dict[str, tuple[str, float]]:
    rooms = {}
    for text in line.needed(column).split(";"):
        parts = text.split(":")
        if len(parts) != 3:
            raise line.wrong(column, f"“{_short(text)}”应为“房间号:类型:面积”")
        rooms[intern(parts[0])] = (intern(parts[1]), _number(line, column, parts[2]))
    return rooms


def _owners(line: Line, column: str) -> tuple[Owner, ...]:
    owners = []
    for text in line.needed(column).split(";"):
        parts = text.split("/")
        if len(parts) != 3 or not _WHOLE_NUMBER.fullmatch(parts[2]):
            # The text carries a name and a number; the message must not.
            raise line.wrong(column, "应为“姓名/证件号码/份额”，多人以分号分隔")
        owners.append(Owner(parts[1], int(parts[2])))
    return tuple(owners)


def _by_room(line: Line, column: str) -> bool:
    mode = line.text(column)
    if mode not in ("整租", "分间"):
        raise line.wrong(column, f"“{_short(mode)}”应为“整租”或“分间”")
    return mode == "分间"


def _yes(line: Line, column: str) -> bool:
    return line.text(column) == "是"


def _cancelled(line: Line, column: str) -> bool:
    return line.text(column) == "已注销"


def _cancelled_on(line: Line, column: str) -> date | None:
    return line.day(column) if _cancelled(line, "status") else None


def _lessees(line: Line, column: str) -> tuple[str, ...]:
    numbers = []
    for text in line.needed(column).split(";"):
        parts = text.split("/")
        if len(parts) < 2:
            raise line.wrong(column, "应为“姓名/证件号码”，多人以分号分隔")
        numbers.append(parts[1])
    return tuple(numbers)


@dataclass(frozen=True, slots=True)
class LegacyHouse:
    """A line of the houses file. `rooms` maps a label to kind and usable area."""

    row: int
    house_id: Annotated[str, Line.needed]
    district_code: Annotated[str, Line.word]
    road: Annotated[str, Line.word]
    address: Annotated[str, Line.text]
    kind: Annotated[str, Line.word, "house_kind"]
    cert_no: Annotated[str, Line.text]
    registered_on: Annotated[date, Line.day, "reg_date"]
    use: Annotated[str, Line.word]
    floors: Annotated[int, Line.whole, "floors_total"]
    floor: Annotated[int, Line.whole]
    floor_area: Annotated[float, Line.number]
    inner_area: Annotated[float, Line.number]
    rooms: Annotated[Mapping[str, tuple[str, float]], _rooms]
    owners: Annotated[tuple[Owner, ...], _owners]
    limit_status: Annotated[str, Line.word]
    safety_status: Annotated[str, Line.word]


@dataclass(frozen=True, slots=True)
class LegacyContract:
    """A line of the contracts file. `lessees` are document numbers in file order."""

    row: int
    contract_no: Annotated[str, Line.needed]
    house_id: Annotated[str, Line.needed]
    by_room: Annotated[bool, _by_room, "mode"]
    room: Annotated[str, Line.word, "room_no"]
    lessor_id: Annotated[str, Line.text]
    lessor_role: Annotated[str, Line.word]
    authorised: Annotated[bool, _yes]
    lessees: Annotated[tuple[str, ...], _lessees]
    occupants: Annotated[int, Line.whole]
    family: Annotated[bool, _yes]
    signed_on: Annotated[date, Line.day, "sign_date"]
    start: Annotated[date, Line.day, "start_date"]
    end: Annotated[date, Line.day, "end_date"]
    rent: Annotated[float, Line.number, "monthly_rent"]
    cancelled: Annotated[bool, _cancelled, "status"]
    cancelled_on: Annotated[date | None, _cancelled_on, "cancel_date"]


Kept = TypeVar("Kept", LegacyHouse, LegacyContract)
RULE_COLUMNS = ("no", "code", "verdict", "text")


def read_rows(path: Path, kind: type[Kept]) -> list[Kept]:
    """Read a file of houses or contracts: each annotated field by its function, from the column of its or another name."""
    read: dict[str, tuple[Callable[[Line, str], Any], str]] = {}
    for name, hint in get_type_hints(kind, include_extras=True).items():
        if name != "row":
            reader, *column = hint.__metadata__
            read[name] = reader, column[0] if column else name
    return [
        kind(row=line.row, **{name: reader(line, column) for name, (reader, column) in read.items()})
        for line in _lines(path, [column for _, column in read.values()])
    ]


def read_rules(path: Path, known: frozenset[str]) -> list[RuleLine]:
    """Return the rules that a parameter file turns on; an unknown code or verdict is refused."""
    rules: dict[str, RuleLine] = {}
    for line in _lines(path, RULE_COLUMNS):
        code, verdict = line.text("code").strip(), line.text("verdict").strip()
        if code not in known:
            raise line.wrong("code", f"“{_short(code)}”不是已知的规则")
        if verdict not in ("fail", "manual"):
            raise line.wrong("verdict", f"“{_short(verdict)}”应为 fail 或 manual")
        if code in rules:
            raise line.wrong("code", f"“{code}”重复")
        rules[code] = RuleLine(line.text("no"), code, verdict, line.text("text"))
    return list(rules.values())


def _lines(path: Path, columns: Sequence[str]) -> Iterator[Line]:
    """Yield the data rows of a CSV file, from row 1; unknown columns are ignored."""
    name = path.name
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file)
            header = next(reader, None)
            if header is None:
                raise Rejected(f"文件“{name}”是空的，请检查后重新提交")
            missing = [column for column in columns if column not in header]
            if missing:
                raise Rejected(f"文件“{name}”缺少列：{'、'.join(missing)}。请使用规定的表头")
            places = [(column, header.index(column)) for column in columns]
            row = 0
            for cells in reader:
                if not cells:
                    continue
                row += 1
                short = next((column for column, place in places if place >= len(cells)), None)
                line = Line(name, row, {} if short else {column: cells[place] for column, place in places})
                if short:
                    raise line.wrong(short, "没有值（该行列数不足）")
                yield line
    except UnicodeDecodeError:
        raise Rejected(f"文件“{name}”不是UTF-8编码，请另存为“CSV UTF-8”后重新提交") from None
    except csv.Error:
        raise Rejected(f"文件“{name}”不是完整的CSV文件，请重新导出后提交") from None
    except OSError:
        raise Rejected(f"文件“{name}”不存在或不能读取，请检查路径") from None
