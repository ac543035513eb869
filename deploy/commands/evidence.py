"""`main.py evidence export NUMBER --out FILE.zip`: what proves one filing, to be checked without this system."""

import argparse
from contextlib import closing
from pathlib import Path

from deploy.commands import OpenHouse, Settings
from services.audit.checkpoints import checkpoint
from services.engine.callers import SYSTEM
from services.engine.private_files import write_whole
from services.tenancy.evidence_package import ExportEvidence, export_evidence

HELP = "导出一份备案的证据包（用 deploy/standalone/verify_evidence.py 独立核验）"


def arguments(parser: argparse.ArgumentParser) -> None:
    parts = parser.add_subparsers(dest="what", required=True)
    export = parts.add_parser("export", help="按备案编号或合同编号导出")
    export.add_argument("number", metavar="NUMBER", help="备案编号或合同编号")
    export.add_argument("--out", type=Path, required=True, metavar="FILE.zip")
    export.add_argument(
        "--full", action="store_true", help="核验事实不脱敏（仅供法院等有权机关，记入个人信息导出审计）"
    )


def run(settings: Settings, arguments: argparse.Namespace, open_house: OpenHouse) -> int:
    with closing(open_house(settings)) as house:
        checkpoint(house.door, at_once=True)
        package = house.door.perform(export_evidence, SYSTEM, ExportEvidence(arguments.number, arguments.full))
    write_whole(arguments.out, package.content)
    print(f"已导出到 {arguments.out}，SM3 {package.digest}")
    return 0
