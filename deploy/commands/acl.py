"""`main.py acl`: the access list and the matrix of rights, exported, verified, and helped after a restore."""

import argparse
import csv
import io
import json
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from deploy.commands import OpenHouse, Settings
from services.access.access_list_signature import accept, check_list
from services.access.administrators import help_administrator
from services.access.matrix_export import access_export, matrix_rows
from services.engine.callers import SYSTEM
from services.engine.door import Door

HELP = "访问控制清单：导出、核对，恢复备份后的确认，管理员账号的恢复"


def arguments(parser: argparse.ArgumentParser) -> None:
    """The four words of the command."""
    parts = parser.add_subparsers(dest="part", required=True)
    export = parts.add_parser("export", help="导出权限矩阵（岗位、功能、数据范围）和已签名的访问控制清单")
    form = export.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="全部内容，JSON（默认）")
    form.add_argument("--csv", action="store_true", help="只导出权限矩阵，CSV")
    export.add_argument("--out", type=Path, metavar="FILE", help="写入文件，不填则显示在屏幕上")
    parts.add_parser("verify", help="核对清单的每次变更、每个签名和现有账号，有问题时返回1")
    accept = parts.add_parser("accept", help="恢复备份后，确认较早版本的清单")
    accept.add_argument("--version", type=int, required=True, help="恢复后数据库中最新的清单版本")
    help_one = parts.add_parser("help-administrator", help="为锁定或长期未用的管理员生成一次性口令")
    help_one.add_argument("login", metavar="LOGIN")


def run(settings: Settings, arguments: argparse.Namespace, open_house: OpenHouse) -> int:
    with closing(open_house(settings)) as house:
        part: Callable[[Door, argparse.Namespace], int] = {
            "export": _export,
            "verify": _verify,
            "accept": _accept,
            "help-administrator": _help_administrator,
        }[arguments.part]
        return part(house.door, arguments)


def _export(door: Door, arguments: argparse.Namespace) -> int:
    if arguments.csv:
        page = io.StringIO()
        csv.writer(page, lineterminator="\r\n").writerows(matrix_rows())
        text = "\ufeff" + page.getvalue()
    else:
        text = json.dumps(access_export(door), ensure_ascii=False, indent=1) + "\n"
    if arguments.out is None:
        sys.stdout.write(text)
    else:
        arguments.out.write_text(text, encoding="utf-8", newline="")
    return 0


def _verify(door: Door, arguments: argparse.Namespace) -> int:
    checked = check_list(door, every_signature=True)
    newest = checked.newest
    sys.stdout.write(
        f"清单版本 {newest.version if newest else 0}，变更 {checked.changes} 次，对象 {len(checked.entries)} 个\n"
    )
    if newest is not None:
        sys.stdout.write(f"签名密钥 {newest.signature_key}，摘要 {newest.digest}\n")
    waiting = checked.changes - (newest.seq if newest else 0)
    if waiting and checked.list_holds:
        sys.stdout.write(f"另有 {waiting} 次变更待签名\n")
    for problem in checked.problems:
        sys.stdout.write(f"不一致 {problem.code} {problem.key or problem.number}\n")
    sys.stdout.write("核对未通过\n" if checked.problems else "核对通过\n")
    return 1 if checked.problems else 0


def _accept(door: Door, arguments: argparse.Namespace) -> int:
    accept(door, arguments.version)
    sys.stdout.write(f"已确认版本 {arguments.version}，此后较早的版本仍会被拒绝\n")
    return 0


def _help_administrator(door: Door, arguments: argparse.Namespace) -> int:
    given = door.perform(help_administrator, SYSTEM, arguments.login)
    sys.stdout.write(f"{given.login}\t{given.password}\n一次性口令24小时内有效，首次登录必须修改；不会再次显示。\n")
    return 0
