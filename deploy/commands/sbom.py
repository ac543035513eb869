"""`main.py sbom`: write the bill of materials of this installation (security.md 8.1)."""

import argparse
import base64
import sys
from datetime import datetime
from pathlib import Path

from deploy.commands import OpenHouse, Settings, refuse
from deploy.commands.release import Signer, signed_with, signer_of

HELP = "生成软件物料清单（CycloneDX 1.6 与 GB/T 47020 两种格式）"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--out", type=Path, default=Path("build/release"), metavar="DIR", help="写入的目录")
    signed_with(parser, required=False)
    parser.add_argument("--time", metavar="TIME", help="清单时刻（ISO 8601，含时区）；不给则取源码最近一次提交的时刻")


def run(settings: Settings, arguments: argparse.Namespace, open_house: OpenHouse) -> int:
    from deploy.supply.components import absent, strangers
    from deploy.supply.sbom import moment_of_tree, write_bills

    time = datetime.fromisoformat(arguments.time) if arguments.time else moment_of_tree()
    if time is None or time.tzinfo is None:
        return refuse("清单时刻未知：请用 --time 给出带时区的时刻，或设置 SOURCE_DATE_EPOCH。")
    if wrong := [*(f"未安装：{one}" for one in absent()), *(f"不在锁定文件中：{one}" for one in strangers())]:
        sys.stderr.write("安装内容与锁定文件不符，清单不能作数：\n" + "".join(f"  {line}\n" for line in wrong))
        return 1
    signed = arguments.key or arguments.service
    signer = signer_of(settings, arguments.key, arguments.service) if signed else None
    for path in write_bills(arguments.out, time):
        sys.stdout.write(f"{path}\n")
        if signer is not None:
            sign(path, signer)
    return 0


def sign(path: Path, signer: Signer) -> None:
    """A detached SM2 signature beside a bill, as the release command writes them."""
    path.with_name(path.name + ".sig").write_bytes(base64.b64encode(signer.sign(path.read_bytes())) + b"\n")
