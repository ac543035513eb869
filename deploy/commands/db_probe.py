"""`main.py db-probe`: whether a database can carry the product (security.md 2.4)."""

import argparse
import sys

from sqlalchemy.exc import DBAPIError

from deploy.commands import OpenHouse, Settings, refuse
from deploy.database_addresses import why_not
from deploy.database_probe import probe_database, reason
from deploy.distributed_probe import layout_of

HELP = "在目标数据库上试验本系统所需的各类语句，逐项给出结果（用后清除）"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--url", default="", metavar="URL", help="数据库地址，不给则取 DATABASE_URL")
    parser.add_argument("--distributed", action="store_true", help="改为逐表说明按区分布到多台（Citus）的障碍")


def run(settings: Settings, arguments: argparse.Namespace, open_house: OpenHouse) -> int:
    if arguments.url and (why := why_not(arguments.url)):
        return refuse(f"数据库地址{why}")
    if not arguments.url:
        settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    if arguments.distributed:
        return _tell_layout(arguments.url or settings.database)
    outcomes = []
    for outcome in probe_database(arguments.url or settings.database):
        outcomes.append(outcome)
        sys.stdout.write(f"{'通过' if outcome.passed else '不通过'}  {outcome.label}")
        sys.stdout.write(f"（{outcome.detail}）\n" if outcome.detail else "\n")
        sys.stdout.flush()
    failed = sum(not outcome.passed for outcome in outcomes)
    sys.stdout.write(f"共 {len(outcomes)} 项，{f'{failed} 项不通过' if failed else '全部通过'}。\n")
    return 1 if failed else 0


def _tell_layout(url: str) -> int:
    """Print the obstacles to spreading a database by district, table by table; returns the exit code."""
    try:
        layout = layout_of(url)
    except DBAPIError as problem:
        sys.stdout.write(f"不通过  连接数据库（{reason(problem)}）\n")
        return 1
    if layout.empty:
        return refuse("这个库中没有本系统的表，请先执行 prepare")
    for placing in layout.in_the_way:
        sys.stdout.write(f"{placing.line}\n")
    sys.stdout.write(f"{layout.sentence}\n")
    return 1 if layout.in_the_way else 0
