"""`main.py catalog export`: the data catalogue as CSV or JSON (数据编目, security.md 2.4)."""

import argparse
import sys
from pathlib import Path

from sqlmodel import SQLModel

from deploy.commands import OpenHouse, Settings
from models.sealing import sm3_hex
from services.catalogue.entries import HEADINGS, as_json, catalogue, cells, undescribed
from services.catalogue.personal import outlived, unreasoned, unregistered
from services.engine.sheets import write_csv

HELP = "数据编目：导出全部数据表与字段，核对登记是否完整"


def arguments(parser: argparse.ArgumentParser) -> None:
    parts = parser.add_subparsers(dest="part", required=True)
    export = parts.add_parser("export", help="导出数据编目")
    kind = export.add_mutually_exclusive_group()
    kind.add_argument("--csv", action="store_true", help="CSV（默认），可用 Excel 打开")
    kind.add_argument("--json", action="store_true", help="JSON")
    export.add_argument("--out", type=Path, metavar="FILE", help="写入文件，不给则输出到屏幕")
    parts.add_parser("check", help="核对：未登记的表、未登记的个人信息字段、没有中文名的字段")


def run(settings: Settings, arguments: argparse.Namespace, open_house: OpenHouse) -> int:
    if arguments.part == "check":
        return check()
    entries = catalogue()
    body = as_json(entries).encode() if arguments.json else write_csv(HEADINGS, [cells(entry) for entry in entries])
    if arguments.out is None:
        sys.stdout.buffer.write(body)
        return 0
    arguments.out.write_bytes(body)
    tables = len({entry.table for entry in entries})
    version = sm3_hex(as_json(entries).encode())
    sys.stdout.write(f"已导出 {tables} 张表、{len(entries)} 个数据项；编目版本（SM3）{version}\n")
    return 0


def check() -> int:
    metadata = SQLModel.metadata
    wrong = [
        *undescribed(),
        *(f"疑似个人信息未加密且未登记理由：{one}" for one in unregistered(metadata)),
        *(f"已无须登记：{one}" for one in outlived(metadata)),
        *(f"JSON 字段没有说明为何不含个人信息：{one}" for one in unreasoned(metadata)),
    ]
    sys.stdout.write("".join(f"{line}\n" for line in wrong) or "数据编目完整。\n")
    return 1 if wrong else 0
