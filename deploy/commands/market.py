"""`main.py market alerts|supply|load DIR`: projects of before, from an export of the register.

Exit codes: 0 done; 2 a file is missing or cannot be read, or the load was refused, as stderr says.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from deploy.commands import OpenHouse, Settings

HELP = "市场项目历史数据：装载（load）、按日给出预警（alerts）"
#: The rules whose readings the export's notes give; the watch has more.
_RULES = frozenset(
    {
        *("PRG-01", "PRG-02", "PRG-03", "PRG-06", "PRG-07", "PLN-09", "CON-02", "CON-04", "CON-11", "CON-12", "CON-13"),
        *("CMP-01", "CMP-07", "SAL-21", "SAL-22", "SAL-23", "SAL-24", "SAL-25"),
    }
)
#: Names of subjects as the export has them.
_SUBJECTS = {"engineering_planning_permit": "planning_permit"}


def arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    alerts = verbs.add_parser("alerts", help="在临时数据库中装载导出数据，给出某日未解除的预警，每条一行")
    alerts.add_argument("folder", type=Path, metavar="DIR", help="导出数据所在目录")
    alerts.add_argument("--on", type=date.fromisoformat, action="append", required=True, metavar="YYYY-MM-DD")
    alerts.add_argument("--json", action="store_true", help="每条预警一个 JSON 对象（默认也是）")
    supply = verbs.add_parser("supply", help="在临时数据库中装载导出数据，给出某月末的可供应量，一个 JSON 对象")
    supply.add_argument("folder", type=Path, metavar="DIR", help="导出数据所在目录")
    supply.add_argument("--as-of", required=True, metavar="YYYY-MM", help="哪个月的月末")
    supply.add_argument("--json", action="store_true", help="输出 JSON（默认也是）")
    load = verbs.add_parser("load", help="把导出数据装载到本系统；中断后再次执行会接着装载")
    load.add_argument("folder", type=Path, metavar="DIR", help="导出数据所在目录")
    load.add_argument("--undo", action="store_true", help="撤销这批数据的装载")


def run(settings: Settings, arguments: argparse.Namespace, open_house: OpenHouse) -> int:
    if arguments.verb == "alerts":
        return _alerts(settings, arguments, open_house)
    if arguments.verb == "supply":
        return _supply(settings, arguments, open_house)
    return _load(settings, arguments, open_house)


def _alerts(settings: Settings, arguments: argparse.Namespace, open_house: OpenHouse) -> int:
    import services.everything  # noqa: F401
    from deploy.replays.ground import throw_away
    from services.legacy.market_load import load_export

    with throw_away(settings, open_house, arguments.folder) as ground:
        last = max(arguments.on) + timedelta(days=1)
        ground.stand_at(f"{last.isoformat()}T02:00:00")
        load_id = load_export(ground.door, arguments.folder)
        for day in arguments.on:
            for line in _open_alerts(ground.door, arguments.folder, load_id, day):
                sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
    return 0


def _open_alerts(door: Any, folder: Path, load_id: UUID, day: date) -> Iterator[dict[str, str]]:
    """Yield the open alerts of a day, by rule, project and subject, under the ids of the export."""
    from services.engine.callers import SYSTEM
    from services.engine.clock import SHANGHAI
    from services.legacy.market_export import Export
    from services.sales.watch import WatchedDay, found_on

    until = datetime.combine(day + timedelta(days=1), time(), SHANGHAI)
    names = Export(folder, load_id).names()
    lines = [
        {
            "date": day.isoformat(),
            "rule": one.rule,
            "grade": one.found.sign.grade.value,
            "project_id": names.get(one.project_id, str(one.project_id)),
            "subject_type": _SUBJECTS.get(one.found.type, one.found.type),
            "subject_id": names.get(one.found.id, str(one.found.id)),
            "key": one.found.sign.key,
            "value": one.found.value,
        }
        for one in door.ask(found_on, SYSTEM, WatchedDay(day, until))
        if one.rule in _RULES
    ]
    yield from sorted(lines, key=lambda one: (one["rule"], one["project_id"], one["subject_id"], one["key"]))


def _supply(settings: Settings, arguments: argparse.Namespace, open_house: OpenHouse) -> int:
    import services.everything  # noqa: F401
    from deploy.replays.ground import throw_away
    from models.places_data import districts_by_code
    from services.engine.callers import SYSTEM
    from services.engine.refusals import Rejected
    from services.legacy.market_export import Export
    from services.legacy.market_load import load_export
    from services.supply.answer import answer
    from services.supply.months import month_named
    from services.supply.register import facts_of

    try:
        month = month_named(arguments.as_of)
    except ValueError:
        raise Rejected("--as-of 请写成2026-05的形式") from None
    with throw_away(settings, open_house, arguments.folder) as ground:
        load_id = load_export(ground.door, arguments.folder, told=_told)
        names = Export(arguments.folder, load_id).names()
        facts = ground.door.look(SYSTEM, lambda work: facts_of(work, lambda one: names.get(one, str(one))))
        told = answer(facts, month, districts_by_code())
    sys.stdout.write(json.dumps(told, ensure_ascii=False, indent=1) + "\n")
    return 0


def _told(words: str) -> None:
    sys.stderr.write(f"{words}\n")


def _load(settings: Settings, arguments: argparse.Namespace, open_house: OpenHouse) -> int:
    from services.engine.callers import SYSTEM
    from services.legacy.market_export import digest_of_folder
    from services.legacy.market_load import FILES, load_export, load_of, load_standing, undo_load
    from services.supply.closed_months import check_closed
    from services.supply.sum_updates import rebuild_all_stale

    house = open_house(settings)
    try:
        house.door.prepare()
        if arguments.undo:
            found = house.door.ask(load_of, SYSTEM, digest_of_folder(arguments.folder, FILES))
            sys.stdout.write(f"已撤销，删除{house.door.perform(undo_load, SYSTEM, found)}行\n")
            return 0
        load_id = load_export(house.door, arguments.folder, told=_told)
        # Stages are compared as sums are built (STA-01, STA-02), closed months here (STA-03).
        rebuild_all_stale(house.door)
        house.door.perform(check_closed, SYSTEM, None)
        sys.stdout.write(f"已装载{house.door.ask(load_standing, SYSTEM, load_id).records}行\n")
    finally:
        house.close()
    return 0
