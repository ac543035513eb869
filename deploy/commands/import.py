# ruff: noqa: N999
"""`main.py import practitioners FILE --dry-run`: judge a table as the page does, optionally as JSON lines.

Exit codes: 0 the table was read and every row judged, whatever the verdicts; 2 the file or the order was refused, with
a sentence on stderr.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

from deploy.commands import OpenedHouse, OpenHouse, Settings
from services.engine.callers import SYSTEM
from services.engine.clock import Clock
from services.engine.refusals import Rejected
from services.imports.heads import OwnHeads
from services.imports.kinds import Asking, kind_of, photos_in
from services.imports.sheets import Checks, ImportedRow, Verdict
from services.imports.table_reader import Reading, SheetsLeft, Table, read_table
from services.practitioners.import_columns import SHEET, checks_of
from services.practitioners.registry import FromFiles

HELP = "批量导入表格的试核验：逐行给出结论，不写入数据"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("kind", choices=["practitioners"], help="表格种类：practitioners 从业人员")
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
    parser.add_argument("--standalone", action="store_true", help="不连接数据库和外部系统，只按文件核验")
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
    content = _read(arguments.file)
    photos = None if arguments.photos is None else _read(arguments.photos)
    how = Reading(own=OwnHeads(told=_columns(arguments.columns)))
    if arguments.standalone:
        judged = _alone(content, photos, lists, arguments.today, how, arguments.sheets)
    else:
        judged = _here(open_house(settings), arguments, content, photos, how, demo=settings.demo)
    if arguments.json:
        for one in judged.left:
            sys.stderr.write(f"表页“{one.name}”有{one.rows}行，没有读取；一并读取请用 --sheets\n")
    for line in _json_lines(judged) if arguments.json else _summary(judged):
        sys.stdout.write(f"{line}\n")
    return 0


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        raise Rejected(f"文件“{path.name}”无法读取，请核对路径和权限") from None


def _columns(pairs: Sequence[str]) -> dict[str, str]:
    """Return the column of each head that was given as 头=字段, a column by its label or its name."""
    labels = {key: column.label for column in SHEET.columns for key in (column.label, column.name) if key}
    told: dict[str, str] = {}
    for one in ",".join(pairs).split(",") if pairs else ():
        head, _, label = one.rpartition("=")
        if not head.strip() or label.strip() not in labels:
            known = "、".join(column.label for column in SHEET.columns)
            raise Rejected(f"--columns 请写成“文件中的表头=栏目”，栏目有：{known}")
        told[head.strip()] = labels[label.strip()]
    return told


def _read_sheets(checks: Checks, content: bytes, how: Reading, wanted: Sequence[str]) -> Table:
    """Judge the table, and with it the rows of the sheets that were asked for."""
    try:
        return read_table(SHEET, checks, content, how)
    except SheetsLeft as left:
        places = {one.name: one.place for one in left.sheets if one.fits}
    if strange := [name for name in wanted if name not in places]:
        raise Rejected(f"表页“{'、'.join(strange)}”不在文件中，或表头不同、没有数据，不能一并读取")
    return read_table(SHEET, checks, content, replace(how, others=[places[name] for name in wanted]))


def _alone(
    content: bytes,
    photos: bytes | None,
    lists: dict[str, Path | None],
    today: date | None,
    how: Reading,
    sheets: Sequence[str],
) -> Table:
    given = {name: b"" if path is None else _read(path) for name, path in lists.items()}
    try:
        registry = FromFiles(given["firms"], given["stores"], given["blacklist"], given["answers"])
    except (KeyError, UnicodeDecodeError):
        raise Rejected("名单文件的栏目不符，请用 --help 查看每份名单需要的栏目，编码用 UTF-8") from None
    return _read_sheets(checks_of(registry, today or Clock().today(), photos_in(photos)), content, how, sheets)


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
        return _read_sheets(kind_of(arguments.kind).checks(asking), content, how, arguments.sheets)
    finally:
        house.close()


def _json_lines(table: Table) -> Iterator[str]:
    """Return an object a data row: its number in the sheet, verdict, findings, values after repair."""
    for row in table.rows:
        yield json.dumps(_told(row), ensure_ascii=False)


def _summary(table: Table) -> Iterator[str]:
    """Yield counts, then every row with findings, for people."""
    counts = Counter(row.verdict for row in table.rows)
    yield "；".join(f"{verdict.label}{counts[verdict]}行" for verdict in Verdict)
    yield from table.notes
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
