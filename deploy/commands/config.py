"""`main.py config check`: everything that is wrong with the settings, at once, without touching keys or tables."""

import argparse
import os
import sys
from pathlib import Path

from deploy.commands import OpenHouse, Settings
from deploy.configuration import problems_of
from deploy.settings import strange_names

HELP = "检查设置：一次列出全部问题，不动密钥和数据表"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=("check",))
    parser.add_argument("--file", type=Path, metavar="FILE", help="设置文件；给出时其中每个名称都须是本系统的设置")


def run(settings: Settings, arguments: argparse.Namespace, open_house: OpenHouse) -> int:
    problems = [*problems_of(settings), *strange_names(os.environ)]
    if arguments.file is not None:
        problems += _unknown_in(arguments.file)
    for problem in problems:
        sys.stdout.write(f"{problem}\n")
    sys.stdout.write(f"共 {len(problems)} 项问题\n" if problems else "设置没有问题\n")
    return 2 if problems else 0


def _unknown_in(file: Path) -> list[str]:
    """Names in a settings file that are no setting of ours."""
    known = {name.upper() for name in Settings.model_fields} | OTHERS
    lines = (line.strip() for line in file.read_text(encoding="utf-8").splitlines())
    names = (line.partition("=")[0].removeprefix("export ").strip() for line in lines if line and line[0] != "#")
    return [f"{file} 中的 {name} 不是本系统的设置" for name in names if name not in known]


#: Names that a settings file may hold for the launcher, the database's driver and the system.
OTHERS = {"RELEASE_PUB", "PGPASSFILE", "PGSSLMODE", "PGSSLROOTCERT", "TZ", "LANG"}
