"""`main.py announce`: tell the users of this host beforehand that it will stop for maintenance."""

import argparse
import sys
from contextlib import closing
from datetime import datetime

from deploy.commands import OpenHouse, Settings, refuse
from services.engine.callers import SYSTEM
from services.engine.clock import SHANGHAI, system_now
from services.operations.announcement import LONGEST_MINUTES, LONGEST_WORDS, Announcement, announce, announced

HELP = "预告停机维护：每个页面的上方显示，到时自动消失；--off 取消，不带参数显示现在的预告"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--from", dest="begins", metavar="TIME", help="开始时间，如 '2026-12-01 22:00'（北京时间）")
    parser.add_argument("--minutes", type=int, default=60, help=f"大约多少分钟，默认60，最多{LONGEST_MINUTES}")
    parser.add_argument("--words", default="", help=f"另外说明，最多{LONGEST_WORDS}字")
    parser.add_argument("--off", action="store_true", help="取消预告")


def run(settings: Settings, arguments: argparse.Namespace, open_house: OpenHouse) -> int:
    now = system_now()
    if not arguments.off and not arguments.begins:
        standing = announced(settings.data_dir)
        sys.stdout.write(f"{(standing.sentence(now) if standing else '') or '没有预告'}\n")
        return 0
    wanted = None
    if not arguments.off:
        try:
            begins = datetime.strptime(arguments.begins, "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI)
        except ValueError:
            return refuse("开始时间应如 2026-12-01 22:00")
        if not 1 <= arguments.minutes <= LONGEST_MINUTES:
            return refuse(f"分钟数应为1至{LONGEST_MINUTES}")
        if len(arguments.words) > LONGEST_WORDS:
            return refuse(f"说明最多{LONGEST_WORDS}字")
        wanted = Announcement(begins, arguments.minutes, arguments.words)
        if wanted.ends <= now:
            return refuse("这段时间已经过去")
    with closing(open_house(settings)) as house:
        announce(settings.data_dir, wanted)
        detail = {"begins": wanted.begins.isoformat(), "minutes": wanted.minutes} if wanted else {}
        house.door.tell(SYSTEM, "CFG.CHANGE", "operations.announce", detail=detail)
    sys.stdout.write(f"{wanted.sentence(now) if wanted else '预告已取消'}\n")
    return 0
