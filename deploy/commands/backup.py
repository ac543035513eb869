"""`main.py backup --out FILE|DIR`: a whole, sealed and signed backup while the product runs (D21)."""

import argparse
import sys
from contextlib import closing
from pathlib import Path

from deploy.commands import OpenHouse, Settings
from services.operations.backups import back_up

HELP = "备份数据库：加密、签名，运行中即可执行"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--out", type=Path, required=True, metavar="FILE|DIR", help="备份文件，或已有的目录")


def run(settings: Settings, arguments: argparse.Namespace, open_house: OpenHouse) -> int:
    with closing(open_house(settings)) as house:
        made = back_up(house.door, arguments.out)
    row = made.row
    sys.stdout.write(f"已备份到 {made.file}：{row.row_count:,} 行，{row.size:,} 字节，SM3 {row.file_sm3}\n")
    sys.stdout.write("恢复时需要同一密钥库（keys.json 与根密钥），请另行保管。\n")
    return 0
