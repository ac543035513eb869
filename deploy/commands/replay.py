"""`main.py replay KIND DIR --json`: play a recorded month through the door on a throw-away database, a JSON object a line.

For an authority that tries a recorded month against changed rules. Exit codes: 0 played, whatever the verdicts; 2 a
file is missing or cannot be read, with a sentence on stderr.
"""

import argparse
import importlib
import json
import pkgutil
import sys
from pathlib import Path

import deploy.replays
from deploy.commands import OpenHouse, Settings

HELP = "回放一段记录：在临时数据库中按当时的时间逐条办理，给出每条的结论，不影响本系统的数据"
_NO_KIND = frozenset({"filings", "ground", "registers"})


def arguments(parser: argparse.ArgumentParser) -> None:
    kinds = parser.add_subparsers(dest="kind", required=True, metavar="KIND")
    for found in pkgutil.iter_modules(deploy.replays.__path__):
        if found.name in _NO_KIND:
            continue
        module = importlib.import_module(f"deploy.replays.{found.name}")
        one = kinds.add_parser(found.name.replace("_", "-"), help=module.HELP, description=module.HELP)
        one.add_argument("folder", type=Path, metavar="DIR", help="记录所在目录")
        one.add_argument("--json", action="store_true", help="每条一个 JSON 对象（默认也是）")
        module.arguments(one)
        one.set_defaults(replay=module.lines)


def run(settings: Settings, arguments: argparse.Namespace, open_house: OpenHouse) -> int:
    from deploy.replays.ground import throw_away

    with throw_away(settings, open_house, arguments.folder) as ground:
        for line in arguments.replay(ground, arguments):
            sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
    return 0
