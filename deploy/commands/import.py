# ruff: noqa: N999
"""`main.py import KIND FILE --dry-run`: judge a table as the page does, optionally as JSON lines.

Exit codes: 0 the table was read and every row judged; 2 the file or the order was refused, as stderr says.
"""

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from deploy.commands import OpenedHouse, OpenHouse, Settings
from services.engine.callers import SYSTEM
from services.engine.clock import Clock
from services.engine.refusals import Rejected
from services.engine.thresholds import Thresholds
from services.imports.heads import OwnHeads
from services.imports.kinds import Asking, kind_of, photos_in
from services.imports.sheets import Checks, ImportedRow, Level, Sheet, Verdict
from services.imports.table_reader import Reading, SheetsLeft, Table, read_table
from services.planning.building_sheet import SHEET as BUILDINGS
from services.planning.building_sheet import checks_of as checks_of_buildings
from services.practitioners.import_columns import SHEET, checks_of
from services.practitioners.registry import FromFiles
from services.rooms import registry as rooms_registry
from services.rooms.import_columns import SHEET as ROOMS
from services.rooms.import_columns import checks_of as checks_of_rooms
from services.sales.price_columns import SHEET as PRICES
from services.sales.price_columns import checks_of as checks_of_prices
from services.sales.price_columns import plan_from_files
from services.streets import registry as streets_registry
from services.streets.import_columns import LABELS as STREET_LABELS
from services.streets.import_columns import SHEET as STREET_USERS
from services.streets.import_columns import checks_of as checks_of_street_users
from services.streets.import_columns import link_state

_SHEETS = {
    "practitioners": SHEET,
    "rooms": ROOMS,
    "unit-prices": PRICES,
    "street-users": STREET_USERS,
    "planned-buildings": BUILDINGS,
}
#: The kinds of the running system, where they are named otherwise.
_KINDS = {"street-users": "street_users"}
HELP = "批量导入表格的试核验：逐行给出结论，不写入数据"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "kind",
        choices=list(_SHEETS),
        help="表格种类：practitioners 从业人员，rooms 集中式房源，unit-prices 一房一价，street-users 街镇用户关联，planned-buildings 规划建筑物",
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="工作簿（.xlsx）或 CSV 文件")
    parser.add_argument("--photos", type=Path, metavar="ZIP", help="照片压缩包；不给则不核对照片")
    parser.add_argument("--dry-run", action="store_true", help="只核验不导入（必须给出；导入请在企业工作台办理）")
    parser.add_argument(
        "--columns",
        action="append",
        default=[],
        metavar="头=字段",
        help="文件中的表头代表的栏目，可以多次给出，也可以用逗号分开",
    )
    parser.add_argument(
        "--sheets", action="append", default=[], metavar="表页", help="一并读取的其他表页，可以多次给出"
    )
    parser.add_argument("--json", action="store_true", help="每行数据输出一个 JSON 对象")
    parser.add_argument("--today", type=date.fromisoformat, metavar="YYYY-MM-DD", help="按这一天核验，默认业务日期")
    parser.add_argument(
        "--standalone", action="store_true", help="不连接数据库和外部系统，只按文件核验；房源不读取在库房间"
    )
    parser.add_argument(
        "--data",
        type=Path,
        metavar="DIR",
        help="所对照的表格（CSV）所在的文件夹：房源为项目、楼栋、权属文件和在库房间，街镇用户为用户、管理员、街镇变更和特殊区域",
    )
    parser.add_argument(
        "--plan", type=Path, metavar="CSV", help="一房一价所属的销售方案（plan_no、project_id、building_ids）"
    )
    for name, told in (
        ("firms", "企业名单 CSV（uscc、status）"),
        ("stores", "门店名单 CSV（store、uscc）"),
        ("blacklist", "黑名单 CSV（id_number）"),
        ("answers", "二要素答复 CSV（id_number、result）"),
    ):
        parser.add_argument(f"--{name}", type=Path, metavar="CSV", help=f"{told}，与 --standalone 一起使用")


def run(settings: Settings, arguments: argparse.Namespace, open_house: OpenHouse) -> int:
    lists = {name: getattr(arguments, name) for name in ("firms", "stores", "blacklist", "answers")}
    if not arguments.dry_run:
        raise Rejected("命令行只核验、不导入：请加上 --dry-run；导入请在企业工作台的“批量导入”中办理")
    if any(lists.values()) and not arguments.standalone:
        raise Rejected("名单文件只能与 --standalone 一起使用")
    if arguments.kind in _FOLDERS and arguments.standalone and arguments.data is None:
        raise Rejected("按文件核验房源或街镇用户时，请用 --data 给出所对照的表格所在的文件夹")
    if arguments.kind == "unit-prices" and (arguments.plan is None or arguments.data is None):
        raise Rejected("核验一房一价，请用 --plan 给出销售方案，用 --data 给出楼幢和户所在的文件夹")
    content = _read(arguments.file)
    photos = None if arguments.photos is None else _read(arguments.photos)
    how = Reading(own=OwnHeads(told=_columns(arguments.columns, _SHEETS[arguments.kind])))
    if arguments.kind == "planned-buildings":
        checks = checks_of_buildings(_thresholds(settings, arguments, open_house))
        judged = _read_sheets(BUILDINGS, checks, content, how, arguments.sheets)
    elif arguments.data is not None or arguments.standalone:
        folder = _FOLDERS.get(arguments.kind)
        checks = folder(arguments) if folder else _checks_of_people(arguments, lists, photos)
        judged = _read_sheets(_SHEETS[arguments.kind], checks, content, how, arguments.sheets)
    else:
        judged = _here(open_house(settings), arguments, content, photos, how, demo=settings.demo)
    if arguments.json:
        for one in judged.left:
            sys.stderr.write(f"表页“{one.name}”有{one.rows}行，没有读取；一并读取请用 --sheets\n")
    lines = _LINES.get(arguments.kind, _short_lines)
    for line in lines(judged, arguments) if arguments.json else _summary(judged):
        sys.stdout.write(f"{line}\n")
    return 0


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        raise Rejected(f"文件“{path.name}”无法读取，请核对路径和权限") from None


def _columns(pairs: Sequence[str], sheet: Sheet) -> dict[str, str]:
    """Return the column of each head that was given as 头=字段, a column by its label or its name."""
    labels = {key: column.label for column in sheet.columns for key in (column.label, column.name) if key}
    told: dict[str, str] = {}
    for one in ",".join(pairs).split(",") if pairs else ():
        head, _, label = one.rpartition("=")
        if not head.strip() or label.strip() not in labels:
            known = "、".join(column.label for column in sheet.columns)
            raise Rejected(f"--columns 请写成“文件中的表头=栏目”，栏目有：{known}")
        told[head.strip()] = labels[label.strip()]
    return told


def _read_sheets(sheet: Sheet, checks: Checks, content: bytes, how: Reading, wanted: Sequence[str]) -> Table:
    """Judge the table, and with it the rows of the sheets that were asked for."""
    try:
        return read_table(sheet, checks, content, how)
    except SheetsLeft as left:
        places = {one.name: one.place for one in left.sheets if one.fits}
    if strange := [name for name in wanted if name not in places]:
        raise Rejected(f"表页“{'、'.join(strange)}”不在文件中，或表头不同、没有数据，不能一并读取")
    return read_table(sheet, checks, content, replace(how, others=[places[name] for name in wanted]))


def _checks_of_people(arguments: argparse.Namespace, lists: dict[str, Path | None], photos: bytes | None) -> Checks:
    """The checks of practitioners against the lists given as files."""
    given = {name: b"" if path is None else _read(path) for name, path in lists.items()}
    try:
        registry = FromFiles(given["firms"], given["stores"], given["blacklist"], given["answers"])
    except (KeyError, UnicodeDecodeError):
        raise Rejected("名单文件的栏目不符，请用 --help 查看每份名单需要的栏目，编码用 UTF-8") from None
    return checks_of(registry, arguments.today or Clock().today(), photos_in(photos))


def _checks_of_rooms(arguments: argparse.Namespace) -> Checks:
    """The checks of rooms brought by the operator of the first project, against the tables of a folder."""
    names = [f"central_{name}.csv" for name in ("projects", "buildings", "titles", "library")]
    given = [_read(arguments.data / name) for name in names[: 3 if arguments.standalone else 4]]
    try:
        registry = rooms_registry.FromFiles(*given)
    except (KeyError, ValueError, LookupError, ArithmeticError):
        raise Rejected(f"文件夹中的表格（{'、'.join(names)}）栏目或内容不符，编码用 UTF-8") from None
    return checks_of_rooms(registry, arguments.today or Clock().today(), registry.firm)


def _checks_of_prices(arguments: argparse.Namespace) -> Checks:
    """The checks of a price list against a plan and the building tables of an export."""
    given = [
        _read(arguments.plan),
        *(_read(arguments.data / f"{name}.csv") for name in ("natural_buildings", "house_units")),
    ]
    try:
        return checks_of_prices(plan_from_files(*given))
    except (KeyError, ValueError, ArithmeticError):
        raise Rejected("销售方案、楼幢或户的表格栏目或内容不符，编码用 UTF-8") from None


def _checks_of_street_users(arguments: argparse.Namespace) -> Checks:
    """The checks of street users against the tables of a folder."""
    names = [f"{name}.csv" for name in ("users", "admins", "street_changes", "special_areas")]
    given = [_read(arguments.data / name) for name in names]
    try:
        registry = streets_registry.FromFiles(*given)
    except (KeyError, ValueError):
        raise Rejected(f"文件夹中的表格（{'、'.join(names)}）栏目或内容不符，编码用 UTF-8") from None
    return checks_of_street_users(registry, arguments.today or Clock().today())


def _thresholds(settings: Settings, arguments: argparse.Namespace, open_house: OpenHouse) -> Thresholds:
    """Return the thresholds of the day: those of the installation, or the declared ones for a file by itself."""
    today = arguments.today or Clock().today()
    if arguments.standalone:
        return Thresholds(today)
    house = open_house(settings)
    try:
        if settings.demo:
            house.door.prepare()
        found: Thresholds = house.door.look(SYSTEM, lambda work: work.thresholds)
        return found
    finally:
        house.close()


def _here(
    house: OpenedHouse,
    arguments: argparse.Namespace,
    content: bytes,
    photos: bytes | None,
    how: Reading,
    *,
    demo: bool,
) -> Table:
    try:
        if demo:
            # An installation's schema is brought up to date by its operator, and by no command that only looks.
            house.door.prepare()
        asking = Asking(
            partial(house.door.look, SYSTEM),
            house.door.systems,
            arguments.today or house.door.clock.today(),
            photos=photos_in(photos),
        )
        kind = kind_of(_KINDS.get(arguments.kind, arguments.kind))
        return _read_sheets(kind.sheet, kind.checks(asking), content, how, arguments.sheets)
    finally:
        house.close()


def _json_lines(table: Table, told: Callable[[ImportedRow], dict[str, object]]) -> Iterator[str]:
    """Yield an object for each finding about the file, then one for each data row, by its number in the sheet."""
    for one in table.findings:
        yield json.dumps(asdict(one), ensure_ascii=False)
    for row in table.rows:
        yield json.dumps(told(row), ensure_ascii=False)


def _summary(table: Table) -> Iterator[str]:
    """Yield counts, then every row with findings, for people."""
    counts = Counter(row.verdict for row in table.rows)
    yield "；".join(f"{verdict.label}{counts[verdict]}行" for verdict in Verdict)
    yield from table.notes
    yield from (f"{one.message}（{one.code}）" for one in table.findings)
    for row in table.rows:
        if row.findings:
            found = "；".join(f"{one.column}：{one.message}（{one.code}）" for one in row.findings)
            yield f"第{row.sheet_row}行 {row.verdict.label}：{found}"


def _told(row: ImportedRow) -> dict[str, object]:
    return {
        "sheet_row": row.sheet_row,
        "verdict": row.verdict.value,
        "findings": [{"column": one.column, "code": one.code, "message": one.message} for one in row.findings],
        "values": row.values,
    }


def _short(row: ImportedRow) -> dict[str, Any]:
    """A row's verdict, codes, and the values of the columns that were repaired or are to be looked at."""
    shown = [one.column for one in row.findings if one.level is not Level.ERROR]
    return {
        "sheet_row": row.sheet_row,
        "verdict": row.verdict.value,
        "codes": list(dict.fromkeys(one.code for one in row.findings)),
        "repaired": {column: row.values[column] for column in shown if row.values[column]},
    }


def _market(row: ImportedRow) -> dict[str, Any]:
    """Write a row in short with decimals as the market's sets write them: 1950.0 and 95.24, without further zeros."""
    told = _short(row)
    return {**told, "repaired": {column: _DECIMAL.sub(r"\1", value) for column, value in told["repaired"].items()}}


def _full_lines(table: Table, arguments: argparse.Namespace) -> Iterator[str]:
    return _json_lines(table, _told)


def _short_lines(table: Table, arguments: argparse.Namespace) -> Iterator[str]:
    return _json_lines(table, _short)


def _market_lines(table: Table, arguments: argparse.Namespace) -> Iterator[str]:
    return _json_lines(table, _market)


def _street_lines(table: Table, arguments: argparse.Namespace) -> Iterator[str]:
    """Yield an object for each data row, by its number among them: what it is linked to, and the state of the link."""
    today = arguments.today or Clock().today()
    for row in table.rows:
        good = row.verdict is not Verdict.REJECT
        told = {
            "row": row.sheet_row - table.rows[0].sheet_row + 1,
            "verdict": row.verdict.value,
            "codes": list(dict.fromkeys(one.code for one in row.findings)),
            "street_code9": row.values[STREET_LABELS["street_code"]] if good else "",
            "primary": row.values[STREET_LABELS["main"]] if good else "",
            "link_state": link_state(row.values, today).value if good else "",
        }
        yield json.dumps(told, ensure_ascii=False)


#: Kinds that are judged against the tables of a folder, and those with lines of their own.
_FOLDERS = {
    "rooms": _checks_of_rooms,
    "unit-prices": _checks_of_prices,
    "street-users": _checks_of_street_users,
}
_LINES = {
    "practitioners": _full_lines,
    "street-users": _street_lines,
    "planned-buildings": _market_lines,
    "unit-prices": _market_lines,
}
_DECIMAL = re.compile(r"^(-?\d+\.\d+?)0+$")
