"""`main.py device collect | check`: the logs and access settings of the hosts, signed and compared (M3)."""

import argparse
import sys
from contextlib import closing

from deploy.commands import OpenHouse, Settings
from services.engine.callers import SYSTEM
from services.operations.device import CollectDevice, collect_device, targets

HELP = "主机日志与访问控制信息：采集、签名、核查"


def arguments(parser: argparse.ArgumentParser) -> None:
    parts = parser.add_subparsers(dest="part", required=True)
    for name, told in (("collect", "采集新的轮转日志并签名"), ("check", "核查已采集的日志与访问控制基线")):
        part = parts.add_parser(name, help=told)
        part.add_argument("--host", default="", help="只处理一台主机")
        if name == "collect":
            part.add_argument("--accept", action="store_true", help="把现在的访问控制信息确认为新基线")


def run(settings: Settings, arguments: argparse.Namespace, open_house: OpenHouse) -> int:
    problems: list[str] = []
    with closing(open_house(settings)) as house:
        for target in targets(house.door.house.place, arguments.host):
            order = CollectDevice(target.host, arguments.part == "collect" and arguments.accept)
            found = house.door.perform(collect_device, SYSTEM, order)
            problems += [f"{target.host}：{problem}" for problem in found]
    for problem in problems:
        sys.stdout.write(problem + "\n")
    if not problems:
        sys.stdout.write("一致：未发现改动\n")
    return 3 if problems else 0
