"""`main.py restore --from FILE`: a backup into the empty database of DATABASE_URL, every row proven (D21)."""

import argparse
import sys
from contextlib import closing
from pathlib import Path

from deploy.commands import OpenHouse, Settings
from services.audit.sources import DatabaseSource
from services.audit.verification import verify
from services.engine.callers import SYSTEM
from services.operations.restore import restore_backup, tell_restored

HELP = "把备份恢复到空数据库，逐项核验后才算完成"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--from", dest="source", type=Path, required=True, metavar="FILE")


def run(settings: Settings, arguments: argparse.Namespace, open_house: OpenHouse) -> int:
    with closing(open_house(settings)) as house:
        came = restore_backup(house.door.house, arguments.source)
        sys.stdout.write(
            f"已恢复 {came.tables} 张表、{came.rows:,} 行；核验行校验值 {came.macs:,} 个，审计事件 {came.audit_seq:,} 条\n"
        )
        # A backup of an earlier version: its schema is brought up to date, and each row is covered by a new MAC.
        house.door.prepare()
        # Signatures may be asked over a network, so they are proven once the rows are in.
        report = verify(
            DatabaseSource(house.door.database.url),
            lambda kid, text, sig: house.door.house.crypto.verify(kid, text.encode(), sig),
        )
        sys.stdout.write(report.sentence + "\n")
        house.door.perform(tell_restored, SYSTEM, came)
    if not report.ok:
        return 3
    sys.stdout.write(f"恢复完成：数据为 {came.made_at} 的状态，原有会话均已结束\n")
    return 0
